// Filter criteria: a SQL WHERE text with an optional ORDER BY, read as far as its tokens. Two texts
// mean the same when they differ only in white space outside quotes and in the letter case of SQL
// key words (notes, "Filters"), in every SQL dialect: which one an org speaks is not known.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace viasync::model {

enum class TokenKind {
  kWord,      // a name or a number
  kFunction,  // a name with `(` right behind it: with a blank between them MySQL reads another
              // thing
  kKeyword,
  kString,  // anything in quotes or brackets
  kSymbol,
  kComment,
};

struct Token {
  TokenKind kind;
  std::string_view text;  // a piece of the text that was read
  std::size_t offset;     // of its first byte
  // Equal by meaning: key words in any letter case, everything else byte by byte.
  friend bool operator==(const Token& a, const Token& b);
};

bool IsKeyword(const Token& token, std::string_view word);  // in any letter case
bool IsSymbol(const Token& token, std::string_view symbol);

struct CriteriaProblem {
  std::size_t offset;    // of the byte at which it shows
  std::string what;      // "quote ' is never closed"
  std::string remedy{};  // what to do about it, where that is more than obvious
};

struct Tokens {
  std::vector<Token> list;
  std::optional<CriteriaProblem> problem;  // a quote or comment that is never closed
};

// Views into `text`, which must outlive them.
Tokens Tokenize(std::string_view text);

// True when both surely mean the same. A text that dialects read differently (criteria_dialects.h),
// or that cannot be read as tokens, equals only itself.
bool SameCriteria(std::string_view a, std::string_view b);

// What an org would refuse or misread: an empty text, quotes or parentheses that do not balance,
// `;` outside quotes, nothing in front of ORDER BY.
std::optional<CriteriaProblem> CheckCriteria(std::string_view text);

// What a token is to the condition as a whole, outside parentheses and CASE … END.
enum class Role {
  kInside,  // part of a clause; so is the AND of a BETWEEN
  kAnd,
  kOr,
  kOrder,  // ORDER; its BY is the next token
  kComma,  // between two terms of ORDER BY
};
std::vector<Role> RolesOf(std::span<const Token> tokens);

// The text laid out for people and for line diffs: one clause (AND, OR, ORDER BY at depth 0) a
// line, single spaces between tokens. Same meaning by SameCriteria: a text that dialects read
// differently comes back as it is.
std::string WrapCriteria(std::string_view text);

}  // namespace viasync::model
