// What plan, apply and drift do alike: flags, repository, store, org, plan.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "engine/apply/result.h"
#include "engine/base/result.h"
#include "engine/plan/plan.h"
#include "engine/store/store.h"
#include "engine/workflow/org.h"
#include "engine/workflow/planning.h"

namespace viasync::cli {

struct PlanFlags {
  plan::Options options;
  std::vector<std::string> prefer;  // "local", "remote", "KEY=local"
  std::vector<std::string> limits;  // "filters.delete=20"
  bool no_base = false;  // the files win where there is no base, and nobody is there to ask
  bool allow_empty = false;
  bool may_be_empty = false;  // a repository that declares nothing yet is no error
  bool no_cache = false;
  bool merge = false;  // of apply and sync: write merged criteria that no plan has shown
  bool full = false;   // text: every change
  bool mask = false;   // of plan: hide most of addresses, in warnings, too
  double lock_wait_s = 0;
};

void AddPlanFlags(Args& args, PlanFlags& flags);
// Parts of it: what only concerns pushes; how two sides become one.
void AddPushFlags(Args& args, PlanFlags& flags);
void AddSideFlags(Args& args, PlanFlags& flags);
void AddMergeFlag(Args& args, PlanFlags& flags);
void AddCacheFlag(Args& args, PlanFlags& flags);  // part of AddSideFlags, too
void AddBaseFlags(Args& args, PlanFlags& flags);  // part of AddSideFlags, too
void AddFullFlag(Args& args, bool& full);         // this one as well
// Where --full does not act: only text leaves anything out that it could show.
std::optional<base::Error> IdleFull(bool full, const std::string& format);
void AddNoBaseFlag(Args& args, PlanFlags& flags);

// Takes `--prefer local` for all conflicts and `--prefer KEY=remote` for one into the options.
base::Errors ReadPrefer(PlanFlags& flags);
// Takes `--limit filters.delete=20` into the options.
base::Errors ReadLimits(PlanFlags& flags);

// Everything that was opened to make the plan, in the order in which it must live.
struct Session {
  workflow::Repository repository;
  std::unique_ptr<store::Store> store;
  workflow::Org org;
  std::string run;                   // names this run in store and logs
  std::vector<std::string> settled;  // what a killed run had left open
};

enum class Access { kRead, kWrite };  // kWrite: takes the lock, settles open steps

// Errors are the user's to read: config, credentials, store, lock.
std::expected<Session, base::Errors> OpenSession(const Globals& globals, PlanFlags& flags,
                                                 Access access, const std::string& command);

// What the flags ask for; reads the files of --base-ref.
std::expected<workflow::PlanInputs, base::Errors> InputsOf(const Session& session,
                                                           const PlanFlags& flags);

// One error for each --prefer KEY=… that settles no conflict of `plan`.
base::Errors CheckPrefer(const PlanFlags& flags, const plan::Plan& plan);

std::expected<workflow::Planned, base::Errors> PlanNow(Session& session, const PlanFlags& flags);

// Prints the plan's warnings; `directory` is where their files are. With `mask` neither addresses
// nor the lines that hold them are shown.
void WarnOf(const plan::Plan& plan, const std::string& directory, bool mask = false);

// Nobody is at a terminal who could be asked: no terminal, or a CI runner.
bool Unattended();

// What stands against writing `plan` where nobody is asked: it has no base, so that it would
// overwrite edits of the org unseen. nullopt: nothing does.
std::optional<base::Error> NeedsBase(const plan::Plan& plan, const PlanFlags& flags);

// Says that nothing is written while conflicts stand, and what settles them.
ExitCode StoppedByConflicts(std::size_t count);

ExitCode CodeOf(const apply::ApplyResult& result);

// How many items of a kind a result lists: all with --full.
std::size_t ListedAtMost(const PlanFlags& flags);

// The limits that stop the plan, as errors. `asks`: a person at a terminal will type the number of
// what allows contact again (ConfirmPushes), so that limit need not stop the run.
base::Errors OverLimits(const plan::Plan& plan, bool asks);

// Asks before the first write: for a yes, or, where the plan allows contact again, for the number.
bool ConfirmPushes(const std::string& question, const plan::Plan& plan);

struct RenderOptions {
  std::string format = "text";
  bool full = false;      // text: every change
  bool mask = false;      // text: hide most of addresses
  bool no_mask = false;   // markdown and html: show them
  bool next_step = true;  // text: say what to run next
  std::string at{};       // text: AtDirectory()
};
// The plan in the format of --format.
std::string Render(const plan::Plan& plan, const RenderOptions& options);

}  // namespace viasync::cli
