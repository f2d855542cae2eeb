#include "engine/workflow/editors.h"

#include <set>
#include <utility>

namespace viasync::workflow {
namespace {

constexpr std::size_t kEventsMax = 10'000;  // that are looked at, newest first

bool IsOurWrite(const store::Event& event) {
  const bool known = !event.org.user.empty() || event.org.at;
  return known && event.action == "update" && (event.what == "apply" || event.what == "settled");
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

void NameEditors(const OurWrites& writes, plan::Plan& plan) {
  auto name = [&](reconcile::Change& change) {
    auto found = writes.find({change.kind, change.key});
    if (found == writes.end() || !change.modified_at) return;
    const store::Event& ours = found->second;
    // Somebody came after us. Where the org's clock is ahead, our own write looks like that, too:
    // then the org's word stands, for a wrong name would be worse.
    if (*change.modified_at > ours.at) return;
    change.modified_by = ours.org.user;
    change.modified_at = ours.org.at;
  };
  for (auto& change : plan.changes) name(change);
  for (auto& conflict : plan.conflicts) name(conflict.change);
}

}  // namespace viasync::workflow
