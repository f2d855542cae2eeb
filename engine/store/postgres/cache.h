// The cache of details beside the team's store: a runner without a disk reads what another one
// left.
#pragma once

#include <memory>
#include <string>

#include "engine/store/detail_cache.h"
#include "engine/store/postgres/core.h"

namespace viasync::store {

// Null: there is no environment to keep one for. Shares the connection of `core`.
std::unique_ptr<DetailCache> OpenPostgresCache(std::shared_ptr<PostgresCore> core,
                                               const std::string& origin);

}  // namespace viasync::store
