// A document as one page that needs nothing else: no script, no font, no request. Light and dark,
// wide and narrow, readable without colour.
#pragma once

#include <string>
#include <string_view>

#include "engine/report/document.h"

namespace viasync::report {

std::string PrintHtml(const Document& document);

// `text` safe between tags and inside quoted attributes, and printable.
std::string EscapeHtml(std::string_view text);

}  // namespace viasync::report
