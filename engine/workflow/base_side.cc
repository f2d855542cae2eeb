#include "engine/workflow/base_side.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/base/ports.h"
#include "engine/base/sort_indirect.h"
#include "engine/base/times.h"
#include "engine/config/desired.h"
#include "engine/config/git_tree.h"
#include "engine/config/project.h"
#include "engine/workflow/applied_ref.h"

namespace viasync::workflow {
namespace {

constexpr std::string_view kLastApplied = "auto";

template <class R>
bool Before(const model::Agreed<R>& a, const model::Agreed<R>& b) {
  return model::Compare(a.value, b.value) < 0;
}

template <class R>
base::Result<std::vector<model::Agreed<R>>> ReadKind(store::Store& store,
                                                     const model::ManageRule& rule) {
  std::vector<model::Agreed<R>> side;
  auto read =
      store.ReadBase(model::kKindOf<R>, [&](store::BaseRecord record) -> base::Result<void> {
        auto value = model::FromValues<R>(record.value);
        auto seen = record.seen ? model::FromValues<R>(*record.seen) : std::optional<R>();
        if (!value || (record.seen && !seen)) {
          return base::Fail(base::ErrorKind::kIo,
                            "the store's base holds a " +
                                std::string(model::KindName(model::kKindOf<R>)) +
                                " that cannot be read",
                            "move the store away: without it the next run starts without a base "
                            "and deletes nothing");
        }
        if (!rule.Owns(model::ManagedName(*value))) return {};
        bool by_start = model::KeyOf(*value) != record.key;
        side.push_back({std::move(*value), std::move(seen), by_start});
        return {};
      });
  if (!read) return base::Fail(read.error());
  base::SortIndirect(side, Before<R>);
  return side;
}

// What the files of a commit declare counts as agreed upon.
template <class R>
std::vector<model::Agreed<R>> AgreedOn(const std::vector<model::Declared<R>>& declared) {
  std::vector<model::Agreed<R>> side;
  for (std::size_t i = 0; i < declared.size(); ++i) {
    if (declared[i].absent) continue;
    auto same_key = [&](std::size_t other) {
      return other < declared.size() &&
             model::KeyOf(declared[other].value) == model::KeyOf(declared[i].value);
    };
    side.push_back(
        {.value = declared[i].value, .keyed_by_start = same_key(i + 1) || same_key(i - 1)});
  }
  return side;
}

// What the store's base holds was confirmed by the org once, and has not been deleted since.
base::Result<void> AddArrived(store::Store& store, BaseSide& base) {
  for (auto kind : model::kKinds) {
    auto read = store.ReadBase(kind, [&](store::BaseRecord record) -> base::Result<void> {
      base.arrived.emplace(std::pair(kind, std::move(record.key)),
                           reconcile::Confirmed{std::move(record.value), std::move(record.seen)});
      return {};
    });
    if (!read) return read;
  }
  return {};
}

// How old the commit is, for people.
std::string Age(const config::GitCommit& commit) {
  auto age = base::SystemClock().Now() - commit.committed;
  if (age < base::Millis(0)) return "committed just now";
  return "committed " + base::FormatDuration(age) + " ago";
}

BaseSide OfAnotherOrg(const config::GitCommit& commit, const config::Environment& then,
                      const config::Environment& now) {
  const std::string name = commit.id.substr(0, 12);
  BaseSide none{.from = "none (in commit " + name + " `" + now.name + "` is org " + then.org + ")",
                .commit = commit.id};
  none.note = "commit " + name + " is not a base: there `" + now.name + "` is org " + then.org +
              ", and now it is " + now.org + ". Nothing of it counts";
  return none;
}

// What is wrong in the files of the commit, as Git names a file of it: not in those on disk.
std::unexpected<base::Errors> Unreadable(const config::GitCommit& commit, base::Errors errors) {
  const std::string name = commit.id.substr(0, 12);
  for (auto& error : errors) {
    if (error.where) error.where->file.insert(0, name + ":");
    error.message.insert(0, "the base, commit " + name + ", cannot be read: ");
    error.hint = "give a commit whose files are right with --base-ref";
  }
  return std::unexpected(std::move(errors));
}

// What the environment was in the commit. Errors: the files of the commit; it has none of the name.
std::expected<std::pair<config::Project, config::Environment>, base::Errors> EnvironmentIn(
    const config::GitCommit& commit, const std::string& root, const std::string& name,
    config::FileTree& tree) {
  auto there = tree.Open(config::kProjectFile);
  if (!there) return Unreadable(commit, {there.error()});
  auto project = config::LoadProject(root, tree);
  if (!project) return Unreadable(commit, std::move(project.error()));
  auto named = config::FindEnvironment(*project, name);
  if (!named) return Unreadable(commit, {named.error()});
  config::Environment environment = **named;
  return std::pair(std::move(*project), std::move(environment));
}

}  // namespace

std::expected<BaseSide, base::Errors> ReadBaseRef(const std::string& root,
                                                  const config::Environment& environment,
                                                  store::Store& store, const BaseRef& base_ref) {
  const auto& [ref, trust, notice] = base_ref;
  const bool automatic = ref == kLastApplied;
  auto commit =
      automatic ? FindApplied(root, environment.name, notice) : config::FindCommit(root, ref);
  if (!commit) {
    if (!automatic) commit.error().message.insert(0, "--base-ref: ");
    return std::unexpected(base::Errors{commit.error()});
  }
  if (!commit->warning.empty()) notice("--base-ref: git warns: " + commit->warning);
  auto tree = config::OpenGitTree(root, *commit);
  if (!tree) return std::unexpected(base::Errors{tree.error()});
  auto then = EnvironmentIn(*commit, root, environment.name, **tree);
  if (!then) return std::unexpected(then.error());
  const auto& [project, named] = *then;
  if (named.org != environment.org) return OfAnotherOrg(*commit, named, environment);
  auto desired = config::LoadDesired(project, named, **tree, /*may_be_empty=*/true);
  if (!desired) return Unreadable(*commit, std::move(desired.error()));
  const bool applied = automatic || IsApplied(root, environment.name, commit->id);
  BaseSide base{.exists = true,
                .from = "git " + commit->id.substr(0, 12),
                .commit = commit->id,
                .of_files = true,
                .declared_only = !trust && !applied};
  model::ForEachKind([&]<class R> { base.Of<R>() = AgreedOn(desired->template Of<R>()); });
  base.note = "the base is commit " + commit->id.substr(0, 12) + ", " + Age(*commit);
  if (applied) base.note += "; it was applied last to " + environment.name;
  if (base.declared_only) base.note += "; it is not recorded as applied to " + environment.name;
  if (base.declared_only) {
    if (auto added = AddArrived(store, base); !added) {
      return std::unexpected(base::Errors{added.error()});
    }
  }
  return base;
}

base::Result<BaseSide> ReadBaseSide(store::Store& store, const model::Manage& manage) {
  BaseSide base;
  auto exists = store.HasBase();
  if (!exists) return base::Fail(exists.error());
  base.exists = *exists;
  if (!base.exists) return base;
  base.from = "store";
  std::optional<base::Error> error;
  model::ForEachKind([&]<class R> {
    if (error) return;
    auto read = ReadKind<R>(store, manage.For(model::kKindOf<R>));
    if (read)
      base.Of<R>() = std::move(*read);
    else
      error = std::move(read.error());
  });
  if (error) return base::Fail(std::move(*error));
  return base;
}

}  // namespace viasync::workflow
