#include "engine/workflow/checks.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <ranges>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/config/entries.h"
#include "engine/config/form_checks.h"
#include "engine/config/problems.h"
#include "engine/model/fields.h"
#include "engine/model/keys.h"

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

// What is wrong, by its place in the files. Only what is shown is put into words: the nearest name
// to each of 100,000 that the org does not have would take minutes to find.
class Findings {
 public:
  void Add(const Source& source, std::function<base::Error()> say) {
    found_.push_back({&source, std::move(say)});
  }

  base::Errors Take() {
    std::ranges::stable_sort(found_, {}, [](const Finding& finding) {
      return std::pair<std::string_view, int>(finding.source->file.str(), finding.source->line);
    });
    constexpr std::size_t kShown = config::Problems::kShown;
    base::Errors errors;
    for (const auto& finding : found_ | std::views::take(kShown)) errors.push_back(finding.say());
    if (found_.size() > kShown) {
      errors.push_back({.kind = base::ErrorKind::kInvalid,
                        .message = "and " + base::Plural(found_.size() - kShown, "more problem"),
                        .hint = "fix these first"});
    }
    return errors;
  }

 private:
  struct Finding {
    const Source* source;
    std::function<base::Error()> say;
  };
  std::vector<Finding> found_;
};

void CheckFilters(const config::Desired& desired, const snapshot::Snapshot& snapshot,
                  Findings& findings) {
  auto names = std::make_shared<std::vector<std::string>>();
  for (const auto& [name, id] : snapshot.schemas.id_by_name) names->push_back(name);
  auto schemas = std::make_shared<Names>(*names);
  for (const auto& filter : desired.Of<model::Filter>()) {
    const auto& schema = filter.value.schema;
    if (filter.absent || schema.empty() || schemas->Has(schema)) continue;
    findings.Add(filter.source, [&filter, names, schemas] {
      const auto& wanted = filter.value.schema;
      return At(filter.source,
                "filter " + Quoted(filter.value.name) + " uses the schema " + Quoted(wanted) +
                    ", which the org does not have",
                schemas->DidYouMean(wanted) +
                    "the org has: " + base::Printable(base::Join(*names, ", ")));
    });
  }
}

// Two names that differ only in letter case are two filters to the org. Where it has both they are
// meant; where it lacks one, it was most likely mistyped.
void CheckLetterCase(const config::Desired& desired, const snapshot::Snapshot& snapshot,
                     Findings& findings) {
  const Names known(snapshot.names.Of<model::Filter>());
  std::map<std::string, const model::Declared<model::Filter>*> by_lower;
  for (const auto& filter : desired.Of<model::Filter>()) {
    if (filter.absent) continue;
    auto [other, added] = by_lower.emplace(base::ToLower(filter.value.name), &filter);
    if (added) continue;
    const auto* made = &filter;
    const auto* there = other->second;
    if (known.Has(made->value.name)) std::swap(made, there);
    if (known.Has(made->value.name)) continue;
    findings.Add(made->source, [made, there] {
      return At(made->source,
                "filter " + Quoted(made->value.name) + " and " + Quoted(there->value.name) +
                    " in " + config::PlaceText(there->source) + " differ only in letter case",
                "to the org these are two; correct one, or rename it");
    });
  }
}

void CheckLists(const config::Desired& desired, const snapshot::Snapshot& snapshot,
                Findings& findings) {
  auto lists = std::make_shared<Names>(snapshot.names.Of<model::List>());
  auto filters = std::make_shared<Names>(snapshot.names.Of<model::Filter>());
  const auto& there = snapshot.Of<model::List>();
  for (const auto& filter : desired.Of<model::Filter>()) {
    filter.absent ? filters->Remove(filter.value.name) : filters->Add(filter.value.name);
  }
  for (const auto& list : desired.Of<model::List>()) {
    const auto& [name, filter, type] = list.value;
    if (!lists->Has(name)) {
      findings.Add(list.source, [&list, lists] {
        return At(list.source, "the org has no list " + Quoted(list.value.name),
                  lists->DidYouMean(list.value.name) +
                      "lists are made in the vendor's UI; make it there, or remove the entry");
      });
      continue;
    }
    auto remote = std::ranges::lower_bound(
        there, name, {}, [](const auto& entry) -> const std::string& { return entry.value.name; });
    bool known = remote != there.end() && remote->value.name == name;
    const bool moves = known && filter != remote->value.filter;
    if (moves && !model::TakesFilter(remote->value.type)) {
      findings.Add(list.source, [&list, type = remote->value.type] {
        return At(list.source,
                  "list " + Quoted(list.value.name) + " is " +
                      std::string(model::ListTypeName(type)) + ", which takes no filter",
                  "only dynamic and active sort lists do; remove the entry, or declare the list "
                  "as the org has it");
      });
    }
    if (!filter.empty() && !filters->Has(filter)) {
      findings.Add(list.source, [&list, filters] {
        return At(list.source,
                  "list " + Quoted(list.value.name) + " takes the filter " +
                      Quoted(list.value.filter) + ", which is neither declared nor in the org",
                  filters->DidYouMean(list.value.filter) + "declare it under `filters:`");
      });
    }
  }
}

