#include "engine/plan/order.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace viasync::plan {
namespace {

using model::InfoOf;
using model::Kind;
using reconcile::Action;
using reconcile::Change;

// How many steps of references lie below a kind: a filter refers to nothing, a list to a filter.
constexpr std::size_t DepthOf(Kind kind, std::size_t seen = 0) {
  if (seen > model::kKindCount) return seen;  // they refer to each other in a circle
  std::size_t depth = 0;
  for (const auto& reference : InfoOf(kind).references) {
    depth = std::max(depth, DepthOf(reference.to, seen + 1) + 1);
  }
  return depth;
}

constexpr bool DepthsAreFinite() {
  return std::ranges::all_of(model::kKinds,
                             [](Kind kind) { return DepthOf(kind) <= model::kKindCount; });
}
static_assert(DepthsAreFinite(), "kinds must not refer to each other in a circle");

// Protection never waits: what it refers to is neither made nor deleted.
constexpr bool ProtectionIsFree() {
  return std::ranges::none_of(InfoOf(model::kProtector).references, [](const auto& reference) {
    return InfoOf(reference.to).can_create || InfoOf(reference.to).can_delete;
  });
}
static_assert(ProtectionIsFree(), "what protects people would have to wait for other writes");

constexpr bool IsReferredTo(Kind kind) {
  return std::ranges::any_of(model::kKinds, [&](Kind other) {
    return std::ranges::find(InfoOf(other).references, kind, &model::Reference::to) !=
           InfoOf(other).references.end();
  });
}

std::string ValueOf(const model::Values& values, std::string_view name) {
  for (const auto& [field, text] : values) {
    if (field == name) return text;
  }
  return {};
}

// Whom a push of what protects is about, whatever list it is for.
std::string PersonOf(const Change& change) {
  const auto& values = change.after.empty() ? change.before : change.after;
  return ValueOf(values, "type") + ':' + ValueOf(values, "address");
}

}  // namespace

Rank RankOf(const Change& change) {
  if (InfoOf(change.kind).protects) return change.protects ? Rank::kProtect : Rank::kUnprotect;
  const std::size_t depth = DepthOf(change.kind);
  if (change.action != Action::kDelete) return {Rank::kMake, depth};
  return {Rank::kDrop, model::kKindCount - depth};
}

std::vector<std::vector<std::size_t>> NeedsOf(const std::vector<Change>& pushes) {
  using Name = std::pair<Kind, std::string>;
  std::vector<std::vector<std::size_t>> needs(pushes.size());
  std::map<Name, std::size_t> made;                    // its create
  std::multimap<Name, std::size_t> released;           // pushes of what refers to it
  std::multimap<std::string, std::size_t> protecting;  // person -> what protects
  for (std::size_t i = 0; i < pushes.size(); ++i) {
    const auto& change = pushes[i];
    if (change.action == Action::kCreate && IsReferredTo(change.kind)) {
      made[{change.kind, change.key}] = i;
    }
    for (const auto& [field, to] : InfoOf(change.kind).references) {
      if (InfoOf(to).can_delete) released.emplace(Name(to, ValueOf(change.before, field)), i);
    }
    if (RankOf(change) == Rank::kProtect) protecting.emplace(PersonOf(change), i);
  }
  auto need_all = [&](std::size_t i, const auto& map, const auto& key) {
    auto [first, last] = map.equal_range(key);
    for (auto it = first; it != last; ++it) needs[i].push_back(it->second);
  };
  for (std::size_t i = 0; i < pushes.size(); ++i) {
    const auto& change = pushes[i];
    const Rank rank = RankOf(change);
    for (const auto& [field, to] : InfoOf(change.kind).references) {
      if (InfoOf(to).can_create) need_all(i, made, Name(to, ValueOf(change.after, field)));
    }
    if (rank.phase == Rank::kDrop) need_all(i, released, Name(change.kind, change.key));
    if (rank == Rank::kUnprotect) need_all(i, protecting, PersonOf(change));
  }
  return needs;
}

}  // namespace viasync::plan
