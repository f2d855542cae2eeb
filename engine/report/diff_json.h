// A comparison of two environments for programs.
#pragma once

#include <string>
#include <string_view>

#include "engine/plan/plan.h"

namespace viasync::report {

// {"format": "viasync-diff/2", "first", "second", "summary", "differences": [{kind, key, what:
// missing | different | extra, fields: [{name, first, second}]}], "intended": [likewise],
// "ambiguous": […]}. The plans as workflow::Compare makes them. Ends with a newline.
std::string DiffJson(const plan::Plan& unasked, const plan::Plan& intended, std::string_view first,
                     std::string_view first_org);

}  // namespace viasync::report
