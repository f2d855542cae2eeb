// What --help prints. Pure.
#pragma once

#include <string>

#include "cli/args.h"

namespace viasync::cli {

// Usage, arguments, options, those of every command, commands in their groups, examples and the
// footer. Help texts are wrapped at 80 columns. Ends with a newline.
std::string HelpText(const Args& args);

}  // namespace viasync::cli
