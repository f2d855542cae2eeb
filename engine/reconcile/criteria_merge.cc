#include "engine/reconcile/criteria_merge.h"

#include <algorithm>
#include <dtl/dtl.hpp>
#include <vector>

#include "engine/base/strings.h"
#include "engine/model/criteria.h"

namespace viasync::reconcile {
namespace {

using model::Token;
using model::TokenKind;
using TokenSpan = std::vector<Token>;

bool IsKeyword(const Token& token, std::string_view word) {
  return token.kind == TokenKind::kKeyword && base::EqualsIgnoreCase(token.text, word);
}

bool IsSymbol(const Token& token, char symbol) {
  return token.kind == TokenKind::kSymbol && token.text.size() == 1 && token.text[0] == symbol;
}

// For each token the number of its clause; connectives (AND, OR, ORDER BY, the comma of ORDER BY)
// stand between clauses and get -1.
std::vector<int> ClauseOf(const TokenSpan& tokens) {
  std::vector<int> clause(tokens.size());
  int current = 0, depth = 0;
  bool between = false, ordering = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto& token = tokens[i];
    bool by = IsKeyword(token, "BY") && i > 0 && IsKeyword(tokens[i - 1], "ORDER");
    bool connective = depth == 0 && (IsKeyword(token, "OR") || IsKeyword(token, "ORDER") || by ||
                                     (IsKeyword(token, "AND") && !between) ||
                                     (ordering && IsSymbol(token, ',')));
    if (IsKeyword(token, "BETWEEN")) between = true;
    else if (IsKeyword(token, "AND")) between = false;
    if (by) ordering = true;
    if (IsSymbol(token, '(')) ++depth;
    if (IsSymbol(token, ')')) --depth;
    clause[i] = connective ? -1 : current;
    if (connective) ++current;
  }
  return clause;
}

// One edit: base tokens [begin, end) become the side's tokens [from, to).
struct Hunk {
  std::size_t begin, end, from, to;
};

std::vector<Hunk> Hunks(const TokenSpan& base, const TokenSpan& side) {
  // dtl compares by ==, which for tokens ignores the letter case of key words.
  std::vector<std::string> a, b;
  auto normal = [](const Token& token) {
    return token.kind == TokenKind::kKeyword ? base::ToUpper(token.text) : std::string(token.text);
  };
  std::ranges::transform(base, std::back_inserter(a), normal);
  std::ranges::transform(side, std::back_inserter(b), normal);
  dtl::Diff<std::string, std::vector<std::string>> diff(a, b);
  diff.compose();
  std::vector<Hunk> hunks;
  std::size_t at_base = 0, at_side = 0;
  bool open = false;
  for (const auto& [text, info] : diff.getSes().getSequence()) {
    if (info.type == dtl::SES_COMMON) {
      ++at_base, ++at_side;
      open = false;
      continue;
    }
    if (!open) hunks.push_back({at_base, at_base, at_side, at_side});
    open = true;
    if (info.type == dtl::SES_DELETE) ++at_base;
    else ++at_side;
    hunks.back().end = at_base;
    hunks.back().to = at_side;
  }
  return hunks;
}

// True when the tokens [first, last) change how the clauses around them are combined: an OR outside
// parentheses, or parentheses that do not balance.
bool ChangesStructure(const TokenSpan& tokens, std::size_t first, std::size_t last) {
  int depth = 0;
  for (std::size_t i = first; i < last; ++i) {
    if (IsSymbol(tokens[i], '(')) ++depth;
    if (IsSymbol(tokens[i], ')') && --depth < 0) return true;
    if (depth == 0 && IsKeyword(tokens[i], "OR")) return true;
  }
  return depth != 0;
}

// The base tokens that a hunk concerns: [lo, hi). Empty for whole clauses inserted at a gap.
struct Reach {
  std::size_t lo, hi;
};

Reach ReachOf(const Hunk& hunk, const std::vector<int>& clause, const TokenSpan& side) {
  std::size_t lo = hunk.begin, hi = hunk.end;
  if (lo == hi) {
    bool leads = IsKeyword(side[hunk.from], "AND") || IsKeyword(side[hunk.from], "ORDER");
    bool trails = IsKeyword(side[hunk.to - 1], "AND");
    bool clause_ends = lo == clause.size() || clause[lo] == -1;
    bool clause_starts = lo == 0 || clause[lo - 1] == -1;
    if ((leads && clause_ends) || (trails && clause_starts)) return {lo, lo};
    lo = lo > 0 ? lo - 1 : lo;
    hi = std::min(hi + 1, clause.size());
  }
  while (lo > 0 && clause[lo] != -1 && clause[lo - 1] == clause[lo]) --lo;
  while (hi < clause.size() && clause[hi - 1] != -1 && clause[hi] == clause[hi - 1]) ++hi;
  return {lo, hi};
}

bool Meet(Reach a, Reach b) {
  if (a.lo == a.hi && b.lo == b.hi) return a.lo == b.lo;
  if (a.lo == a.hi) return b.lo < a.lo && a.lo < b.hi;
  if (b.lo == b.hi) return a.lo < b.lo && b.lo < a.hi;
  return a.lo < b.hi && b.lo < a.hi;
}

// A side's tokens [from, to) with the white space in front of each, as that side wrote them.
void Append(std::string& out, std::string_view text, const TokenSpan& tokens, std::size_t from,
            std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    std::size_t gap_from = i == 0 ? 0 : tokens[i - 1].offset + tokens[i - 1].text.size();
    std::string_view gap = text.substr(gap_from, tokens[i].offset - gap_from);
    if (gap.empty() && !out.empty() && !(i > from) && out.back() != '(') gap = " ";
    if (out.empty()) gap = {};
    out += gap;
    out += tokens[i].text;
  }
}

