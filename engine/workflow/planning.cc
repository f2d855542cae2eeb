#include "engine/workflow/planning.h"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "engine/base/strings.h"
#include "engine/http/transport.h"
#include "engine/plan/limits.h"
#include "engine/reconcile/reconcile.h"
#include "engine/snapshot/guard.h"
#include "engine/workflow/base_side.h"
#include "engine/workflow/cache.h"
#include "engine/workflow/checks.h"
#include "engine/workflow/criteria_checks.h"
#include "engine/workflow/deletions.h"
#include "engine/workflow/same_numbers.h"
#include "engine/workflow/version.h"

namespace viasync::workflow {
namespace {

using model::Kind;

base::Errors One(base::Error error) { return {std::move(error)}; }

reconcile::Prefer PreferOf(const std::string& text) {
  if (text == "local") return reconcile::Prefer::kLocal;
  if (text == "remote") return reconcile::Prefer::kRemote;
  return reconcile::Prefer::kNeither;
}

reconcile::Rules RulesFor(const PlanInputs& inputs, const BaseSide& base,
                          const model::ManageRule& manage, Kind kind) {
  const auto& options = inputs.options;
  reconcile::Rules rules{.has_base = base.exists,
                         .base_of_files = base.of_files,
                         .manage = &manage,
                         .prune = options.prune,
                         .adopt = inputs.adopt,
                         .revert_drift = options.revert_drift,
                         .prefer = PreferOf(options.prefer)};
  for (const auto& [key, side] : options.prefer_key) rules.prefer_key[key] = PreferOf(side);
  if (base.declared_only) {
    rules.arrived = [&base, kind](const std::string& key) -> const reconcile::Confirmed* {
      auto found = base.arrived.find({kind, key});
      return found == base.arrived.end() ? nullptr : &found->second;
    };
  }
  return rules;
}

// What needs a detail GET: what is declared or in the base.
snapshot::Wanted WantedFor(const Repository& repository, const BaseSide& base, bool all) {
  snapshot::Wanted wanted{.manage = repository.project.manage};
  wanted.all_details = all;
  model::ForEachKind([&]<class R> {
    auto& keys = wanted.keys.Of<R>();
    for (const auto& entry : repository.desired.Of<R>()) keys.insert(model::KeyOf(entry.value));
    for (const auto& entry : base.Of<R>()) keys.insert(model::KeyOf(entry.value));
  });
  return wanted;
}

// Files that suddenly declare nothing of a kind the base knows: more likely a wrong folder or a
// broken checkout than a wish.
base::Errors CheckFilesNotEmptied(const config::Desired& desired, const BaseSide& base) {
  base::Errors errors;
  model::ForEachKind([&]<class R> {
    // What the API cannot delete would only cease to be managed.
    const std::size_t known = model::InfoOf<R>().can_delete ? base.Of<R>().size() : 0;
    if (!desired.Of<R>().empty() || known == 0) return;
    constexpr Kind kind = model::kKindOf<R>;
    errors.push_back({.kind = base::ErrorKind::kLimit,
                      .message = "the files declare no " + std::string(model::KindPlural(kind)) +
                                 " any more, but " + base::Plural(known, model::KindName(kind)) +
                                 (known == 1 ? " was" : " were") + " in step at the last run",
                      .hint =
                          "look whether files are missing from config/; if this is intended, run "
                          "with --allow-empty"});
  });
  return errors;
}

// How many of each kind the org is known to have had. What a commit only declares may never have
// arrived, and an org without it is not an org that was emptied.
model::ByKind<std::size_t> KnownToHaveBeen(const BaseSide& base) {
  model::ByKind<std::size_t> known;
  if (base.declared_only) {
    for (const auto& [resource, confirmed] : base.arrived) ++known[resource.first];
  } else {
    model::ForEachKind([&]<class R> { known.Of<R>() = base.Of<R>().size(); });
  }
  return known;
}

void WarnOf(const base::Errors& problems, plan::Plan& plan) {
  for (const auto& [kind, message, hint, where, excerpt, status] : problems) {
    plan.warnings.push_back({.message = message, .hint = hint, .where = where});
  }
}

template <class R>
void Collect(reconcile::Reconciled<R>&& part, plan::Decisions& decisions,
             std::vector<store::BaseMove>& moves) {
  std::ranges::move(part.changes, std::back_inserter(decisions.changes));
  std::ranges::move(part.conflicts, std::back_inserter(decisions.conflicts));
  std::ranges::move(part.unmanaged, std::back_inserter(decisions.unmanaged));
  decisions.unchanged += part.unchanged;
  for (const auto& edit : part.base_edits) moves.push_back(ToMove(edit));
}

}  // namespace

std::expected<Repository, base::Errors> LoadRepository(const std::string& root,
                                                       const std::string& environment,
                                                       bool may_be_empty) {
  auto project = config::LoadProject(root);
  if (!project) return std::unexpected(project.error());
  auto found = project->environments.begin();
  if (!environment.empty() || project->environments.size() != 1) {
    auto named = config::FindEnvironment(*project, environment);
    if (!named) return std::unexpected(One(named.error()));
    found = project->environments.find((*named)->name);
  }
  Repository repository{.environment = found->second};
  repository.project = std::move(*project);
  auto desired = config::LoadDesired(repository.project, repository.environment, may_be_empty);
  if (!desired) return std::unexpected(desired.error());
  repository.desired = std::move(*desired);
  return repository;
}

std::expected<View, base::Errors> ReadOrg(const Repository& repository, Org& org,
                                          store::Store& store, const PlanInputs& inputs) {
  auto base = inputs.base ? base::Result<BaseSide>(*inputs.base)
                          : ReadBaseSide(store, repository.project.manage);
  if (!base) return std::unexpected(One(base.error()));
  if (!inputs.allow_empty) {
    if (auto errors = CheckFilesNotEmptied(repository.desired, *base); !errors.empty()) {
      return std::unexpected(std::move(errors));
    }
  }
  bool all_details = inputs.options.prune || inputs.adopt;
  auto cache = inputs.use_cache ? OpenCache(repository.environment, org, &store) : nullptr;
  if (cache) BeginAtKnownRate(*cache, org);
  auto taken =
      http::Run(*org.transport,
                snapshot::TakeSnapshot(*org.session, WantedFor(repository, *base, all_details),
                                       inputs.progress, cache.get()));
  if (cache) KeepKnownRate(*cache, org);
  if (!taken) return std::unexpected(One(taken.error()));
  auto writes = ReadOurWrites(store);
  if (!writes) return std::unexpected(One(writes.error()));
  View view{
      .base = std::move(*base), .snapshot = std::move(*taken), .our_writes = std::move(*writes)};
  if (!inputs.allow_empty) {
    auto implausible = snapshot::CheckPlausible(view.snapshot.listed, KnownToHaveBeen(view.base));
    if (implausible) return std::unexpected(One(*implausible));
  }
  if (FilterMayGo(repository.desired, view.base, view.snapshot, inputs.options.prune)) {
    auto users = http::Run(*org.transport, snapshot::FindFilterUsers(*org.session, view.snapshot));
    if (!users) return std::unexpected(One(users.error()));
    view.filter_users = std::move(*users);
  }
  return view;
}

std::expected<Planned, base::Errors> Decide(const Repository& repository, const View& view,
                                            const PlanInputs& inputs, base::UtcTime now) {
  const auto& [base, snapshot, our_writes, filter_users] = view;
  const auto& desired = repository.desired;
  if (auto errors = CheckAgainstOrg(desired, snapshot); !errors.empty()) {
    return std::unexpected(std::move(errors));
  }
  Planned planned{.schemas = snapshot.schemas, .has_base = base.exists};
  plan::Decisions decisions;
  plan::Population population;
  model::ForEachKind([&]<class R> {
    constexpr Kind kKind = model::kKindOf<R>;
    auto rules = RulesFor(inputs, view.base, repository.project.manage.For(kKind), kKind);
    Collect(
        reconcile::Reconcile<R>(view.base.Of<R>(), desired.Of<R>(), view.snapshot.Of<R>(), rules),
        decisions, planned.moves);
    population[kKind] = view.snapshot.Of<R>().size();
  });
  if (auto errors = CheckNewEntries(decisions.changes); !errors.empty()) {
    return std::unexpected(std::move(errors));
  }

  auto kept = KeepPrunedInUse(decisions, desired, filter_users);
  plan::Plan header{
      .tool = std::string(ToolName()),
      .environment = repository.environment.name,
      .org = repository.environment.org,
      .created = now,
      .base_from = base.from,
      .options = inputs.options,
      .population = population,
      .warnings = WarnOfSameNumbers(desired.Of<model::Exclusion>(), snapshot.Of<model::Exclusion>(),
                                    repository.environment.default_region)};
  std::ranges::move(kept, std::back_inserter(header.warnings));
  planned.plan = plan::MakePlan(std::move(header), std::move(decisions));
  planned.plan.exceeded = plan::CheckLimits(planned.plan, repository.project.limits);
  planned.blocked = CheckFilterDeletions(planned.plan, desired, filter_users);
  NameEditors(our_writes, snapshot, planned.plan);
  auto [faults, taken_there] = CheckPushedCriteria(planned.plan, desired);
  switch (repository.project.checks.criteria) {
    case config::CheckLevel::kError:
      if (!faults.empty()) return std::unexpected(std::move(faults));
      break;
    case config::CheckLevel::kWarn:
      WarnOf(faults, planned.plan);
      break;
    case config::CheckLevel::kOff:
      return planned;
  }
  WarnOf(taken_there, planned.plan);
  WarnOf(FindUnknownColumns(desired, snapshot), planned.plan);
  return planned;
}

std::expected<Planned, base::Errors> MakePlan(const Repository& repository, Org& org,
                                              store::Store& store, const PlanInputs& inputs) {
  auto view = ReadOrg(repository, org, store, inputs);
  if (!view) return std::unexpected(view.error());
  return Decide(repository, *view, inputs, org.transport->clock().Now());
}

}  // namespace viasync::workflow
