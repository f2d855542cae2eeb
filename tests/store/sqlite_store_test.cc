// What is the SQLite store's own: its files. The rules of every store are in contract_test.cc.
#include "engine/store/sqlite_store.h"

#include <sys/stat.h>

#include "doctest/doctest.h"
#include "tests/fakes/memory_store.h"
#include "tests/store/store_helpers.h"

namespace viasync::store {
namespace {

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
