// What pull and sync do alike: plan both directions, settle conflicts, ask, push, write the files.
#pragma once

#include <cstddef>
#include <string>

#include "cli/command.h"
#include "cli/plan_flow.h"
#include "engine/config/edit/edit.h"
#include "engine/report/words.h"

namespace viasync::cli {

struct SyncFlags {
  PlanFlags plan;
  config::Layout layout;
  std::string layout_name = "per-kind", format = "text";
  bool yes = false, dry_run = false, no_new = false;
};

void AddSyncFlags(Args& args, SyncFlags& flags);

// `purpose`: kPull leaves the org alone, kSync pushes first.
ExitCode RunSyncFlow(const Globals& globals, SyncFlags flags, report::Purpose purpose);

}  // namespace viasync::cli
