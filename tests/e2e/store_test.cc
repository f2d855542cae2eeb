// A store that is lost, damaged, newer or of another org.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <filesystem>
#include <string>

#include "tests/e2e/small_world.h"

namespace viasync::e2e {

using nlohmann::json;

TEST_CASE_FIXTURE(Fixture,
                  "a store that is lost deletes nothing; one that is damaged stops the run") {
  REQUIRE(world.Run({"apply", "--yes", "--no-base"}).exit_code == 0);
  world.repo.Write("config/filters.yaml", "filters:\n  - {name: One, criteria: A = 2}\n");
  std::string store = world.repo.path() + "/.viasync/dev.db";
  std::filesystem::rename(store, store + ".away");
  auto plan = world.Run({"plan", "--format", "json"});
  REQUIRE(plan.exit_code == 0);
  CHECK(json::parse(plan.out)["summary"]["delete"] == 0);
  world.repo.Write(".viasync/dev.db", "this is no store");
  Refused({"plan"}, 1, {"dev.db"});
  Refused({"apply", "--yes"}, 1, {"dev.db"});
  std::filesystem::rename(store + ".away", store);
  auto again = world.Run({"plan", "--format", "json"});
  CHECK(json::parse(again.out)["summary"]["delete"] == 1);
}

TEST_CASE_FIXTURE(Fixture, "a store of a newer viasync or of another org is left alone") {
  REQUIRE(world.Run({"apply", "--yes", "--no-base"}).exit_code == 0);
  auto project = world.repo.Read("viasync.yaml");
  auto moved = project;
  moved.replace(moved.find("acme-dev"), 8, "acme-two");
  world.repo.Write("viasync.yaml", moved);
  Refused({"plan"}, 1, {"dev.db", "acme-dev", "acme-two", "→"});
  Refused({"apply", "--yes"}, 1, {"dev.db", "acme-dev", "acme-two", "→"});
  world.repo.Write("viasync.yaml", project);
  CHECK(world.Run({"plan", "--exit-code"}).exit_code == 0);

  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open((world.repo.path() + "/.viasync/dev.db").c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, "PRAGMA user_version=999", nullptr, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_close(db) == SQLITE_OK);
  Refused({"plan"}, 1, {"newer viasync", "999", "→"});
  Refused({"apply", "--yes"}, 1, {"newer viasync", "999", "→"});
}

}  // namespace viasync::e2e
