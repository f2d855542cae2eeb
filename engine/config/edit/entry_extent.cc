#include "engine/config/edit/entry_extent.h"

#include <algorithm>

#include "engine/config/edit/text_lines.h"

namespace viasync::config {
namespace {

std::size_t EndOf(const YamlFile& file, const ItemSpan& item) {
  return std::max<std::size_t>(file.node(item.node).end, item.dash + 1);
}

std::size_t BeginOf(const YamlFile& file, const SectionSpan& section, std::size_t item) {
  std::string_view text = file.text();
  const auto& span = section.items[item];
  std::size_t line = LineBegin(text, span.dash);
  std::size_t above = item == 0 ? section.field.colon : EndOf(file, section.items[item - 1]);
  std::size_t floor = std::min(LineEnd(text, above), line);
  std::size_t begin = CommentBegin(text, line, floor);
  if (item == 0 || begin > floor) return begin;
  for (std::size_t at = begin; at < line; at = LineEnd(text, at)) {
    if (IndentAt(text, at) <= span.dash - line) return at;
  }
  return begin;
}

}  // namespace

Extent ExtentOf(const YamlFile& file, const SectionSpan& section, std::size_t item) {
  std::string_view text = file.text();
  const auto& span = section.items[item];
  std::size_t column = span.dash - LineBegin(text, span.dash);
  std::size_t end = LineEnd(text, EndOf(file, span));
  std::size_t next =
      item + 1 < section.items.size() ? BeginOf(file, section, item + 1) : text.size();
  while (end < next && IsCommentLine(text, end) && IndentAt(text, end) > column) {
    end = LineEnd(text, end);
  }
  return {BeginOf(file, section, item), end};
}

std::size_t LineAbove(std::string_view text, std::size_t line_begin) {
  return line_begin == 0 ? 0 : LineBegin(text, line_begin - 1);
}

}  // namespace viasync::config
