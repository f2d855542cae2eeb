// One run at a time: who holds the lock, when it is taken over, and what a run that lost it may do.
#include <signal.h>
#include <sys/stat.h>

#include <chrono>

#include "doctest/doctest.h"
#include "engine/store/sqlite_store.h"
#include "tests/store/store_helpers.h"

namespace viasync::store {
namespace {

using base::ErrorKind;
using model::Kind;

bool Holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A run in another process that holds the lock until it is killed.
struct OtherRun {
  explicit OtherRun(const std::string& path) {
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    pid = Fork([&] {
      VirtualClock clock;
      auto store = OpenSqliteStore(Options(path), clock);
      if (!store || !OpenStep(**store, MakeStep("other")) || write(ready[1], "x", 1) != 1) return 1;
      for (;;) pause();
    });
    char byte = 0;
    REQUIRE(read(ready[0], &byte, 1) == 1);
    close(ready[0]);
    close(ready[1]);
  }
  ~OtherRun() { Kill(); }
  void Kill() {
    if (pid <= 0) return;
    kill(pid, SIGKILL);
    Wait(pid);
    pid = 0;
  }
  pid_t pid = 0;
};

TEST_CASE("a second run is told who holds the lock") {
  Folder folder;
  VirtualClock clock;
  OtherRun other(folder / "dev.db");
  clock.Advance(std::chrono::minutes(3) + std::chrono::seconds(5));
  const base::Error error = MustNotOpen(Options(folder / "dev.db"), clock);
  CHECK(error.kind == ErrorKind::kBusy);
  CHECK(Holds(error.message, "`viasync apply -e dev`"));
  CHECK(Holds(error.message, "pid " + std::to_string(other.pid)));
  CHECK(Holds(error.message, "for 3 min 5 s"));
  CHECK_FALSE(error.hint.empty());
}

TEST_CASE("a live run on this machine keeps its lock however long it is quiet") {
  Folder folder;
  VirtualClock clock;
  OtherRun other(folder / "dev.db");
  clock.Advance(std::chrono::hours(100));
  SUBCASE("with the lock file") {}
  SUBCASE("when somebody deleted the lock file") {
    std::filesystem::remove(folder / "dev.db.lock");
  }
  CHECK(MustNotOpen(Options(folder / "dev.db"), clock).kind == ErrorKind::kBusy);
}

TEST_CASE("within one process a store opens for writing once") {
  Folder folder;
  VirtualClock clock;
  auto first = MustOpen(Options(folder / "dev.db"), clock);
  CHECK(MustNotOpen(Options(folder / "dev.db"), clock).kind == ErrorKind::kBusy);
  first.reset();
  MustOpen(Options(folder / "dev.db"), clock);
}

TEST_CASE("the lock of a killed run is taken over at once, with its open steps") {
  Folder folder;
  VirtualClock clock;
  OtherRun other(folder / "dev.db");
  other.Kill();
  auto store = MustOpen(Options(folder / "dev.db"), clock);
  REQUIRE(store->OpenSteps()->size() == 1);
  CHECK(store->OpenSteps()->at(0).key == "other");
}

TEST_CASE("a pid that now belongs to another process does not hold the lock") {
  Folder folder;
  VirtualClock clock;
  OtherRun other(folder / "dev.db");
  std::filesystem::remove(folder / "dev.db.lock");
  Sql(folder / "dev.db", "UPDATE lock SET started = started + 1");
  MustOpen(Options(folder / "dev.db"), clock);
}

TEST_CASE("a run waits as long as it was told to") {
  Folder folder;
  auto options = Options(folder / "dev.db");
  OtherRun other(options.path);
  VirtualClock clock;
  options.lock_wait = base::Millis(200);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(MustNotOpen(options, clock).kind == ErrorKind::kBusy);
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(200));
  options.lock_wait = std::chrono::seconds(60);
  const pid_t killer = Fork([&] {
    usleep(200'000);
    return kill(other.pid, SIGKILL);
  });
  MustOpen(options, clock);
  Wait(killer);
}

TEST_CASE("a run on another machine has a lease") {
  Folder folder;
  VirtualClock clock;
  const std::string path = folder / "dev.db";
  MustOpen(Options(path), clock);
  const std::string now = std::to_string(clock.Now().time_since_epoch().count());
  Sql(path, "INSERT INTO lock VALUES (1, 5, 77, 1, x'00', CAST('ci-7' AS BLOB), x'61', " + now +
                ", " + now + ")");
  SUBCASE("that counts while it is young") {
    clock.Advance(std::chrono::minutes(4));
    const base::Error error = MustNotOpen(Options(path), clock);
    CHECK(error.kind == ErrorKind::kBusy);
    CHECK(Holds(error.message, "pid 77 on ci-7, for 4 min"));
    CHECK(Holds(error.hint, "ends in 1 min"));
  }
  SUBCASE("that ends") {
    clock.Advance(std::chrono::minutes(5));
    MustOpen(Options(path), clock);
  }
  SUBCASE("that does not count when its clock is far ahead") {
    clock.Advance(-std::chrono::hours(1));
    MustOpen(Options(path), clock);
  }
}

TEST_CASE("every write renews the lease") {
  Folder folder;
  VirtualClock clock;
  auto store = MustOpen(Options(folder / "dev.db"), clock);
  for (int i = 0; i < 3; ++i) {
    clock.Advance(std::chrono::minutes(4));
    REQUIRE(OpenStep(*store, MakeStep("A")).has_value());
  }
  // Now as if it were another machine's.
  std::filesystem::remove(folder / "dev.db.lock");
  Sql(folder / "dev.db", "UPDATE lock SET machine = x'00'");
  CHECK(MustNotOpen(Options(folder / "dev.db"), clock).kind == ErrorKind::kBusy);
}

TEST_CASE("a run that lost the lock writes nothing any more") {
  Folder folder;
  VirtualClock clock;
  auto store = MustOpen(Options(folder / "dev.db"), clock);
  const Step step = *OpenStep(*store, MakeStep("A"));
  Sql(folder / "dev.db", "UPDATE lock SET token = token + 1");
  std::vector<Step> none;
  auto closed = store->Journal({Done(step)}, none);
  REQUIRE_FALSE(closed.has_value());
  CHECK(closed.error().kind == ErrorKind::kBusy);
  CHECK(Holds(closed.error().message, "lost the lock"));
  CHECK_FALSE(store->MoveBase({}).has_value());
  CHECK(store->OpenSteps()->size() == 1);
  CHECK_FALSE(*store->HasBase());
}

TEST_CASE("reading needs no lock and sees one state while another run writes") {
  Folder folder;
  VirtualClock clock;
  auto writer = MustOpen(Options(folder / "dev.db"), clock);
  REQUIRE(writer->MoveBase({Put(Kind::kFilter, "A", {})}));
  auto reader = MustOpen(Options(folder / "dev.db", true), clock);
  REQUIRE(writer->MoveBase({Put(Kind::kFilter, "B", {})}));
  CHECK(ReadAll(*reader, Kind::kFilter).size() == 1);
  CHECK(ReadAll(*MustOpen(Options(folder / "dev.db", true), clock), Kind::kFilter).size() == 2);
  std::vector<Step> none;
  CHECK_FALSE(reader->Journal({}, none).has_value());
  CHECK_FALSE(reader->MoveBase({}).has_value());
}

TEST_CASE("reading what is not there gives a store without a base and creates nothing") {
  Folder folder;
  VirtualClock clock;
  auto store = MustOpen(Options(folder / "sub/dev.db", true), clock);
  CHECK_FALSE(*store->HasBase());
  CHECK(ReadAll(*store, Kind::kFilter).empty());
  CHECK(store->OpenSteps()->empty());
  CHECK_FALSE(store->MoveBase({}).has_value());
  CHECK(std::filesystem::is_empty(folder.path));
}

// As a user who may not write there; root may write everywhere.
int AsGuest(const std::function<int()>& work) {
  return Wait(Fork([&] {
    if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return 100;
    return work();
  }));
}

// Gives the store to the guest in a folder that nobody may write.
void MakeReadOnly(const Folder& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder.path)) {
    if (getuid() == 0) REQUIRE(chown(entry.path().c_str(), 65534, 65534) == 0);
    REQUIRE(chmod(entry.path().c_str(), 0400) == 0);
  }
  REQUIRE(chmod(folder.path.c_str(), 0555) == 0);
}

