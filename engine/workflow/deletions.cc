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

}  // namespace

bool FilterMayGo(const config::Desired& desired, const BaseSide& base,
                 const snapshot::Snapshot& snapshot, bool prune) {
  std::unordered_set<std::string> declared, known;
  for (const auto& filter : desired.filters) {
    if (!filter.absent) declared.insert(filter.value.name);
    if (filter.absent) known.insert(filter.value.name);
  }
  for (const auto& filter : base.filters) known.insert(filter.value.name);
  return std::ranges::any_of(snapshot.filters, [&](const auto& filter) {
    const std::string& name = filter.value.name;
    return !declared.contains(name) && (prune || known.contains(name));
  });
}

base::Errors CheckFilterDeletions(const plan::Plan& plan, const config::Desired& desired,
                                  const snapshot::FilterUsers& users) {
  std::set<std::string> released;  // lists that the plan gives another filter
  std::vector<const Change*> going;
  for (const Change& change : plan.changes) {
    if (change.direction != Direction::kPush) continue;
    if (change.kind == Kind::kList) released.insert(change.key);
    if (change.kind == Kind::kFilter && change.action == Action::kDelete) going.push_back(&change);
  }
  base::Errors errors;
  for (const Change* change : going) {
    std::set<std::string> declared;
    for (const auto& list : desired.lists) {
      if (list.absent || list.value.filter != change->key) continue;
      declared.insert(list.value.name);
      errors.push_back(Assigned(*change, list));
    }
    auto found = users.find(change->key);
    if (found == users.end()) continue;
    std::vector<std::string> lists;
    for (const std::string& list : found->second) {
      if (!released.contains(list) && !declared.contains(list)) lists.push_back(list);
    }
    if (!lists.empty()) errors.push_back(InUse(*change, lists));
  }
  return errors;
}

}  // namespace viasync::workflow
