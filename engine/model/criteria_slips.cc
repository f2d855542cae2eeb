#include "engine/model/criteria_slips.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "engine/base/strings.h"

namespace viasync::model {
namespace {

bool IsLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }

// What a word processor, a chat or a web page makes of what somebody typed.
struct LookAlike {
  std::string_view bytes;
  std::string_view ascii;
  std::string_view name;
};
constexpr LookAlike kLookAlikes[] = {
    {"\u2018", "'", "a typographic quote"},
    {"\u2019", "'", "a typographic quote"},
    {"\u201A", "'", "a typographic quote"},
    {"\u201B", "'", "a typographic quote"},
    {"\u2032", "'", "a prime"},
    {"\u00B4", "'", "an acute accent"},
    {"\u201C", "\"", "a typographic quote"},
    {"\u201D", "\"", "a typographic quote"},
    {"\u201E", "\"", "a typographic quote"},
    {"\u201F", "\"", "a typographic quote"},
    {"\u2033", "\"", "a double prime"},
    {"\u00AB", "'", "a typographic quote"},
    {"\u00BB", "'", "a typographic quote"},
    {"\u2039", "'", "a typographic quote"},
    {"\u203A", "'", "a typographic quote"},
    {"\uFF07", "'", "a full-width character"},
    {"\uFF02", "\"", "a full-width character"},
    {"\uFF1D", "=", "a full-width character"},
    {"\uFF1C", "<", "a full-width character"},
    {"\uFF1E", ">", "a full-width character"},
    {"\uFF08", "(", "a full-width character"},
    {"\uFF09", ")", "a full-width character"},
    {"\uFF0C", ",", "a full-width character"},
    {"\u2264", "<=", "a mathematical sign"},
    {"\u2265", ">=", "a mathematical sign"},
    {"\u2260", "<>", "a mathematical sign"},
    {"\u2212", "-", "a mathematical sign"},
    {"\u2013", "-", "a dash"},
    {"\u2014", "-", "a dash"},
    {"\u00A0", " ", "a no-break space"},
    {"\u202F", " ", "a no-break space"},
    {"\u3000", " ", "a full-width space"},
    {"\u2003", " ", "an em space"},
    {"\u2009", " ", "a thin space"},
    {"\u1680", " ", "a wide space"},
    {"\u2000", " ", "a wide space"},
    {"\u2001", " ", "a wide space"},
    {"\u2002", " ", "a wide space"},
    {"\u2004", " ", "a wide space"},
    {"\u2005", " ", "a wide space"},
    {"\u2006", " ", "a wide space"},
    {"\u2007", " ", "a wide space"},
    {"\u2008", " ", "a wide space"},
    {"\u200A", " ", "a thin space"},
    {"\u205F", " ", "a wide space"},
    {"\u2026", "", "an ellipsis"},
};

// A character that nobody sees, or a blank that is not a plain one, which is not in the table.
std::optional<CriteriaProblem> FindUnseen(const Token& token) {
  std::string shown = base::Printable(token.text);
  if (shown == token.text) return std::nullopt;
  auto same = std::ranges::mismatch(shown, token.text);
  auto at = static_cast<std::size_t>(same.in2 - token.text.begin());
  return CriteriaProblem{token.offset + at,
                         "there is a character outside quotes that cannot be seen: `" + shown + "`",
                         "remove it; type instead of pasting"};
}

std::optional<CriteriaProblem> FindLookAlike(const Token& token) {
  std::optional<CriteriaProblem> first;
  for (const auto& look : kLookAlikes) {
    auto at = token.text.find(look.bytes);
    if (at == std::string_view::npos || (first && first->offset <= token.offset + at)) continue;
    bool blank = look.ascii == " ";
    std::string_view remedy = look.ascii.empty() ? "write out what it stands for"
                              : blank            ? "type an ordinary space instead"
                                                 : std::string_view();
    std::string shown = blank ? "" : fmt::format(" `{}`", look.bytes);
    first = CriteriaProblem{
        token.offset + at,
        fmt::format("there is {}{} outside quotes, which SQL does not know", look.name, shown),
        remedy.empty() ? fmt::format("type `{}` instead", look.ascii) : std::string(remedy)};
  }
  return first;
}

// The text up to the brace that closes, for showing.
std::string UpTo(std::string_view text, std::size_t from, std::string_view close) {
  auto end = text.find(close, from);
  if (end == std::string_view::npos) return std::string(text.substr(from, 12));
  return std::string(text.substr(from, std::min<std::size_t>(end + close.size() - from, 40)));
}

CriteriaProblem Unfilled(std::size_t offset, const std::string& shown) {
  return {offset, "`" + base::Printable(shown) + "` is a placeholder that nothing has filled in",
          "write ${name} for a variable of viasync.yaml, or the value itself"};
}

std::optional<CriteriaProblem> FindPlaceholder(std::string_view text, std::span<const Token> tokens,
                                               std::size_t i) {
  const Token& token = tokens[i];
  bool word = token.kind == TokenKind::kWord || token.kind == TokenKind::kFunction;
  bool dollar = word && token.text.ends_with('$');
  bool brace = i + 1 < tokens.size() && IsSymbol(tokens[i + 1], "{") &&
               tokens[i + 1].offset == token.offset + token.text.size();
  if (dollar && brace) {
    auto from = token.offset + token.text.size() - 1;
    return Unfilled(from, UpTo(text, from, "}"));
  }
  if (token.kind == TokenKind::kFunction && token.text == "$") {
    return Unfilled(token.offset, UpTo(text, token.offset, ")"));
  }
  if (word && token.text.size() > 1 && token.text[0] == '$' && IsLetter(token.text[1])) {
    return Unfilled(token.offset, std::string(token.text));
  }
  if (!IsSymbol(token, "{") || IsOdbcEscape(tokens, i)) return std::nullopt;
  auto begins_behind = [&](std::string_view before) {
    return i > 0 && tokens[i - 1].text.ends_with(before) &&
           tokens[i - 1].offset + tokens[i - 1].text.size() == token.offset;
  };
  if (begins_behind("$") || begins_behind("{")) return std::nullopt;  // shown already
  bool twice = text.substr(token.offset).starts_with("{{");
  return Unfilled(token.offset, UpTo(text, token.offset, twice ? "}}" : "}"));
}

}  // namespace

