#include "engine/report/style.h"

namespace viasync::report {
namespace {

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

bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

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
  for (char c : text) columns += !Continues(c);
  return columns;
}

std::string Pad(std::string_view text, std::size_t columns) {
  std::string padded(text);
  if (auto taken = Columns(text); taken < columns) padded.append(columns - taken, ' ');
  return padded;
}

std::string Clip(std::string_view text, std::size_t chars_max) {
  if (text.size() <= chars_max) return std::string(text);
  std::size_t chars = 0, at = 0, keep = 0;
  for (; at < text.size(); ++at) {
    if (Continues(text[at])) continue;
    if (chars + 1 == chars_max) keep = at;
    if (++chars > chars_max) return std::string(text.substr(0, keep)) + "…";
  }
  return std::string(text);
}

}  // namespace viasync::report
