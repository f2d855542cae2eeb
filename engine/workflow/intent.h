// Which differences between two orgs the files ask for. Pure.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/model/fields.h"
#include "engine/model/resources.h"
#include "engine/reconcile/change.h"

namespace viasync::workflow {

struct SplitChanges {
  std::vector<reconcile::Change> unasked, intended;
};

// `changes` make the second org like the first: `local` is what the first holds, `remote` the
// second. A difference of a field is intended where both orgs hold what their environment declares,
// and a difference of existence where one environment declares the entry and the other does not.
template <class R>
SplitChanges SplitByIntent(std::vector<reconcile::Change> changes,
                           std::span<const model::Declared<R>> first,
                           std::span<const model::Declared<R>> second);

}  // namespace viasync::workflow
