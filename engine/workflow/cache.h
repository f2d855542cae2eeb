// The cache of an environment's details, where there is one to use.
#pragma once

#include <memory>

#include "engine/config/project.h"
#include "engine/store/detail_cache.h"
#include "engine/workflow/org.h"

namespace viasync::workflow {

// Beside the place of the environment's store, whether there is one yet or not. Null where the
// cache cannot be kept or used; then a snapshot reads everything.
std::unique_ptr<store::DetailCache> OpenCache(const config::Environment& environment,
                                              const Org& org);

}  // namespace viasync::workflow
