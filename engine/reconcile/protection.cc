#include "engine/reconcile/protection.h"

namespace viasync::reconcile {

bool ProtectsAsLong(const model::Exclusion& before, const model::Exclusion& after) {
  bool starts_later = before.start && after.start && *after.start > *before.start;
  bool ends_sooner = after.end && (!before.end || *after.end < *before.end);
  return !starts_later && !ends_sooner;
}

void MarkUpdate(Change& change, const model::Exclusion& before, const model::Exclusion& after) {
  change.protects = ProtectsAsLong(before, after);
  if (!change.protects) change.protected_until = before.end;
}

void MarkRemoval(Change& change, const model::Exclusion& gone) {
  change.protects = false;
  change.protected_until = gone.end;
}

}  // namespace viasync::reconcile
