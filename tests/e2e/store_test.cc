// A store that is lost, damaged, newer or of another org.
#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/stat.h>

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

TEST_CASE_FIXTURE(Fixture, "links that lead out of the repository are not followed") {
  namespace fs = std::filesystem;
  Folder outside;
  const std::string repo = world.repo.path();
  fs::create_directory_symlink(outside.path(), repo + "/.viasync");
  Refused({"apply", "--yes"}, 1, {"leads out of the repository"});
  Refused({"validate"}, 1, {"leads out of the repository"});
  fs::remove(repo + "/.viasync");
  fs::create_directory(repo + "/.viasync");
  fs::create_symlink(outside.path() + "/dev.db", repo + "/.viasync/dev.db");
  Refused({"apply", "--yes"}, 1, {"leads out of the repository"});
  fs::remove(repo + "/.viasync/dev.db");
  fs::rename(repo + "/config", repo + "/elsewhere");
  fs::create_directory_symlink(outside.path(), repo + "/config");
  Refused({"plan"}, 1, {"leads out of the repository"});
  fs::remove(repo + "/config");
  fs::create_directory_symlink("elsewhere", repo + "/config");
  CHECK(fs::is_empty(outside.path()));
  CHECK(world.Run({"apply", "--yes", "--no-base"}).exit_code == 0);
}

TEST_CASE_FIXTURE(Fixture, "pipes in the place of viasync's files do not make it hang") {
  REQUIRE(world.Run({"apply", "--yes", "--no-base"}).exit_code == 0);
  const std::string store = world.repo.path() + "/.viasync/dev.db";
  std::filesystem::remove(store + ".cache");
  REQUIRE(mkfifo((store + ".cache").c_str(), 0600) == 0);
  CHECK(world.Run({"plan"}).exit_code == 0);
  std::filesystem::remove(store);
  REQUIRE(mkfifo(store.c_str(), 0600) == 0);
  Refused({"plan"}, 1, {"is a pipe"});
  Refused({"apply", "--yes"}, 1, {"is a pipe"});
}

}  // namespace viasync::e2e
