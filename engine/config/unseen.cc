#include "engine/config/unseen.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"

namespace viasync::config {

// U+00A0, U+1680, U+2000 to U+200A, U+202F, U+205F, U+3000.
std::size_t ForeignBlank(std::string_view text) {
  if (text.starts_with("\xC2\xA0")) return 2;
  if (text.starts_with("\xE1\x9A\x80") || text.starts_with("\xE2\x80\xAF") ||
      text.starts_with("\xE2\x81\x9F") || text.starts_with("\xE3\x80\x80")) {
    return 3;
  }
  bool wide = text.size() >= 3 && text.starts_with("\xE2\x80") &&
              static_cast<unsigned char>(text[2]) <= 0x8A;
  return wide ? 3 : 0;
}

bool HoldsUnseen(std::string_view text) {
  // Most texts are short and ASCII; Printable() is for the rest.
  auto plain = [](char c) { return c >= 0x20 && c < 0x7F; };
  if (std::ranges::all_of(text, plain)) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (ForeignBlank(text.substr(i)) > 0) return true;
  }
  return base::Printable(text) != text;
}

std::string_view WhyUnwritable(char32_t c) {
  if (c == 0x85 || c == 0x2028 || c == 0x2029) {
    return "some programs take it for the end of the line";
  }
  if (c == 0xFEFF) return "a byte order mark belongs at the start of a file only";
  if (c >= 0x7F && c < 0xA0) return "it is a control character";
  if ((c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF)) return "it is not a character";
  return {};
}

bool HoldsUnwritable(std::string_view text) {
  while (!text.empty()) {
    auto [code, bytes] = base::DecodeUtf8(text);
    if (!WhyUnwritable(code).empty()) return true;
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return false;
}

std::string Visible(std::string_view text) {
  std::string visible;
  while (!text.empty()) {
    std::size_t blank = ForeignBlank(text);
    if (blank > 0) {
      visible += fmt::format("\\u{:04x}", static_cast<unsigned>(base::DecodeUtf8(text).value));
    } else {
      visible += text.front();
    }
    text.remove_prefix(std::max<std::size_t>(blank, 1));
  }
  return visible;
}

}  // namespace viasync::config
