#include "engine/reconcile/criteria_merge.h"

#include <algorithm>
#include <dtl/dtl.hpp>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/model/criteria.h"
#include "engine/reconcile/criteria_parts.h"

namespace viasync::reconcile {
namespace {

using Units = std::vector<Unit>;

// One edit: base units [begin, end) become the side's units [from, to).
struct Hunk {
  std::size_t begin, end, from, to;
  bool alike = false;  // the other side made the very same edit
};
using Hunks = std::vector<Hunk>;

// Clauses of a conjunction may come and go.
Hunks FreeHunks(const Units& base, const Units& side) {
  std::vector<std::string> a, b;
  std::ranges::transform(base, std::back_inserter(a), &Unit::meaning);
  std::ranges::transform(side, std::back_inserter(b), &Unit::meaning);
  dtl::Diff<std::string, std::vector<std::string>> diff(a, b);
  diff.compose();
  Hunks hunks;
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
    if (info.type == dtl::SES_DELETE)
      ++at_base;
    else
      ++at_side;
    hunks.back().end = at_base;
    hunks.back().to = at_side;
  }
  return hunks;
}

// Where the place of a unit matters: unit by unit, or all at once where their number changed.
Hunks PlacedHunks(const Units& base, const Units& side) {
  if (base.size() != side.size()) return {{0, base.size(), 0, side.size()}};
  Hunks hunks;
  for (std::size_t i = 0; i < base.size(); ++i) {
    if (base[i].meaning != side[i].meaning) hunks.push_back({i, i + 1, i, i + 1});
  }
  return hunks;
}

// The units of one kind (clauses, or terms of ORDER BY) with both sides' edits.
struct Edits {
  const Units& base;
  const Units& local;
  const Units& remote;
  Hunks ours, theirs;
};

void MarkAlike(Edits& edits) {
  for (auto& a : edits.ours) {
    for (auto& b : edits.theirs) {
      if (a.begin != b.begin || a.end != b.end) continue;
      bool same = std::ranges::equal(std::span(edits.local).subspan(a.from, a.to - a.from),
                                     std::span(edits.remote).subspan(b.from, b.to - b.from), {},
                                     &Unit::meaning, &Unit::meaning);
      if (same) a.alike = b.alike = true;
    }
  }
}

bool Meet(const Hunk& a, const Hunk& b) {
  if (a.alike && b.alike) return false;
  if (a.begin == a.end && b.begin == b.end) return a.begin == b.begin;
  return a.begin < b.end && b.begin < a.end;
}

// What a side's own edits do to the condition.
struct Effect {
  bool any = false;
  bool only_adds = true;             // clauses by AND
  bool takes_away = false;           // a clause, or the columns that it spoke of
  std::set<std::string> gone, come;  // clauses, alike or not
  std::set<std::string> columns;     // of the clauses that change or go
};

Effect EffectOf(const Hunks& hunks, const Units& base, const Units& side) {
  Effect effect;
  for (const auto& hunk : hunks) {
    for (auto i = hunk.begin; i < hunk.end; ++i) effect.gone.insert(base[i].meaning);
    for (auto i = hunk.from; i < hunk.to; ++i) effect.come.insert(side[i].meaning);
    if (hunk.alike) continue;
    effect.any = true;
    if (hunk.begin == hunk.end) continue;
    effect.only_adds = false;
    bool paired = hunk.end - hunk.begin == hunk.to - hunk.from;
    effect.takes_away |= !paired;
    for (auto i = hunk.begin; i < hunk.end; ++i) {
      const auto& before = base[i].columns;
      effect.columns.insert(before.begin(), before.end());
      if (!paired) continue;
      const auto& after = side[hunk.from + (i - hunk.begin)].columns;
      effect.columns.insert(after.begin(), after.end());
      effect.takes_away |= !std::ranges::includes(after, before);
    }
  }
  return effect;
}

bool Share(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::ranges::any_of(a, [&](const auto& each) { return b.contains(each); });
}

// True when both edits together might dial somebody whom neither side alone would: one side takes
// `Days > 60` away since `Days > 30` is there, the other takes `Days > 30`. Clauses added by AND
// cannot: the result lies within the other side's.
bool MayWiden(const Edits& edits) {
  if (edits.ours.empty() || edits.theirs.empty()) return false;
  auto ours = EffectOf(edits.ours, edits.base, edits.local);
  auto theirs = EffectOf(edits.theirs, edits.base, edits.remote);
  // A clause that goes at one place and comes at another: moved, doubled, or removed by one side.
  for (const auto* side : {&ours, &theirs}) {
    if (Share(side->gone, ours.come) || Share(side->gone, theirs.come)) return true;
  }
  if (!ours.any || !theirs.any) return false;
  if (ours.only_adds || theirs.only_adds) return false;
  if (ours.takes_away || theirs.takes_away) return true;
  return Share(ours.columns, theirs.columns);
}

bool AnyMeet(const Edits& edits) {
  return std::ranges::any_of(edits.ours, [&](const Hunk& a) {
    return std::ranges::any_of(edits.theirs, [&](const Hunk& b) { return Meet(a, b); });
  });
}

// Puts the merged text together, and the tokens that it must read back as.
class Writer {
 public:
  void Add(const Parts& side, const Unit& unit) {
    const auto& tokens = side.tokens;
    bool leads = unit.lead < unit.begin;
    std::size_t first = text_.empty() || !leads ? unit.begin : unit.lead;
    std::size_t from = tokens[first].offset;
    if (!text_.empty() && !leads) {
      text_ += " AND ";
      expected_.push_back({model::TokenKind::kKeyword, "AND", 0});
    } else if (!text_.empty()) {
      std::size_t gap = tokens[first - 1].offset + tokens[first - 1].text.size();
      auto space = side.text.substr(gap, from - gap);
      text_ += space.empty() ? " " : space;
    }
    const auto& last = tokens[unit.end - 1];
    text_ += side.text.substr(from, last.offset + last.text.size() - from);
    for (auto i = first; i < unit.end; ++i) expected_.push_back(tokens[i]);
  }

