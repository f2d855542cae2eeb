// What the store's tests share: a folder of their own, steps to journal,
// children to be killed, and SQL behind the store's back.
#pragma once

#include <sqlite3.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "engine/store/sqlite_store.h"
#include "tests/fakes/clock.h"

namespace viasync::store {

// In memory where the machine has that, for no test cuts the power; and not the test's own folder,
// which another user could not enter.
struct Folder {
  Folder() {
    path = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    path += "/viasync_store_XXXXXX";
    REQUIRE(mkdtemp(path.data()) != nullptr);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string operator/(const std::string& name) const { return path + "/" + name; }
  std::string path;
};

using fakes::VirtualClock;

inline OpenOptions Options(const std::string& path, bool read_only = false) {
  OpenOptions options;
  options.path = path;
  options.org = "acme-dev";
  options.read_only = read_only;
  options.run = "run-1";
  options.user = "ann";
  options.commit = "c0ffee";
  options.command = "viasync apply -e dev";
  return options;
}

inline std::unique_ptr<Store> MustOpen(const OpenOptions& options, base::Clock& clock) {
  auto store = OpenSqliteStore(options, clock);
  if (!store) FAIL(store.error().message);
  return std::move(*store);
}

// Fails the test when it opens.
inline base::Error MustNotOpen(const OpenOptions& options, base::Clock& clock) {
  auto store = OpenSqliteStore(options, clock);
  REQUIRE_FALSE(store.has_value());
  return store.error();
}

inline BaseMove Put(model::Kind kind, std::string key, Values value,
                    std::optional<Values> seen = std::nullopt) {
  return BaseMove{kind, key, BaseRecord{kind, key, std::move(value), std::move(seen)}};
}

inline Step MakeStep(const std::string& key, const std::string& text = "a = 1") {
  Step step;
  step.plan_id = "sha256:1";
  step.key = key;
  step.action = "update";
  step.resource_id = "12";
  step.version = 7;
  step.before = {{"criteria", "old"}};
  step.after = {{"criteria", text}};
  step.move = Put(model::Kind::kFilter, key, {{"criteria", text}});
  return step;
}

inline Outcome Done(const Step& step) { return {step.id, StepState::kDone, "", step.move}; }

inline base::Result<Step> OpenStep(Store& store, Step step) {
  std::vector<Step> intents{std::move(step)};
  auto done = store.Journal({}, intents);
  if (!done) return base::Fail(done.error());
  return intents[0];
}

inline std::vector<BaseRecord> ReadAll(Store& store, model::Kind kind) {
  std::vector<BaseRecord> records;
  auto read = store.ReadBase(kind, [&](BaseRecord record) -> base::Result<void> {
    records.push_back(std::move(record));
    return {};
  });
  if (!read) FAIL(read.error().message);
  return records;
}

// SQL on the file, as if by somebody else.
inline void Sql(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  REQUIRE(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
}

// A child process that runs `work` and ends without cleaning up. `work` uses no doctest macros.
inline pid_t Fork(const std::function<int()>& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work());
  return child;
}

// Its exit code; 128 + the signal that ended it.
inline int Wait(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace viasync::store
