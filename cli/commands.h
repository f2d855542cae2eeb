// The table of commands, and how a command line becomes the run of one of them.
#pragma once

#include <span>

#include "cli/command.h"

namespace viasync::cli {

std::span<const Command> Commands();

// Parses and runs. Usage errors: kError, with the nearest name where one was mistyped.
ExitCode Main(int argc, const char* const* argv);

}  // namespace viasync::cli
