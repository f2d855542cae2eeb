// Two orgs compared: what `diff` shows, and which of it the files ask for. Sends GETs only; no
// store has a part in it.
#pragma once

#include <expected>
#include <functional>

#include "engine/base/result.h"
#include "engine/config/desired.h"
#include "engine/config/project.h"
#include "engine/plan/plan.h"
#include "engine/workflow/org.h"

namespace viasync::workflow {

struct Side {
  const config::Environment& environment;
  const config::Desired& desired;  // of that environment
  Org& org;
  std::function<void(std::size_t done, std::size_t total)> progress{};
  bool use_cache = true;  // as PlanInputs'
};

// As plans of what `second` would need to hold the same as `first`, of everything inside `manage`
// but the fields that it leaves to the UI: creates are what is missing there, updates what is
// different, deletes what is extra. Ids have no part in it, and schemas are compared by name. What
// cannot be told apart is a conflict.
struct Comparison {
  plan::Plan
      unasked;  // differences that nobody asked for; its `unchanged` counts what is identical
  // Differences that the files ask for, by variables and overlays, where each side is as it was
  // meant to be. An entry that differs in both ways is in both plans, each with its fields.
  plan::Plan intended;
};

// Errors: of either org, with its name.
std::expected<Comparison, base::Errors> Compare(const model::Manage& manage, Side first,
                                                Side second);

}  // namespace viasync::workflow
