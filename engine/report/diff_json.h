// A comparison of two environments for programs.
#pragma once

#include <string>
#include <string_view>

#include "engine/plan/plan.h"

namespace viasync::report {

// {"format": "viasync-diff/1", "first", "second", "summary", "differences": [{kind, key, what:
// missing | different | besides, fields: [{name, first, second}]}], "ambiguous": […]}. `plan` as
// workflow::Compare makes it. Ends with a newline.
std::string DiffJson(const plan::Plan& plan, std::string_view first, std::string_view first_org);

}  // namespace viasync::report
