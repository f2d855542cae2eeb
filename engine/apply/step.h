// One step of an apply, from intent to outcome. It writes with the version it was planned against,
// and where an answer was lost it reads before it does anything else.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "engine/apply/journal.h"
#include "engine/apply/result.h"
#include "engine/apply/writer.h"
#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/http/task.h"
#include "engine/http/transport.h"
#include "engine/reconcile/change.h"

namespace viasync::apply {

struct StepContext {
  Writer& writer;
  Journal& journal;
  http::Transport& transport;
  std::string run, plan_id;
  bool reviewed = false;
  bool merge = false;   // write what two edits of one text merge to, though nobody has seen it
  std::string start{};  // of an exclusion that says none, where an earlier run sent one; else empty
};

struct StepOutcome {
  StepState state = StepState::kFailed;
  std::string note;
  // The org or the store cannot be reached at all: no other step will fare better.
  bool hopeless = false;
  std::vector<reconcile::FieldChange> moved{};  // as in StepResult
};

// Requires: everything outlives the task.
http::Task<StepOutcome> RunStep(StepContext context, const reconcile::Change& change);

// The base after a confirmed push. `shown`: what the org's answer showed, where it did; a value it
// rewrote is remembered as its own form, so that it is no drift.
store::BaseMove MoveOf(const Writer& writer, const reconcile::Change& change,
                       const model::Values& sent, const std::optional<model::Values>& shown);

}  // namespace viasync::apply
