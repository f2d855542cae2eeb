#include "engine/model/criteria.h"

#include <algorithm>
#include <array>

#include "engine/base/strings.h"
#include "engine/model/criteria_dialects.h"

namespace viasync::model {
namespace {

// Reserved words only: a word that a schema may use as a column name keeps its letter case.
constexpr std::array<std::string_view, 31> kKeywords = {
    "ALL",      "AND",   "AS",        "ASC",    "BETWEEN", "BY",     "CASE", "DESC",
    "DISTINCT", "ELSE",  "END",       "ESCAPE", "EXCEPT",  "EXISTS", "FROM", "GROUP",
    "HAVING",   "IN",    "INTERSECT", "IS",     "LIKE",    "NOT",    "NULL", "ON",
    "OR",       "ORDER", "SELECT",    "THEN",   "UNION",   "WHEN",   "WHERE"};
static_assert(std::ranges::is_sorted(kKeywords));

bool IsReserved(std::string_view word) {
  if (word.size() > 9) return false;
  return std::ranges::binary_search(kKeywords, base::ToUpper(word));
}

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsWordChar(char c) {
  auto u = static_cast<unsigned char>(c);
  return IsDigit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '$' ||
         c == '#' || c == '@' || u >= 0x80;
}

bool IsQuote(char c) { return c == '\'' || c == '"' || c == '`'; }

// Length of a quoted run at the front of `text`; a doubled quote stays inside. npos: never closed.
std::size_t QuotedLength(std::string_view text, char close) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] != close) continue;
    if (i + 1 < text.size() && text[i + 1] == close)
      ++i;
    else
      return i + 1;
  }
  return std::string_view::npos;
}

std::size_t DigitsLength(std::string_view text) {
  return std::ranges::find_if_not(text, IsDigit) - text.begin();
}

// `1`, `1.5`, `.5`, `1e-5`: one token each, since a space inside would change the meaning.
std::size_t NumberLength(std::string_view text) {
  std::size_t length = DigitsLength(text);
  if (length < text.size() && text[length] == '.') {
    std::size_t fraction = DigitsLength(text.substr(length + 1));
    if (fraction) length += 1 + fraction;
  }
  std::string_view rest = text.substr(length);
  if (rest.size() > 2 && (rest[0] == 'e' || rest[0] == 'E') && (rest[1] == '-' || rest[1] == '+') &&
      IsDigit(rest[2])) {
    length += 2 + DigitsLength(rest.substr(2));
  }
  return length;
}

std::size_t WordLength(std::string_view text) {
  std::size_t length = NumberLength(text);
  while (length < text.size() && IsWordChar(text[length])) ++length;
  return length;
}

std::size_t SymbolLength(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kTwo = {
      "<=", ">=", "<>", "!=", "||", "::", "=="};
  return std::ranges::find(kTwo, text.substr(0, 2)) != kTwo.end() ? 2 : 1;
}

struct Piece {
  TokenKind kind;
  std::size_t length;  // npos: never closed
};

Piece NextPiece(std::string_view rest) {
  char c = rest[0];
  if (rest.starts_with("--")) return {TokenKind::kComment, std::min(rest.find('\n'), rest.size())};
  if (rest.starts_with("/*")) {
    auto end = rest.find("*/", 2);
    return {TokenKind::kComment, end == std::string_view::npos ? end : end + 2};
  }
  if (c == '[') return {TokenKind::kString, QuotedLength(rest, ']')};
  if (IsQuote(c)) return {TokenKind::kString, QuotedLength(rest, c)};
  bool fraction = c == '.' && rest.size() > 1 && IsDigit(rest[1]);
  if (!IsWordChar(c) && !fraction) return {TokenKind::kSymbol, SymbolLength(rest)};
  std::size_t length = WordLength(rest);
  // N'…' and its like are one literal: a space between the two would change the meaning.
  if (length == 1 && !IsDigit(c) && rest.size() > 1 && rest[1] == '\'') {
    auto quoted = QuotedLength(rest.substr(1), '\'');
    return {TokenKind::kString, quoted == std::string_view::npos ? quoted : quoted + 1};
  }
  if (IsReserved(rest.substr(0, length))) return {TokenKind::kKeyword, length};
  bool called = length < rest.size() && rest[length] == '(' && !IsDigit(c) && !fraction;
  return {called ? TokenKind::kFunction : TokenKind::kWord, length};
}

// No blank between `left` and `right` where people write none.
bool Tight(const Token& left, const Token& right) {
  if (IsSymbol(left, "(")) return true;
  if (IsSymbol(left, ".")) return true;
  if (IsSymbol(right, ")") || IsSymbol(right, ",") || IsSymbol(right, ".")) return true;
  return left.kind == TokenKind::kFunction;
}

// True where blanks at the ends of a text mean nothing in any dialect: a line comment may reach up
// to its last line break, and a backslash may quote it.
bool EndsCountForNothing(std::string_view text) {
  return text.find('#') == std::string_view::npos && text.find("--") == std::string_view::npos &&
         text.find("//") == std::string_view::npos && !text.ends_with('\\');
}

