#include "engine/workflow/comparing.h"

#include <span>
#include <utility>

#include "engine/reconcile/reconcile.h"
#include "engine/snapshot/snapshot.h"
#include "engine/workflow/cache.h"
#include "engine/workflow/intent.h"
#include "engine/workflow/version.h"

namespace viasync::workflow {
namespace {

base::Result<snapshot::Snapshot> Take(const model::Manage& manage, Side& side) {
  auto cache = side.use_cache ? OpenCache(side.environment, side.org) : nullptr;
  if (cache) BeginAtKnownRate(*cache, side.org);
  auto taken =
      http::Run(*side.org.transport,
                snapshot::TakeSnapshot(*side.org.session, {.manage = manage, .all_details = true},
                                       side.progress, cache.get()));
  if (cache) KeepKnownRate(*cache, side.org);
  if (!taken) taken.error().message = side.environment.name + ": " + taken.error().message;
  return taken;
}

template <class R>
std::vector<model::Declared<R>> AsDeclared(std::vector<model::Remote<R>> remote) {
  std::vector<model::Declared<R>> declared;
  declared.reserve(remote.size());
  for (auto& entry : remote) declared.push_back({.value = std::move(entry.value)});
  return declared;
}

struct Both {
  plan::Decisions unasked, intended;
};

template <class R>
void CompareKind(const model::Manage& manage, std::vector<model::Remote<R>> first,
                 const std::vector<model::Remote<R>>& second,
                 std::span<const model::Declared<R>> meant_first,
                 std::span<const model::Declared<R>> meant_second, Both& decisions) {
  const auto wanted = AsDeclared(std::move(first));
  auto part = reconcile::Reconcile<R>(
      {}, wanted, second, {.manage = &manage.For(model::kKindOf<R>), .prune = true, .exact = true});
  auto split = SplitByIntent<R>(std::move(part.changes), meant_first, meant_second);
  auto& unasked = decisions.unasked;
  std::ranges::move(split.unasked, std::back_inserter(unasked.changes));
  std::ranges::move(split.intended, std::back_inserter(decisions.intended.changes));
  std::ranges::move(part.conflicts, std::back_inserter(unasked.conflicts));
  std::ranges::move(part.unmanaged, std::back_inserter(unasked.unmanaged));
  unasked.unchanged += part.unchanged;
}

}  // namespace

std::expected<Comparison, base::Errors> Compare(const model::Manage& manage, Side first,
                                                Side second) {
  auto one = Take(manage, first);
  if (!one) return std::unexpected(base::Errors{one.error()});
  auto two = Take(manage, second);
  if (!two) return std::unexpected(base::Errors{two.error()});
  Both decisions;
  const auto &a = first.desired, &b = second.desired;
  plan::Population population;
  model::ForEachKind([&]<class R> {
    population.Of<R>() = two->template Of<R>().size();
    CompareKind<R>(manage, std::move(one->template Of<R>()), two->template Of<R>(),
                   a.template Of<R>(), b.template Of<R>(), decisions);
  });
  const plan::Plan header{.tool = std::string(ToolName()),
                          .environment = second.environment.name,
                          .org = second.environment.org,
                          .created = second.org.transport->clock().Now(),
                          .base_from = "none",
                          .population = population};
  return Comparison{.unasked = plan::MakePlan(header, std::move(decisions.unasked)),
                    .intended = plan::MakePlan(header, std::move(decisions.intended))};
}

}  // namespace viasync::workflow
