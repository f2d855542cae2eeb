// The cache of details as one SQLite file beside the store. Apart from it, since the store must
// never be lost and is written by one run at a time, while every run that looks may refresh this.
#pragma once

#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/store/detail_cache.h"

namespace viasync::store {

// `.viasync/dev.db` -> `.viasync/dev.db.cache`: never the store itself, whatever that is called.
std::string CachePath(const std::string& store_path);

// Opens it or makes it; a cache that is damaged, of another version or of another `origin` (org and
// address) is made anew. Errors: kIo where that cannot be done (a folder nobody may write to);
// kInvalid for a file that is no cache: it is left alone.
base::Result<std::unique_ptr<DetailCache>> OpenSqliteCache(const std::string& path,
                                                           const std::string& origin);

}  // namespace viasync::store