bool IsOdbcEscape(std::span<const Token> tokens, std::size_t brace) {
  constexpr std::array<std::string_view, 7> kWords = {"D",      "T",    "TS",      "FN",
                                                      "ESCAPE", "GUID", "INTERVAL"};
  if (brace + 1 >= tokens.size() || (tokens[brace + 1].kind != TokenKind::kWord &&
                                     tokens[brace + 1].kind != TokenKind::kKeyword)) {
    return false;
  }
  return std::ranges::find(kWords, base::ToUpper(tokens[brace + 1].text)) != kWords.end();
}

std::vector<CriteriaProblem> FindSlips(std::string_view text, std::span<const Token> tokens) {
  std::vector<CriteriaProblem> slips;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    bool word = token.kind == TokenKind::kWord || token.kind == TokenKind::kFunction;
    bool comment = token.kind == TokenKind::kComment;
    // `#>` takes a part out of a JSON value in PostgreSQL.
    bool path = token.text == "#" && i + 1 < tokens.size() && IsSymbol(tokens[i + 1], ">") &&
                tokens[i + 1].offset == token.offset + 1;
    if (comment || (word && token.text[0] == '#' && !path)) {
      slips.push_back(
          {token.offset,
           fmt::format("`{}` starts a comment{}, and dialects do not agree where it ends",
                       comment ? token.text.substr(0, 2) : "#", comment ? "" : " in some dialects"),
           "write it as a YAML comment: a line that begins with # above `criteria:`"});
    } else if (auto look = word ? FindLookAlike(token) : std::nullopt) {
      slips.push_back(std::move(*look));
    } else if (auto unseen =
                   token.kind == TokenKind::kString ? std::nullopt : FindUnseen(token)) {
      slips.push_back(std::move(*unseen));
    } else if (auto left = FindPlaceholder(text, tokens, i)) {
      slips.push_back(std::move(*left));
    }
  }
  return slips;
}

}  // namespace viasync::model
