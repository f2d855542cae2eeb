// Values that completion looks up while somebody types.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace viasync::cli {

// `environments`, `migrations`, `keys` (of all that the files declare, in the environment of -e or
// in all) or `jobs` (asks the org). Empty where something is wrong: completion must stay silent.
std::vector<std::string> CompletionValues(const Globals& globals, const std::string& what);

}  // namespace viasync::cli
