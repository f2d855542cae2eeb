#include "engine/sandbox/criteria.h"

#include <algorithm>

#include "engine/base/strings.h"

namespace viasync::sandbox {
namespace {

constexpr std::string_view kWords[] = {"AND",  "OR",    "NOT", "IN",     "LIKE",  "BETWEEN", "IS",
                                       "NULL", "ORDER", "BY",  "ASC",    "DESC",  "CASE",    "WHEN",
                                       "THEN", "ELSE",  "END", "ESCAPE", "EXISTS"};

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsWordChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The end of the quoted text that starts at `begin`; npos: it is never closed. A doubled quote
// reads as two quoted texts side by side, which comes to the same.
std::size_t QuoteEnd(std::string_view text, std::size_t begin) {
  std::size_t end = text.find(text[begin], begin + 1);
  return end == std::string_view::npos ? end : end + 1;
}

}  // namespace

std::string CriteriaProblem(std::string_view criteria) {
  if (base::Trim(criteria).empty()) return "Must not be empty";
  int depth = 0;
  for (std::size_t i = 0; i < criteria.size();) {
    char c = criteria[i];
    if (c == '\'' || c == '"') {
      i = QuoteEnd(criteria, i);
      if (i == std::string_view::npos) return "A quote is not closed";
      continue;
    }
    if (c == '(') ++depth;
    if (c == ')' && --depth < 0) return "A closing parenthesis has no partner";
    ++i;
  }
  return depth > 0 ? "A parenthesis is not closed" : "";
}

std::string RewriteCriteria(std::string_view criteria) {
  criteria = base::Trim(criteria);
  std::string out;
  for (std::size_t i = 0; i < criteria.size();) {
    std::size_t end = i + 1;
    if (criteria[i] == '\'' || criteria[i] == '"') {
      end = std::min(QuoteEnd(criteria, i), criteria.size());
      out += criteria.substr(i, end - i);
    } else if (IsSpace(criteria[i])) {
      while (end < criteria.size() && IsSpace(criteria[end])) ++end;
      out += ' ';
    } else if (IsWordChar(criteria[i])) {
      while (end < criteria.size() && IsWordChar(criteria[end])) ++end;
      std::string upper = base::ToUpper(criteria.substr(i, end - i));
      bool is_key_word = std::ranges::find(kWords, upper) != std::end(kWords);
      out += is_key_word ? upper : std::string(criteria.substr(i, end - i));
    } else {
      out += criteria[i];
    }
    i = end;
  }
  return out;
}

}  // namespace viasync::sandbox
