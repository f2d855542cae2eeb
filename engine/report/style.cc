#include "engine/report/style.h"

#include <algorithm>

#include "engine/base/utf8.h"

namespace viasync::report {
namespace {

constexpr std::size_t kCodePointsPerColumn = 2;

std::string_view Code(Colour colour) {
  switch (colour) {
    case Colour::kRed:
      return "\x1b[31m";
    case Colour::kGreen:
      return "\x1b[32m";
    case Colour::kYellow:
      return "\x1b[33m";
    case Colour::kMagenta:
      return "\x1b[35m";
    case Colour::kCyan:
      return "\x1b[36m";
    case Colour::kDim:
      return "\x1b[2m";
    case Colour::kBold:
      return "\x1b[1m";
  }
  return {};
}

}  // namespace

std::string Paint(const Style& style, Colour colour, std::string_view text) {
  if (!style.colour || text.empty()) return std::string(text);
  std::string painted(Code(colour));
  painted += text;
  painted += "\x1b[0m";
  return painted;
}

std::size_t Columns(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    if (text[0] == '\x1b') {  // up to the end of a colour
      text.remove_prefix(std::min(text.find('m'), text.size() - 1) + 1);
      continue;
    }
    const auto glyph = base::FirstGlyph(text);
    columns += glyph.columns;
    text.remove_prefix(glyph.bytes);
  }
  return columns;
}

std::string Pad(std::string_view text, std::size_t columns) {
  std::string padded(text);
  if (auto taken = Columns(text); taken < columns) padded.append(columns - taken, ' ');
  return padded;
}

std::string Wrap(const Style& style, std::string_view text, std::size_t indent) {
  const auto width = static_cast<std::size_t>(style.width);
  if (width == 0 || Columns(text) <= width) return std::string(text);
  std::string wrapped;
  std::size_t column = 0;
  bool empty = true;  // no word on this line yet
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t word = std::min(text.find_first_not_of(' ', at), text.size());
    const std::size_t end = std::min(text.find(' ', word), text.size());
    const std::size_t gap = word - at, taken = Columns(text.substr(word, end - word));
    if (!empty && taken > 0 && column + gap + taken > width) {
      wrapped.append(1, '\n').append(indent, ' ');
      column = indent;
    } else {
      wrapped.append(gap, ' ');
      column += gap;
    }
    wrapped.append(text.substr(word, end - word));
    column += taken;
    empty = false;
    at = end;
  }
  return wrapped;
}

std::string WrapParts(const Style& style, std::span<const std::string> parts, std::size_t indent) {
  constexpr std::string_view kDot = " · ";
  const auto width = static_cast<std::size_t>(style.width);
  const std::string begin(indent, ' ');
  std::string text, line = begin;
  for (const auto& part : parts) {
    const bool first = line == begin;
    const std::size_t taken = Columns(line) + (first ? 0 : Columns(kDot)) + Columns(part);
    if (!first && width > 0 && taken > width) {
      text += Wrap(style, line, indent + 2) + "\n";
      line = begin + part;
    } else {
      line += (first ? std::string() : std::string(kDot)) + part;
    }
  }
  return text + Wrap(style, line, indent + 2);
}

std::string Clip(std::string_view text, std::size_t columns_max) {
  if (text.size() <= columns_max) return std::string(text);
  std::size_t columns = 0, code_points = 0, at = 0, keep = 0;
  while (at < text.size()) {
    const auto glyph = base::FirstGlyph(text.substr(at));
    columns += glyph.columns;
    // Accents take no column; a letter may have any number of them.
    code_points += glyph.code_points;
    if (columns > columns_max || code_points > kCodePointsPerColumn * columns_max) {
      return std::string(text.substr(0, keep)) + "…";
    }
    at += glyph.bytes;
    if (columns < columns_max) keep = at;
  }
  return std::string(text);
}

}  // namespace viasync::report
