#include "engine/workflow/version.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/command.h"

namespace viasync::cli {

Run DefineVersion(CLI::App&, const Globals&) {
  return [] {
    std::cout << workflow::ToolName() << " (" << workflow::Commit() << ")\n";
    return ExitCode::kDone;
  };
}

}  // namespace viasync::cli
