// Apply: carries out the pushes of a plan. At any instant every object is in its old or its
// intended state, base and journal claim only what was confirmed, and killing the program is safe.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <string>

#include "engine/api/resources.h"
#include "engine/api/session.h"
#include "engine/apply/result.h"
#include "engine/base/result.h"
#include "engine/http/task.h"
#include "engine/plan/plan.h"
#include "engine/store/store.h"

namespace viasync::apply {

struct ApplyOptions {
  std::string run;        // names this run in journal and audit trail
  bool reviewed = false;  // the plan was reviewed as it stands: what moved is stale, never rebased
  bool merge = false;     // two edits of one text are merged after the plan, too, unseen
  const std::atomic<bool>* stop = nullptr;  // set: what is in flight ends, nothing more starts
  std::function<void(std::size_t done, std::size_t total)> progress;
};

// Requires: all outlive the task; the plan was made from the same org, and no step is open in the
// store (Settle first). Never fails as a whole: what was not done is in the result, step by step.
http::Task<ApplyResult> Apply(const plan::Plan& plan, api::Session& session,
                              const api::Schemas& schemas, store::Store& store,
                              ApplyOptions options);

// Settles what a run that was killed left open, by reading the org: each step either happened, and
// the base moves, or it did not. Returns one line per step, for people.
// Errors: of the store, or when the org could not be read.
http::Task<base::Result<std::vector<std::string>>> Settle(api::Session& session,
                                                          const api::Schemas& schemas,
                                                          store::Store& store);

}  // namespace viasync::apply
