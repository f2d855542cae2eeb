// The cache of an environment's details, where there is one to use, and the org's limit on requests
// that is remembered beside it.
#pragma once

#include <memory>

#include "engine/config/project.h"
#include "engine/store/detail_cache.h"
#include "engine/store/store.h"
#include "engine/workflow/org.h"

namespace viasync::workflow {

// Beside the place of the environment's store, whether there is one yet or not; with a store on a
// server, there: of `store`, where that is open. Null where the cache cannot be kept or used; then
// a snapshot reads everything.
std::unique_ptr<store::DetailCache> OpenCache(const config::Environment& environment,
                                              const Org& org, store::Store* store = nullptr);

// Lets the client begin at the rate that an earlier run learnt. A limit that refused nothing for a
// week may be gone, and is found anew.
void BeginAtKnownRate(store::DetailCache& cache, Org& org);

// Remembers what this run learnt of the org's limit.
void KeepKnownRate(store::DetailCache& cache, Org& org);

}  // namespace viasync::workflow
