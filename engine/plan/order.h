// In which order writes go to the org: stated here once. The plan lists its pushes so, and apply
// runs side by side what need not wait for each other. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/reconcile/change.h"

namespace viasync::plan {

// The ranks of pushes, first to last. What takes protection away comes last, also where it
// protected nobody any more: the order must not depend on whose clock is right.
enum class Rank {
  kProtect,        // new and extended exclusions
  kMakeFilters,    // filters that are made or changed
  kAssignFilters,  // lists that take or release a filter
  kDropFilters,    // filters that go
  kUnprotect,      // exclusions that start later, end sooner, or go
};

Rank RankOf(const reconcile::Change& change);

// needs[i]: the pushes that must be done before push i may start; if one is not done, i is skipped.
// - A list takes a filter after the filter was made.
// - A filter goes after every list that is to release it has done so.
// - What takes protection away needs what protects the same person: moving an exclusion must not
//   leave a gap. Besides, everything of kUnprotect waits until all of kProtect has ended, however
//   it ended.
std::vector<std::vector<std::size_t>> NeedsOf(const std::vector<reconcile::Change>& pushes);

}  // namespace viasync::plan
