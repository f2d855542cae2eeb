// From files and org to a plan: what `plan`, `apply` and `drift` have in common. Sends GETs only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/desired.h"
#include "engine/config/project.h"
#include "engine/http/task.h"
#include "engine/plan/plan.h"
#include "engine/snapshot/snapshot.h"
#include "engine/store/store.h"
#include "engine/workflow/org.h"

namespace viasync::workflow {

// The repository, read for one environment.
struct Repository {
  config::Project project;
  config::Environment environment;
  config::Desired desired;
};

// Errors: every problem of the project file and of the configuration; an environment that is not
// there. An empty name takes the project's only environment.
std::expected<Repository, base::Errors> LoadRepository(const std::string& root,
                                                       const std::string& environment);

struct PlanInputs {
  plan::Options options;
  bool allow_empty = false;  // a side that lists nothing all at once is meant
  std::function<void(std::size_t done, std::size_t total)> progress;
};

struct Planned {
  plan::Plan plan;
  snapshot::Snapshot snapshot;
  std::vector<store::BaseMove> moves;  // what both sides agree on already
};

// Takes the snapshot, checks, reconciles. Errors: of the org and the store; kInvalid per name that
// the org does not know; kLimit when a side is suddenly empty.
std::expected<Planned, base::Errors> MakePlan(const Repository& repository, Org& org,
                                              store::Store& store, const PlanInputs& inputs);

}  // namespace viasync::workflow
