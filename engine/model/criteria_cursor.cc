#include "engine/model/criteria_cursor.h"

#include <fmt/format.h>

#include <algorithm>

namespace viasync::model {

bool IsOneOf(std::string_view word, std::string_view list) {
  constexpr std::size_t kLongest = 24;
  if (word.empty() || word.size() > kLongest) return false;
  char upper[kLongest];
  std::ranges::transform(word, upper, [](char c) { return 'a' <= c && c <= 'z' ? c - 32 : c; });
  const std::string_view wanted(upper, word.size());
  // By its own first letter: every word of the list begins with a blank.
  for (auto at = list.find(wanted); at != std::string_view::npos; at = list.find(wanted, at + 1)) {
    const auto end = at + wanted.size();
    if (at > 0 && list[at - 1] == ' ' && end < list.size() && list[end] == ' ') return true;
  }
  return false;
}

std::pair<std::string, std::size_t> CriteriaCursor::Operator() const {
  std::string run, known;
  std::size_t count = 0, known_count = 0;
  bool foreign = IsForeignOperatorPart(At());
  for (const Token* token = At(); (IsOperatorPart(token) || IsForeignOperatorPart(token)) &&
                                  (count == 0 || Touch(At(count - 1), token));
       token = At(count)) {
    run += token->text;
    ++count;
    if (IsOneOf(run, kComparisons) || IsOneOf(run, kArithmetic)) known = run, known_count = count;
  }
  if (foreign && known.empty()) return {"", 0};
  constexpr std::string_view kMisspelt[] = {"=>", "=<", "==", "=!"};
  bool misspelt = std::ranges::any_of(kMisspelt, [&](auto word) { return run.starts_with(word); });
  if (misspelt || known.empty()) {
    return {run.substr(0, std::min<std::size_t>(run.size(), 2)), 0};
  }
  return {known, known_count};
}

bool CriteriaCursor::AtComparison() const {
  auto [op, count] = Operator();
  return count > 0 ? IsOneOf(op, kComparisons) : !op.empty();
}

std::string CriteriaCursor::Show(const Token& token) {
  constexpr std::size_t kShown = 40;
  std::string text(token.text.substr(0, kShown));
  return "`" + base::Printable(text) + (token.text.size() > kShown ? "…`" : "`");
}

bool CriteriaCursor::Fail(std::size_t offset, std::string what, std::string remedy) {
  reading_.problems = {{offset, std::move(what), std::move(remedy)}};
  return false;
}

bool CriteriaCursor::Fail(const Token& token, std::string what, std::string remedy) {
  return Fail(token.offset, std::move(what), std::move(remedy));
}

bool CriteriaCursor::NoValue() {
  const Token* token = At();
  const Token* before = Before();
  bool open = before && (before->kind == TokenKind::kSymbol || before->kind == TokenKind::kKeyword);
  if (!token || Sym(token, ")")) {
    if (!before) return Fail(0, "the criterion is empty");
    return Fail(*before, fmt::format("nothing follows {}", Show(*before)),
                "complete it, or remove it");
  }
  if (Sym(token, "?") || Sym(token, ":")) {
    return Fail(*token, Show(*token) + " is a placeholder that nothing has filled in",
                "write ${name} for a variable of viasync.yaml, or the value itself");
  }
  if (before && open && (IsOperatorPart(token) || token->kind == TokenKind::kKeyword)) {
    return Fail(
        *token,
        fmt::format("{} follows {} without a value between them", Show(*token), Show(*before)),
        "put a value between them, or remove one of the two");
  }
  return Fail(*token, Show(*token) + " stands where a value should be",
              "write a column, a literal in single quotes, a number or a function there");
}

bool CriteriaCursor::NothingJoins() {
  const Token& token = *At();
  const Token& before = *Before();
  bool value = IsText(&token) || IsNumber(&token);
  return Fail(token,
              fmt::format("an operator is missing between {} and {}", Show(before), Show(token)),
              value ? "compare with =, <>, <, >, LIKE or IN (…)"
                    : "join two conditions with AND or OR; compare with =, <>, <, > or LIKE");
}

bool CriteriaCursor::Stray() {
  const Token* token = At();
  if (IsOperatorPart(token)) return BadOperator();
  if (Sym(token, "?") || Sym(token, ":") || Sym(token, "{") || Sym(token, "}")) return NoValue();
  if (token->kind == TokenKind::kKeyword) {
    return Fail(*token, fmt::format("{} does not fit behind {}", Show(*token), Show(*Before())));
  }
  return NothingJoins();
}

bool CriteriaCursor::BadOperator() {
  auto [op, count] = Operator();
  constexpr std::pair<std::string_view, const char*> kMeant[] = {
      {"==", "write ="}, {"=>", "write >="}, {"=<", "write <="}, {"=!", "write <>"}};
  std::string remedy = "compare with =, <>, <, <=, >, >=";
  for (const auto& [wrong, right] : kMeant) {
    if (op == wrong) remedy = right;
  }
  return Fail(*At(), fmt::format("`{}` is not an operator", op), std::move(remedy));
}

}  // namespace viasync::model
