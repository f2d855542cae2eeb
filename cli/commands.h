// The table of commands, and how a command line becomes the run of one of them.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "cli/args.h"
#include "cli/command.h"

namespace viasync::cli {

std::span<const CommandGroup> CommandGroups();

// The whole command line, declared: every command with its options, and what runs.
struct Program {
  Program();
  Args args;
  Globals globals;
  std::map<std::string, Run, std::less<>> runs;  // by the name of the command
  std::vector<std::string> help_topic;
};

// Parses and runs. Usage errors: kError, with the nearest name where one was mistyped.
ExitCode Main(int argc, const char* const* argv);

}  // namespace viasync::cli
