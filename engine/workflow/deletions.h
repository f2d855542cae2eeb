// A filter that is to go while a list uses it: the org would refuse. What can be known of it before
// anything is written. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/desired.h"
#include "engine/plan/plan.h"
#include "engine/snapshot/filter_users.h"
#include "engine/snapshot/snapshot.h"
#include "engine/workflow/base_side.h"

namespace viasync::workflow {

// Whether any filter of the org may be deleted at all; else nobody needs to know who uses which.
bool FilterMayGo(const config::Desired& desired, const BaseSide& base,
                 const snapshot::Snapshot& snapshot, bool prune);

// One error for each filter that `plan` deletes although the files assign it, or a list uses it
// that the plan does not release. It names the lists.
base::Errors CheckFilterDeletions(const plan::Plan& plan, const config::Desired& desired,
                                  const snapshot::FilterUsers& users);

// Takes those deletions out of `decisions` that only --prune asks for, of filters that the files
// assign or that a list uses which the plan does not release: they stay unmanaged. A warning for
// each, which names the lists.
std::vector<plan::Warning> KeepPrunedInUse(plan::Decisions& decisions,
                                           const config::Desired& desired,
                                           const snapshot::FilterUsers& users);

}  // namespace viasync::workflow
