#include "engine/plan/order.h"

#include <map>
#include <string>
#include <string_view>

namespace viasync::plan {
namespace {

using model::Kind;
using reconcile::Action;
using reconcile::Change;

std::string ValueOf(const model::Values& values, std::string_view name) {
  for (const auto& [field, text] : values) {
    if (field == name) return text;
  }
  return {};
}

// Whom an exclusion is about, whatever list it is for.
std::string PersonOf(const Change& change) {
  const auto& values = change.after.empty() ? change.before : change.after;
  return ValueOf(values, "type") + ':' + ValueOf(values, "address");
}

}  // namespace

Rank RankOf(const Change& change) {
  switch (change.kind) {
    case Kind::kExclusion:
      return change.protects ? Rank::kProtect : Rank::kUnprotect;
    case Kind::kFilter:
      return change.action == Action::kDelete ? Rank::kDropFilters : Rank::kMakeFilters;
    case Kind::kList:
      return Rank::kAssignFilters;
  }
  return Rank::kUnprotect;
}

std::vector<std::vector<std::size_t>> NeedsOf(const std::vector<Change>& pushes) {
  std::vector<std::vector<std::size_t>> needs(pushes.size());
  std::map<std::string, std::size_t> made;             // filter name -> its create
  std::multimap<std::string, std::size_t> released;    // filter name -> list updates
  std::multimap<std::string, std::size_t> protecting;  // person -> what protects
  for (std::size_t i = 0; i < pushes.size(); ++i) {
    const auto& change = pushes[i];
    if (change.kind == Kind::kFilter && change.action == Action::kCreate) made[change.key] = i;
    if (change.kind == Kind::kList) released.emplace(ValueOf(change.before, "filter"), i);
    if (RankOf(change) == Rank::kProtect) protecting.emplace(PersonOf(change), i);
  }
  auto need_all = [&](std::size_t i, const auto& map, const std::string& key) {
    auto [first, last] = map.equal_range(key);
    for (auto it = first; it != last; ++it) needs[i].push_back(it->second);
  };
  for (std::size_t i = 0; i < pushes.size(); ++i) {
    const auto& change = pushes[i];
    const Rank rank = RankOf(change);
    if (rank == Rank::kAssignFilters) need_all(i, made, ValueOf(change.after, "filter"));
    if (rank == Rank::kDropFilters) need_all(i, released, change.key);
    if (rank == Rank::kUnprotect) need_all(i, protecting, PersonOf(change));
  }
  return needs;
}

}  // namespace viasync::plan
