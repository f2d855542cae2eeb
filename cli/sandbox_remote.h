// `viasync sandbox edit` and `viasync sandbox log`: what is done to a sandbox that already runs.
#pragma once

#include "cli/command.h"

namespace viasync::cli {

Run DefineSandboxEdit(Args& args, const Globals& globals);
Run DefineSandboxLog(Args& args, const Globals& globals);

}  // namespace viasync::cli
