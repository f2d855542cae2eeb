#include "engine/config/edit/text_lines.h"

#include <algorithm>

namespace viasync::config {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

std::size_t LineBegin(std::string_view text, std::size_t at) {
  if (at == 0) return 0;
  auto newline = text.rfind('\n', at - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

std::size_t LineStop(std::string_view text, std::size_t at) {
  auto newline = text.find('\n', at);
  if (newline == std::string_view::npos) return text.size();
  return newline > at && text[newline - 1] == '\r' ? newline - 1 : newline;
}

std::size_t LineEnd(std::string_view text, std::size_t at) {
  auto newline = text.find('\n', at);
  return newline == std::string_view::npos ? text.size() : newline + 1;
}

std::size_t ColumnOf(std::string_view text, std::size_t at) {
  std::size_t begin = LineBegin(text, at);
  std::size_t mark = begin == 0 && text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  return at - begin - std::min(mark, at - begin);
}

std::string_view LineBreakOf(std::string_view text) {
  auto newline = text.find('\n');
  bool crlf = newline != std::string_view::npos && newline > 0 && text[newline - 1] == '\r';
  return crlf ? "\r\n" : "\n";
}

std::size_t IndentAt(std::string_view text, std::size_t line_begin) {
  auto end = text.find_first_not_of(' ', line_begin);
  return std::min(end, text.size()) - line_begin;
}

bool IsBlankLine(std::string_view text, std::size_t line_begin) {
  auto first = text.find_first_not_of(" \t\r", line_begin);
  return first == std::string_view::npos || text[first] == '\n';
}

bool IsCommentLine(std::string_view text, std::size_t line_begin) {
  auto first = text.find_first_not_of(" \t", line_begin);
  return first != std::string_view::npos && text[first] == '#';
}

std::size_t CommentBegin(std::string_view text, std::size_t line_begin, std::size_t floor,
                         std::size_t indent_min, std::size_t indent_max) {
  std::size_t begin = line_begin;
  while (begin > floor) {
    std::size_t above = LineBegin(text, begin - 1);
    if (above < floor || !IsCommentLine(text, above)) break;
    std::size_t indent = IndentAt(text, above);
    if (indent < indent_min || indent > indent_max) break;
    begin = above;
  }
  return begin;
}

std::size_t SwallowedComment(std::string_view text, std::size_t line_begin, std::size_t indent) {
  while (line_begin < text.size() && IsBlankLine(text, line_begin)) {
    line_begin = LineEnd(text, line_begin);
  }
  bool deep = line_begin < text.size() && IsCommentLine(text, line_begin) &&
              IndentAt(text, line_begin) >= indent;
  return deep ? line_begin : std::string_view::npos;
}

std::size_t SkipSpaceAndComments(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    at = std::min(text.find_first_not_of(" \t\r\n", at), text.size());
    if (at == text.size() || text[at] != '#') break;
    at = LineEnd(text, at);
  }
  return at;
}

}  // namespace viasync::config
