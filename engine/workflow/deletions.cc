#include "engine/workflow/deletions.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "engine/base/strings.h"
#include "engine/config/entries.h"

namespace viasync::workflow {
namespace {

using model::Kind;
using reconcile::Action;
using reconcile::Change;
using reconcile::Direction;

std::string Quoted(const std::string& name) { return "`" + base::Printable(name) + "`"; }

std::string NamesOf(const std::vector<std::string>& names) {
  constexpr std::size_t kShownMax = 10;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kShownMax); ++i) {
    text += (i ? ", " : "") + Quoted(names[i]);
  }
  if (names.size() > kShownMax)
    text += " and " + std::to_string(names.size() - kShownMax) + " more";
  return text;
}

std::optional<base::SourcePos> PlaceOf(const model::Source& source) {
  if (source.file.str().empty()) return std::nullopt;
  return base::SourcePos{source.file.str(), source.line, 0};
}

base::Error InUse(const Change& change, const std::vector<std::string>& lists) {
  const bool one = lists.size() == 1;
  return {.kind = base::ErrorKind::kInvalid,
          .message = "filter " + Quoted(change.key) +
                     " cannot be deleted: " + (one ? "list " : "lists ") + NamesOf(lists) +
                     (one ? " uses it" : " use it") + " in the org",
          .hint = std::string("give ") + (one ? "that list" : "those lists") +
                  " another filter (in the files under `lists:`, or in the vendor's UI), or keep "
                  "the filter in the files",
          .where = PlaceOf(change.source)};
}

base::Error Assigned(const Change& change, const model::Declared<model::List>& list) {
  return {.kind = base::ErrorKind::kInvalid,
          .message = "list " + Quoted(list.value.name) + " takes the filter " + Quoted(change.key) +
                     ", which this plan deletes",
          .hint = "declare the filter again under `filters:`, or give the list another one",
          .where = PlaceOf(list.source)};
}

bool DeletesFilter(const Change& change) {
  return change.direction == Direction::kPush && change.kind == Kind::kFilter &&
         change.action == Action::kDelete;
}

// It was in no base, and no file declares it absent.
bool IsPruned(const Change& change, const config::Desired& desired) {
  const bool known =
      std::ranges::any_of(change.fields, [](const auto& field) { return field.base.has_value(); });
  return !known && std::ranges::none_of(desired.Of<model::Filter>(), [&](const auto& filter) {
    return filter.value.name == change.key;
  });
}

// The lists that `changes` give another filter.
std::set<std::string> Released(const std::vector<Change>& changes) {
  std::set<std::string> released;
  for (const Change& change : changes) {
    if (change.direction == Direction::kPush && change.kind == Kind::kList) {
      released.insert(change.key);
    }
  }
  return released;
}

// The declarations that give a list this filter.
std::vector<const model::Declared<model::List>*> Assigning(const config::Desired& desired,
                                                           const std::string& filter) {
  std::vector<const model::Declared<model::List>*> lists;
  for (const auto& list : desired.Of<model::List>()) {
    if (!list.absent && list.value.filter == filter) lists.push_back(&list);
  }
  return lists;
}

// Lists of the org that use the filter, but for those that are released or declared.
std::vector<std::string> StillUsing(
    const snapshot::FilterUsers& users, const std::string& filter,
    const std::set<std::string>& released,
    const std::vector<const model::Declared<model::List>*>& declared) {
  std::vector<std::string> lists;
  auto found = users.find(filter);
  if (found == users.end()) return lists;
  for (const std::string& list : found->second) {
    const bool is_declared =
        std::ranges::any_of(declared, [&](const auto* entry) { return entry->value.name == list; });
    if (!released.contains(list) && !is_declared) lists.push_back(list);
  }
  return lists;
}

}  // namespace

bool FilterMayGo(const config::Desired& desired, const BaseSide& base,
                 const snapshot::Snapshot& snapshot, bool prune) {
  std::unordered_set<std::string> declared, known;
  for (const auto& filter : desired.Of<model::Filter>()) {
    if (!filter.absent) declared.insert(filter.value.name);
    if (filter.absent) known.insert(filter.value.name);
  }
  for (const auto& filter : base.Of<model::Filter>()) known.insert(filter.value.name);
  return std::ranges::any_of(snapshot.Of<model::Filter>(), [&](const auto& filter) {
    const std::string& name = filter.value.name;
    return !declared.contains(name) && (prune || known.contains(name));
  });
}

base::Errors CheckFilterDeletions(const plan::Plan& plan, const config::Desired& desired,
                                  const snapshot::FilterUsers& users) {
  const auto released = Released(plan.changes);
  base::Errors errors;
  for (const Change& change : plan.changes) {
    if (!DeletesFilter(change)) continue;
    const auto declared = Assigning(desired, change.key);
    for (const auto* list : declared) errors.push_back(Assigned(change, *list));
    const auto lists = StillUsing(users, change.key, released, declared);
    if (!lists.empty()) errors.push_back(InUse(change, lists));
  }
  return errors;
}

std::vector<plan::Warning> KeepPrunedInUse(plan::Decisions& decisions,
                                           const config::Desired& desired,
                                           const snapshot::FilterUsers& users) {
  const auto released = Released(decisions.changes);
  std::vector<plan::Warning> warnings;
  auto stays = [&](const Change& change) {
    if (!DeletesFilter(change) || !IsPruned(change, desired)) return false;
    const auto declared = Assigning(desired, change.key);
    auto lists = StillUsing(users, change.key, released, {});
    for (const auto* list : declared) {
      if (std::ranges::find(lists, list->value.name) == lists.end()) {
        lists.push_back(list->value.name);
      }
    }
    if (lists.empty()) return false;
    const bool one = lists.size() == 1;
    warnings.push_back({.message = "filter " + Quoted(change.key) +
                                   " is not pruned: " + (one ? "list " : "lists ") +
                                   NamesOf(lists) + (one ? " uses it" : " use it"),
                        .hint = std::string("give ") + (one ? "that list" : "those lists") +
                                " another filter, and prune again"});
    decisions.unmanaged.push_back({change.kind, change.key, change.id});
    return true;
  };
  std::erase_if(decisions.changes, stays);
  return warnings;
}

}  // namespace viasync::workflow
