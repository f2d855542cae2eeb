#include "engine/workflow/version.h"

#include "engine/workflow/commit.h"

#define VIASYNC_VERSION "0.1.0"

namespace viasync::workflow {

std::string_view Version() { return VIASYNC_VERSION; }
std::string_view Commit() { return VIASYNC_COMMIT; }
std::string_view ToolName() { return "viasync " VIASYNC_VERSION; }

}  // namespace viasync::workflow
