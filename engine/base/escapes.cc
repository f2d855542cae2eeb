#include "engine/base/escapes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "engine/base/utf8.h"

namespace viasync::base {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What an escape stands for and how long it is; length 0 = there is none.
struct Escape {
  char32_t value = 0;
  std::size_t length = 0;
  bool is_byte = false;  // `value` is a byte of UTF-8, not a code point
};

// Up to `most` hex digits at `at`, at least `least`.
std::optional<std::pair<char32_t, std::size_t>> Hex(std::string_view text, std::size_t at,
                                                    std::size_t least, std::size_t most) {
  char32_t value = 0;
  std::size_t count = 0;
  for (; count < most && at + count < text.size(); ++count) {
    const int digit = HexDigit(text[at + count]);
    if (digit < 0) break;
    value = value * 16 + static_cast<char32_t>(digit);
  }
  if (count < least) return std::nullopt;
  return std::pair{value, count};
}

Escape Octal(std::string_view text) {  // \075, \75
  char32_t value = 0;
  std::size_t end = 1;
  for (; end < 4 && end < text.size() && text[end] >= '0' && text[end] <= '7'; ++end) {
    value = value * 8 + static_cast<char32_t>(text[end] - '0');
  }
  return {value & 0xFF, end, true};
}

Escape UnicodeEscape(std::string_view text) {
  if (text.size() > 2 && text[2] == '{') {
    const auto hex = Hex(text, 3, 1, 6);
    if (!hex || 3 + hex->second >= text.size() || text[3 + hex->second] != '}') return {};
    return {hex->first, hex->second + 4};
  }
  const auto hex = Hex(text, 2, 4, text[1] == 'U' ? 8 : 4);
  if (!hex) return {};
  Escape escape{hex->first, 2 + hex->second};
  const bool high = hex->first >= 0xD800 && hex->first < 0xDC00;
  if (high && text.substr(escape.length, 2) == "\\u") {
    const auto low = Hex(text, escape.length + 2, 4, 4);
    if (low && low->first >= 0xDC00 && low->first < 0xE000) {
      escape.value = 0x10000 + ((hex->first - 0xD800) << 10) + (low->first - 0xDC00);
      escape.length += 6;
    }
  }
  return escape;
}

Escape Backslash(std::string_view text) {
  if (text.size() < 2) return {};
  const char c = text[1];
  if (c == 'u' || c == 'U') return UnicodeEscape(text);
  if (c == 'x') {
    const auto hex = Hex(text, 2, 2, 2);
    return hex ? Escape{hex->first, 4, true} : Escape{};
  }
  if (c >= '0' && c <= '7') return Octal(text);
  constexpr std::string_view kBlank = "nrtfvb";
  if (kBlank.find(c) != std::string_view::npos) return {' ', 2};
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '8' || c == '9';
  return letter ? Escape{} : Escape{static_cast<unsigned char>(c), 2, true};
}

Escape Entity(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 46> kNamed = {{
      {"amp", '&'},    {"AMP", '&'},    {"lt", '<'},     {"LT", '<'},       {"gt", '>'},
      {"GT", '>'},     {"quot", '"'},   {"QUOT", '"'},   {"apos", '\''},    {"sol", '/'},
      {"plus", '+'},   {"equals", '='}, {"colon", ':'},  {"semi", ';'},     {"comma", ','},
      {"period", '.'}, {"excl", '!'},   {"quest", '?'},  {"num", '#'},      {"dollar", '$'},
      {"percnt", '%'}, {"lpar", '('},   {"rpar", ')'},   {"ast", '*'},      {"midast", '*'},
      {"commat", '@'}, {"lsqb", '['},   {"lbrack", '['}, {"rsqb", ']'},     {"rbrack", ']'},
      {"bsol", '\\'},  {"Hat", '^'},    {"lowbar", '_'}, {"UnderBar", '_'}, {"grave", '`'},
      {"lcub", '{'},   {"lbrace", '{'}, {"rcub", '}'},   {"rbrace", '}'},   {"verbar", '|'},
      {"vert", '|'},   {"nbsp", ' '},   {"Tab", ' '},    {"NewLine", ' '},  {"hyphen", '-'},
      {"dash", '-'},
  }};
  if (text.size() > 2 && text[1] == '#') {
    const bool hex = text[2] == 'x' || text[2] == 'X';
    std::size_t at = hex ? 3 : 2;
    const std::size_t begin = at;
    char32_t value = 0;
    for (; at < text.size() && at < begin + 9; ++at) {
      const int digit = HexDigit(text[at]);
      if (digit < 0 || (!hex && digit > 9)) break;
      value = value * (hex ? 16 : 10) + static_cast<char32_t>(digit);
    }
    if (at == begin || value > 0x10FFFF) return {};
    if (at < text.size() && text[at] == ';') ++at;
    return {value, at};
  }
  for (const auto& [name, letter] : kNamed) {
    if (text.substr(1, name.size()) != name) continue;
    const std::size_t end = 1 + name.size();
    if (end < text.size() && text[end] == ';') return {static_cast<unsigned char>(letter), end + 1};
  }
  return {};
}

Escape ByteEscape(std::string_view text) {  // %3D, %u003D
  if (text.size() > 1 && (text[1] == 'u' || text[1] == 'U')) {
    const auto wide = Hex(text, 2, 4, 4);
    return wide ? Escape{wide->first, 6} : Escape{};
  }
  const auto hex = Hex(text, 1, 2, 2);
  return hex ? Escape{hex->first, 3, true} : Escape{};
}

bool IsQuotedPrintable(std::string_view text) {  // =3D, in capitals
  auto capital = [&](std::size_t i) { return text[i] < 'a' && HexDigit(text[i]) >= 0; };
  return text.size() > 2 && text[0] == '=' && capital(1) && capital(2);
}

Escape EscapeAt(std::string_view text, QuotedPrintable quoted_printable) {
  switch (text[0]) {
    case '\\':
      return Backslash(text);
    case '%':
      return ByteEscape(text);
    case '=':
      return quoted_printable == QuotedPrintable::kYes && IsQuotedPrintable(text) ? ByteEscape(text)
                                                                                  : Escape{};
    case '&':
      return Entity(text);
    default:
      return {};
  }
}

bool IsBlank(char32_t c) {
  return c == ' ' || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x3000 ||
         IsUnsafe(c);
}

constexpr auto kPlain = [] {  // seen, and one byte
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x21; c < 0x7F; ++c) plain[c] = true;
  return plain;
}();

