// Who may be contacted again: which changes of a plan take away protection that somebody had.
#pragma once

#include <vector>

#include "engine/base/ports.h"
#include "engine/reconcile/change.h"

namespace viasync::plan {

// Sets Change::unprotects in each change, pushes and pulls alike, as seen at `now`. True for an
// exclusion that goes, starts later or ends sooner (Change::protects is false), unless
// - it had ended: then it protected nobody any more; or
// - it goes, and an entry that is created on the same side covers the same address, the same list
//   or all lists, and all of the time that was left: it was moved, or widened.
// A later start counts even where both starts are past, since the org's clock decides, not ours.
void MarkUnprotecting(std::vector<reconcile::Change>& changes, base::UtcTime now);

}  // namespace viasync::plan
