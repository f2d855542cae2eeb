// Criteria, judged where it is known what would be written and which columns the org uses. Pure.
#pragma once

#include "engine/base/result.h"
#include "engine/config/desired.h"
#include "engine/plan/plan.h"
#include "engine/snapshot/snapshot.h"

namespace viasync::workflow {

struct CriteriaFindings {
  base::Errors errors, warnings;
};

// What does not read as a condition among the criteria that the plan would write. What the org
// holds already is its own matter, and what the files declare alike is not written. A warning is
// what the org's criterion of the same filter shows as well: its dialect takes it.
CriteriaFindings CheckPushedCriteria(const plan::Plan& plan, const config::Desired& desired);

// Columns of declared criteria that no filter of the org uses: one warning for each that is near a
// known name, and one for all of the others.
// Nothing where the org has no filters.
base::Errors FindUnknownColumns(const config::Desired& desired, const snapshot::Snapshot& snapshot);

}  // namespace viasync::workflow
