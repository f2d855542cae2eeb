#include "engine/config/text_place.h"

#include <algorithm>
#include <istream>

namespace viasync::config {
namespace {

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

std::string LineOf(FileTree& files, const std::string& path, int number) {
  auto bytes = files.Open(path);
  if (!bytes) return {};
  std::istream in(bytes->get());
  std::string line;
  for (int at = 0; at < number; ++at) {
    if (!std::getline(in, line)) return {};
  }
  return line;
}

base::SourcePos PlaceInText(FileTree& files, const base::SourcePos& start, std::string_view text,
                            std::size_t offset) {
  auto bytes = files.Open(start.file);
  if (!bytes) return start;
  std::istream in(bytes->get());
  std::string line;
  for (int at = 0; at < start.line; ++at) {
    if (!std::getline(in, line)) return start;
  }
  auto visible = [](char c) { return !IsSpace(c); };
  auto wanted = std::ranges::count_if(text.substr(0, offset), visible);
  auto column = static_cast<std::size_t>(start.column - 1);
  char quote = '\0';
  if (!SkipOpening(line, column, quote)) return start;
  for (int at = start.line;; ++at, column = 0) {
    for (; column < line.size(); ++column) {
      if (IsSpace(line[column])) continue;
      if (wanted-- == 0) return {start.file, at, static_cast<int>(column) + 1};
      // `''` and `\"` are one byte of the value.
      bool twice = quote == '\'' && line[column] == '\'';
      bool escaped = quote == '"' && line[column] == '\\';
      if (twice || escaped) ++column;
    }
    if (!std::getline(in, line)) return start;
  }
}

}  // namespace viasync::config
