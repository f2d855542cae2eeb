#include "engine/base/csv_cell.h"

#include "engine/base/strings.h"

namespace viasync::base {

bool IsFormula(std::string_view text) {
  // Full-width forms count as well where the language has them.
  constexpr std::string_view kStarts[] = {
      "=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
  while (!text.empty() && std::string_view(" \t\r\n\"'").find(text.front()) != text.npos) {
    text.remove_prefix(1);
  }
  for (std::string_view start : kStarts) {
    if (text.starts_with(start)) return true;
  }
  return false;
}

std::string CsvCell(std::string_view text) {
  std::string cell = Printable(text);
  if (IsFormula(text)) cell.insert(cell.begin(), '\'');
  // A spreadsheet may take `;` for the separator: then `a;=1` would be two fields.
  if (cell.find_first_of(",;|\"") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted += '"';
}

}  // namespace viasync::base
