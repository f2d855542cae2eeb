#include "tests/simulation/scenario.h"

#include <algorithm>
#include <set>
#include <vector>

#include "engine/base/times.h"

namespace viasync::simulation {
namespace {

using model::Declared;
using nlohmann::json;

constexpr int kFilters = 26, kMadeFilters = 6, kLists = 8, kPersons = 36, kNewPersons = 6;
constexpr const char* kStart = "2025-11-03T23:20:50Z";
constexpr const char* kLaterStart = "2026-03-01T00:00:00Z";
constexpr const char* kEnds[] = {"2026-05-01T00:00:00Z", "2026-08-01T00:00:00Z",
                                 "2026-12-01T00:00:00Z"};

std::string Name(const char* kind, int i) { return kind + std::to_string(i); }

model::Exclusion Excluded(int person, std::string list) {
  return {.type = person % 5 == 0 ? model::ContactType::kSms : model::ContactType::kVoice,
          .address = std::to_string(5'550'100 + person),
          .list = list,
          .reason = "r",
          .start = base::ParseTime(kStart)};
}

std::string AnyList(Random& random) { return Name("L", static_cast<int>(random() % kLists)); }

template <class R>
Declared<R> Entry(R value, bool absent = false) {
  return {.value = std::move(value), .absent = absent};
}

void Sort(config::Desired& desired) {
  auto key = [](const auto& entry) { return model::KeyOf(entry.value); };
  std::ranges::sort(desired.Of<model::Filter>(), {}, key);
  std::ranges::sort(desired.Of<model::Exclusion>(), {}, key);
  std::ranges::sort(desired.Of<model::List>(), {}, key);
}

json InOrg(const model::Exclusion& exclusion) {
  json item = {{"contactType", static_cast<int>(exclusion.type)},
               {"contactAddress", exclusion.address},
               {"contactListName", exclusion.list.str()},
               {"reason", exclusion.reason.str()},
               {"startTime", base::FormatTime(*exclusion.start)}};
  if (exclusion.end) item["endTime"] = base::FormatTime(*exclusion.end);
  return item;
}

// Both sides at first, and some of the org that no file knows.
void MakeFirst(Random& random, Scenario& scenario) {
  auto& org = scenario.org;
  org = {{"schemas", {{{"id", "1"}, {"schemaName", "Base"}}, {{"id", "2"}, {"schemaName", "Own"}}}},
         {"filters", json::array()},
         {"lists", json::array()},
         {"exclusions", json::array()}};
  for (int i = 0; i < kFilters + 3; ++i) {
    bool known = i < kFilters;
    model::Filter filter{.name = Name(known ? "F" : "AdHoc", i),
                         .description = "d",
                         .schema = "Base",
                         .criteria = "A = 1 AND B > 2"};
    org["filters"].push_back({{"filterName", filter.name},
                              {"filterDescription", "d"},
                              {"schemaId", "1"},
                              {"filterCriteria", filter.criteria}});
    if (known) scenario.first.Of<model::Filter>().push_back(Entry(std::move(filter)));
  }
  for (int i = 0; i < kLists; ++i) {
    model::List list{.name = Name("L", i), .filter = Name("F", i)};
    org["lists"].push_back(
        {{"name", list.name}, {"listType", i % 2 ? 1 : 3}, {"filterName", list.filter}});
    scenario.first.Of<model::List>().push_back(Entry(std::move(list)));
  }
  for (int i = 0; i < kPersons + 4; ++i) {
    auto exclusion = Excluded(i, Chance(random, 50) ? AnyList(random) : "");
    if (Chance(random, 40)) exclusion.end = base::ParseTime(kEnds[1]);
    org["exclusions"].push_back(InOrg(exclusion));
    if (i < kPersons) scenario.first.Of<model::Exclusion>().push_back(Entry(std::move(exclusion)));
  }
}

// Some filters are changed, made, left out or declared absent; lists follow, or move of their own.
void ChangeFilters(Random& random, Scenario& scenario) {
  std::vector<std::string> there;
  std::set<std::string> gone;
  for (auto [filter, source, absent, emptied] : scenario.first.Of<model::Filter>()) {
    if (Chance(random, 30)) filter.criteria = "A = 2 AND B > 2";
    if (Chance(random, 10)) filter.criteria = "A = 1 AND B > 2 AND C IN ('x', 'y')";
    if (Chance(random, 15)) filter.description = "new";
    if (Chance(random, 10)) filter.schema = "Own";
    const bool left_out = Chance(random, 12), is_absent = !left_out && Chance(random, 8);
    (left_out || is_absent ? (void)gone.insert(filter.name) : there.push_back(filter.name));
    if (!left_out) scenario.then.Of<model::Filter>().push_back(Entry(std::move(filter), is_absent));
  }
  for (int i = 0; i < kMadeFilters; ++i) {
    there.push_back(Name("N", i));
    scenario.then.Of<model::Filter>().push_back(Entry<model::Filter>(
        {.name = there.back(), .description = "d", .schema = "Base", .criteria = "D = 1"}));
  }
  for (auto [list, source, absent, emptied] : scenario.first.Of<model::List>()) {
    if (gone.contains(list.filter) || Chance(random, 35)) {
      list.filter = there[random() % there.size()];
      if (Chance(random, 50)) list.filter = Name("N", static_cast<int>(random() % kMadeFilters));
    }
    scenario.then.Of<model::List>().push_back(Entry(std::move(list)));
  }
}

// What becomes of one person's entry.
void ChangeExclusion(Random& random, model::Exclusion exclusion, config::Desired& then) {
  auto keep = [&](model::Exclusion entry) {
    then.Of<model::Exclusion>().push_back(Entry(std::move(entry)));
  };
  auto moved = exclusion;
  switch (random() % 10) {
    case 0:  // extended
      exclusion.end = Chance(random, 50) ? std::nullopt : base::ParseTime(kEnds[2]);
      return keep(exclusion);
    case 1:  // shortened
      exclusion.end = base::ParseTime(kEnds[0]);
      return keep(exclusion);
    case 2:  // starts later
      exclusion.start = base::ParseTime(kLaterStart);
      return keep(exclusion);
    case 3:  // moved; to a list, or from a list to all
      moved.list = exclusion.list.empty() ? AnyList(random) : std::string();
      moved.reason = "moved";
      return keep(moved);
    case 4:  // moved, and starts when it is made
      moved.list = exclusion.list.empty() ? AnyList(random) : std::string();
      moved.start.reset();
      return keep(moved);
    case 5:  // one entry for all lists becomes two
      if (!exclusion.list.empty()) return keep(exclusion);
      exclusion.list = "L1", moved.list = "L2";
      return keep(exclusion), keep(moved);
    case 6:
      if (Chance(random, 50))
        then.Of<model::Exclusion>().push_back(Entry(exclusion, /*absent=*/true));
      return;
    case 7:
      exclusion.reason = "new";
      return keep(exclusion);
    default:
      return keep(exclusion);
  }
}

json Update(const Object& object, json set) {
  return {{"org", "acme"},      {"user", "maria"},   {"kind", std::string(KindName(object.kind))},
          {"action", "update"}, {"key", object.key}, {"set", std::move(set)}};
}

json FilterEdit(Random& random, const Object& filter, int number) {
  const std::string mark = std::to_string(number);
  switch (random() % 3) {
    case 0:
      return Update(filter, {{"filterDescription", "maria " + mark}});
    case 1:
      return Update(filter, {{"filterCriteria", "M" + mark + " = 1"}});
    default:  // may be merged
      return Update(filter, {{"filterCriteria",
                              ValueOf(filter.values, "criteria") + " AND M" + mark + " = 1"}});
  }
}

json ExclusionEdit(Random& random, const Object& exclusion, int number) {
  const base::UtcTime later = *base::ParseTime("2027-01-01T00:00:00Z") + base::Millis(number);
  const bool has_end = !ValueOf(exclusion.values, "end").empty();
  if (has_end && Chance(random, 60)) {  // longer than anybody else would have it
    return Update(exclusion, {{"endTime", base::FormatTime(later)}});
  }
  if (Chance(random, 15)) {
    auto edit = Update(exclusion, json::object());
    edit["action"] = "delete";
    return edit;
  }
  return Update(exclusion, {{"reason", "maria " + std::to_string(number)}});
}

// Something that viasync is about to make: alike, or in her own way.
json Creation(Random& random, const Scenario& scenario, int number) {
  const auto& filter =
      scenario.then.Of<model::Filter>()[random() % scenario.then.Of<model::Filter>().size()].value;
  const bool alike = Chance(random, 50);
  json set = {{"filterName", filter.name},
              {"filterDescription", alike ? filter.description : "maria " + std::to_string(number)},
              {"schemaId", filter.schema == "Own" ? "2" : "1"},
              {"filterCriteria", filter.criteria}};
  return {{"org", "acme"},      {"user", "maria"}, {"kind", "filter"},
          {"action", "create"}, {"key", ""},       {"set", std::move(set)}};
}

}  // namespace

Scenario MakeScenario(Random& random) {
  Scenario scenario;
  MakeFirst(random, scenario);
  ChangeFilters(random, scenario);
  for (const auto& entry : scenario.first.Of<model::Exclusion>()) {
    ChangeExclusion(random, entry.value, scenario.then);
  }
  for (int i = 0; i < kNewPersons; ++i) {
    auto exclusion = Excluded(kPersons + 10 + i, Chance(random, 50) ? AnyList(random) : "");
    if (Chance(random, 50)) exclusion.start.reset();
    scenario.then.Of<model::Exclusion>().push_back(Entry(std::move(exclusion)));
  }
  Sort(scenario.first), Sort(scenario.then);
  return scenario;
}

json HerEdit(Random& random, const History& history, const Scenario& scenario, int number) {
  if (Chance(random, 15)) return Creation(random, scenario, number);
  const Object* object = nullptr;
  // What was just written is where an edit hurts most.
  for (auto span = history.spans().rbegin(); span != history.spans().rend() && !object; ++span) {
    if (span->to == Span::kStill && Chance(random, 15)) object = &span->object;
  }
  if (!object || Chance(random, 40)) {
    constexpr model::Kind kKinds[] = {model::Kind::kFilter, model::Kind::kFilter,
                                      model::Kind::kExclusion, model::Kind::kExclusion,
                                      model::Kind::kList};
    auto objects = history.Live(kKinds[random() % std::size(kKinds)]);
    object = objects[random() % objects.size()];
  }
  switch (object->kind) {
    case model::Kind::kFilter:
      return FilterEdit(random, *object, number);
    case model::Kind::kExclusion:
      return ExclusionEdit(random, *object, number);
    case model::Kind::kList:
      break;
  }
  return Update(*object, {{"filterName", "AdHoc" + std::to_string(kFilters + random() % 3)}});
}

}  // namespace viasync::simulation
