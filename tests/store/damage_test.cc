// Files that are no store, are not ours, or are broken; and disks that are full. Every one of them
// ends in a clear error, and none is overwritten.
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <iterator>

#include "doctest/doctest.h"
#include "engine/base/strings.h"
#include "engine/store/sqlite_store.h"
#include "tests/store/store_helpers.h"

namespace viasync::store {
namespace {

using base::ErrorKind;
using model::Kind;

bool Holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string Load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void Save(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

void Forget(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
}

constexpr int kRecords = 200;
constexpr const char* kNotOurs = "are not those that viasync makes";

std::string ValueOf(int number) { return "value " + std::to_string(number); }

// A store with a base, an open step and an audit entry, as the bytes of its file.
std::string MakeStore(const std::string& path) {
  VirtualClock clock;
  {
    auto store = MustOpen(Options(path), clock);
    std::vector<BaseMove> moves;
    for (int i = 0; i < kRecords; ++i) {
      moves.push_back(Put(Kind::kFilter, std::to_string(i), {{"criteria", ValueOf(i)}}));
    }
    REQUIRE(store->MoveBase(moves));
    const Step step = *OpenStep(*store, MakeStep("done"));
    std::vector<Step> open{MakeStep("open")};
    REQUIRE(store->Journal({Done(step)}, open));
  }
  return Load(path);
}

TEST_CASE("files that are not a usable store are refused with a way out, and left alone") {
  Folder folder;
  VirtualClock clock;
  const std::string path = folder / "dev.db";
  const std::string good = MakeStore(path);
  struct Case {
    const char* what;
    std::string bytes, sql;
    ErrorKind kind;
    const char* message;
    const char* hint;
  };
  const Case cases[] = {
      {"no database", "version: 1\n", "", ErrorKind::kInvalid, "is not a store of viasync",
       "move it"},
      {"empty", "", "", ErrorKind::kIo, "damaged: the file is empty", "deletes nothing"},
      {"cut in its first line", good.substr(0, 9), "", ErrorKind::kIo, "cut off",
       "deletes nothing"},
      {"cut in its header", good.substr(0, 60), "", ErrorKind::kIo, "cut off", "deletes nothing"},
      {"cut in half", good.substr(0, good.size() / 2), "", ErrorKind::kIo, "damaged",
       "move it away"},
      {"somebody else's", good, "PRAGMA application_id=7", ErrorKind::kInvalid, "is not a store",
       "move it"},
      {"newer", good, "PRAGMA user_version=99", ErrorKind::kInvalid, "newer viasync (format 99",
       "Update viasync"},
      {"without its version", good, "PRAGMA user_version=0", ErrorKind::kIo, "damaged: format 0",
       "move it away"},
      {"of another org", good, "UPDATE meta SET value=CAST('other' AS BLOB) WHERE name='org'",
       ErrorKind::kInvalid, "is of the org other", "`org` in viasync.yaml"},
      {"without its tables", good, "DROP TABLE meta", ErrorKind::kIo, "damaged: no such table",
       "move it away"},
      {"with a view", good, "CREATE VIEW more AS SELECT * FROM base", ErrorKind::kIo, kNotOurs,
       "move it away"},
      {"with a trigger", good,
       "CREATE TRIGGER t AFTER INSERT ON base BEGIN DELETE FROM journal; END", ErrorKind::kIo,
       kNotOurs, "move it away"},
      {"with a table of its own", good, "CREATE TABLE more(x)", ErrorKind::kIo, kNotOurs,
       "move it away"},
      {"with an index of its own", good, "CREATE INDEX more ON journal(run)", ErrorKind::kIo,
       kNotOurs, "move it away"},
      {"with a column of its own", good, "ALTER TABLE audit ADD COLUMN more TEXT DEFAULT 'x'",
       ErrorKind::kIo, kNotOurs, "move it away"},
      {"with a table that is a view", good,
       "ALTER TABLE base RENAME TO old; CREATE VIEW base AS SELECT * FROM old", ErrorKind::kIo,
       kNotOurs, "move it away"},
  };
  for (const Case& c : cases) {
    Forget(path);
    Save(path, c.bytes);
    if (*c.sql.c_str() != '\0') Sql(path, c.sql);
    const std::string before = Load(path);
    for (const bool read_only : {false, true}) {
      CAPTURE(c.what);
      CAPTURE(read_only);
      const base::Error error = MustNotOpen(Options(path, read_only), clock);
      CHECK(error.kind == c.kind);
      CHECK_MESSAGE(Holds(error.message, c.message), error.message);
      CHECK_MESSAGE(Holds(error.hint, c.hint), error.hint);
      CHECK(Load(path) == before);
    }
  }
}

TEST_CASE("a folder in the store's place is an error") {
  Folder folder;
  VirtualClock clock;
  std::filesystem::create_directory(folder / "dev.db");
  CHECK(MustNotOpen(Options(folder / "dev.db"), clock).kind == ErrorKind::kIo);
  CHECK(MustNotOpen(Options(folder / "dev.db", true), clock).kind == ErrorKind::kIo);
}

TEST_CASE("links and pipes beside the store, or in its place, are refused at once") {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    for (const bool link : {true, false}) {
      if (link && *suffix == '\0') continue;  // where that leads is for the configuration to say
      CAPTURE(suffix);
      CAPTURE(link);
      Folder folder;
      VirtualClock clock;
      const std::string path = folder / "dev.db";
      MakeStore(path);
      Save(folder / "precious", "precious");
      std::filesystem::remove(path + suffix);
      REQUIRE((link ? symlink("precious", (path + suffix).c_str())
                    : mkfifo((path + suffix).c_str(), 0600)) == 0);
      for (const bool read_only : {false, true}) {
        const base::Error error = MustNotOpen(Options(path, read_only), clock);
        CHECK_MESSAGE(Holds(error.message, link ? "is a link" : "is a pipe"), error.message);
      }
      CHECK(Load(folder / "precious") == "precious");
    }
  }
}

TEST_CASE("the log of a store that is missing is not replayed into a new one") {
  Folder folder;
  VirtualClock clock;
  Save(folder / "dev.db-wal", "something");
  for (const bool read_only : {false, true}) {
    const base::Error error = MustNotOpen(Options(folder / "dev.db", read_only), clock);
    CHECK(Holds(error.message, "dev.db-wal, is there"));
  }
  CHECK_FALSE(std::filesystem::exists(folder / "dev.db"));
}

TEST_CASE("what a crash left of a new store does not stand in the way") {
  Folder folder;
  VirtualClock clock;
  Save(folder / ".viasync-0123456789abcdef.tmp", "half");
  MustOpen(Options(folder / "dev.db"), clock);
  CHECK_FALSE(std::filesystem::exists(folder / ".viasync-0123456789abcdef.tmp"));
}

// 0: everything that reads is as it was written. 1: a clear error. Anything else is a wrong answer.
int ReadsTrue(const std::string& path, bool read_only) {
  VirtualClock clock;
  auto store = OpenSqliteStore(Options(path, read_only), clock);
  if (!store) return store.error().message.empty() || store.error().hint.empty() ? 2 : 1;
  bool wrong = false;
  auto read = (*store)->ReadBase(Kind::kFilter, [&](BaseRecord record) -> base::Result<void> {
    if (record.key == "done") return {};
    wrong |= record.value != Values{{"criteria", "value " + record.key}};
    return {};
  });
  auto steps = (*store)->OpenSteps();
  auto events = (*store)->Events(10);
  if (wrong) return 3;
  if (!read || !steps || !events) return 1;
  for (const Step& step : *steps) {
    if (step.after != Values{{"criteria", "a = 1"}}) return 4;
  }
  return 0;
}

TEST_CASE("a flipped byte anywhere never crashes and never shows a wrong value") {
  Folder folder;
  const std::string path = folder / "dev.db";
  const std::string good = MakeStore(path);
  int clean = 0, refused = 0;
  // Every byte of the header and a prime step through the rest: all kinds of places are met.
  for (std::size_t at = 0; at < good.size(); at += at < 100 ? 1 : 97) {
    CAPTURE(at);
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (at % 3 == 0 ? 0xff : 1 << (at % 8)));
    Forget(path);
    Save(path, bad);
    // Reading is quick; opening to write is tried now and then.
    const int code = ReadsTrue(path, at % 5 != 0);
    REQUIRE(code <= 1);
    (code == 0 ? clean : refused)++;
  }
  // Both ways happen, or the test looks at the wrong thing.
  CHECK(clean > 10);
  CHECK(refused > 10);
}

TEST_CASE("a file cut anywhere is refused") {
  Folder folder;
  VirtualClock clock;
  const std::string path = folder / "dev.db";
  const std::string good = MakeStore(path);
  for (std::size_t size = 0; size < good.size(); size += 509) {
    CAPTURE(size);
    Forget(path);
    Save(path, good.substr(0, size));
    CHECK_FALSE(OpenSqliteStore(Options(path), clock).has_value());
  }
}

// The store after a run was killed: the changes are still in the log.
void MakeStoreWithLog(const std::string& path) {
  CHECK(Wait(Fork([&] {
          VirtualClock clock;
          auto store = OpenSqliteStore(Options(path), clock);
          if (!store) return 1;
          for (int i = 0; i < 10; ++i) {
            if (!(*store)->MoveBase(
                    {Put(Kind::kFilter, std::to_string(i), {{"criteria", ValueOf(i)}})})) {
              return 1;
            }
          }
          _exit(0);
        })) == 0);
}

TEST_CASE("a log that is cut or flipped falls back to an earlier state, never to a wrong one") {
  Folder folder;
  const std::string path = folder / "dev.db";
  MakeStoreWithLog(path);
  const std::string file = Load(path), log = Load(path + "-wal");
  REQUIRE(log.size() > 4096);
  for (std::size_t at = 0; at < log.size(); at += 1021) {
    for (const bool cut : {true, false}) {
      CAPTURE(at);
      CAPTURE(cut);
      Forget(path);
      Save(path, file);
      std::string bad = cut ? log.substr(0, at) : log;
      if (!cut) bad[at] = static_cast<char>(bad[at] ^ 0x55);
      Save(path + "-wal", bad);
      REQUIRE(ReadsTrue(path, !cut) <= 1);
    }
  }
}

// Opens steps until it fails; 0: it failed as it should, and what was confirmed is there.
int FillUp(const std::string& path, const std::function<void()>& make_room) {
  VirtualClock clock;
  std::size_t opened = 0;
  {
    auto store = OpenSqliteStore(Options(path), clock);
    if (!store) return 1;
    base::Result<Step> step;
    while ((step = OpenStep(**store, MakeStep("A", std::string(20'000, 'x'))))) {
      if (++opened == 100'000) return 2;
    }
    if (step.error().kind != ErrorKind::kIo || step.error().hint.empty()) return 3;
    if ((*store)->OpenSteps()->size() != opened) return 4;
    make_room();
    if (!OpenStep(**store, MakeStep("B"))) return 5;
  }
  auto store = OpenSqliteStore(Options(path), clock);
  if (!store) return 6;
  return (*store)->OpenSteps()->size() == opened + 1 && opened > 0 ? 0 : 7;
}

TEST_CASE("a file that may not grow any more fails cleanly, and goes on once it may") {
  Folder folder;
  CHECK(Wait(Fork([&] {
          signal(SIGXFSZ, SIG_IGN);
          rlimit limit{};
          getrlimit(RLIMIT_FSIZE, &limit);
          limit.rlim_cur = 600'000;
          setrlimit(RLIMIT_FSIZE, &limit);
          return FillUp(folder / "dev.db", [&] {
            limit.rlim_cur = limit.rlim_max;
            setrlimit(RLIMIT_FSIZE, &limit);
          });
        })) == 0);
}

TEST_CASE("a full disk fails cleanly, and the run goes on once there is room") {
  Folder folder;
  if (mount("none", folder.path.c_str(), "tmpfs", 0, "size=1200k") != 0) {
    MESSAGE("not run: this user may not mount a small disk");
    return;
  }
  // Room for the log to be moved into the file, which takes as much again.
  const std::string ballast = folder / "ballast";
  Save(ballast, std::string(600'000, 'x'));
  const int code = FillUp(folder / "dev.db", [&] { std::filesystem::remove(ballast); });
  umount(folder.path.c_str());
  CHECK(code == 0);
}

}  // namespace
}  // namespace viasync::store
