// A place in the tokens of a criterion: what stands there, and what is wrong with it. Used by
// criteria_reader only.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/strings.h"
#include "engine/model/criteria_grammar.h"

namespace viasync::model {

inline constexpr const char* kWhatIsOne =
    "a criterion is what may stand behind WHERE: a condition, and then ORDER BY if you like";

// True when `word` is one of the words of `list`, which stand in capitals between blanks.
bool IsOneOf(std::string_view word, std::string_view list);

inline constexpr std::string_view kComparisons =
    " = <> != < > <= >= <=> !< !> ^= ~= ~* !~ !~* ~ ~~ ~~* !~~ !~~* @> <@ @@ @? ? ?| ?& <<= >>= &< "
    "&> -|- ";
inline constexpr std::string_view kArithmetic = " + - * / % || | & ^ << >> ** -> ->> #> #>> <-> ";

class CriteriaCursor {
 public:
  explicit CriteriaCursor(std::span<const Token> tokens) : tokens_(tokens) {}

 protected:
  const Token* At(std::size_t ahead = 0) const {
    return at_ + ahead < tokens_.size() ? &tokens_[at_ + ahead] : nullptr;
  }
  const Token* Before() const { return at_ > 0 ? &tokens_[at_ - 1] : nullptr; }
  static bool Key(const Token* token, std::string_view word) {
    return token && IsKeyword(*token, word);
  }
  static bool Sym(const Token* token, std::string_view symbol) {
    return token && IsSymbol(*token, symbol);
  }
  static bool IsName(const Token* token) {
    return token && (token->kind == TokenKind::kWord || token->kind == TokenKind::kFunction) &&
           !IsNumber(token);
  }
  static bool IsNumber(const Token* token) {
    return token && token->kind != TokenKind::kString && token->kind != TokenKind::kSymbol &&
           ((token->text[0] >= '0' && token->text[0] <= '9') || token->text[0] == '.');
  }
  // In single quotes, with a prefix or without.
  static bool IsText(const Token* token) {
    return token && token->kind == TokenKind::kString && token->text.ends_with('\'');
  }
  static bool IsQuotedName(const Token* token) {
    return token && token->kind == TokenKind::kString && !IsText(token);
  }
  static bool Word(const Token* token, std::string_view list) {
    return token && token->kind != TokenKind::kSymbol && token->kind != TokenKind::kString &&
           IsOneOf(token->text, list);
  }
  static bool Touch(const Token* left, const Token* right) {
    return left && right && left->offset + left->text.size() == right->offset;
  }
  static bool IsOperatorPart(const Token* token) {
    return token && token->kind == TokenKind::kSymbol &&
           std::string_view("(),.;{}?:").find(token->text[0]) == std::string_view::npos;
  }
  // PostgreSQL's operators hold characters that belong to words or placeholders elsewhere.
  static bool IsForeignOperatorPart(const Token* token) {
    return token && token->kind != TokenKind::kString &&
           token->text.find_first_not_of("@#?") == std::string_view::npos;
  }
  static bool IsCast(const Token* token) { return Sym(token, "::"); }

  // The operator in front, and of how many tokens: as many that touch as make a known one. None
  // known: their text and 0.
  std::pair<std::string, std::size_t> Operator() const;
  bool AtComparison() const;  // of a known operator, or of what was meant for one

  // Each of these notes a problem and answers false.
  bool Fail(std::size_t offset, std::string what, std::string remedy = kWhatIsOne);
  bool Fail(const Token& token, std::string what, std::string remedy = kWhatIsOne);
  bool NoValue();       // nothing, or the wrong thing, where a value should stand
  bool NothingJoins();  // two things side by side
  bool Stray();         // what cannot go on from here
  bool BadOperator();

  static std::string Show(const Token& token);

  std::span<const Token> tokens_;
  std::size_t at_ = 0;
  CriteriaReading reading_;
};

}  // namespace viasync::model
