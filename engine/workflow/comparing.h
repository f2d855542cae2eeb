// Two orgs compared: what `diff` shows. Sends GETs only; no store and no files have a part in it.
#pragma once

#include <expected>
#include <functional>

#include "engine/base/result.h"
#include "engine/config/project.h"
#include "engine/plan/plan.h"
#include "engine/workflow/org.h"

namespace viasync::workflow {

struct Side {
  const config::Environment& environment;
  Org& org;
  std::function<void(std::size_t done, std::size_t total)> progress{};
  bool use_cache = true;  // as PlanInputs'
};

// What `second` would need to hold the same as `first`, of everything inside `manage`, as a plan:
// creates are what it lacks, updates what it has otherwise, deletes what it has besides. Ids have
// no part in it, and schemas are compared by name. What cannot be told apart is a conflict.
// Errors: of either org, with its name.
std::expected<plan::Plan, base::Errors> Compare(const model::Manage& manage, Side first,
                                                Side second);

}  // namespace viasync::workflow
