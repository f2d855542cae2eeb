#include "engine/base/utf8.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace viasync::base {
namespace {

struct Range {
  char32_t first, last;
};

// Ordered, without overlaps.
constexpr Range kUnsafe[] = {
    {0x0000, 0x001F},    // C0
    {0x007F, 0x009F},    // DEL, C1
    {0x00AD, 0x00AD},    // soft hyphen
    {0x034F, 0x034F},    // combining grapheme joiner
    {0x061C, 0x061C},    // Arabic letter mark
    {0x115F, 0x1160},    // Hangul fillers
    {0x17B4, 0x17B5},    // Khmer inherent vowels
    {0x180B, 0x180F},    // Mongolian variation selectors, vowel separator
    {0x200B, 0x200F},    // zero width, left-to-right and right-to-left marks
    {0x2028, 0x202E},    // line separators, embeddings and overrides
    {0x2060, 0x206F},    // word joiner, invisible operators, isolates, deprecated ones
    {0x2800, 0x2800},    // empty braille pattern
    {0x3164, 0x3164},    // Hangul filler
    {0xFE00, 0xFE0F},    // variation selectors
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xFFA0, 0xFFA0},    // halfwidth Hangul filler
    {0xFFF0, 0xFFFB},    // unassigned ones that are ignored, interlinear marks
    {0xFFFE, 0xFFFF},    // noncharacters
    {0x13430, 0x1345F},  // Egyptian format controls
    {0x1BCA0, 0x1BCA3},  // shorthand format controls
    {0x1D173, 0x1D17A},  // musical format controls
    {0xE0000, 0xE0FFF},  // tags, variation selectors
};

}  // namespace

CodePoint DecodeUtf8(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  utf8proc_int32_t value = 0;
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &value);
  if (length <= 0) return {};
  return {static_cast<char32_t>(value), static_cast<std::size_t>(length)};
}

void AppendUtf8(std::string& out, char32_t c) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
}

std::size_t CharacterStart(std::string_view text, std::size_t at) {
  if (at >= text.size()) return text.size();
  constexpr std::size_t kBehindFirstMax = 3;  // further back no character begins
  for (std::size_t back = 0; back <= std::min(at, kBehindFirstMax); ++back) {
    if ((static_cast<unsigned char>(text[at - back]) & 0xC0) != 0x80) return at - back;
  }
  return at;
}

Glyph FirstGlyph(std::string_view text) {
  const bool plain = static_cast<unsigned char>(text[0]) < 0x80 &&
                     (text.size() == 1 || static_cast<unsigned char>(text[1]) < 0x80);
  if (plain) return {};
  auto [last, length] = DecodeUtf8(text);
  if (length == 0) return {};
  auto width = [](char32_t c) {
    return static_cast<std::size_t>(utf8proc_charwidth(static_cast<utf8proc_int32_t>(c)));
  };
  Glyph glyph{.bytes = length, .code_points = 1, .columns = width(last)};
  utf8proc_int32_t state = 0;
  while (glyph.bytes < text.size()) {
    const auto [next, more] = DecodeUtf8(text.substr(glyph.bytes));
    if (more == 0 ||
        utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(last),
                                         static_cast<utf8proc_int32_t>(next), &state)) {
      break;
    }
    glyph.bytes += more;
    ++glyph.code_points;
    glyph.columns += width(next);
    last = next;
  }
  glyph.columns = std::clamp<std::size_t>(glyph.columns, 1, 2);
  return glyph;
}

bool IsUnsafe(char32_t c) {
  if (c >= 0x20 && c < 0x7F) return false;
  const auto* after = std::ranges::upper_bound(kUnsafe, c, {}, &Range::first);
  return after != std::begin(kUnsafe) && c <= std::prev(after)->last;
}

}  // namespace viasync::base
