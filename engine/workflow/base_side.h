// The base as reconcile wants it: read from the store, typed and sorted; and the way back.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/manage.h"
#include "engine/model/resources.h"
#include "engine/reconcile/reconcile.h"
#include "engine/store/store.h"

namespace viasync::workflow {

struct BaseSide {
  bool exists = false;        // false: two-way
  std::string from = "none";  // "store", "git <commit>"
  std::string commit;         // in full, where it is by Git
  std::vector<model::Agreed<model::Filter>> filters;
  std::vector<model::Agreed<model::Exclusion>> exclusions;
  std::vector<model::Agreed<model::List>> lists;
};

// What the store remembers of everything inside `manage`. Errors: the store's; kIo for a record
// that does not read back.
base::Result<BaseSide> ReadBaseSide(store::Store& store, const model::Manage& manage);

// The base by Git (design, section 5): the files of environment `environment` as of `ref`, with the
// variables and `manage` of that commit. Errors: no such commit; what is wrong in its files.
std::expected<BaseSide, base::Errors> ReadBaseRef(const std::string& root, const std::string& ref,
                                                  const std::string& environment);

template <class R>
store::BaseMove ToMove(const reconcile::BaseEdit<R>& edit);

}  // namespace viasync::workflow
