#include "engine/plan/renames.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "engine/base/strings.h"
#include "engine/model/criteria.h"

namespace viasync::plan {
namespace {

using reconcile::Action;
using reconcile::Change;

struct Named {
  std::string_view name, criteria;
};

bool IsPush(const Change& change, Action action) {
  return change.kind == model::Kind::kFilter && change.action == action &&
         change.direction == reconcile::Direction::kPush;
}

// The criteria that a create brings, or a delete takes away.
std::string_view CriteriaOf(const Change& change) {
  for (const auto& field : change.fields) {
    if (field.name != "criteria") continue;
    const auto& term = change.action == Action::kCreate ? field.local : field.remote;
    return term ? std::string_view(*term) : std::string_view();
  }
  return {};
}

std::vector<Named> SortedByName(const std::vector<Change>& changes, Action action) {
  std::vector<Named> found;
  for (const auto& change : changes) {
    if (!IsPush(change, action)) continue;
    if (auto criteria = CriteriaOf(change); !base::Trim(criteria).empty()) {
      found.push_back({change.key, criteria});
    }
  }
  std::ranges::sort(found, {}, &Named::name);
  return found;
}

// Equal for texts that mean the same; those that differ in the case of a literal share it, too.
std::string BucketOf(std::string_view criteria) {
  return base::ToLower(model::WrapCriteria(criteria));
}

}  // namespace

std::vector<Rename> FindRenames(const std::vector<Change>& changes) {
  std::vector<Rename> renames;
  const auto gone = SortedByName(changes, Action::kDelete);
  if (gone.empty()) return renames;
  std::map<std::string, std::vector<Named>> made;
  for (const auto& one : SortedByName(changes, Action::kCreate)) {
    made[BucketOf(one.criteria)].push_back(one);
  }
  for (const auto& one : gone) {
    auto bucket = made.find(BucketOf(one.criteria));
    if (bucket == made.end()) continue;
    auto& candidates = bucket->second;
    auto other = std::ranges::find_if(candidates, [&](const Named& candidate) {
      return model::SameCriteria(one.criteria, candidate.criteria);
    });
    if (other == candidates.end()) continue;
    renames.push_back({std::string(one.name), std::string(other->name)});
    candidates.erase(other);
  }
  return renames;
}

}  // namespace viasync::plan
