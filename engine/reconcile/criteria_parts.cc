#include "engine/reconcile/criteria_parts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/strings.h"
#include "engine/model/criteria_dialects.h"

namespace viasync::reconcile {
namespace {

using model::Role;
using model::Token;
using model::TokenKind;

// Key words that make the text more than one condition.
bool IsQueryWord(const Token& token) {
  constexpr std::array<std::string_view, 8> kWords = {"SELECT", "FROM",  "WHERE",     "GROUP",
                                                      "HAVING", "UNION", "INTERSECT", "EXCEPT"};
  return std::ranges::any_of(kWords, [&](auto word) { return model::IsKeyword(token, word); });
}

// The column that a token names, in lower case; empty = none.
std::string ColumnOf(const std::vector<Token>& tokens, std::size_t i) {
  const auto& token = tokens[i];
  bool function_or_table = i + 1 < tokens.size() && (model::IsSymbol(tokens[i + 1], "(") ||
                                                     model::IsSymbol(tokens[i + 1], "."));
  if (function_or_table) return {};
  char first = token.text[0];
  if (token.kind == TokenKind::kString && (first == '"' || first == '[' || first == '`')) {
    return base::ToLower(token.text.substr(1, token.text.size() - 2));
  }
  bool number = first == '.' || (first >= '0' && first <= '9');
  if (token.kind != TokenKind::kWord || number) return {};
  std::string name = base::ToLower(token.text);
  return name == "true" || name == "false" ? std::string() : name;
}

Unit MakeUnit(const std::vector<Token>& tokens, std::size_t lead, std::size_t begin,
              std::size_t end) {
  Unit unit{.lead = lead, .begin = begin, .end = end};
  for (std::size_t i = begin; i < end; ++i) {
    const auto& token = tokens[i];
    bool keyword = token.kind == TokenKind::kKeyword;
    // With its length in front: no two lists of tokens give the same bytes.
    unit.meaning += std::to_string(token.text.size());
    unit.meaning += token.kind == TokenKind::kFunction ? '(' : ':';
    unit.meaning += keyword ? base::ToUpper(token.text) : std::string(token.text);
    if (auto column = ColumnOf(tokens, i); !column.empty()) unit.columns.insert(std::move(column));
  }
  return unit;
}

}  // namespace

std::optional<Parts> SplitCriteria(std::string_view text) {
  if (model::CheckCriteria(text)) return std::nullopt;
  Parts parts{.text = text, .tokens = model::Tokenize(text).list};
  const auto& tokens = parts.tokens;
  if (!model::DialectsAgree(text, tokens)) return std::nullopt;
  auto roles = model::RolesOf(tokens);
  auto* units = &parts.clauses;
  std::size_t lead = 0, begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (model::IsSymbol(tokens[i], "(")) ++depth;
    if (model::IsSymbol(tokens[i], ")")) --depth;
    if (depth == 0 && IsQueryWord(tokens[i])) return std::nullopt;
    if (model::IsSymbol(tokens[i], "||")) parts.only_and = false;  // an OR in some dialects
    if (roles[i] == Role::kInside) continue;
    bool ordering = units == &parts.terms;
    if (depth != 0 || ordering != (roles[i] == Role::kComma)) return std::nullopt;
    units->push_back(MakeUnit(tokens, lead, begin, i));
    lead = i;
    begin = i + 1;
    if (roles[i] == Role::kAnd) parts.connectives += '&';
    if (roles[i] == Role::kOr) parts.connectives += '|';
    if (roles[i] == Role::kOrder) {
      if (begin == tokens.size() || !model::IsKeyword(tokens[begin], "BY")) return std::nullopt;
      ++begin;
      units = &parts.terms;
    }
  }
  units->push_back(MakeUnit(tokens, lead, begin, tokens.size()));
  if (parts.connectives.find('|') != std::string::npos) parts.only_and = false;
  auto sound = [](const Unit& unit) { return unit.begin < unit.end; };
  if (!std::ranges::all_of(parts.clauses, sound) || !std::ranges::all_of(parts.terms, sound)) {
    return std::nullopt;
  }
  return parts;
}

}  // namespace viasync::reconcile
