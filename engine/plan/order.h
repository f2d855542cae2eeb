// In which order writes go to the org: stated here once. The plan lists its pushes so, and apply
// runs side by side what need not wait for each other. It follows from what the kinds are
// (model/kinds.h): which refer to which, and which protects people. Pure.
#pragma once

#include <compare>
#include <cstddef>
#include <vector>

#include "engine/reconcile/change.h"

namespace viasync::plan {

// The rank of a push, first to last.
struct Rank {
  enum Phase {
    kProtect,  // new and extended protection of people
    kMake,     // what is made or changed, a kind after those that it refers to
    kDrop,     // what goes, a kind before those that it refers to
    // Protection that starts later, ends sooner, or goes. Last, also where it protected nobody any
    // more: the order must not depend on whose clock is right.
    kUnprotect,
  };
  Phase phase;
  std::size_t depth;  // within the phase, by references

  Rank(Phase phase = kProtect, std::size_t depth = 0) : phase(phase), depth(depth) {}  // NOLINT
  friend auto operator<=>(const Rank&, const Rank&) = default;
};

Rank RankOf(const reconcile::Change& change);

// needs[i]: the pushes that must be done before push i may start; if one is not done, i is skipped.
// - What refers to something that is made waits for it: a list takes a filter after it was made.
// - What goes waits until all that refers to it has let it go, or has gone itself.
// - What takes protection away needs what protects the same person: moving an exclusion must not
//   leave a gap. Besides, everything of kUnprotect waits until all of kProtect has ended, however
//   it ended.
std::vector<std::vector<std::size_t>> NeedsOf(const std::vector<reconcile::Change>& pushes);

}  // namespace viasync::plan
