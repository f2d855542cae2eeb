// Base, journal and audit trail; each rule holds for the store on disk and for the tests' fake.
#include "engine/store/sqlite_store.h"

#include <sys/stat.h>

#include "doctest/doctest.h"
#include "tests/fakes/memory_store.h"
#include "tests/store/store_helpers.h"

namespace viasync::store {
namespace {

using model::Kind;

// Runs `test` against both.
void ForBoth(const std::function<void(Store&)>& test) {
  SUBCASE("SQLite") {
    Folder folder;
    VirtualClock clock;
    test(*MustOpen(Options(folder / "dev.db"), clock));
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
  ForBoth([](Store& store) {
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
  ForBoth([](Store& store) {
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
  ForBoth([](Store& store) {
    REQUIRE(store.MoveBase({Put(Kind::kFilter, "a", {{"criteria", "1"}}),
                            Put(Kind::kFilter, "a", {{"criteria", "2"}}),
                            Put(Kind::kFilter, "b", {}), BaseMove{Kind::kFilter, "b", {}}}));
    const auto records = ReadAll(store, Kind::kFilter);
    REQUIRE(records.size() == 1);
    CHECK(records[0].value == Values{{"criteria", "2"}});
  });
}

TEST_CASE("a base exists once it was moved, even an empty one") {
  ForBoth([](Store& store) {
    CHECK_FALSE(*store.HasBase());
    REQUIRE(store.MoveBase({}));
    CHECK(*store.HasBase());
  });
}

TEST_CASE("reading stops at the first error of the reader") {
  ForBoth([](Store& store) {
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
  ForBoth([](Store& store) {
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
  ForBoth([](Store& store) {
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
  ForBoth([](Store& store) {
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
  ForBoth([](Store& store) {
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
  ForBoth([](Store& store) {
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
  Folder folder;
  VirtualClock clock;
  const std::string path = folder / "sub/dev.db";
  Step step;
  {
    auto store = MustOpen(Options(path), clock);
    REQUIRE(store->MoveBase({Put(Kind::kList, "L", {{"filter", "A"}})}));
    step = *OpenStep(*store, MakeStep("A"));
  }
  auto later = Options(path);
  later.run = "run-2";
  auto store = MustOpen(later, clock);
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
}

TEST_CASE("only the owner may read the files") {
  Folder folder;
  VirtualClock clock;
  auto store = MustOpen(Options(folder / "sub/dev.db"), clock);
  auto mode = [&](const std::string& name) {
    struct stat info {};
    REQUIRE(stat((folder / name).c_str(), &info) == 0);
    return info.st_mode & 0777;
  };
  CHECK(mode("sub") == 0700);
  for (const char* name : {"sub/dev.db", "sub/dev.db-wal", "sub/dev.db.lock"}) {
    CAPTURE(name);
    CHECK(mode(name) == 0600);
  }
}

TEST_CASE("a path may hold any character") {
  Folder folder;
  VirtualClock clock;
  for (const char* name : {"a b?mode=memory.db", "100%41#.db", "\xc3\xa4'\".db"}) {
    CAPTURE(name);
    MustOpen(Options(folder / name), clock);
    CHECK(std::filesystem::exists(folder / name));
    MustOpen(Options(folder / name, true), clock);
  }
}

TEST_CASE("a store that is removed while a run is at work takes no more writes") {
  Folder folder;
  VirtualClock clock;
  auto store = MustOpen(Options(folder / "dev.db"), clock);
  std::filesystem::remove(folder / "dev.db");
  auto moved = store->MoveBase({});
  REQUIRE_FALSE(moved.has_value());
  CHECK(moved.error().message.find("removed or replaced") != std::string::npos);
}

TEST_CASE("the fake records what was asked and fails when told to") {
  fakes::MemoryStore store;
  store.error = base::Error{base::ErrorKind::kIo, "full", ""};
  store.writes_before_error = 1;
  CHECK(OpenStep(store, MakeStep("A")).has_value());
  CHECK_FALSE(OpenStep(store, MakeStep("B")).has_value());
  CHECK(store.steps.size() == 1);
  CHECK(store.calls ==
        std::vector<std::string>{"Journal closes 0 opens 1", "Journal closes 0 opens 1"});
}

}  // namespace
}  // namespace viasync::store
