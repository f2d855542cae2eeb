// Characters that a person does not see, or takes for a plain blank: a name or an address that
// holds one looks like another. One rule for what is read and what is written.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace viasync::config {

// True for text that holds an invisible character, a control character (line breaks and tabs too)
// or a blank that is not ASCII.
bool HoldsUnseen(std::string_view text);

// The bytes of the blank that is not ASCII at the start of `text`; 0: there is none.
std::size_t ForeignBlank(std::string_view text);

// Why a configuration file may not hold the character as it is; empty: it may. YAML 1.1, YAML 1.2,
// editors and spreadsheets do not agree where a line ends, and a comment ends with its line.
std::string_view WhyUnwritable(char32_t c);
// True for text with a character that no file may hold as it is.
bool HoldsUnwritable(std::string_view text);

// The text with such blanks as escapes, as in `\u00a0`: for messages.
std::string Visible(std::string_view text);

}  // namespace viasync::config
