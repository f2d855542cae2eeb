// `viasync sandbox edit` and `viasync sandbox log`: what is done to a sandbox that already runs.
#pragma once

#include "cli/command.h"

namespace viasync::cli {

Run DefineSandboxEdit(CLI::App& app, const Globals& globals);
Run DefineSandboxLog(CLI::App& app, const Globals& globals);

}  // namespace viasync::cli
