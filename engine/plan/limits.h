// The brakes: how much a run may change, per kind and action, as a number or a share. Checked
// before the first write; a limit that is exceeded names itself and what lifts it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/resources.h"
#include "engine/plan/plan.h"
#include "engine/reconcile/change.h"

namespace viasync::plan {

// At most `value` changes, or at most `value` percent of what the org holds of that kind; a share
// always allows `at_least` changes, so that a small org is not stopped by its size.
struct Limit {
  bool percent = false;
  std::size_t value = 0;
  std::size_t at_least = 1;
};

// How many changes a limit allows where the org holds `population` resources of the kind.
std::size_t Allowed(const Limit& limit, std::size_t population);

std::optional<Limit> ParseLimit(std::string_view text);  // "5" or "50%"
std::string LimitText(const Limit& limit);

// The limit on changes that allow contact again; its action is none of the three.
inline constexpr std::string_view kUnprotect = "unprotect";
inline constexpr std::string_view kUnprotectLimit = "exclusions.unprotect";

struct Limits {
  model::ByKind<reconcile::ByAction<std::optional<Limit>>> by_kind;  // nullopt = no limit
  std::optional<Limit> unprotect{};                                  // Summary::unprotect
  std::optional<Limit>& For(model::Kind kind, reconcile::Action action) {
    return by_kind[kind][action];
  }
  const std::optional<Limit>& For(model::Kind kind, reconcile::Action action) const {
    return by_kind[kind][action];
  }
};

// What holds where the project says nothing: of every kind update 50 %, but at least 10, and delete
// KindInfo::delete_limit; unprotect 10. Creates are free.
Limits DefaultLimits();

// `filters.create` … `exclusions.unprotect`: as in viasync.yaml and after --limit.
std::span<const std::string> LimitNames();
// The limit of that name in `limits`; nullptr: there is no such limit.
std::optional<Limit>* FindLimit(Limits& limits, std::string_view name);

// The limits that the plan's pushes exceed, `exclusions.unprotect` first. A filter that only gets
// another name (Plan::renames) does not count as deleted.
std::vector<Exceeded> CheckLimits(const Plan& plan, const Limits& limits);

// One error (kLimit) for each: what the plan would do, and what allows it.
base::Errors LimitErrors(std::span<const Exceeded> exceeded);

}  // namespace viasync::plan
