// /via/v2/organizations/{orgId}/campaign/exclusions and, with the same payload,
// /via/v3/organizations/{orgId}/compliance/exclusions
#include <fmt/format.h>

#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/sandbox/handlers.h"

namespace viasync::sandbox {
namespace {

// endTime is text here: it is "0" where there is no end. ReadExclusion looks into it.
constexpr Spec kInsert[] = {
    {"contactType", Type::kInteger, true}, {"contactAddress", Type::kString, true},
    {"contactListName", Type::kString},    {"reason", Type::kString},
    {"startTime", Type::kTime, true},      {"endPattern", Type::kInteger, true},
    {"endTime", Type::kString, true}};
constexpr Spec kUpdate[] = {
    {"version", Type::kInteger, true},       {"contactType", Type::kInteger, true},
    {"contactAddress", Type::kString, true}, {"contactListName", Type::kString, true},
    {"reason", Type::kString, true},         {"startTime", Type::kTime, true},
    {"endPattern", Type::kInteger, true},    {"endTime", Type::kString, true}};
constexpr Spec kQuery[] = {
    {"contactAddress", Type::kString},  {"contactListName", Type::kString},
    {"contactType", Type::kInteger},    {"fromStartTime", Type::kTime},
    {"toStartTime", Type::kTime},       {"fromEndTime", Type::kTime},
    {"toEndTime", Type::kTime},         {"fromCreatedTime", Type::kTime},
    {"toCreatedTime", Type::kTime},     {"fromLastModifiedTime", Type::kTime},
    {"toLastModifiedTime", Type::kTime}};
constexpr std::int64_t kLastContactType = 4;

void WriteTerse(std::string& out, const Exclusion& exclusion) {
  ObjectWriter writer(out);
  writer("kind", "via#exclusion");
  writer("id", exclusion.id);
  writer("contactType", exclusion.contact_type);
  writer("contactAddress", exclusion.address);
  writer("contactListName", exclusion.list_name);
  writer.Close();
}

bool Within(const std::optional<TimeRange>& range, base::UtcTime time) {
  return !range || (range->from <= time && time <= range->to);
}

Answer List(const Org& org, const Call& call) {
  Problems problems;
  CheckQuery(call, kQuery, /*paging=*/true, problems);
  auto start = RangeParam(call, "StartTime", problems);
  auto end = RangeParam(call, "EndTime", problems);
  auto created = RangeParam(call, "CreatedTime", problems);
  auto modified = RangeParam(call, "LastModifiedTime", problems);
  auto type = IntegerParam(call, "contactType");
  if (type && (*type < 0 || *type > kLastContactType)) {
    problems.push_back({"contactType", "invalidParameter", "Must be 0 to 4"});
  }
  if (!problems.empty()) return ErrorAnswer(400, problems);
  if (!HasFilter(call)) {
    return Collection(call, org.exclusions.order(), "exclusion", "accountControlItems", WriteTerse);
  }
  auto list_name = Param(call, "contactListName");
  auto keep = [&](const Exclusion& e) {
    return (!type || e.contact_type == *type) && (!list_name || e.list_name == *list_name) &&
           Within(start, e.start) && (!end || (e.end && Within(end, *e.end))) &&
           Within(created, e.created) && Within(modified, e.last_modified);
  };
  auto found = Select(org.exclusions, Param(call, "contactAddress"), keep);
  return Collection(call, found, "exclusion", "accountControlItems", WriteTerse);
}

// endPattern 0 goes with endTime "0", endPattern 1 with a time after the start.
void ReadEnd(const nlohmann::json& item, Exclusion& exclusion, Problems& problems) {
  exclusion.end_pattern = Integer(item, "endPattern");
  std::string text = Text(item, "endTime");
  if (exclusion.end_pattern == 0) {
    if (text != "0")
      problems.push_back({"endTime", "invalidValue", "Must be \"0\": endPattern is 0"});
    return;
  }
  if (exclusion.end_pattern != 1) {
    problems.push_back({"endPattern", "invalidValue", "Must be 0 or 1"});
    return;
  }
  exclusion.end = base::ParseTime(text);
  if (!exclusion.end) {
    problems.push_back({"endTime", "invalidTime", "Must be an ISO 8601 time: endPattern is 1"});
  } else if (*exclusion.end < exclusion.start) {
    problems.push_back({"endTime", "invalidValue", "Lies before startTime"});
  }
}

Exclusion ReadExclusion(const Org& org, const Call& call, const nlohmann::json& item,
                        std::span<const Spec> specs, Problems& problems) {
  std::size_t before = problems.size();
  CheckProperties(item, specs, problems);
  if (problems.size() > before) return {};
  Exclusion exclusion{.contact_type = Integer(item, "contactType"),
                      .address = Text(item, "contactAddress"),
                      .list_name = Text(item, "contactListName"),
                      .reason = Text(item, "reason"),
                      .created = call.now,
                      .start = *base::ParseTime(Text(item, "startTime")),
                      .end = {},
                      .last_modified = call.now};
  if (exclusion.contact_type < 0 || exclusion.contact_type > kLastContactType) {
    problems.push_back({"contactType", "invalidValue", "Must be 0 to 4"});
  }
  if (base::Trim(exclusion.address).empty()) {
    problems.push_back({"contactAddress", "invalidValue", "Must not be empty"});
  }
  if (!exclusion.list_name.empty() && !org.lists.FindOne(exclusion.list_name)) {
    problems.push_back({"contactListName", "unknownList",
                        fmt::format("There is no list '{}'", exclusion.list_name)});
  }
  ReadEnd(item, exclusion, problems);
  return exclusion;
}

Answer EqualExists(const Exclusion& other) {
  return ErrorAnswer(409, "exclusion", "duplicate",
                     fmt::format("Exclusion {} is equal to it", other.id));
}

Answer Create(Org& org, const Call& call) {
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  auto body = ParseBody(call, problems);
  Exclusion exclusion;
  if (body) {
    for (const auto& [name, value] : body->items()) {
      if (name != "accountControlItems") {
        problems.push_back({base::Printable(name), "unknownProperty", "Unknown property"});
      }
    }
    auto items = body->find("accountControlItems");
    bool one = items != body->end() && items->is_array() && items->size() == 1;
    if (!one || !items->front().is_object()) {
      problems.push_back({"accountControlItems", "invalidValue", "Must hold exactly one item"});
    } else {
      exclusion = ReadExclusion(org, call, items->front(), kInsert, problems);
    }
  }
  if (!problems.empty()) return ErrorAnswer(400, problems);
  if (const Exclusion* other = org.EqualExclusion(exclusion, 0)) return EqualExists(*other);
  exclusion.id = org.NextId();
  exclusion.version = org.NextVersion();
  const Exclusion& kept = org.exclusions.Add(std::move(exclusion));
  return {.status = 201,
          .body = fmt::format(R"({{"ids":[{{"id":{}}}]}})", kept.id),
          .wrote = true,
          .headers = {}};
}

Answer Update(Org& org, const Call& call, const Exclusion& old) {
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  auto body = ParseBody(call, problems);
  Exclusion exclusion;
  if (body) exclusion = ReadExclusion(org, call, *body, kUpdate, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  std::int64_t version = Integer(*body, "version");
  if (version != old.version) return StaleVersion(version);
  if (const Exclusion* other = org.EqualExclusion(exclusion, old.id)) return EqualExists(*other);
  exclusion.id = old.id;
  exclusion.created = old.created;
  exclusion.version = org.NextVersion();
  org.exclusions.Replace(std::move(exclusion));
  return {.body = {}, .wrote = true, .headers = {}};
}

Answer Remove(Org& org, const Call& call, const Exclusion& old) {
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  org.exclusions.Erase(std::int64_t{old.id});
  return {.status = 204, .body = {}, .wrote = true, .headers = {}};
}

}  // namespace

Answer HandleExclusions(Org& org, const Call& call) {
  if (!call.id) {
    if (call.method == "GET") return List(org, call);
    if (call.method == "POST") return Create(org, call);
    return MethodNotAllowed("GET, POST");
  }
  bool known = call.method == "GET" || call.method == "PUT" || call.method == "DELETE";
  if (!known) return MethodNotAllowed("GET, PUT, DELETE");
  const Exclusion* exclusion = FindNumbered(org.exclusions, *call.id);
  if (!exclusion) return NotFound("exclusion", *call.id);
  if (call.method == "PUT") return Update(org, call, *exclusion);
  if (call.method == "DELETE") return Remove(org, call, *exclusion);
  return GetItem(call, *exclusion, "exclusion");
}

}  // namespace viasync::sandbox
