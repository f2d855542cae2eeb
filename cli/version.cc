#include "engine/workflow/version.h"

#include <iostream>

#include "cli/command.h"

namespace viasync::cli {

Run DefineVersion(Args&, const Globals&) {
  return [] {
    std::cout << workflow::ToolName() << " (" << workflow::Commit() << ")\n";
    return ExitCode::kDone;
  };
}

}  // namespace viasync::cli
