// Errors for people (text) and for programs (JSON).
#pragma once

#include <cstddef>
#include <string>

#include "engine/base/result.h"
#include "engine/report/style.h"

namespace viasync::report {

// Place, message, the line itself with a caret under the column, and what to do:
//
//   config/filters.yaml:12:5: unknown key `critera`
//     12 |     critera: |
//        |     ^
//     → did you mean `criteria`?
std::string ErrorText(const base::Error& error, const Style& style);

// Sorted by place, at most about `shown_max`, the rest is counted; then all those without a place.
std::string ErrorsText(const base::Errors& errors, const Style& style, std::size_t shown_max = 50);

// `{"errors": [{"kind", "message", "hint", "file", "line", "column", "excerpt", "httpStatus"}]}`;
// all of them, sorted as above; what is not known is left out. Warnings, where there are any, stand
// in `warnings` in the same way. Ends with a newline.
std::string ErrorsJson(const base::Errors& errors, const base::Errors& warnings = {});

}  // namespace viasync::report
