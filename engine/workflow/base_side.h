// The base as reconcile wants it: read from the store, typed and sorted; and the way back.
#pragma once

#include <vector>

#include "engine/base/result.h"
#include "engine/model/manage.h"
#include "engine/model/resources.h"
#include "engine/reconcile/reconcile.h"
#include "engine/store/store.h"

namespace viasync::workflow {

struct BaseSide {
  bool exists = false;  // false: two-way
  std::vector<model::Agreed<model::Filter>> filters;
  std::vector<model::Agreed<model::Exclusion>> exclusions;
  std::vector<model::Agreed<model::List>> lists;
};

// What the store remembers of everything inside `manage`. Errors: the store's; kIo for a record
// that does not read back.
base::Result<BaseSide> ReadBaseSide(store::Store& store, const model::Manage& manage);

template <class R>
store::BaseMove ToMove(const reconcile::BaseEdit<R>& edit);

}  // namespace viasync::workflow
