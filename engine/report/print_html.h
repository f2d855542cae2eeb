// A document as one page that needs nothing else: no font, no request, and no script but its own,
// which filters and makes only what is seen. Light and dark, wide and narrow, on paper, by
// keyboard, readable without colour, and without scripts as far as there is room. The markup stands
// in `page/`; the template engine escapes what it puts in there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/report/document.h"

namespace viasync::report {

// How many changes stand in the page as they are, besides as many that allow contact again; the
// others are made by the script.
inline constexpr std::size_t kStandingMax = 300;

std::string PrintHtml(const Document& document);

// `text` safe between tags and inside quoted attributes, and printable.
std::string EscapeHtml(std::string_view text);

}  // namespace viasync::report
