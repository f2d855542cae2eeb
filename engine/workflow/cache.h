// The cache of an environment's details, where there is one to use.
#pragma once

#include <memory>

#include "engine/config/project.h"
#include "engine/store/detail_cache.h"
#include "engine/workflow/org.h"

namespace viasync::workflow {

// Beside the environment's store. Null where there is no store (nothing is left behind by a look at
// a fresh clone) or the cache cannot be used; then a snapshot reads everything.
std::unique_ptr<store::DetailCache> OpenCache(const config::Environment& environment,
                                              const Org& org);

}  // namespace viasync::workflow
