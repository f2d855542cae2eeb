#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.h"
#include "cli/sync_flow.h"

namespace viasync::cli {

Run DefineSync(CLI::App& app, const Globals& globals) {
  auto flags = std::make_shared<SyncFlags>();
  AddSyncFlags(app, *flags);
  AddPushFlags(app, flags->plan);
  return [&globals, flags] { return RunSyncFlow(globals, *flags, report::Purpose::kSync); };
}

}  // namespace viasync::cli
