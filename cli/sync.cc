#include <memory>

#include "cli/command.h"
#include "cli/sync_flow.h"

namespace viasync::cli {

Run DefineSync(Args& args, const Globals& globals) {
  auto flags = std::make_shared<SyncFlags>();
  AddSyncFlags(args, *flags);
  AddPushFlags(args, flags->plan);
  AddMergeFlag(args, flags->plan);
  AddNoBaseFlag(args, flags->plan);
  return [&globals, flags] { return RunSyncFlow(globals, *flags, report::Purpose::kSync); };
}

}  // namespace viasync::cli