struct Edit {
  Hunk hunk;
  bool local;
};

}  // namespace

std::optional<std::string> MergeCriteria(std::string_view base, std::string_view local,
                                         std::string_view remote) {
  auto b = model::Tokenize(base), l = model::Tokenize(local), r = model::Tokenize(remote);
  if (b.problem || l.problem || r.problem) return std::nullopt;
  auto clause = ClauseOf(b.list);
  auto local_hunks = Hunks(b.list, l.list), remote_hunks = Hunks(b.list, r.list);
  std::vector<Edit> edits;
  for (const auto& hunk : local_hunks) edits.push_back({hunk, true});
  for (const auto& hunk : remote_hunks) edits.push_back({hunk, false});
  for (const auto& edit : edits) {
    const auto& side = edit.local ? l.list : r.list;
    if (ChangesStructure(b.list, edit.hunk.begin, edit.hunk.end) ||
        ChangesStructure(side, edit.hunk.from, edit.hunk.to)) {
      return std::nullopt;
    }
  }
  for (const auto& ours : local_hunks) {
    for (const auto& theirs : remote_hunks) {
      if (Meet(ReachOf(ours, clause, l.list), ReachOf(theirs, clause, r.list))) return std::nullopt;
    }
  }
  std::ranges::stable_sort(edits, [](const Edit& x, const Edit& y) {
    return std::pair(x.hunk.begin, x.hunk.end) < std::pair(y.hunk.begin, y.hunk.end);
  });
  std::string merged;
  std::size_t at = 0;
  for (const auto& [hunk, is_local] : edits) {
    Append(merged, base, b.list, at, hunk.begin);
    Append(merged, is_local ? local : remote, is_local ? l.list : r.list, hunk.from, hunk.to);
    at = hunk.end;
  }
  Append(merged, base, b.list, at, b.list.size());
  if (model::CheckCriteria(merged)) return std::nullopt;
  return merged;
}

}  // namespace viasync::reconcile
