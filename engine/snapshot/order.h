// The order of a snapshot: by key as KeyOf writes it, without writing it for each comparison.
#pragma once

#include <compare>

#include "engine/model/resources.h"

namespace viasync::snapshot {

// As KeyOf(a) <=> KeyOf(b).
std::strong_ordering CompareKeys(const model::Exclusion& a, const model::Exclusion& b);

// By key, start, id.
bool Before(const model::Remote<model::Exclusion>& a, const model::Remote<model::Exclusion>& b);

}  // namespace viasync::snapshot
