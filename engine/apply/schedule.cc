#include "engine/apply/schedule.h"

#include <map>
#include <string>
#include <string_view>

namespace viasync::apply {
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

Schedule MakeSchedule(const std::vector<Change>& pushes) {
  Schedule schedule{std::vector<std::vector<std::size_t>>(pushes.size()),
                    std::vector<bool>(pushes.size())};
  std::map<std::string, std::size_t> made;             // filter name -> its create
  std::multimap<std::string, std::size_t> released;    // filter name -> list updates
  std::multimap<std::string, std::size_t> protecting;  // person -> what protects
  for (std::size_t i = 0; i < pushes.size(); ++i) {
    const auto& change = pushes[i];
    if (change.kind == Kind::kFilter && change.action == Action::kCreate) made[change.key] = i;
    if (change.kind == Kind::kList) released.emplace(ValueOf(change.before, "filter"), i);
    if (change.kind == Kind::kExclusion && change.protects) protecting.emplace(PersonOf(change), i);
  }
  auto need_all = [&](std::size_t i, const auto& map, const std::string& key) {
    auto [first, last] = map.equal_range(key);
    for (auto it = first; it != last; ++it) schedule.needs[i].push_back(it->second);
  };
  for (std::size_t i = 0; i < pushes.size(); ++i) {
    const auto& change = pushes[i];
    if (change.kind == Kind::kList) need_all(i, made, ValueOf(change.after, "filter"));
    if (change.kind == Kind::kFilter && change.action == Action::kDelete) {
      need_all(i, released, change.key);
    }
    if (change.kind == Kind::kExclusion && !change.protects) {
      schedule.after_protection[i] = true;
      need_all(i, protecting, PersonOf(change));
    }
  }
  return schedule;
}

}  // namespace viasync::apply
