#include "engine/workflow/base_side.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/config/desired.h"
#include "engine/config/project.h"
#include "engine/model/fields.h"
#include "engine/workflow/git_tree.h"

namespace viasync::workflow {
namespace {

template <class R>
bool Before(const model::Agreed<R>& a, const model::Agreed<R>& b) {
  return model::KeyOf(a.value) < model::KeyOf(b.value);
}
template <>
bool Before(const model::Agreed<model::Exclusion>& a, const model::Agreed<model::Exclusion>& b) {
  return std::tuple(model::KeyOf(a.value), a.value.start) <
         std::tuple(model::KeyOf(b.value), b.value.start);
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
  if (!std::ranges::is_sorted(side, Before<R>)) std::ranges::sort(side, Before<R>);
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

}  // namespace

std::expected<BaseSide, base::Errors> ReadBaseRef(const std::string& root, const std::string& ref,
                                                  const std::string& environment) {
  auto tree = OpenGitTree(root, ref);
  if (!tree) return std::unexpected(base::Errors{tree.error()});
  auto project = config::LoadProject(root, *tree->files);
  if (!project) return std::unexpected(project.error());
  auto named = config::FindEnvironment(*project, environment);
  if (!named) return std::unexpected(base::Errors{named.error()});
  auto desired = config::LoadDesired(*project, **named, *tree->files);
  if (!desired) return std::unexpected(desired.error());
  return BaseSide{.exists = true,
                  .from = "git " + tree->commit.substr(0, 12),
                  .commit = tree->commit,
                  .filters = AgreedOn(desired->filters),
                  .exclusions = AgreedOn(desired->exclusions),
                  .lists = AgreedOn(desired->lists)};
}

base::Result<BaseSide> ReadBaseSide(store::Store& store, const model::Manage& manage) {
  BaseSide base;
  auto exists = store.HasBase();
  if (!exists) return base::Fail(exists.error());
  base.exists = *exists;
  if (!base.exists) return base;
  base.from = "store";
  auto filters = ReadKind<model::Filter>(store, manage.For(model::Kind::kFilter));
  if (!filters) return base::Fail(filters.error());
  auto exclusions = ReadKind<model::Exclusion>(store, manage.For(model::Kind::kExclusion));
  if (!exclusions) return base::Fail(exclusions.error());
  auto lists = ReadKind<model::List>(store, manage.For(model::Kind::kList));
  if (!lists) return base::Fail(lists.error());
  base.filters = std::move(*filters);
  base.exclusions = std::move(*exclusions);
  base.lists = std::move(*lists);
  return base;
}

template <class R>
store::BaseMove ToMove(const reconcile::BaseEdit<R>& edit) {
  store::BaseMove move{.kind = model::kKindOf<R>, .key = edit.key};
  if (!edit.agreed) return move;
  move.record = store::BaseRecord{
      .kind = move.kind, .key = edit.key, .value = model::ValuesOf(edit.agreed->value)};
  if (edit.agreed->seen) move.record->seen = model::ValuesOf(*edit.agreed->seen);
  return move;
}

template store::BaseMove ToMove(const reconcile::BaseEdit<model::Filter>&);
template store::BaseMove ToMove(const reconcile::BaseEdit<model::Exclusion>&);
template store::BaseMove ToMove(const reconcile::BaseEdit<model::List>&);

}  // namespace viasync::workflow
