#include "engine/config/text_place.h"

#include <algorithm>
#include <string>

#include "engine/config/line_cursor.h"

namespace viasync::config {
namespace {

constexpr std::size_t kLineBytesMax = 1 << 20;  // as many as a line of YAML may have

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Steps over what opens the scalar; false: an alias, whose text stands elsewhere.
bool SkipOpening(const std::string& line, std::size_t& column, char& quote) {
  char first = column < line.size() ? line[column] : '\0';
  if (first == '*' || first == '&' || first == '!') return false;
  quote = first == '\'' || first == '"' ? first : '\0';
  if (quote != '\0') ++column;
  if (first == '|' || first == '>') column = line.size();
  return true;
}

}  // namespace

base::SourcePos PlaceInText(FileTree& files, const base::SourcePos& start, std::string_view text,
                            std::size_t offset) {
  auto bytes = files.Open(start.file);
  if (!bytes) return start;
  LineCursor lines(**bytes, kLineBytesMax);
  while (lines.number() < start.line) {
    if (!lines.Next()) return start;
  }
  auto visible = [](char c) { return !IsSpace(c); };
  auto wanted = std::ranges::count_if(text.substr(0, offset), visible);
  auto column = static_cast<std::size_t>(start.column - 1);
  char quote = '\0';
  if (!SkipOpening(lines.text(), column, quote)) return start;
  for (;; column = 0) {
    const auto& line = lines.text();
    for (; column < line.size(); ++column) {
      if (IsSpace(line[column])) continue;
      if (wanted-- == 0) return {start.file, lines.number(), static_cast<int>(column) + 1};
      // `''` and `\"` are one byte of the value.
      bool twice = quote == '\'' && line[column] == '\'';
      bool escaped = quote == '"' && line[column] == '\\';
      if (twice || escaped) ++column;
    }
    if (!lines.Next()) return start;
  }
}

}  // namespace viasync::config