  // Both edits of one kind of units, in the order of the base.
  void AddMerged(const Edits& edits, const Parts& local, const Parts& remote) {
    std::vector<std::pair<Hunk, bool>> all;  // true: ours
    for (const auto& hunk : edits.ours) all.emplace_back(hunk, true);
    for (const auto& hunk : edits.theirs) {
      if (!hunk.alike) all.emplace_back(hunk, false);
    }
    std::ranges::sort(all, {}, [](const auto& edit) {
      return std::tuple(edit.first.begin, edit.first.end, edit.first.to);
    });
    std::size_t at = 0, ours = 0;  // `ours`: the local unit that base unit `at` is
    auto keep = [&](std::size_t end) {
      for (; at < end; ++at, ++ours) Add(local, edits.local[ours]);
    };
    for (const auto& [hunk, is_ours] : all) {
      keep(hunk.begin);
      const auto& units = is_ours ? edits.local : edits.remote;
      for (auto i = hunk.from; i < hunk.to; ++i) Add(is_ours ? local : remote, units[i]);
      ours += is_ours ? hunk.to - hunk.from : hunk.end - hunk.begin;
      at = hunk.end;
    }
    keep(edits.base.size());
  }

  // nullopt: the pieces do not read as meant.
  std::optional<std::string> Take(std::string_view tail) {
    text_ += tail;
    auto read = model::Tokenize(text_);
    if (read.list != expected_ || model::CheckCriteria(text_)) return std::nullopt;
    return std::move(text_);
  }

 private:
  std::string text_;
  std::vector<model::Token> expected_;
};

std::string_view TailOf(const Parts& parts) {
  const auto& last = parts.tokens.back();
  return parts.text.substr(last.offset + last.text.size());
}

}  // namespace

std::optional<std::string> MergeCriteria(std::string_view base, std::string_view local,
                                         std::string_view remote) {
  for (auto text : {base, local, remote}) {
    if (model::CheckCriteria(text)) return std::nullopt;
  }
  if (model::SameCriteria(base, remote)) return std::string(local);
  if (model::SameCriteria(base, local)) return std::string(remote);
  if (model::SameCriteria(local, remote)) return std::string(local);
  auto b = SplitCriteria(base), l = SplitCriteria(local), r = SplitCriteria(remote);
  if (!b || !l || !r) return std::nullopt;
  bool conjunction = b->only_and && l->only_and && r->only_and;
  bool same_shape = b->connectives == l->connectives && b->connectives == r->connectives;
  if (!conjunction && !same_shape) return std::nullopt;
  auto hunks = conjunction ? FreeHunks : PlacedHunks;
  Edits clauses{b->clauses, l->clauses, r->clauses, hunks(b->clauses, l->clauses),
                hunks(b->clauses, r->clauses)};
  Edits terms{b->terms, l->terms, r->terms, PlacedHunks(b->terms, l->terms),
              PlacedHunks(b->terms, r->terms)};
  MarkAlike(clauses), MarkAlike(terms);
  if (AnyMeet(clauses) || AnyMeet(terms) || MayWiden(clauses)) return std::nullopt;
  Writer writer;
  writer.AddMerged(clauses, *l, *r);
  writer.AddMerged(terms, *l, *r);
  return writer.Take(TailOf(*l));
}

}  // namespace viasync::reconcile
