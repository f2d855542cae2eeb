// The brakes: how much a run may change, per kind and action, as a number or a share. Checked
// before the first write; a limit that is exceeded names itself and what lifts it.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/resources.h"
#include "engine/plan/plan.h"
#include "engine/reconcile/change.h"

namespace viasync::plan {

// Either at most `count` changes, or at most `percent` of what the org holds of that kind (a share
// of fewer than 10 resources is never exceeded by one change alone).
struct Limit {
  bool percent = false;
  std::size_t value = 0;
};

std::optional<Limit> ParseLimit(std::string_view text);  // "5" or "50%"
std::string LimitText(const Limit& limit);

struct Limits {
  // [kind][action]; nullopt = no limit.
  std::array<std::array<std::optional<Limit>, 3>, 3> by_kind;
  std::optional<Limit>& For(model::Kind kind, reconcile::Action action) {
    return by_kind[static_cast<std::size_t>(kind)][static_cast<std::size_t>(action)];
  }
  const std::optional<Limit>& For(model::Kind kind, reconcile::Action action) const {
    return by_kind[static_cast<std::size_t>(kind)][static_cast<std::size_t>(action)];
  }
};

// What holds where the project says nothing: filters delete 5, update 50 %; exclusions delete 100,
// update 50 %; lists update 50 %. Creates are free.
Limits DefaultLimits();

// One error (kLimit) per limit that the plan's pushes exceed; empty = none.
base::Errors CheckLimits(const Plan& plan, const Limits& limits);

}  // namespace viasync::plan
