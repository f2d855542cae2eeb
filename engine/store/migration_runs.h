// Runs of export, import and migrate, step by step: what lets a run that was killed go on with its
// job instead of starting another. Port; what a step's data means is the migrate room's matter. It
// never holds a secret.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/ports.h"
#include "engine/base/result.h"

namespace viasync::store {

struct RunStep {
  std::string name;
  bool done = false;  // else: intended, its outcome not known
  std::string data;
  base::UtcTime opened{};
  std::optional<base::UtcTime> closed{};
};

enum class RunState { kOpen, kDone, kFailed };  // on disk: do not change the numbers

struct MigrationRun {
  std::int64_t id = 0;       // given by the store
  std::string name;          // what is resumed by: `migrate spring-release`
  std::string run;           // the run that began it; part of the names of its jobs and files
  std::string source;        // the org it comes from; empty = none
  std::string user, commit;  // of the run that began it; given by the store
  std::string contents;      // a digest of what was asked for
  RunState state = RunState::kOpen;
  std::string note;  // how it ended
  base::UtcTime started{};
  std::optional<base::UtcTime> ended{};
  std::vector<RunStep> steps;  // in the order in which they were opened
};

class MigrationRuns {
 public:
  virtual ~MigrationRuns() = default;

  // The newest open run of that name, with its steps.
  virtual base::Result<std::optional<MigrationRun>> OpenRun(const std::string& name) = 0;
  // The newest run of that name, ended or not, with its steps.
  virtual base::Result<std::optional<MigrationRun>> LastRun(const std::string& name) = 0;
  // All that have no end, newest first, with their steps.
  virtual base::Result<std::vector<MigrationRun>> OpenRuns() = 0;
  // Newest first, with their steps.
  virtual base::Result<std::vector<MigrationRun>> Runs(std::size_t limit) = 0;

  // Each is durable when it returns.
  virtual base::Result<std::int64_t> Begin(const MigrationRun& run) = 0;
  // Opens the step, or changes it.
  virtual base::Result<void> Record(std::int64_t run, const std::string& step, bool done,
                                    const std::string& data) = 0;
  virtual base::Result<void> End(std::int64_t run, RunState state, const std::string& note) = 0;
};

}  // namespace viasync::store
