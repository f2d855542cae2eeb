#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/org_flow.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/workflow/api_call.h"
#include "engine/workflow/open_store.h"
#include "engine/workflow/status.h"

namespace viasync::cli {
namespace {

struct Flags {
  bool yes = false;
};

bool IsHeld(const std::optional<store::LeaseHolder>& holder) {
  return holder && !holder->free && holder->left > base::Millis(0) && !holder->token.empty();
}

// What `store show` says of the lease.
std::string LeaseLine(const std::optional<store::LeaseHolder>& holder) {
  if (!holder) return "nobody has used it yet";
  if (IsHeld(holder)) {
    return "held by " + store::HolderText(*holder) + "; the lease ends in " +
           base::FormatDuration(holder->left) + " unless it is renewed";
  }
  if (!holder->free && holder->left > base::Millis(0)) {
    return "taken away; free in " + base::FormatDuration(holder->left);
  }
  return "nobody holds it; last was " + store::HolderText(*holder) + " ago";
}

base::Error OnlyOnServers(const config::Environment& environment) {
  return {.kind = base::ErrorKind::kInvalid,
          .message = "the store of " + environment.name +
                     " is a file of this machine: its lock is free as soon as its run has ended",
          .hint = "`viasync status` shows who is at work"};
}

ExitCode Show(const config::Environment& environment) {
  if (!environment.team_store) {
    auto status = workflow::ReadStatus(environment, base::SystemClock());
    if (!status) return Report(status.error());
    std::cout << "store   " << base::Printable(environment.store) << "\nlock    "
              << (status->held.empty() ? "nobody holds it" : status->held) << "\n";
    return ExitCode::kDone;
  }
  auto options = workflow::ServerOptions(environment, {.read_only = true});
  if (!options) return Report(options.error());
  auto holder = store::ReadHolder(*options);
  if (!holder) return Report(holder.error());
  Warn(options->warnings, ".");
  std::cout << "store   " << options->address.shown << ", schema " << options->schema
            << "\nlease   " << LeaseLine(*holder) << "\n";
  if (*holder) {
    std::cout << "epoch   " << (*holder)->mark.epoch << ", "
              << base::Plural(static_cast<std::size_t>((*holder)->mark.batch), "transaction")
              << "\n";
  }
  return ExitCode::kDone;
}

ExitCode Init(const config::Environment& environment) {
  if (!environment.team_store) {
    std::cout << "The store is a file, which the first apply makes.\n";
    return ExitCode::kDone;
  }
  auto options = workflow::ServerOptions(environment, {});
  if (!options) return Report(options.error());
  auto made = store::InitPostgresStore(options->address, options->schema);
  if (!made) return Report(made.error());
  std::cout << "The tables of " << options->address.shown << " are there, in the schema "
            << options->schema << ".\n";
  return ExitCode::kDone;
}

ExitCode TakeAway(const config::Environment& environment, const Flags& flags) {
  if (!environment.team_store) return Report(OnlyOnServers(environment));
  auto options = workflow::ServerOptions(environment, {});
  if (!options) return Report(options.error());
  auto holder = store::ReadHolder(*options);
  if (!holder) return Report(holder.error());
  if (!IsHeld(*holder)) {
    std::cout << "There is nothing to take away: " << LeaseLine(*holder) << ".\n";
    return ExitCode::kDone;
  }
  const std::string who = store::HolderText(**holder);
  if (!MayWrite(flags.yes, "store unlock",
                "Take the environment " + environment.name + " away from " + who + "?")) {
    return ExitCode::kError;
  }
  auto done = store::Unlock(*options, (*holder)->mark.epoch);
  if (!done) return Report(done.error());
  if (!*done) {
    return Report({.kind = base::ErrorKind::kBusy,
                   .message = "the lease changed hands in this very moment",
                   .hint = "look again with `viasync store show`"});
  }
  std::cout << "Taken away from " << who
            << ". It stops at its next renewal, and the next run can begin within "
            << base::FormatDuration(std::max((*holder)->left, base::Millis(0))) << ".\n";
  return ExitCode::kDone;
}

}  // namespace

Run DefineStore(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  auto* show = AddVerb(args, "show", "show where it is and who holds it since when");
  auto* init = AddVerb(args, "init", "make its tables on the server, or bring them up to date");
  auto* unlock = AddVerb(args, "unlock", "take the lease away from a run that is stuck");
  unlock->Flag("--yes,-y", flags->yes, "do not ask");
  args.RequireCommand();
  return [&globals, flags, show, init] {
    auto environment = workflow::LoadEnvironment(globals.directory, globals.environment);
    if (!environment) return Report(environment.error(), globals.directory);
    if (show->Chosen()) return Show(*environment);
    return init->Chosen() ? Init(*environment) : TakeAway(*environment, *flags);
  };
}

}  // namespace viasync::cli
