// Runs of export, import and migrate, and stores of before they were kept.
#include "tests/store/store_helpers.h"

namespace viasync::store {
namespace {

const MigrationRun kSpring{
    .name = "migrate spring", .run = "r1", .source = "acme-dev", .contents = "c"};

}  // namespace

// What makes a store of today's format one of format 3.
constexpr std::string_view kWithoutAuthors =
    "ALTER TABLE journal DROP COLUMN org_user; ALTER TABLE journal DROP COLUMN org_at; ALTER TABLE "
    "audit DROP COLUMN org_user; ALTER TABLE audit DROP COLUMN org_at; ALTER TABLE audit DROP "
    "COLUMN "
    "version; ALTER TABLE audit DROP COLUMN job; ALTER TABLE audit DROP COLUMN hash;";

TEST_CASE("a run keeps who began it; in a store of format 2 nobody did") {
  Folder folder;
  VirtualClock clock;
  const std::string path = folder / "dev.db";
  {
    auto options = Options(path);
    options.user = "maria";
    options.commit = "abc";
    auto store = MustOpen(options, clock);
    REQUIRE(store->Migrations()->Begin(kSpring));
    CHECK(store->Migrations()->Runs(1).value().at(0).user == "maria");
    CHECK(store->Migrations()->Runs(1).value().at(0).commit == "abc");
  }
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  const std::string older = std::string(kWithoutAuthors) +
                            "ALTER TABLE migration DROP COLUMN user; ALTER TABLE migration DROP "
                            "COLUMN revision; PRAGMA user_version=2";
  REQUIRE(sqlite3_exec(db, older.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
  CHECK(MustOpen(Options(path, /*read_only=*/true), clock)
            ->Migrations()
            ->Runs(1)
            .value()
            .at(0)
            .user.empty());
  auto store = MustOpen(Options(path), clock);
  CHECK(store->Migrations()->OpenRun("migrate spring").value()->user.empty());
  CHECK(store->Migrations()->Begin(kSpring));
}

TEST_CASE("a store of format 1 is read as it is, and gets the tables when it is written") {
  Folder folder;
  VirtualClock clock;
  const std::string path = folder / "dev.db";
  MustOpen(Options(path), clock);
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  const std::string older =
      std::string(kWithoutAuthors) +
      "DROP TABLE migration; DROP TABLE migration_step; PRAGMA user_version=1";
  REQUIRE(sqlite3_exec(db, older.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
  {
    auto store = MustOpen(Options(path, /*read_only=*/true), clock);
    CHECK_FALSE(store->Migrations()->OpenRun("migrate spring").value());
    CHECK(store->Migrations()->Runs(5).value().empty());
  }
  auto store = MustOpen(Options(path), clock);
  CHECK(store->Migrations()->Begin(kSpring));
  CHECK(store->Migrations()->OpenRun("migrate spring").value());
}

TEST_CASE("the trail of a store of format 3 is read as it is, and names authors from then on") {
  Folder folder;
  VirtualClock clock;
  const std::string path = folder / "dev.db";
  const Pulled pulled{
      .kind = model::Kind::kFilter, .key = "F", .action = "update", .org = {"maria", clock.Now()}};
  {
    auto store = MustOpen(Options(path), clock);
    REQUIRE(store->MoveBase({}, {pulled}));
    auto event = store->Events(1).value().at(0);
    CHECK(event.org.user == "maria");
    CHECK(event.org.at == clock.Now());
  }
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  const std::string older = std::string(kWithoutAuthors) + "PRAGMA user_version=3";
  REQUIRE(sqlite3_exec(db, older.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
  CHECK(MustOpen(Options(path, /*read_only=*/true), clock)->Events(1).value().at(0).org.user == "");
  auto store = MustOpen(Options(path), clock);
  std::vector<Step> steps = {MakeStep("F")};
  steps[0].org = {"carla", std::nullopt};
  REQUIRE(store->Journal({}, steps));
  std::vector<Step> none;
  REQUIRE(store->Journal({{.step = steps[0].id}}, none));
  auto events = store->Events(2).value();
  CHECK(events.at(0).org.user == "carla");
  CHECK_FALSE(events.at(0).org.at);
  CHECK(events.at(1).org.user.empty());
}

}  // namespace viasync::store
