// Lays the overlay of an environment over `config/`, and finds what is declared twice. Pure: the
// order in which entries were read has no part in the result.
#pragma once

#include "engine/config/entries.h"
#include "engine/config/problems.h"

namespace viasync::config {

// Sorts the layer by key and reports keys that stand in it twice. Exclusions of one key may stand
// side by side when each gives a start of its own.
void SortLayer(Layer& layer, Problems& problems);

// Merges `overlay` into `base`: fields given in the overlay replace. An exclusion's start joins its
// key where one of the layers holds several of the key. Requires: both sorted by SortLayer. `base`
// is sorted afterwards.
void LayOver(Layer& base, Layer overlay, Problems& problems);

}  // namespace viasync::config
