// From a plan to an org in step: what `apply` does after it was allowed to.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "engine/apply/result.h"
#include "engine/base/result.h"
#include "engine/store/store.h"
#include "engine/workflow/org.h"
#include "engine/workflow/planning.h"

namespace viasync::workflow {

struct ApplyInputs {
  std::string run;
  bool reviewed = false;
  bool merge = false;  // as apply::ApplyOptions
  const std::atomic<bool>* stop = nullptr;
  std::function<void(std::size_t done, std::size_t total)> progress;
};

// Settles what a killed run left open. One line per step; none where nothing was open.
base::Result<std::vector<std::string>> SettleOpenSteps(Org& org, store::Store& store);

// Moves the base to what both sides agree on already, then sends the plan's pushes.
base::Result<apply::ApplyResult> ApplyPlan(const Planned& planned, Org& org, store::Store& store,
                                           ApplyInputs inputs);

}  // namespace viasync::workflow
