// How a report is printed: colour, width, masking; and the small tools of laying text out.
// Everything that is laid out here must be printable already (base::Printable).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace viasync::report {

// The caller decides: colour only on a terminal and never with NO_COLOR.
struct Style {
  bool colour = false;
  int width = 100;    // columns of the terminal; 0 = no end
  bool mask = false;  // hide most of phone numbers, account numbers and mail addresses
};

enum class Colour { kRed, kGreen, kYellow, kMagenta, kCyan, kDim, kBold };

// `text` in a colour; as it is without colour, or when it is empty.
std::string Paint(const Style& style, Colour colour, std::string_view text);

// Columns that `text` takes on a terminal: one for each character.
std::size_t Columns(std::string_view text);

// `text` filled up with blanks to `columns`.
std::string Pad(std::string_view text, std::size_t columns);

// At most `chars_max` characters of `text`, with `…` where something was cut.
std::string Clip(std::string_view text, std::size_t chars_max);

}  // namespace viasync::report
