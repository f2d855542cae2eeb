#include <memory>

#include "cli/command.h"
#include "cli/sync_flow.h"

namespace viasync::cli {

Run DefinePull(Args& args, const Globals& globals) {
  auto flags = std::make_shared<SyncFlags>();
  AddSyncFlags(args, *flags);
  return [&globals, flags] { return RunSyncFlow(globals, *flags, report::Purpose::kPull); };
}

}  // namespace viasync::cli