// What the org has may be declared as it is, though its list is gone there.
bool IsHeld(const model::Exclusion& wanted, const snapshot::Snapshot& snapshot) {
  const auto& held = snapshot.Of<model::Exclusion>();
  auto found = std::ranges::lower_bound(held, 0, std::less(), [&](const auto& entry) {
    return model::CompareKeys(entry.value, wanted) < 0 ? -1 : 0;
  });
  return found != held.end() && model::SameKey(found->value, wanted);
}

void CheckExclusions(const config::Desired& desired, const snapshot::Snapshot& snapshot,
                     Findings& findings) {
  auto lists = std::make_shared<Names>(snapshot.names.Of<model::List>());
  // One unknown list in a CSV of thousands is one error, at the first that names it.
  struct Named {
    const Source* first = nullptr;
    std::size_t count = 0;
  };
  std::map<std::string, Named> unknown;
  for (const auto& exclusion : desired.Of<model::Exclusion>()) {
    const auto& list = exclusion.value.list.str();
    if (list.empty() || exclusion.absent || lists->Has(list)) continue;
    if (IsHeld(exclusion.value, snapshot)) continue;
    Named& named = unknown[list];
    const auto& source = exclusion.source;
    const bool earlier = named.first && std::pair(source.file.str(), source.line) <
                                            std::pair(named.first->file.str(), named.first->line);
    if (named.count++ == 0 || earlier) named.first = &source;
  }
  for (const auto& [list, named] : unknown) {
    findings.Add(*named.first, [name = list, named = named, lists] {
      const std::string who = named.count == 1 ? std::string("an exclusion names")
                                               : base::Thousands(named.count) + " exclusions name";
      return At(*named.first, who + " the list " + Quoted(name) + ", which the org does not have",
                lists->DidYouMean(name) + "leave `list` out to exclude from all lists");
    });
  }
}

}  // namespace

base::Errors CheckAgainstOrg(const config::Desired& desired, const snapshot::Snapshot& snapshot) {
  Findings findings;
  CheckFilters(desired, snapshot, findings);
  CheckLetterCase(desired, snapshot, findings);
  CheckLists(desired, snapshot, findings);
  CheckExclusions(desired, snapshot, findings);
  return findings.Take();
}

base::Errors CheckNewEntries(const std::vector<reconcile::Change>& changes) {
  Findings findings;
  auto check = [&]<class R>(const reconcile::Change& change, std::optional<R> value) {
    auto problem = value ? config::CheckNew(*value) : std::nullopt;
    if (!model::InfoOf<R>().can_create) {
      problem = {.message = "the API makes no " + std::string(model::InfoOf<R>().plural),
                 .hint = "make it in the vendor's UI, or remove the entry"};
    }
    if (!problem) return;
    findings.Add(change.source, [&change, problem = *problem] {
      return At(change.source,
                std::string(model::KindName(change.kind)) + " " + Quoted(change.key) +
                    " cannot be made like this: " + problem.message,
                problem.hint);
    });
  };
  for (const auto& change : changes) {
    bool makes = change.action == reconcile::Action::kCreate &&
                 change.direction == reconcile::Direction::kPush;
    if (!makes) continue;
    model::WithKind(change.kind,
                    [&]<class R> { check(change, model::FromValues<R>(change.after)); });
  }
  return findings.Take();
}

}  // namespace viasync::workflow
