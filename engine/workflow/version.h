// Which viasync this is.
#pragma once

#include <string_view>

namespace viasync::workflow {

std::string_view Version();   // "0.1.0"
std::string_view Commit();    // of the source it was built from; "-modified" where it was edited
std::string_view ToolName();  // "viasync 0.1.0": what a plan says made it

}  // namespace viasync::workflow
