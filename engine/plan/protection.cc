#include "engine/plan/protection.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "engine/base/times.h"

namespace viasync::plan {
namespace {

using reconcile::Action;
using reconcile::Change;
using reconcile::Direction;

// An entry that comes or goes as a whole: its fields tell all of it.
struct Entry {
  std::string list;  // empty = all lists
  std::optional<base::UtcTime> start, end;
};

// The value on the side where the entry is: the one that a create brings, or a delete takes away.
std::string ValueOf(const Change& change, std::string_view name) {
  const bool local = (change.direction == Direction::kPush) == (change.action == Action::kCreate);
  for (const auto& field : change.fields) {
    if (field.name == name) return (local ? field.local : field.remote).value_or("");
  }
  return {};
}

// One address on one side.
using Person = std::tuple<Direction, std::string, std::string>;
Person PersonOf(const Change& change) {
  return {change.direction, ValueOf(change, "type"), ValueOf(change, "address")};
}

Entry EntryOf(const Change& change) {
  return {ValueOf(change, "list"), base::ParseTime(ValueOf(change, "start")),
          base::ParseTime(ValueOf(change, "end"))};
}

bool Covers(const Entry& made, const Entry& gone, base::UtcTime now) {
  const base::UtcTime from = std::max(now, gone.start.value_or(now));
  bool list = made.list.empty() || made.list == gone.list;
  bool start = !made.start || *made.start <= from;
  bool end = !made.end || (gone.end && *made.end >= *gone.end);
  return list && start && end;
}

}  // namespace

void MarkUnprotecting(std::vector<Change>& changes, base::UtcTime now) {
  std::multimap<Person, Change*> removals;
  for (auto& change : changes) {
    change.unprotects = model::InfoOf(change.kind).protects && !change.protects &&
                        change.action != Action::kCreate &&
                        (!change.protected_until || *change.protected_until > now);
    const bool goes = change.action == Action::kDelete && !ValueOf(change, "address").empty();
    if (change.unprotects && goes) {
      removals.emplace(PersonOf(change), &change);
    }
  }
  if (removals.empty()) return;
  for (const auto& made : changes) {
    if (!model::InfoOf(made.kind).protects || made.action != Action::kCreate) continue;
    const auto [first, last] = removals.equal_range(PersonOf(made));
    for (auto it = first; it != last; ++it) {
      if (Covers(EntryOf(made), EntryOf(*it->second), now)) it->second->unprotects = false;
    }
  }
}

}  // namespace viasync::plan
