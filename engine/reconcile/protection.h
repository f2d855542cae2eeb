// When a change of an exclusion takes protection from somebody: the one place that says so. The
// order of the writes, the limits and the reports follow from what is marked here.
#pragma once

#include "engine/model/resources.h"
#include "engine/reconcile/change.h"

namespace viasync::reconcile {

// True where `after` protects at least as long as `before` on either end; false where it starts
// later or ends sooner. A start that is not known is not later. The clock has no part in it: what
// had ended anyway is told apart by plan::MarkUnprotecting.
bool ProtectsAsLong(const model::Exclusion& before, const model::Exclusion& after);

// Put what a change does to the protection of a person into the change: `protects` and
// `protected_until`. Other kinds protect nobody, and never count as taking protection away.
void MarkUpdate(Change& change, const model::Exclusion& before, const model::Exclusion& after);
void MarkRemoval(Change& change, const model::Exclusion& gone);

template <class R>
void MarkUpdate(Change& change, const R& /*before*/, const R& /*after*/) {
  change.protects = true;
}
template <class R>
void MarkRemoval(Change& change, const R& /*gone*/) {
  change.protects = false;
}

}  // namespace viasync::reconcile
