#include "engine/model/criteria_foreign_quotes.h"

#include <algorithm>
#include <cstddef>

namespace viasync::model {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool IsWordChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || c == '#' || c == '@' || static_cast<unsigned char>(c) >= 0x80;
}

// Behind the literal that begins at `at`; kNone: none does. Its content is told by `begin` and `end`.
struct Literal {
  std::size_t begin = kNone, end = kNone, behind = kNone;
};

// q'[it's]': any character, or a bracket that its partner closes.
Literal OracleLiteral(std::string_view text, std::size_t at) {
  std::size_t quote = at + (text[at] == 'n' || text[at] == 'N' ? 1 : 0);
  if (quote + 2 >= text.size() || (text[quote] != 'q' && text[quote] != 'Q') ||
      text[quote + 1] != '\'') {
    return {};
  }
  constexpr std::string_view kOpen = "[({<", kClose = "])}>";
  char open = text[quote + 2];
  if (open == ' ' || open == '\'') return {};
  auto partner = kOpen.find(open);
  const char close[] = {partner == kNone ? open : kClose[partner], '\''};
  auto end = text.find(std::string_view(close, 2), quote + 3);
  return end == kNone ? Literal{} : Literal{quote + 2, end + 1, end + 2};
}

// $$it's$$, $tag$it's$tag$
Literal DollarLiteral(std::string_view text, std::size_t at) {
  if (text[at] != '$') return {};
  std::size_t tag = at + 1;
  while (tag < text.size() && IsWordChar(text[tag]) && text[tag] != '$') ++tag;
  if (tag == text.size() || text[tag] != '$') return {};
  auto mark = text.substr(at, tag + 1 - at);
  auto end = text.find(mark, tag + 1);
  return end == kNone ? Literal{} : Literal{at, end + mark.size(), end + mark.size()};
}

// Behind what a plain quote opens, a backslash quoting the character behind it.
Literal Backslashed(std::string_view text, std::size_t at) {
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[at]) {
      bool doubled = i + 1 < text.size() && text[i + 1] == text[at];
      if (!doubled) return {at + 1, i, i + 1};
      ++i;
    }
  }
  return {};
}

}  // namespace

std::string WithForeignQuotes(std::string_view text) {
  std::string plain(text);
  for (std::size_t at = 0; at < text.size();) {
    char c = text[at];
    if (c == '\'' || c == '"') {
      auto literal = Backslashed(text, at);
      if (literal.behind == kNone) return plain;
      for (std::size_t i = literal.begin; i < literal.end; ++i) {
        if (text[i] == '\\') plain[i] = 'x', plain[++i] = 'x';
      }
      at = literal.behind;
      continue;
    }
    bool inside_word = at > 0 && IsWordChar(text[at - 1]);
    auto literal = inside_word ? Literal{} : OracleLiteral(text, at);
    if (literal.behind == kNone && !inside_word) literal = DollarLiteral(text, at);
    if (literal.behind == kNone) {
      ++at;
      continue;
    }
    std::fill(plain.begin() + static_cast<std::ptrdiff_t>(literal.begin),
              plain.begin() + static_cast<std::ptrdiff_t>(literal.end), 'x');
    if (c == '$') plain[literal.begin] = plain[literal.end - 1] = '\'';
    at = literal.behind;
  }
  return plain;
}

}  // namespace viasync::model
