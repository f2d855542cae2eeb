#include "engine/model/criteria_dialects.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "engine/base/strings.h"

namespace viasync::model {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }

// Whatever is not in here does not mean the same to all of them.
bool IsPlainWord(std::string_view text) {
  return IsLetter(text[0]) &&
         std::ranges::all_of(text, [](char c) { return IsLetter(c) || IsDigit(c); });
}

bool IsPlainNumber(std::string_view text) {
  auto digits = [&] {
    auto end = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(end);
    return end > 0;
  };
  if (!digits()) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!digits()) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (!digits()) return false;
  }
  return text.empty();
}

// Not every dialect knows brackets: their content must read as harmless without them.
bool IsPlainInBrackets(std::string_view text) {
  auto inner = text.substr(1, text.size() - 2);
  return !inner.empty() &&
         std::ranges::all_of(inner, [](char c) { return IsLetter(c) || IsDigit(c) || c == ' '; });
}

bool IsPlainQuoted(std::string_view text) {
  char open = text[0];
  if (open == '[') return IsPlainInBrackets(text);
  // To PostgreSQL a back quote is an operator. BigQuery takes three quotes in a row for the start
  // of another kind of literal.
  return (open == '\'' || open == '"') && text.find(std::string(3, open)) == std::string_view::npos;
}

bool IsOperator(const Token& token) {
  return token.kind == TokenKind::kSymbol && token.text != "(" && token.text != ")" &&
         token.text != "," && token.text != ".";
}

// A run of operators that touch. PostgreSQL reads what it can as one.
bool IsPlainOperator(std::string_view run) {
  constexpr std::array<std::string_view, 13> kPlain = {"+", "-",  "*",  "/",  "%",  "<", ">",
                                                       "=", "<=", ">=", "<>", "!=", "||"};
  if (std::ranges::find(kPlain, run) != kPlain.end()) return true;
  // `a=-1`: a sign behind a comparison, save `!=`.
  if (run.size() < 2 || (run.back() != '-' && run.back() != '+')) return false;
  constexpr std::array<std::string_view, 6> kComparisons = {"<", ">", "=", "<=", ">=", "<>"};
  return std::ranges::find(kComparisons, run.substr(0, run.size() - 1)) != kComparisons.end();
}

class Reader {
 public:
  explicit Reader(std::span<const Token> tokens) : tokens_(tokens) {}

