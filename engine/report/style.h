// How a report is printed: colour, width, masking; and the small tools of laying text out.
// Everything that is laid out here must be printable already (base::Printable).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace viasync::report {

// The caller decides: colour only on a terminal and never with NO_COLOR.
struct Style {
  bool colour = false;
  int width = 100;    // columns of a line; 0 = no end
  bool mask = false;  // hide most of phone numbers, account numbers and mail addresses
};

enum class Colour { kRed, kGreen, kYellow, kMagenta, kCyan, kDim, kBold };

// `text` in a colour; as it is without colour, or when it is empty.
std::string Paint(const Style& style, Colour colour, std::string_view text);

// Columns that `text` takes on a terminal: one for a letter with its accents, two for a wide one or
// an emoji, none for Paint's colours.
std::size_t Columns(std::string_view text);

// `text` filled up with blanks to `columns`.
std::string Pad(std::string_view text, std::size_t columns);

// `text` in lines that fit into the style's width, broken at blanks only: what is longer than a
// line stays whole. Further lines begin with `indent` blanks. No line break at its end.
std::string Wrap(const Style& style, std::string_view text, std::size_t indent);

// `parts` with a dot between them, each kept whole on a line where it fits into one. Every line
// begins with `indent` blanks.
std::string WrapParts(const Style& style, std::span<const std::string> parts, std::size_t indent);

// At most `columns_max` columns of `text`, with `…` where something was cut, never inside of what
// people see as one character; and at most twice as many code points.
std::string Clip(std::string_view text, std::size_t columns_max);

}  // namespace viasync::report
