#include "engine/config/edit/scalar_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/config/unseen.h"
#include "engine/config/values.h"

namespace viasync::config {
namespace {

constexpr std::string_view kFlowMarks = ",[]{}";

bool IsControl(char c) {
  auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n') || byte == 0x7F;
}

// False where only escapes can say it.
bool IsPrintable(std::string_view value, bool tabs) {
  auto control = [&](char c) { return IsControl(c) && !(tabs && c == '\t'); };
  return std::ranges::none_of(value, control) && !HoldsUnwritable(value);
}

// As IsPrintable, and nothing in it looks like something else.
bool IsVisible(std::string_view value) {
  std::string lines(value);
  std::erase(lines, '\n');
  return IsPrintable(value, false) && !HoldsUnseen(lines);
}

bool FitsPlain(std::string_view value, bool flow) {
  if (value.empty() || value.front() == ' ' || value.back() == ' ') return false;
  if (value.find('\n') != std::string_view::npos || !IsVisible(value)) return false;
  char first = value.front();
  if (std::string_view("-?:,[]{}#&*!|>'\"%@`=<~").find(first) != std::string_view::npos) {
    bool word = first == '-' && value.size() > 1 && value[1] > ' ' && value[1] != '-' &&
                kFlowMarks.find(value[1]) == std::string_view::npos && !flow;
    if (!word) return false;
  }
  if (value.starts_with("...") || value.ends_with(':')) return false;
  // To yaml-cpp a `?` in brackets may end a text.
  if (flow && value.contains('?')) return false;
  for (std::size_t i = 0; i + 1 < value.size(); ++i) {
    if (value[i] == ':' && (value[i + 1] == ' ' || flow)) {
      bool inside = value[i + 1] != ' ' && std::isalnum(static_cast<unsigned char>(value[i + 1]));
      if (!inside) return false;
    }
    if (value[i] == ' ' && value[i + 1] == '#') return false;
  }
  return !flow || value.find_first_of(kFlowMarks) == std::string_view::npos;
}

bool FitsSingle(std::string_view value) {
  return value.find('\n') == std::string_view::npos && IsVisible(value);
}

// A body that starts with a blank would need an indentation indicator.
bool FitsLiteral(std::string_view value) {
  return !value.empty() && value.front() != ' ' && value.front() != '\t' && value.front() != '\n' &&
         value.back() != '\n' && value.back() != ' ' && IsPrintable(value, true);
}

bool FitsFolded(std::string_view value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\n') continue;
    // Lines that start with blanks are not folded, and empty ones count otherwise.
    char before = i > 0 ? value[i - 1] : '\n';
    char after = i + 1 < value.size() ? value[i + 1] : '\n';
    for (char c : {before, after}) {
      if (c == ' ' || c == '\t' || c == '\n') return false;
    }
  }
  return FitsLiteral(value);
}

// What nobody would see becomes visible; what YAML forbids, too.
std::string Escaped(std::string_view character) {
  char32_t code = base::DecodeUtf8(character).value;
  if (character == "\n") return "\\n";
  if (character == "\t") return "\\t";
  if (character == "\r") return "\\r";
  if (code == 0x2028) return "\\L";
  if (code == 0x2029) return "\\P";
  auto number = static_cast<unsigned>(code);
  if (code < 0x100) return fmt::format("\\x{:02X}", number);
  if (code > 0xFFFF) return fmt::format("\\U{:08X}", number);
  return WhyUnwritable(code).empty() ? fmt::format("\\u{:04x}", number)
                                     : fmt::format("\\u{:04X}", number);
}

void AppendEscaped(std::string& out, std::string_view value) {
  while (!value.empty()) {
    auto character = value.substr(0, std::max<std::size_t>(base::DecodeUtf8(value).length, 1));
    bool ascii = character.size() == 1 && !IsControl(character.front()) && character != "\n";
    if (character == "\\" || character == "\"") {
      out.append("\\").append(character);
    } else if (ascii || (!HoldsUnseen(character) && !HoldsUnwritable(character))) {
      out += character;
    } else {
      out += Escaped(character);
    }
    value.remove_prefix(character.size());
  }
}

void AppendDoubled(std::string& out, std::string_view value) {
  for (char c : value) {
    out += c;
    if (c == '\'') out += c;
  }
}

// A word that may start a further line of a plain or quoted scalar.
bool StartsPlainly(std::string_view word) {
  auto c = static_cast<unsigned char>(word.empty() ? ' ' : word.front());
  return std::isalnum(c) || c >= 0x80 || c == '\'' || c == '(';
}

}  // namespace

