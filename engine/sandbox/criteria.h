// Filter criteria as the org looks at them: whether it takes them, and how a server that rewrites
// what it stores would hand them back. Not a SQL parser.
#pragma once

#include <string>
#include <string_view>

namespace viasync::sandbox {

// What is wrong with the text: empty, a quote or parenthesis without its partner. "" = nothing.
std::string CriteriaProblem(std::string_view criteria);

// White space outside quotes becomes one blank (none at the ends), key words become capitals.
std::string RewriteCriteria(std::string_view criteria);

}  // namespace viasync::sandbox
