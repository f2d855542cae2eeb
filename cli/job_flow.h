// What jobs, export, import and migrate do alike: environments, orgs, stores, patience, and the
// exit code of what came of it.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "engine/base/result.h"
#include "engine/config/project.h"
#include "engine/migrate/run.h"
#include "engine/report/migration_text.h"
#include "engine/store/store.h"
#include "engine/workflow/migrate.h"

namespace viasync::cli {

class Heartbeat;

// `90`, `90s`, `30m`, `2h`. `flag` is where it stands. Errors: kInvalid.
base::Result<base::Millis> ReadDuration(const std::string& flag, const std::string& text);

// The environment `name` of the project; empty takes the only one. Errors: the project's.
std::expected<config::Environment, base::Errors> NameEnvironment(const config::Project& project,
                                                                 const std::string& name);

// An org, reached. Errors: credentials, addresses.
base::Result<std::unique_ptr<workflow::OpenSide>> ReachOrg(const config::Environment& environment);

// The environment's store, locked for this run; what is sent to `sides` from now on passes its gate.
base::Result<std::unique_ptr<store::Store>> LockStore(const Globals& globals,
                                                      const config::Environment& environment,
                                                      const std::string& command,
                                                      std::vector<workflow::OpenSide*> sides);

struct WaitFlags {
  std::string timeout = "4h";
  std::string settle = "2m";
  std::string format = "text";
};
void AddWaitFlags(Args& args, WaitFlags& flags);
// --format alone, of commands that wait for nothing.
void AddRunFormat(Args& args, WaitFlags& flags);
// Of commands that start jobs.
void AddSettleFlag(Args& args, WaitFlags& flags);

// Shows how a run gets on: a line that is drawn anew on a terminal, elsewhere a line per change,
// and one every 15 seconds.
class JobProgress {
 public:
  JobProgress();
  ~JobProgress();
  JobProgress(const JobProgress&) = delete;
  JobProgress& operator=(const JobProgress&) = delete;

  migrate::Told Told();
  std::function<void(const api::Job&)> Status();
  void End();  // the line goes, so that something else can be printed

 private:
  void Stage(const std::string& stage);
  void Show(const api::Job& job);
  void Bytes(std::uint64_t done, std::uint64_t total);
  void Draw(const std::string& line);
  bool terminal_;
  bool drawn_ = false;
  std::string stage_, last_;
  base::Millis since_{0}, drawn_at_{0};
  std::unique_ptr<Heartbeat> heartbeat_;
};

// From now on: the deadline of --timeout, Ctrl-C, and who is shown the status.
base::Result<migrate::Patience> PatienceFor(const WaitFlags& flags, JobProgress& progress);

// A salt is for the answer to a conflict: where no rule salts, that it is not used.
void WarnOfIdleSalt(const model::ImportOptions& options, const model::ConflictRules& rules);

// Where a run of an environment keeps its files on their way.
std::string TransferFolder(const config::Environment& environment);

ExitCode CodeOf(const migrate::Outcome& outcome);

// Prints what came of the run `name`, and only then ends it on record: a run that is killed before
// it could say what it did says so when it is started again, and does nothing twice.
ExitCode TellAndClose(const migrate::Outcome& outcome, const report::RunTitle& title,
                      store::Store& store, const std::string& name, bool json);

// An error of a run that had begun: what can be gone on with exits 4.
ExitCode ReportRun(const base::Error& error, bool json);

}  // namespace viasync::cli
