#include "engine/workflow/checks.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "engine/base/strings.h"
#include "engine/config/entries.h"
#include "engine/config/form_checks.h"
#include "engine/model/fields.h"

namespace viasync::workflow {
namespace {

using model::Source;

// Names an org or a repository knows, with the nearest one for who mistyped.
class Names {
 public:
  template <class Range>
  explicit Names(const Range& names) : names_(names.begin(), names.end()) {}
  void Add(const std::string& name) { names_.insert(name); }
  void Remove(const std::string& name) { names_.erase(name); }
  bool Has(const std::string& name) const { return names_.contains(name); }
  // `; did you mean "X"?` or nothing.
  std::string DidYouMean(const std::string& name) const {
    std::vector<std::string> all(names_.begin(), names_.end());
    auto nearest = base::Nearest(name, all);
    return nearest ? "did you mean `" + base::Printable(*nearest) + "`? " : "";
  }

 private:
  std::set<std::string> names_;
};

base::Error At(const Source& source, std::string message, std::string hint) {
  return {.kind = base::ErrorKind::kInvalid,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = base::SourcePos{source.file.str(), source.line, 0}};
}

std::string Quoted(const std::string& name) { return "`" + base::Printable(name) + "`"; }

void CheckFilters(const config::Desired& desired, const snapshot::Snapshot& snapshot,
                  base::Errors& errors) {
  std::vector<std::string> names;
  for (const auto& [name, id] : snapshot.schemas.id_by_name) names.push_back(name);
  Names schemas(names);
  for (const auto& filter : desired.filters) {
    const auto& schema = filter.value.schema;
    if (filter.absent || schema.empty() || schemas.Has(schema)) continue;
    errors.push_back(At(
        filter.source,
        "filter " + Quoted(filter.value.name) + " uses the schema " + Quoted(schema) +
            ", which the org does not have",
        schemas.DidYouMean(schema) + "the org has: " + base::Printable(base::Join(names, ", "))));
  }
}

// Two names that differ only in letter case are two filters to the org. Where it has both they are
// meant; where it lacks one, it was most likely mistyped.
void CheckLetterCase(const config::Desired& desired, const snapshot::Snapshot& snapshot,
                     base::Errors& errors) {
  const Names known(snapshot.filter_names);
  std::map<std::string, const model::Declared<model::Filter>*> by_lower;
  for (const auto& filter : desired.filters) {
    if (filter.absent) continue;
    auto [other, added] = by_lower.emplace(base::ToLower(filter.value.name), &filter);
    if (added) continue;
    const auto* made = &filter;
    const auto* there = other->second;
    if (known.Has(made->value.name)) std::swap(made, there);
    if (known.Has(made->value.name)) continue;
    errors.push_back(At(made->source,
                        "filter " + Quoted(made->value.name) + " and " + Quoted(there->value.name) +
                            " in " + config::PlaceText(there->source) +
                            " differ only in letter case",
                        "to the org these are two; correct one, or rename it"));
  }
}

void CheckLists(const config::Desired& desired, const snapshot::Snapshot& snapshot,
                base::Errors& errors) {
  Names lists(snapshot.list_names);
  Names filters(snapshot.filter_names);
  for (const auto& filter : desired.filters) {
    filter.absent ? filters.Remove(filter.value.name) : filters.Add(filter.value.name);
  }
  for (const auto& list : desired.lists) {
    const auto& [name, filter, type] = list.value;
    if (!lists.Has(name)) {
      errors.push_back(At(list.source, "the org has no list " + Quoted(name),
                          lists.DidYouMean(name) +
                              "lists are made in the vendor's UI; make it there, or remove the "
                              "entry"));
      continue;
    }
    auto remote = std::ranges::lower_bound(
        snapshot.lists, name, {},
        [](const auto& entry) -> const std::string& { return entry.value.name; });
    bool known = remote != snapshot.lists.end() && remote->value.name == name;
    const bool moves = known && filter != remote->value.filter;
    if (moves && !model::TakesFilter(remote->value.type)) {
      errors.push_back(At(list.source,
                          "list " + Quoted(name) + " is " +
                              std::string(model::ListTypeName(remote->value.type)) +
                              ", which takes no filter",
                          "only dynamic and active sort lists do; remove the entry, or declare the "
                          "list as the org has it"));
    }
    if (!filter.empty() && !filters.Has(filter)) {
      errors.push_back(At(list.source,
                          "list " + Quoted(name) + " takes the filter " + Quoted(filter) +
                              ", which is neither declared nor in the org",
                          filters.DidYouMean(filter) + "declare it under `filters:`"));
    }
  }
}

void CheckExclusions(const config::Desired& desired, const snapshot::Snapshot& snapshot,
                     base::Errors& errors) {
  Names lists(snapshot.list_names);
  // One unknown list in a CSV of thousands is one error, at the first that names it.
  struct Named {
    Source first;
    std::size_t count = 0;
  };
  std::map<std::string, Named> unknown;
  for (const auto& exclusion : desired.exclusions) {
    const auto& list = exclusion.value.list.str();
    if (list.empty() || exclusion.absent || lists.Has(list)) continue;
    Named& named = unknown[list];
    const auto& source = exclusion.source;
    const bool earlier = std::pair(source.file.str(), source.line) <
                         std::pair(named.first.file.str(), named.first.line);
    if (named.count++ == 0 || earlier) named.first = source;
  }
  for (const auto& [list, named] : unknown) {
    const std::string who = named.count == 1 ? std::string("an exclusion names")
                                             : base::Thousands(named.count) + " exclusions name";
    errors.push_back(At(named.first,
                        who + " the list " + Quoted(list) + ", which the org does not have",
                        lists.DidYouMean(list) + "leave `list` out to exclude from all lists"));
  }
}

}  // namespace

base::Errors CheckAgainstOrg(const config::Desired& desired, const snapshot::Snapshot& snapshot) {
  base::Errors errors;
  CheckFilters(desired, snapshot, errors);
  CheckLetterCase(desired, snapshot, errors);
  CheckLists(desired, snapshot, errors);
  CheckExclusions(desired, snapshot, errors);
  std::ranges::stable_sort(errors, {}, &base::Error::where);
  return errors;
}

base::Errors CheckNewEntries(const std::vector<reconcile::Change>& changes) {
  base::Errors errors;
  auto check = [&]<class R>(const reconcile::Change& change, std::optional<R> value) {
    auto problem = value ? config::CheckNew(*value) : std::nullopt;
    if (!problem) return;
    errors.push_back(At(change.source,
                        std::string(model::KindName(change.kind)) + " " + Quoted(change.key) +
                            " cannot be made like this: " + problem->message,
                        problem->hint));
  };
  for (const auto& change : changes) {
    bool makes = change.action == reconcile::Action::kCreate &&
                 change.direction == reconcile::Direction::kPush;
    if (!makes) continue;
    if (change.kind == model::Kind::kFilter) {
      check(change, model::FromValues<model::Filter>(change.after));
    } else if (change.kind == model::Kind::kExclusion) {
      check(change, model::FromValues<model::Exclusion>(change.after));
    }
  }
  return errors;
}

}  // namespace viasync::workflow
