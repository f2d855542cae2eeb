#include "engine/workflow/editors.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace viasync::workflow {
namespace {

constexpr std::size_t kEventsMax = 10'000;  // that are looked at, newest first

bool IsOurWrite(const store::Event& event) {
  return event.action == "update" && (event.what == "apply" || event.what == "settled");
}

bool IsNext(const store::Event& ours, std::int64_t version) {
  return ours.version > 0 && version == ours.version + 1;
}

// Whether an object shows that the org counts versions by one: it is as our last write left it.
template <class R>
bool CountsByOne(const OurWrites& writes, const std::vector<model::Remote<R>>& org) {
  return std::ranges::any_of(org, [&](const auto& entry) {
    auto found = writes.find({model::kKindOf<R>, model::KeyOf(entry.value)});
    return found != writes.end() && IsNext(found->second, entry.version);
  });
}

bool IsLast(const store::Event& ours, const reconcile::Change& change, bool by_one) {
  if (IsNext(ours, change.version)) return true;
  // Somebody came after us.
  if (by_one && ours.version > 0 && change.version > ours.version) return false;
  return change.modified_at && *change.modified_at <= ours.at;
}

}  // namespace

base::Result<OurWrites> ReadOurWrites(store::Store& store) {
  auto events = store.Events(kEventsMax);
  if (!events) return base::Fail(events.error());
  OurWrites writes;
  std::set<std::pair<model::Kind, std::string>> seen;
  for (auto& event : *events) {
    std::pair key(event.kind, event.key);
    if (!seen.insert(key).second || !IsOurWrite(event)) continue;
    writes.emplace(std::move(key), std::move(event));
  }
  return writes;
}

void NameEditors(const OurWrites& writes, const snapshot::Snapshot& org, plan::Plan& plan) {
  if (writes.empty()) return;
  bool by_one = false;
  model::ForEachKind([&]<class R> { by_one = by_one || CountsByOne(writes, org.Of<R>()); });
  auto name = [&](reconcile::Change& change) {
    auto found = writes.find({change.kind, change.key});
    if (found == writes.end()) return;
    const store::Event& ours = found->second;
    const bool known = !ours.org.user.empty() || ours.org.at;
    // Where the org's clock is ahead, our own write may look like somebody else's: then the org's
    // word stands, for a wrong name would be worse.
    if (!known || !IsLast(ours, change, by_one)) return;
    change.modified_by = ours.org.user;
    change.modified_at = ours.org.at;
  };
  for (auto& change : plan.changes) name(change);
  for (auto& conflict : plan.conflicts) name(conflict.change);
}

}  // namespace viasync::workflow