  bool Agreed() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      if (!TokenAgreed()) return false;
    }
    return cases_ == 0;
  }

 private:
  const Token* Previous() const { return at_ > 0 ? &tokens_[at_ - 1] : nullptr; }
  const Token* Next() const { return at_ + 1 < tokens_.size() ? &tokens_[at_ + 1] : nullptr; }
  static bool Touch(const Token* left, const Token* right) {
    return left && right && left->offset + left->text.size() == right->offset;
  }
  static bool IsWordLike(const Token* token) {
    return token && (token->kind == TokenKind::kWord || token->kind == TokenKind::kFunction ||
                     token->kind == TokenKind::kKeyword);
  }
  static bool IsDot(const Token* token) { return token && IsSymbol(*token, "."); }
  static bool Is(const Token* token, std::string_view keyword) {
    return token && IsKeyword(*token, keyword);
  }

  bool TokenAgreed() {
    const Token& token = tokens_[at_];
    switch (token.kind) {
      case TokenKind::kComment:
        return false;
      case TokenKind::kString:
        return QuotedAgreed(token);
      case TokenKind::kWord:
      case TokenKind::kFunction:
        return IsDigit(token.text[0]) || token.text[0] == '.' ? NumberAgreed(token)
                                                              : IsPlainWord(token.text);
      case TokenKind::kKeyword:
        return KeywordAgreed(token);
      case TokenKind::kSymbol:
        return SymbolAgreed(token);
    }
    return false;
  }

  bool QuotedAgreed(const Token& token) const {
    if (!IsPlainQuoted(token.text)) return false;
    const Token* previous = Previous();
    const Token* next = Next();
    // Literals side by side are one in some dialects.
    if (previous && previous->kind == TokenKind::kString) return false;
    bool prefixed = IsWordLike(previous) && previous->kind != TokenKind::kKeyword;
    return !(prefixed && Touch(previous, &token)) && !(IsWordLike(next) && Touch(&token, next));
  }

  bool NumberAgreed(const Token& token) const {
    return IsPlainNumber(token.text) && !IsDot(Previous()) && !IsDot(Next()) &&
           !(Previous() && Previous()->kind == TokenKind::kString && Touch(Previous(), &token));
  }

  // Some key words are names where their place says so, and names may mind their letter case.
  bool KeywordAgreed(const Token& token) {
    const Token* previous = Previous();
    const Token* next = Next();
    if (IsDot(previous) || IsDot(next) || Is(previous, "AS")) return false;
    if (StandsForName(token)) return false;
    if (Is(&token, "CASE")) ++cases_;
    if (Is(&token, "WHEN") || Is(&token, "THEN") || Is(&token, "ELSE")) return cases_ > 0;
    if (Is(&token, "END")) return cases_-- > 0;
    if (Is(&token, "BY")) return Is(previous, "ORDER") || Is(previous, "GROUP");
    if (Is(&token, "ESCAPE")) {
      return EndsOperand(previous) && next && next->kind == TokenKind::kString;
    }
    if (Is(&token, "BETWEEN")) {
      return (EndsOperand(previous) || Is(previous, "NOT")) && next && !IsComparison(*next);
    }
    if (Is(&token, "EXISTS")) return next && IsSymbol(*next, "(");
    // No criterion needs them, and MySQL reserves them only lately.
    return !Is(&token, "EXCEPT") && !Is(&token, "INTERSECT");
  }

  // What is compared, or compared with, is a value.
  bool StandsForName(const Token& token) const {
    const Token* previous = Previous();
    const Token* next = Next();
    bool null = Is(&token, "NULL");
    bool compared = next && IsComparison(*next) && !null && !Is(&token, "END") &&
                    !(Is(&token, "SELECT") && IsSymbol(*next, "*"));
    bool value = null || Is(&token, "CASE") || Is(&token, "NOT") || Is(&token, "ALL") ||
                 Is(&token, "EXISTS");
    return compared || (previous && IsComparison(*previous) && !value);
  }
  static bool EndsOperand(const Token* token) {
    return token &&
           (token->kind == TokenKind::kWord || token->kind == TokenKind::kString ||
            IsSymbol(*token, ")") || IsKeyword(*token, "END") || IsKeyword(*token, "NULL"));
  }
  static bool IsComparison(const Token& token) {
    return IsOperator(token) && token.text != "-" && token.text != "+";
  }

  bool SymbolAgreed(const Token& token) {
    if (IsSymbol(token, ".")) return DotAgreed(token);
    if (!IsOperator(token)) return true;  // a parenthesis or comma
    std::string run(token.text);
    while (Next() && IsOperator(*Next()) && Touch(&tokens_[at_], Next())) {
      run += tokens_[++at_].text;
    }
    return IsPlainOperator(run);
  }

  // Behind a dot that touches, MySQL takes any word for a name.
  bool DotAgreed(const Token& token) const {
    auto names = [](const Token* part) {
      return part && (part->kind == TokenKind::kWord || part->kind == TokenKind::kFunction ||
                      (part->kind == TokenKind::kString && part->text[0] != '\''));
    };
    return names(Previous()) && names(Next()) && Touch(Previous(), &token) && Touch(&token, Next());
  }

  std::span<const Token> tokens_;
  std::size_t at_ = 0;
  int cases_ = 0;  // CASE without its END so far
};

}  // namespace

bool DialectsAgree(std::string_view text, std::span<const Token> tokens) {
  // A backslash quotes the next character in some dialects. Form feeds and the like are not blanks
  // everywhere; Tokenize drops them between tokens.
  if (text.find_first_of("\\\f\v") != std::string_view::npos) return false;
  return Reader(tokens).Agreed();
}

}  // namespace viasync::model
