#include "engine/workflow/comparing.h"

#include <utility>

#include "engine/reconcile/reconcile.h"
#include "engine/snapshot/snapshot.h"
#include "engine/workflow/cache.h"
#include "engine/workflow/version.h"

namespace viasync::workflow {
namespace {

base::Result<snapshot::Snapshot> Take(const model::Manage& manage, Side& side) {
  auto cache = side.use_cache ? OpenCache(side.environment, side.org) : nullptr;
  auto taken =
      http::Run(*side.org.transport,
                snapshot::TakeSnapshot(*side.org.session, {.manage = manage, .all_details = true},
                                       side.progress, cache.get()));
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

template <class R>
void CompareKind(std::vector<model::Remote<R>> first, const std::vector<model::Remote<R>>& second,
                 plan::Decisions& decisions) {
  const auto wanted = AsDeclared(std::move(first));
  auto part = reconcile::Reconcile<R>({}, wanted, second, {.prune = true, .exact = true});
  std::ranges::move(part.changes, std::back_inserter(decisions.changes));
  std::ranges::move(part.conflicts, std::back_inserter(decisions.conflicts));
  std::ranges::move(part.unmanaged, std::back_inserter(decisions.unmanaged));
  decisions.unchanged += part.unchanged;
}

}  // namespace

std::expected<plan::Plan, base::Errors> Compare(const model::Manage& manage, Side first,
                                                Side second) {
  auto one = Take(manage, first);
  if (!one) return std::unexpected(base::Errors{one.error()});
  auto two = Take(manage, second);
  if (!two) return std::unexpected(base::Errors{two.error()});
  plan::Decisions decisions;
  CompareKind(std::move(one->filters), two->filters, decisions);
  CompareKind(std::move(one->exclusions), two->exclusions, decisions);
  CompareKind(std::move(one->lists), two->lists, decisions);
  plan::Plan header{.tool = std::string(ToolName()),
                    .environment = second.environment.name,
                    .org = second.environment.org,
                    .created = second.org.transport->clock().Now(),
                    .base_from = "none",
                    .population = {two->filters.size(), two->exclusions.size(), two->lists.size()}};
  return plan::MakePlan(std::move(header), std::move(decisions));
}

}  // namespace viasync::workflow
