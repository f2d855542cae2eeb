// The record of one run in the store: which steps were intended and which are done, so that the
// next run goes on where this one was stopped.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/store/migration_runs.h"

namespace viasync::migrate {

class Record {
 public:
  // Goes on with the open run of that name, or begins one. Errors: the store's; kInvalid when the
  // open run was begun for other `contents`.
  static base::Result<Record> Open(store::MigrationRuns& runs, store::MigrationRun wanted);

  // The newest run of that name, where it is done, ended between `since` and `until`, and did
  // exactly what is asked for now: other `contents`, `source` or `wish` is a run of its own. Every
  // step of it is done. Nullopt: there is none. Errors: the store's.
  static base::Result<std::optional<Record>> Finished(store::MigrationRuns& runs,
                                                      const store::MigrationRun& wanted,
                                                      const std::string& wish, base::UtcTime since,
                                                      base::UtcTime until);

  bool resumed() const { return resumed_; }
  // When it ended; nullopt: it goes on.
  const std::optional<base::UtcTime>& ended() const { return run_.ended; }
  // The run that began it: part of the names of its jobs and files.
  const std::string& run() const { return run_.run; }

  bool IsOpened(const std::string& step) const { return Find(step) != nullptr; }
  bool IsDone(const std::string& step) const;
  // Null: never opened, or nothing was noted.
  nlohmann::json Data(const std::string& step) const;
  // Steps whose names begin with `prefix`, in order.
  std::vector<std::string> Steps(const std::string& prefix) const;

  base::Result<void> Intend(const std::string& step, const nlohmann::json& data = nullptr);
  base::Result<void> Done(const std::string& step, const nlohmann::json& data = nullptr);
  base::Result<void> End(store::RunState state, const std::string& note);

 private:
  Record(store::MigrationRuns& runs, store::MigrationRun run, bool resumed)
      : runs_(&runs), run_(std::move(run)), resumed_(resumed) {}
  const store::RunStep* Find(const std::string& step) const;
  base::Result<void> Write(const std::string& step, bool done, const nlohmann::json& data);

  store::MigrationRuns* runs_;
  store::MigrationRun run_;
  bool resumed_;
};

}  // namespace viasync::migrate
