#include "engine/base/ci_commands.h"

#include <algorithm>
#include <array>

#include "engine/base/strings.h"

namespace viasync::base {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Blanks that a runner skips at the start of a line: those of Unicode, since it trims by them.
std::size_t BlankLength(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] == ' ' || text[0] == '\t' || text[0] == '\v' || text[0] == '\f') return 1;
  if (text.starts_with("\xC2\xA0") || text.starts_with("\xC2\x85")) return 2;
  if (text.starts_with("\xE1\x9A\x80") || text.starts_with("\xE3\x80\x80") ||
      text.starts_with("\xE2\x81\x9F") || text.starts_with("\xEF\xBB\xBF")) {
    return 3;
  }
  if (text.size() >= 3 && text.starts_with("\xE2\x80")) {
    auto last = static_cast<unsigned char>(text[2]);
    // U+2000 to U+200F, U+2028, U+2029, U+202F
    if ((last >= 0x80 && last <= 0x8F) || last == 0xA8 || last == 0xA9 || last == 0xAF) return 3;
  }
  return 0;
}

// `##`, letters, `[`.
bool IsHashCommand(std::string_view text) {
  if (!text.starts_with("##")) return false;
  auto end = std::ranges::find_if_not(text.begin() + 2, text.end(), IsLetter);
  return end != text.end() && *end == '[';
}

// The character of a command that begins here which is to be escaped; npos: none does.
std::size_t InCommand(std::string_view text) {
  if (IsHashCommand(text)) return 0;
  constexpr std::array<std::string_view, 4> kWords = {
      "section_start:", "section_end:", "travis_fold:", "travis_time:"};
  for (std::string_view word : kWords) {
    if (EqualsIgnoreCase(text.substr(0, word.size()), word)) return word.find('_');
  }
  return std::string_view::npos;
}

std::string_view Escape(char c) {
  switch (c) {
    case '#':
      return "\\u0023";
    case ':':
      return "\\u003a";
    case '_':
      return "\\u005f";
    case '-':
      return "\\u002d";
    case '+':
      return "\\u002b";
    case '~':
      return "\\u007e";
    default:
      return "\\u005e";
  }
}

// Takes the start of a line off `text`, as it may be printed.
void LineStart(std::string_view& text, std::string& out) {
  constexpr std::array<std::string_view, 4> kHeadings = {"--- ", "+++ ", "~~~ ", "^^^ "};
  bool heading = std::ranges::any_of(kHeadings, [&](auto word) { return text.starts_with(word); });
  while (std::size_t length = BlankLength(text)) {
    out += text.substr(0, length);
    text.remove_prefix(length);
  }
  if (!heading && !text.starts_with("::")) return;
  out += Escape(text[0]);
  text.remove_prefix(1);
}

}  // namespace

std::string BreakUpCommands(std::string_view text, bool at_line_start) {
  std::string out;
  out.reserve(text.size());
  if (at_line_start) LineStart(text, out);
  while (!text.empty()) {
    // Most of a text is neither the end of a line nor the start of a command.
    auto next = std::min(text.find_first_of("\n\r#sStT"), text.size());
    out += text.substr(0, next);
    text.remove_prefix(next);
    if (text.empty()) break;
    if (text[0] == '\n' || text[0] == '\r') {
      out += text[0];
      text.remove_prefix(1);
      LineStart(text, out);
      continue;
    }
    if (auto at = InCommand(text); at != std::string_view::npos) {
      out += text.substr(0, at);
      out += Escape(text[at]);
      text.remove_prefix(at + 1);
      continue;
    }
    out += text[0];
    text.remove_prefix(1);
  }
  return out;
}

std::string CommandFilter::Pass(std::string_view text, bool all) {
  // npos + 1 = 0: the text ends no line.
  const auto lines = text.rfind('\n') + 1;
  auto end = lines == 0 ? 0 : pending_.size() + lines;
  pending_ += text;
  if (all) end = pending_.size();
  if (end == 0) return {};
  std::string safe = BreakUpCommands(std::string_view(pending_).substr(0, end), starts_);
  starts_ = pending_[end - 1] == '\n';
  pending_.erase(0, end);
  return safe;
}

}  // namespace viasync::base
