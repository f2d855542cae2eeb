// Which pushes must wait for which: the order of a plan, as far as it matters, so that all else may
// run side by side. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/reconcile/change.h"

namespace viasync::apply {

struct Schedule {
  // needs[i]: steps that must be done before i may start; if one is not done, i is skipped.
  std::vector<std::vector<std::size_t>> needs;
  // after[i] true: i waits until every step that protects a person has ended, however it ended.
  std::vector<bool> after_protection;
};

// - A list takes a filter after the filter was made.
// - A filter goes after every list that is to release it has done so.
// - What allows contact again (an exclusion that ends sooner or goes) waits for all that protects;
//   and it needs what protects the same person: moving an exclusion must not leave a gap.
Schedule MakeSchedule(const std::vector<reconcile::Change>& pushes);

}  // namespace viasync::apply
