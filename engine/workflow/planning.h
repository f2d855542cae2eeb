// From files and org to a plan: what `plan`, `apply` and `drift` have in common. Sends GETs only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/resources.h"
#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/config/desired.h"
#include "engine/config/project.h"
#include "engine/http/task.h"
#include "engine/plan/plan.h"
#include "engine/snapshot/filter_users.h"
#include "engine/snapshot/snapshot.h"
#include "engine/store/store.h"
#include "engine/workflow/base_side.h"
#include "engine/workflow/editors.h"
#include "engine/workflow/org.h"

namespace viasync::workflow {

// The repository, read for one environment.
struct Repository {
  config::Project project;
  config::Environment environment;
  config::Desired desired;
};

// Errors: every problem of the project file and of the configuration; an environment that is not
// there; no file that declares anything, unless it `may_be_empty`. An empty name takes the
// project's only environment.
std::expected<Repository, base::Errors> LoadRepository(const std::string& root,
                                                       const std::string& environment,
                                                       bool may_be_empty = false);

struct PlanInputs {
  plan::Options options;
  std::optional<BaseSide> base{};  // nullopt: the store's
  bool adopt = false;        // what no file declares and the base does not know is to be pulled
  bool allow_empty = false;  // accept that one side is suddenly empty
  bool use_cache = true;     // details that an earlier run read need not be read again
  std::function<void(std::size_t done, std::size_t total)> progress;
};

// What a plan is decided from, besides the files.
struct View {
  BaseSide base;
  snapshot::Snapshot snapshot;
  OurWrites our_writes{};
  snapshot::FilterUsers filter_users{};  // where a filter may go
};

struct Planned {
  plan::Plan plan;
  api::Schemas schemas;                // of the org, for the writes
  std::vector<store::BaseMove> moves;  // what both sides agree on already
  bool has_base = false;
  base::Errors blocked{};  // what the org would refuse: nothing of the plan may be sent
};

// Reads base and org. Errors: of the org and the store; kLimit when a side is suddenly empty.
std::expected<View, base::Errors> ReadOrg(const Repository& repository, Org& org,
                                          store::Store& store, const PlanInputs& inputs);

// Checks and reconciles, and holds the plan against the project's limits (Plan::exceeded); sends
// nothing. Errors: kInvalid per name that the org does not know.
std::expected<Planned, base::Errors> Decide(const Repository& repository, const View& view,
                                            const PlanInputs& inputs, base::UtcTime now);

// ReadOrg, then Decide.
std::expected<Planned, base::Errors> MakePlan(const Repository& repository, Org& org,
                                              store::Store& store, const PlanInputs& inputs);

}  // namespace viasync::workflow
