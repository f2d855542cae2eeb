// Which run on record a command takes up: the open one, or the one that has just done the same.
#include "engine/migrate/record.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "engine/migrate/steps.h"
#include "engine/store/sqlite_store.h"
#include "tests/fakes/clock.h"

namespace viasync::migrate {
namespace {

using std::chrono::minutes;

const store::MigrationRun kWanted{
    .name = "migrate x", .run = "r", .source = "dev", .contents = "objects"};

struct Runs {
  std::string folder = [] {
    std::string path = "/tmp/viasync_record_XXXXXX";
    REQUIRE(mkdtemp(path.data()) != nullptr);
    return path;
  }();
  fakes::VirtualClock clock;
  std::unique_ptr<store::Store> store = [this] {
    auto opened = store::OpenSqliteStore({.path = folder + "/prod.db", .org = "acme"}, clock);
    REQUIRE(opened);
    return std::move(*opened);
  }();

  ~Runs() { std::filesystem::remove_all(folder); }

  store::MigrationRuns& all() { return *store->Migrations(); }

  void Do(store::RunState end) {
    auto record = Record::Open(all(), kWanted);
    REQUIRE(record);
    REQUIRE(record->Done(kImportedStep, {{kWish, "wish"}}));
    if (end != store::RunState::kOpen) REQUIRE(record->End(end, ""));
  }

  bool Finds(const store::MigrationRun& wanted, const std::string& wish) {
    const auto now = clock.Now();
    auto found = Record::Finished(all(), wanted, wish, now - minutes(15), now + minutes(15));
    REQUIRE(found);
    if (*found) CHECK((*found)->IsDone(kImportedStep));
    return found->has_value();
  }
};

}  // namespace

TEST_CASE("a run that has just done exactly what is asked for is found") {
  Runs runs;
  CHECK(!runs.Finds(kWanted, "wish"));
  runs.Do(store::RunState::kDone);
  CHECK(runs.Finds(kWanted, "wish"));
  CHECK(!runs.Finds(kWanted, "another wish"));
  for (auto change :
       {&store::MigrationRun::name, &store::MigrationRun::source, &store::MigrationRun::contents}) {
    auto other = kWanted;
    other.*change = "other";
    CHECK(!runs.Finds(other, "wish"));
  }
}

TEST_CASE("one that ended long ago, failed, or goes on is not found") {
  for (auto end : {store::RunState::kOpen, store::RunState::kFailed}) {
    Runs runs;
    runs.Do(end);
    CHECK(!runs.Finds(kWanted, "wish"));
  }
  Runs runs;
  runs.Do(store::RunState::kDone);
  runs.clock.Advance(minutes(16));
  CHECK(!runs.Finds(kWanted, "wish"));
}

TEST_CASE("one that was begun after it hides it") {
  Runs runs;
  runs.Do(store::RunState::kDone);
  runs.Do(store::RunState::kFailed);
  CHECK(!runs.Finds(kWanted, "wish"));
}

}  // namespace viasync::migrate
