// What an apply did, change by change: what the end of every run is told from. Plain values.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/base/ports.h"
#include "engine/reconcile/change.h"

namespace viasync::apply {

struct StepResult {
  enum State {
    kDone,        // the org confirmed it
    kFailed,      // the org refused it, or could not be reached: nothing changed
    kSkipped,     // not tried, since something it needs failed
    kUnknown,     // sent, and nobody can say whether it happened; the next run settles it
    kConflict,    // somebody changed the same field in the org since the plan: left as it is there
    kStale,       // of a reviewed plan: changed in the org since the review; left as it is there
    kNotStarted,  // the run ended before its turn
  };
  reconcile::Change change;
  State state = kNotStarted;
  std::string note{};  // why; or, where it is done, what was special: "was already done"
  // What somebody changed in the org since the plan: base = as planned against, local = as the plan
  // wants it, remote = as the org has it now. `merged`: what was written, where that was allowed.
  std::vector<reconcile::FieldChange> moved{};
};

using StepState = StepResult::State;

struct ApplyResult {
  std::string environment;
  std::string org;
  std::string plan_id;
  std::vector<StepResult> steps{};  // in the order of the plan
  bool interrupted = false;         // the user asked to stop
  std::string stopped{};            // why the run stopped early by itself; empty = it did not
  base::Millis took{0};
  std::size_t requests = 0, retries = 0, throttled = 0;
  // What a run that crashed had left open, and how it was settled: one line each.
  std::vector<std::string> settled{};
};

}  // namespace viasync::apply
