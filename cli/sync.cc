#include <memory>

#include "cli/ci_run.h"
#include "cli/command.h"
#include "cli/sync_flow.h"

namespace viasync::cli {

Run DefineSync(Args& args, const Globals& globals) {
  auto flags = std::make_shared<SyncFlags>();
  AddSyncFlags(args, *flags);
  AddPushFlags(args, flags->plan);
  AddMergeFlag(args, flags->plan);
  AddNoBaseFlag(args, flags->plan);
  args.Exclude({"--no-new"}, "--prune",
               "--prune deletes what only the org has, --no-new leaves it alone: keep one");
  auto ci = AddCiFlag(args);
  return [&globals, flags, ci] {
    return WithCi(*ci, globals, "sync",
                  [&] { return RunSyncFlow(globals, *flags, report::Purpose::kSync); });
  };
}

}  // namespace viasync::cli
