#include "tests/simulation/disk.h"

#include <doctest/doctest.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <filesystem>

#include "engine/store/sqlite_store.h"
#include "tests/fakes/memory_store.h"

namespace viasync::simulation {
namespace {

namespace fs = std::filesystem;

class Memory final : public DiskPort {
 public:
  explicit Memory(base::Clock& clock) { store_.clock = &clock; }

  store::Store& Open(const std::string& run) override {
    store_.run = run;
    return store_;
  }
  void Freeze() override {}
  void Close() override {}

 private:
  fakes::MemoryStore store_{"acme"};
};

// A crash is a copy of the files as they lie, the write-ahead log included; the next run gets the
// copy, and whatever the dead run's objects still do goes to the original.
class Sqlite final : public DiskPort {
 public:
  explicit Sqlite(base::Clock& clock) : clock_(clock) {
    std::string pattern = (fs::temp_directory_path() / "simulation-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
  }
  ~Sqlite() override {
    store_.reset();
    fs::remove_all(folder_);
  }

  store::Store& Open(const std::string& run) override {
    store_.reset();
    auto opened = store::OpenSqliteStore({.path = PathOf(generation_),
                                          .org = "acme",
                                          .run = run,
                                          .user = "tester",
                                          .command = "apply"},
                                         clock_);
    REQUIRE_MESSAGE(opened.has_value(), opened.error().message);
    store_ = std::move(*opened);
    return *store_;
  }

  void Freeze() override {
    const std::string from = PathOf(generation_), to = PathOf(++generation_);
    for (const char* part : {"", "-wal"}) {
      if (fs::exists(from + part)) fs::copy_file(from + part, to + part);
    }
    Bury(to);
  }

  void Close() override { store_.reset(); }

 private:
  std::string PathOf(int generation) const {
    return (folder_ / ("store" + std::to_string(generation) + ".db")).string();
  }

  // The dead run was this very process, which still lives: its lock must not look alive.
  static void Bury(const std::string& path) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, "UPDATE lock SET pid = 0", nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
  }

  base::Clock& clock_;
  fs::path folder_;
  int generation_ = 0;
  std::unique_ptr<store::Store> store_;
};

}  // namespace

std::unique_ptr<DiskPort> MemoryDisk(base::Clock& clock) { return std::make_unique<Memory>(clock); }

std::unique_ptr<DiskPort> SqliteDisk(base::Clock& clock) { return std::make_unique<Sqlite>(clock); }

}  // namespace viasync::simulation