ScalarStyle FittingStyle(std::string_view value, ScalarStyle wanted, bool flow) {
  switch (wanted) {
    case ScalarStyle::kFolded:
      if (!flow && FitsFolded(value)) return wanted;
      [[fallthrough]];
    case ScalarStyle::kLiteral:
      if (!flow && FitsLiteral(value)) return ScalarStyle::kLiteral;
      return ScalarStyle::kDouble;
    case ScalarStyle::kPlain:
      if (FitsPlain(value, flow) && !IsNullWord(value)) return wanted;
      break;
    case ScalarStyle::kSingle:
      if (FitsSingle(value)) return wanted;
      break;
    case ScalarStyle::kDouble:
      return wanted;
  }
  bool lines = value.find('\n') != std::string_view::npos;
  if (lines && !flow && FitsLiteral(value)) return ScalarStyle::kLiteral;
  if (!FitsSingle(value)) return ScalarStyle::kDouble;
  // Single quotes need no escapes: for what holds a backslash or a double quote.
  return value.find_first_of("\\\"") == std::string_view::npos ? ScalarStyle::kDouble
                                                               : ScalarStyle::kSingle;
}

bool IsNullWord(std::string_view value) {
  return value == "~" || value == "null" || value == "Null" || value == "NULL";
}

bool LooksTyped(std::string_view value) {
  static constexpr std::array<std::string_view, 7> kWords = {"true", "false", "yes", "no",
                                                             "on",   "off",   "null"};
  if (IsSpoilt(value)) return true;
  std::string lower = base::ToLower(value);
  if (std::ranges::find(kWords, lower) != kWords.end()) return true;
  if (lower.empty() || lower == "~" || lower == ".inf" || lower == ".nan") return true;
  char first = lower.front();
  bool numeric = (first >= '0' && first <= '9') || first == '+' || first == '-' || first == '.';
  return numeric && lower.find_first_not_of("0123456789+-.eE_:xabcdefo") == std::string::npos;
}

std::string ScalarLine(std::string_view value, ScalarStyle style) {
  return ScalarLines({std::string(value)}, style, {});
}

std::string ScalarLines(const std::vector<std::string>& lines, ScalarStyle style,
                        const ScalarPlace& place) {
  std::string_view quote;
  if (style == ScalarStyle::kSingle) quote = "'";
  if (style == ScalarStyle::kDouble) quote = "\"";
  std::string out(quote);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out.append(place.line_break).append(place.indent, ' ');
    if (style == ScalarStyle::kDouble) {
      AppendEscaped(out, lines[i]);
    } else if (style == ScalarStyle::kSingle) {
      AppendDoubled(out, lines[i]);
    } else {
      out += lines[i];
    }
  }
  return out.append(quote);
}

std::string BlockBody(std::string_view value, ScalarStyle style, const ScalarPlace& place) {
  std::string body;
  for (std::string_view line : base::Split(value, '\n')) {
    if (!body.empty()) {
      body += place.line_break;
      if (style == ScalarStyle::kFolded) body += place.line_break;
    }
    if (!line.empty()) body.append(place.indent, ' ').append(line);
  }
  return body;
}

std::vector<std::string> FoldLines(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  for (std::size_t at = 0; at < text.size();) {
    // Runs of blanks would be folded into one: words are cut at single ones only.
    auto blank = text.find(' ', at);
    while (blank != std::string_view::npos &&
           (blank + 1 >= text.size() || text[blank + 1] == ' ' || text[blank - 1] == ' ')) {
      blank = text.find(' ', blank + 1);
    }
    std::string_view word = text.substr(at, std::min(blank, text.size()) - at);
    auto& line = lines.back();
    bool full = line.size() + 1 + word.size() > width && StartsPlainly(word);
    if (at > 0 && full) {
      lines.emplace_back(word);
    } else {
      if (at > 0) line += ' ';
      line += word;
    }
    at += word.size() + 1;
  }
  return lines;
}

std::string EscapeVariables(std::string_view value) {
  std::string escaped;
  for (std::size_t at = 0; at < value.size();) {
    auto mark = std::min(value.find("${", at), value.size());
    escaped += value.substr(at, mark - at);
    if (mark < value.size()) escaped += "$${";
    at = mark + 2;
  }
  return escaped;
}

}  // namespace viasync::config
