// The rules of every store, held against each: the file, the server, and the tests' fake where it
// can be asked (it forgets everything with its object).
#include <algorithm>

#include "doctest/doctest.h"
#include "engine/store/trail.h"
#include "tests/fakes/memory_store.h"
#include "tests/store/places.h"

namespace viasync::store {
namespace {

using model::Kind;

// Where a store lasts.
void ForLasting(const std::function<void(Place&)>& test) {
  SUBCASE("SQLite") {
    SqlitePlace place;
    test(place);
  }
  SUBCASE("PostgreSQL") {
    PostgresPlace place;
    test(place);
  }
}

void ForAll(const std::function<void(Store&)>& test) {
  SUBCASE("SQLite") {
    SqlitePlace place;
    test(*place.Open("run-1"));
  }
  SUBCASE("PostgreSQL") {
    PostgresPlace place;
    test(*place.Open("run-1"));
  }
  SUBCASE("fake") {
    fakes::MemoryStore store;
    test(store);
  }
}

const std::string kHostile[] = {
    "",
    std::string("nul\0inside", 10),
    std::string("\0", 1),
    "line\nline\r\n\ttab",
    "\xff\xfe\x80 broken UTF-8 \xc3",
    "\x1b[31mred\x1b[0m \xe2\x80\xae",
    "'; DROP TABLE base; --",
    std::string(300'000, 'x'),
};

TEST_CASE("every string comes back byte for byte") {
  ForAll([](Store& store) {
    std::vector<BaseMove> moves;
    for (const std::string& text : kHostile) {
      moves.push_back(
          Put(Kind::kExclusion, text, {{"reason", text}, {text, ""}}, {{{text, text}}}));
    }
    REQUIRE(store.MoveBase(moves).has_value());
    const auto records = ReadAll(store, Kind::kExclusion);
    REQUIRE(records.size() == std::size(kHostile));
    for (const BaseRecord& record : records) {
      CHECK(record.value == Values{{"reason", record.key}, {record.key, ""}});
      CHECK(record.seen == Values{{record.key, record.key}});
    }
    for (const std::string& text : kHostile) {
      Step step = MakeStep(text, text);
      step.plan_id = step.action = step.resource_id = text;
      REQUIRE(OpenStep(store, step).has_value());
      const Step open = store.OpenSteps()->back();
      CHECK(open.key == text);
      CHECK(open.plan_id == text);
      CHECK(open.action == text);
      CHECK(open.resource_id == text);
      CHECK(open.after == step.after);
      CHECK(open.move.key == text);
      CHECK(open.move.record->value == step.move.record->value);
    }
  });
}

TEST_CASE("the base is sorted by key as bytes, each kind by itself") {
  ForAll([](Store& store) {
    REQUIRE(store.MoveBase({Put(Kind::kList, "b", {}), Put(Kind::kFilter, "\xc3\xa4", {}),
                            Put(Kind::kFilter, "a", {}), Put(Kind::kFilter, "B", {})}));
    std::string keys;
    for (const auto& record : ReadAll(store, Kind::kFilter)) keys += record.key + " ";
    CHECK(keys == "B a \xc3\xa4 ");
    CHECK(ReadAll(store, Kind::kList).size() == 1);
    CHECK(ReadAll(store, Kind::kExclusion).empty());
  });
}

TEST_CASE("of two moves of one key the later one counts") {
  ForAll([](Store& store) {
    REQUIRE(store.MoveBase({Put(Kind::kFilter, "a", {{"criteria", "1"}}),
                            Put(Kind::kFilter, "a", {{"criteria", "2"}}),
                            Put(Kind::kFilter, "b", {}), BaseMove{Kind::kFilter, "b", {}}}));
    const auto records = ReadAll(store, Kind::kFilter);
    REQUIRE(records.size() == 1);
    CHECK(records[0].value == Values{{"criteria", "2"}});
  });
}

TEST_CASE("a base exists once it was moved, even an empty one") {
  ForAll([](Store& store) {
    CHECK_FALSE(*store.HasBase());
    REQUIRE(store.MoveBase({}));
    CHECK(*store.HasBase());
  });
}

TEST_CASE("reading stops at the first error of the reader") {
  ForAll([](Store& store) {
    REQUIRE(store.MoveBase({Put(Kind::kFilter, "a", {}), Put(Kind::kFilter, "b", {})}));
    int seen = 0;
    auto read = store.ReadBase(Kind::kFilter, [&](BaseRecord) -> base::Result<void> {
      ++seen;
      return base::Fail(base::ErrorKind::kInterrupted, "stop");
    });
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().message == "stop");
    CHECK(seen == 1);
  });
}

TEST_CASE("the store can be read and written from within a reader") {
  ForAll([](Store& store) {
    REQUIRE(store.MoveBase({Put(Kind::kFilter, "a", {}), Put(Kind::kFilter, "b", {})}));
    int inner = 0;
    auto read = store.ReadBase(Kind::kFilter, [&](BaseRecord record) -> base::Result<void> {
      inner += static_cast<int>(ReadAll(store, Kind::kFilter).size());
      auto opened = OpenStep(store, MakeStep(record.key));
      return opened ? base::Result<void>{} : base::Fail(opened.error());
    });
    CHECK(read.has_value());
    CHECK(inner == 4);
    CHECK(store.OpenSteps()->size() == 2);
  });
}

TEST_CASE("a step that is done moves the base and leaves an audit entry") {
  ForAll([](Store& store) {
    const Step step = *OpenStep(store, MakeStep("A"));
    CHECK(step.id > 0);
    CHECK(ReadAll(store, Kind::kFilter).empty());
    std::vector<Step> next{MakeStep("B")};
    REQUIRE(store.Journal({Done(step)}, next));
    CHECK(ReadAll(store, Kind::kFilter).at(0).value == step.after);
    REQUIRE(store.OpenSteps()->size() == 1);
    CHECK(store.OpenSteps()->at(0).key == "B");
    const auto events = *store.Events(10);
    REQUIRE(events.size() == 1);
    CHECK(events[0].what == "apply");
    CHECK(events[0].key == "A");
    CHECK(events[0].action == "update");
    CHECK(events[0].before == step.before);
    CHECK(events[0].after == step.after);
    CHECK(events[0].run == "run-1");
    CHECK(events[0].commit == "c0ffee");
  });
}

TEST_CASE("a step that failed or is unknown is closed and moves nothing") {
  ForAll([](Store& store) {
    const Step a = *OpenStep(store, MakeStep("A"));
    const Step b = *OpenStep(store, MakeStep("B"));
    std::vector<Step> none;
    REQUIRE(store.Journal({{a.id, StepState::kFailed, "400", a.move},
                           {b.id, StepState::kUnknown, "no answer", b.move}},
                          none));
    CHECK(ReadAll(store, Kind::kFilter).empty());
    CHECK(store.Events(10)->empty());
    CHECK(store.OpenSteps()->empty());
  });
}

TEST_CASE("a journal entry that cannot be closed leaves everything as before") {
  ForAll([](Store& store) {
    const Step step = *OpenStep(store, MakeStep("A"));
    const std::vector<std::vector<Outcome>> wrong = {
        {Done(step), {step.id + 99, StepState::kDone, "", std::nullopt}},
        {Done(step), Done(step)},
        {{step.id, StepState::kOpen, "", std::nullopt}},
    };
    for (const auto& outcomes : wrong) {
      std::vector<Step> intents{MakeStep("B")};
      CHECK_FALSE(store.Journal(outcomes, intents).has_value());
      CHECK(intents[0].id == 0);
      CHECK(ReadAll(store, Kind::kFilter).empty());
      CHECK(store.Events(10)->empty());
      CHECK(store.OpenSteps()->size() == 1);
    }
  });
}

TEST_CASE("events come newest first, no more than asked for") {
  ForAll([](Store& store) {
    for (const char* key : {"A", "B", "C"}) {
      const Step step = *OpenStep(store, MakeStep(key));
      std::vector<Step> none;
      REQUIRE(store.Journal({Done(step)}, none));
    }
    const auto events = *store.Events(2);
    REQUIRE(events.size() == 2);
    CHECK(events[0].key == "C");
    CHECK(events[1].key == "B");
    CHECK(store.Events(static_cast<std::size_t>(-1))->size() == 3);
  });
}

TEST_CASE("everything is there after opening again; a later run settles") {
  ForLasting([](Place& place) {
    VirtualClock& clock = place.clock;
    Step step;
    {
      auto store = place.Open("run-1");
      REQUIRE(store->MoveBase({Put(Kind::kList, "L", {{"filter", "A"}})}));
      step = *OpenStep(*store, MakeStep("A"));
    }
    auto store = place.Open("run-2");
    CHECK(store->Org() == "acme-dev");
    CHECK(*store->HasBase());
    CHECK(ReadAll(*store, Kind::kList).at(0).value == Values{{"filter", "A"}});
    const auto open = *store->OpenSteps();
    REQUIRE(open.size() == 1);
    CHECK(open[0].run == "run-1");
    CHECK(open[0].version == 7);
    CHECK(open[0].opened == clock.Now());
    std::vector<Step> none;
    REQUIRE(store->Journal({Done(open[0])}, none));
    CHECK(store->Events(1)->at(0).what == "settled");
    CHECK(store->Events(1)->at(0).run == "run-2");
  });
}

TEST_CASE("a run and its steps are there after the store was closed") {
  ForLasting([](Place& place) {
    const MigrationRun kSpring{
        .name = "migrate spring", .run = "r1", .source = "acme-dev", .contents = "c"};
    std::int64_t id = 0;
    {
      auto store = place.Open("run-1");
      auto& runs = *store->Migrations();
      id = runs.Begin(kSpring).value();
      REQUIRE(runs.Record(id, "export", false, "{\"file\":\"f\"}"));
      place.clock.Advance(base::Millis(5));
      REQUIRE(runs.Record(id, "selected", true, "[]"));
      REQUIRE(runs.Record(id, "export", true, "{\"id\":\"7\"}"));
    }
    auto store = place.Open("run-1");
    auto& runs = *store->Migrations();
    auto open = runs.OpenRun("migrate spring");
    REQUIRE(open);
    REQUIRE(open->has_value());
    CHECK((*open)->run == "r1");
    CHECK((*open)->source == "acme-dev");
    REQUIRE((*open)->steps.size() == 2);
    CHECK((*open)->steps[0].name == "export");
    CHECK((*open)->steps[0].done);
    CHECK((*open)->steps[0].data == "{\"id\":\"7\"}");
    CHECK_FALSE(runs.OpenRun("migrate autumn").value());
    REQUIRE(runs.End(id, RunState::kDone, "fine"));
    CHECK_FALSE(runs.OpenRun("migrate spring").value());
    CHECK(runs.Runs(10).value().at(0).note == "fine");
  });
}

// --- the audit trail is a chain ------------------------------------------------------------------

std::vector<Event> OldestFirst(Store& store) {
  auto events = store.Events(1000).value();
  std::ranges::reverse(events);
  return events;
}

TEST_CASE("what was changed, removed or moved in the audit trail shows") {
  ForAll([](Store& store) {
    CHECK(store.TrailHead().value().empty());
    for (const char* key : {"A", "B", "C"}) {
      const Step step = *OpenStep(store, MakeStep(key));
      std::vector<Step> none;
      REQUIRE(store.Journal({Done(step)}, none));
    }
    REQUIRE(store.MoveBase({}, {{.kind = Kind::kFilter,
                                 .key = "D",
                                 .action = "update",
                                 .org = {"maria", base::UtcTime{}}}}));
    const auto events = OldestFirst(store);
    const std::string head = store.TrailHead().value();
    REQUIRE(events.size() == 4);
    CHECK_FALSE(CheckTrail(events, head));
    auto changed = events;
    changed[1].after.front().second += "!";
    CHECK(CheckTrail(changed, head)->event == &changed[1]);
    auto short_of_one = events;
    short_of_one.erase(short_of_one.begin() + 1);
    CHECK(CheckTrail(short_of_one, head)->event == &short_of_one[1]);
    auto swapped = events;
    std::swap(swapped[0], swapped[1]);
    CHECK(CheckTrail(swapped, head)->event == &swapped[0]);
    auto cut = events;
    cut.pop_back();
    CHECK(CheckTrail(cut, head)->event == nullptr);
    auto blank = events;
    for (Event& event : blank) event.hash.clear();
    CHECK(CheckTrail(blank, head));
  });
}

TEST_CASE("the chain of the audit trail goes on in a later run") {
  ForLasting([](Place& place) {
    for (const char* run : {"run-1", "run-2", "run-3"}) {
      auto store = place.Open(run);
      const Step step = *OpenStep(*store, MakeStep(run));
      std::vector<Step> next{MakeStep("next")};
      REQUIRE(store->Journal({Done(step)}, next));
      REQUIRE(store->Journal({Done(next[0])}, next));
    }
    auto store = place.Open("run-4");
    const auto events = OldestFirst(*store);
    CHECK(events.size() == 6);
    CHECK_FALSE(CheckTrail(events, store->TrailHead().value()));
  });
}

TEST_CASE("whoever only looks sees what was written, and writes nothing") {
  ForLasting([](Place& place) {
    {
      auto store = place.Open("run-1");
      REQUIRE(store->MoveBase({Put(Kind::kFilter, "A", {{"criteria", "1"}})}));
      REQUIRE(OpenStep(*store, MakeStep("A")));
      auto looking = place.Look();
      CHECK(ReadAll(*looking, Kind::kFilter).size() == 1);
      CHECK(looking->OpenSteps()->size() == 1);
    }
    auto looking = place.Look();
    CHECK(*looking->HasBase());
    CHECK_FALSE(looking->MoveBase({}));
    CHECK_FALSE(OpenStep(*looking, MakeStep("B")));
    CHECK_FALSE(looking->Migrations()->Begin({.name = "migrate x"}));
    CHECK(place.Look()->OpenSteps()->size() == 1);
  });
}

TEST_CASE("a store that nobody has made yet is empty to whoever looks") {
  ForLasting([](Place& place) {
    auto looking = place.Look();
    CHECK_FALSE(*looking->HasBase());
    CHECK_FALSE(looking->BaseMoved().value());
    CHECK(ReadAll(*looking, Kind::kFilter).empty());
    CHECK(looking->OpenSteps()->empty());
    CHECK(looking->UndoneSteps({})->empty());
    CHECK(looking->Events(5)->empty());
    CHECK(looking->TrailHead()->empty());
    CHECK(looking->Migrations()->OpenRuns()->empty());
  });
}

TEST_CASE("steps that ended otherwise than done are told, with who had changed it before") {
  ForLasting([](Place& place) {
    auto store = place.Open("run-1");
    Step step = MakeStep("A");
    step.org = {"maria", place.clock.Now()};
    const Step open = *OpenStep(*store, step);
    std::vector<Step> none;
    REQUIRE(store->Journal({{open.id, StepState::kUnknown, "no answer", std::nullopt}}, none));
    const auto undone = store->UndoneSteps(place.clock.Now()).value();
    REQUIRE(undone.size() == 1);
    CHECK(undone[0].state == StepState::kUnknown);
    CHECK(undone[0].note == "no answer");
    CHECK(undone[0].org.user == "maria");
    CHECK(undone[0].org.at == place.clock.Now());
    CHECK(store->UndoneSteps(place.clock.Now() + base::Millis(1))->empty());
  });
}

TEST_CASE("a base of many pages comes back in order, whatever its keys share") {
  ForLasting([](Place& place) {
    auto store = place.Open("run-1");
    const std::string same(600, 'k');
    std::vector<BaseMove> moves;
    for (int i = 0; i < 25'000; ++i) {
      moves.push_back(Put(Kind::kExclusion, (i % 2 ? same : "") + std::to_string(i), {}));
    }
    REQUIRE(store->MoveBase(moves));
    const auto records = ReadAll(*store, Kind::kExclusion);
    REQUIRE(records.size() == moves.size());
    CHECK(std::ranges::is_sorted(records, {}, &BaseRecord::key));
  });
}

// --- the cache of details ----------------------------------------------------------------------

constexpr base::UtcTime kNoon{std::chrono::seconds(1'767'614'400)};

RemoteExclusion Entry(const std::string& id, std::int64_t version, int modified_s) {
  RemoteExclusion entry{.id = id, .version = version};
  entry.value = {.type = model::ContactType::kVoice,
                 .address = "555" + id,
                 .list = base::Interned("L"),
                 .reason = base::Interned("  two\nlines \x1b[31m "),
                 .start = kNoon};
  entry.modified_at = kNoon + std::chrono::seconds(modified_s);
  return entry;
}

void Save(Place& place, std::vector<RemoteExclusion> entries,
          std::vector<std::string> changed = {}) {
  CacheUpdate update{.as_of = kNoon, .changed = std::move(changed)};
  for (const auto& entry : entries) {
    update.read.push_back(&entry);
    update.listed.push_back(&entry);
  }
  REQUIRE(place.Cache()->Save(update));
}

std::int64_t VersionOf(DetailCache& cache, const std::string& id) {
  auto found = cache.Find(id);
  REQUIRE(found);
  return *found ? (*found)->version : 0;
}

TEST_CASE("what a cache was given is found again") {
  ForLasting([](Place& place) {
    CHECK_FALSE(place.Cache()->AsOf().value());
    const auto one = Entry("1", 7, 5);
    Save(place, {one, Entry("2", 8, 9)});
    auto cache = place.Cache();
    CHECK(cache->AsOf().value() == kNoon);
    CHECK(cache->Count().value() == 2);
    auto found = cache->Find("1").value();
    REQUIRE(found);
    CHECK(model::ValuesOf(found->value) == model::ValuesOf(one.value));
    CHECK(found->version == 7);
    CHECK(found->modified_at == one.modified_at);
    CHECK(cache->Newest(1).value().at(0).id == "2");
  });
}

TEST_CASE("what changed and was not read again is gone; anew drops all") {
  ForLasting([](Place& place) {
    Save(place, {Entry("1", 1, 0), Entry("2", 1, 0), Entry("3", 1, 0)});
    Save(place, {Entry("1", 2, 9)}, {"1", "2"});
    auto cache = place.Cache();
    CHECK(VersionOf(*cache, "1") == 2);
    CHECK(VersionOf(*cache, "2") == 0);
    CHECK(VersionOf(*cache, "3") == 1);
    const auto four = Entry("4", 1, 0);
    REQUIRE(cache->Save({.anew = true, .as_of = kNoon, .read = {&four}}));
    CHECK(place.Cache()->Count().value() == 1);
  });
}

TEST_CASE("of two runs at once the later one to save changes nothing, and each sees one state") {
  ForLasting([](Place& place) {
    Save(place, {Entry("1", 1, 0)});
    auto slow = place.Cache();
    Save(place, {Entry("1", 2, 9), Entry("2", 2, 9)}, {"1"});
    CHECK(VersionOf(*slow, "1") == 1);
    CHECK(VersionOf(*slow, "2") == 0);
    const auto stale = Entry("1", 1, 0);
    CHECK(slow->Save({.as_of = kNoon, .changed = {"1"}, .read = {&stale}}));
    CHECK(VersionOf(*place.Cache(), "1") == 2);
  });
}

TEST_CASE("entries that the org has no more are cleared away once they are many") {
  ForLasting([](Place& place) {
    std::vector<RemoteExclusion> many;
    for (int i = 0; i < 12'000; ++i) many.push_back(Entry(std::to_string(i), 1, i));
    Save(place, many);
    CacheUpdate few{.as_of = kNoon};
    for (int i = 0; i < 3'000; ++i) few.listed.push_back(&many[static_cast<std::size_t>(i)]);
    REQUIRE(place.Cache()->Save(few));  // 9,000 more than there are: not yet many
    CHECK(place.Cache()->Count().value() == 12'000);
    few.listed = {&many[5], &many[6]};
    REQUIRE(place.Cache()->Save(few));
    CHECK(place.Cache()->Count().value() == 2);
  });
}

}  // namespace
}  // namespace viasync::store
