// What can be said only with the org in view, before anything is written: names that do not exist
// there, lists that take no filter, a side that is suddenly empty. Pure.
#pragma once

#include <vector>

#include "engine/base/result.h"
#include "engine/config/desired.h"
#include "engine/reconcile/change.h"
#include "engine/snapshot/snapshot.h"

namespace viasync::workflow {

// All problems at once, in the order of the files: a declared list that the org lacks or that takes
// no filter and is to get another, a filter assigned but nowhere defined, an unknown schema, an
// exclusion for an unknown list.
base::Errors CheckAgainstOrg(const config::Desired& desired, const snapshot::Snapshot& snapshot);

// What the org would be given, but is not in the form that a new entry must have.
base::Errors CheckNewEntries(const std::vector<reconcile::Change>& changes);

}  // namespace viasync::workflow
