#include "engine/workflow/contact_history.h"

#include <chrono>
#include <map>

#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/model/fields.h"

namespace viasync::workflow {
namespace {

// The entry as it was before the event. nullopt: there was none, or the event holds only the fields
// that changed.
std::optional<model::Exclusion> Before(const store::Event& event) {
  if (event.action == "create") return std::nullopt;
  auto before = model::FromValues<model::Exclusion>(event.before);
  const bool whole = before && !before->address.empty() && before->start;
  return whole ? before : std::nullopt;
}

}  // namespace

std::optional<std::string> ExcludedThen(std::span<const store::Event> events,
                                        model::ContactType type, const std::string& address,
                                        const std::string& list, base::UtcTime at) {
  // Of each entry the first event after `at`: what stood before it stood then.
  std::map<std::string, const store::Event*> first;
  for (const auto& event : events) {
    if (event.kind != model::kProtector || event.at <= at) continue;
    auto [known, added] = first.emplace(event.key, &event);
    const bool earlier = event.at < known->second->at ||
                         (event.at == known->second->at && event.id < known->second->id);
    if (!added && earlier) known->second = &event;
  }
  for (const auto& [key, event] : first) {
    const auto entry = Before(*event);
    if (!entry || entry->type != type || entry->address != address) continue;
    if (!entry->list.empty() && entry->list.str() != list) continue;
    if (*entry->start > at || (entry->end && *entry->end <= at)) continue;
    return "excluded then by its " + std::string(model::ContactTypeName(type)) + " address, " +
           (event->action == "delete" ? "deleted " : "changed ") +
           base::FormatTimeShort(std::chrono::floor<std::chrono::seconds>(event->at)) + " by " +
           event->user + " (" + event->what + ")";
  }
  return std::nullopt;
}

}  // namespace viasync::workflow
