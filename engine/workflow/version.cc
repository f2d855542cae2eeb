#include "engine/workflow/version.h"

#define VIASYNC_VERSION "0.1.0"

namespace viasync::workflow {

extern const char kCommit[];  // made by the build: commit.cc

std::string_view Version() { return VIASYNC_VERSION; }
std::string_view Commit() { return kCommit; }
std::string_view ToolName() { return "viasync " VIASYNC_VERSION; }

}  // namespace viasync::workflow