constexpr auto kEscapes = [] {
  std::array<bool, 256> escapes{};
  for (char c : {'\\', '%', '=', '&'}) escapes[static_cast<unsigned char>(c)] = true;
  return escapes;
}();

std::size_t RunOf(const std::array<bool, 256>& in, bool wanted, std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && in[static_cast<unsigned char>(text[size])] == wanted) ++size;
  return size;
}

// Bytes that stand for themselves, from `at` on.
void AppendRun(Unescaped& out, std::string_view bytes, std::size_t at) {
  out.bytes += bytes;
  for (std::size_t i = 0; out.placed && i < bytes.size(); ++i) {
    out.first.push_back(static_cast<std::uint32_t>(at + i));
    out.last.push_back(static_cast<std::uint32_t>(at + i + 1));
  }
}

void AppendDecoded(Unescaped& out, std::string_view bytes, const Unescaped& from, std::size_t at,
                   std::size_t length) {
  out.bytes += bytes;
  if (!out.placed) return;
  out.first.insert(out.first.end(), bytes.size(), from.first[at]);
  out.last.insert(out.last.end(), bytes.size(), from.last[at + length - 1]);
}

}  // namespace

Unescaped Squeezed(std::string_view text, bool placed) {
  Unescaped out{.bytes = {}, .placed = placed, .first = {}, .last = {}};
  out.bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = RunOf(kPlain, true, text.substr(i));
    bool seen = length > 0;
    if (!seen && static_cast<unsigned char>(text[i]) >= 0x80) {
      const CodePoint point = DecodeUtf8(text.substr(i));
      length = point.length;
      seen = length == 0 || !IsBlank(point.value);
    }
    length = std::max<std::size_t>(length, 1);
    if (seen) AppendRun(out, text.substr(i, length), i);
    i += length;
  }
  return out;
}

bool HasQuotedPrintable(std::string_view text) {
  for (auto at = text.find('='); at != std::string_view::npos; at = text.find('=', at + 1)) {
    if (IsQuotedPrintable(text.substr(at, 3))) return true;
  }
  return false;
}

Unescaped WithoutOneLayer(const Unescaped& text, QuotedPrintable quoted_printable) {
  Unescaped out{.bytes = {}, .placed = text.placed, .first = {}, .last = {}};
  out.bytes.reserve(text.bytes.size());
  const std::string_view bytes = text.bytes;
  for (std::size_t i = 0; i < bytes.size();) {
    const Escape escape = EscapeAt(bytes.substr(i, 24), quoted_printable);
    if (escape.length == 0) {
      const std::size_t run = 1 + RunOf(kEscapes, false, bytes.substr(i + 1));
      out.bytes += bytes.substr(i, run);
      if (text.placed) {
        const auto at = static_cast<std::ptrdiff_t>(i);
        const auto end = at + static_cast<std::ptrdiff_t>(run);
        out.first.insert(out.first.end(), text.first.begin() + at, text.first.begin() + end);
        out.last.insert(out.last.end(), text.last.begin() + at, text.last.begin() + end);
      }
      i += run;
      continue;
    }
    out.changed = true;
    std::string decoded;
    if (escape.is_byte && escape.value >= 0x80) {
      decoded = static_cast<char>(escape.value);
    } else if (!IsBlank(escape.value)) {
      AppendUtf8(decoded, escape.value);
    }
    AppendDecoded(out, decoded, text, i, escape.length);
    i += escape.length;
  }
  return out;
}

}  // namespace viasync::base