TEST_CASE("a store in a read-only folder can be read, and says why it cannot be written") {
  Folder folder;
  VirtualClock clock;
  const std::string path = folder / "dev.db";
  REQUIRE(MustOpen(Options(path), clock)->MoveBase({Put(Kind::kFilter, "A", {})}));
  MakeReadOnly(folder);
  CHECK(AsGuest([&] {
          auto store = OpenSqliteStore(Options(path, true), clock);
          return store && *(*store)->HasBase() ? 0 : 1;
        }) == 0);
  CHECK(AsGuest([&] {
          auto store = OpenSqliteStore(Options(path), clock);
          return !store && store.error().kind == ErrorKind::kIo &&
                         Holds(store.error().message, "Permission denied")
                     ? 0
                     : 1;
        }) == 0);
  chmod(folder.path.c_str(), 0700);
}

TEST_CASE("pending changes in a read-only folder are read or refused, never left out") {
  Folder folder;
  VirtualClock clock;
  const std::string path = folder / "dev.db";
  OtherRun other(path);
  other.Kill();
  bool with_index = false;
  SUBCASE("with their index") { with_index = true; }
  SUBCASE("without their index") { std::filesystem::remove(path + "-shm"); }
  MakeReadOnly(folder);
  const int code = AsGuest([&] {
    auto store = OpenSqliteStore(Options(path, true), clock);
    if (!store) return Holds(store.error().message, "pending changes") ? 2 : 1;
    return (*store)->OpenSteps()->size() == 1 ? 0 : 1;
  });
  CHECK(code == (with_index ? 0 : 2));
  chmod(folder.path.c_str(), 0700);
}

}  // namespace
}  // namespace viasync::store
