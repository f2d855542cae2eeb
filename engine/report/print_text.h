// A document for a terminal, or for a log. What is last is read first there: the conflicts and the
// summary stand at the end, and under them what to do next.
#pragma once

#include <string>

#include "engine/report/document.h"
#include "engine/report/style.h"

namespace viasync::report {

// No line is longer than the style's width, unless a word is, or a command to be copied. Ends with
// a newline. The marks: + create, ~ update, - delete, < drift, ! conflict. `full`: says where the
// report itself comes from, too; what was left out needs the flag --full.
std::string PrintText(const Document& document, const Style& style, bool full = false);

}  // namespace viasync::report