// Form feeds and the like are not blanks to every dialect.
std::string_view WithoutEnds(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

bool IsKeyword(const Token& token, std::string_view word) {
  return token.kind == TokenKind::kKeyword && base::EqualsIgnoreCase(token.text, word);
}

bool IsSymbol(const Token& token, std::string_view symbol) {
  return token.kind == TokenKind::kSymbol && token.text == symbol;
}

bool operator==(const Token& a, const Token& b) {
  if (a.kind != b.kind) return false;
  return a.kind == TokenKind::kKeyword ? base::EqualsIgnoreCase(a.text, b.text) : a.text == b.text;
}

Tokens Tokenize(std::string_view text) {
  Tokens tokens;
  std::size_t at = 0;
  while (at < text.size()) {
    if (IsSpace(text[at])) {
      ++at;
      continue;
    }
    auto [kind, length] = NextPiece(text.substr(at));
    if (length == std::string_view::npos) {
      char open = IsWordChar(text[at]) ? '\'' : text[at];
      tokens.problem = CriteriaProblem{at, kind == TokenKind::kComment
                                               ? std::string("comment /* is never closed")
                                               : std::string("quote ") + open + " is never closed"};
      return tokens;
    }
    std::string_view piece = text.substr(at, length);
    if (kind == TokenKind::kComment) {  // a `\r` before the newline is no part of the comment
      while (IsSpace(piece.back())) piece.remove_suffix(1);
    }
    tokens.list.push_back({kind, piece, at});
    at += length;
  }
  return tokens;
}

bool SameCriteria(std::string_view a, std::string_view b) {
  if (a == b) return true;
  auto left = Tokenize(a);
  auto right = Tokenize(b);
  if (left.problem || right.problem) return false;
  if (DialectsAgree(a, left.list) && DialectsAgree(b, right.list)) return left.list == right.list;
  return WithoutEnds(a) == WithoutEnds(b) && EndsCountForNothing(WithoutEnds(a));
}

std::optional<CriteriaProblem> CheckCriteria(std::string_view text) {
  auto tokens = Tokenize(text);
  if (tokens.problem) return tokens.problem;
  std::vector<std::size_t> open;
  bool condition = false;
  for (std::size_t i = 0; i < tokens.list.size(); ++i) {
    const auto& token = tokens.list[i];
    if (IsSymbol(token, "(")) open.push_back(token.offset);
    if (IsSymbol(token, ")")) {
      if (open.empty()) return CriteriaProblem{token.offset, "`)` closes nothing"};
      open.pop_back();
    }
    if (IsSymbol(token, ";")) {
      return CriteriaProblem{token.offset, "`;` outside quotes: a criterion is one condition"};
    }
    if (IsKeyword(token, "ORDER") && !condition) {
      return CriteriaProblem{token.offset, "ORDER BY without a condition in front of it"};
    }
    if (token.kind != TokenKind::kComment) condition = true;
  }
  if (!open.empty()) return CriteriaProblem{open.back(), "`(` is never closed"};
  if (!condition) return CriteriaProblem{0, "the criterion is empty"};
  return std::nullopt;
}

std::vector<Role> RolesOf(std::span<const Token> tokens) {
  // A BETWEEN that waits for its AND, at each depth of parentheses and CASE … END.
  std::vector<bool> between = {false};
  bool ordering = false;
  std::vector<Role> roles(tokens.size(), Role::kInside);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto& token = tokens[i];
    if (IsSymbol(token, "(") || IsKeyword(token, "CASE")) between.push_back(false);
    if ((IsSymbol(token, ")") || IsKeyword(token, "END")) && between.size() > 1) between.pop_back();
    bool top = between.size() == 1;
    if (IsKeyword(token, "BETWEEN"))
      between.back() = true;
    else if (IsKeyword(token, "AND") && between.back())
      between.back() = false;
    else if (!top)
      continue;
    else if (IsKeyword(token, "AND"))
      roles[i] = Role::kAnd;
    else if (IsKeyword(token, "OR"))
      roles[i] = Role::kOr;
    else if (IsKeyword(token, "ORDER"))
      roles[i] = Role::kOrder;
    else if (ordering && IsSymbol(token, ","))
      roles[i] = Role::kComma;
    ordering |= roles[i] == Role::kOrder;
  }
  return roles;
}

std::string WrapCriteria(std::string_view text) {
  auto tokens = Tokenize(text);
  if (tokens.problem || tokens.list.empty() || !DialectsAgree(text, tokens.list)) {
    return std::string(text);
  }
  auto roles = RolesOf(tokens.list);
  std::string wrapped;
  for (std::size_t i = 0; i < tokens.list.size(); ++i) {
    const auto& token = tokens.list[i];
    if (i > 0) {
      const auto& previous = tokens.list[i - 1];
      bool clause = roles[i] != Role::kInside && roles[i] != Role::kComma;
      if (clause)
        wrapped += '\n';
      else if (!Tight(previous, token))
        wrapped += ' ';
    }
    wrapped += token.text;
  }
  return wrapped;
}

}  // namespace viasync::model
