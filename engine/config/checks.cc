#include "engine/config/checks.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "engine/base/strings.h"
#include "engine/config/values.h"

namespace viasync::config {
namespace {

template <class R>
std::string Name(const R& resource) {
  return std::string(model::KindName(model::kKindOf<R>)) + " " + Quoted(model::KeyOf(resource));
}

template <class R>
void CheckManaged(const std::vector<Entry<R>>& entries, const model::Manage& manage,
                  Problems& problems) {
  constexpr auto kKind = model::kKindOf<R>;
  const auto& rule = manage.For(kKind);
  // A million exclusions name a handful of lists.
  std::unordered_map<std::string_view, bool> owned;
  for (const auto& entry : entries) {
    const std::string& name = model::ManagedName(entry.value);
    auto [known, added] = owned.try_emplace(name, false);
    if (added) known->second = rule.Owns(name);
    if (known->second) continue;
    problems.Add(PlaceOf(entry.source), Name(entry.value) + " is outside what viasync manages",
                 "remove it here, or widen `manage: " + std::string(model::KindPlural(kKind)) +
                     "` in viasync.yaml");
  }
}

void CheckMissing(const Layer& layer, Problems& problems) {
  for (const auto& entry : layer.Of<model::Filter>()) {
    if (entry.absent || !entry.value.criteria.empty()) continue;
    problems.Add(PlaceOf(entry.source), Name(entry.value) + " has no `criteria`",
                 "add the condition; `absent: true` declares that the filter must not exist");
  }
  for (const auto& entry : layer.Of<model::List>()) {
    if (layer.list_filters.contains(entry.value.name)) continue;
    problems.Add(PlaceOf(entry.source), Name(entry.value) + " has no `filter`",
                 "name the filter; `filter: \"\"` takes it away from the list");
  }
}

// A filter that is declared nowhere may still be in the org: that shows when the plan is made.
void CheckListFilters(const Layer& layer, Problems& problems) {
  auto name = [](const auto& entry) -> const std::string& { return entry.value.name; };
  const auto& filters = layer.Of<model::Filter>();
  for (const auto& entry : layer.Of<model::List>()) {
    auto filter = std::ranges::lower_bound(filters, entry.value.filter, {}, name);
    bool known = filter != filters.end() && name(*filter) == entry.value.filter;
    if (!known || !filter->absent) continue;
    problems.Add(layer.list_filters.at(entry.value.name),
                 Name(entry.value) + " takes filter " + Quoted(entry.value.filter) +
                     ", which is declared absent in " + PlaceText(filter->source),
                 "give the list another filter, or keep this one");
  }
}

void CheckPeriods(const Layer& layer, Problems& problems) {
  for (const auto& entry : layer.Of<model::Exclusion>()) {
    if (auto problem = CheckPeriod(entry.value)) {
      problems.Add(PlaceOf(entry.source), Name(entry.value) + ": " + problem->message,
                   problem->hint);
    }
  }
}

}  // namespace

void CheckLayer(const Layer& layer, const model::Manage& manage, bool complete,
                Problems& problems) {
  if (complete) CheckMissing(layer, problems);
  CheckListFilters(layer, problems);
  CheckPeriods(layer, problems);
  model::ForEachKind([&]<class R> { CheckManaged(layer.Of<R>(), manage, problems); });
}

}  // namespace viasync::config
