// One field of a CSV that a person opens in a spreadsheet.
#pragma once

#include <string>
#include <string_view>

namespace viasync::base {

// Whether a spreadsheet would take the text for a formula and work it out.
bool IsFormula(std::string_view text);

// `text` on one line, printable, quoted where CSV asks for it. What is a formula gets a `'` in
// front, which spreadsheets take as "this is a text".
std::string CsvCell(std::string_view text);

}  // namespace viasync::base
