#include "engine/workflow/cache.h"

#include "engine/store/sqlite_cache.h"
#include "engine/store/store_file.h"

namespace viasync::workflow {

std::unique_ptr<store::DetailCache> OpenCache(const config::Environment& environment,
                                              const Org& org) {
  // Also before the first apply: a plan and the apply behind it need not read the same twice.
  if (!store::MakeFolder(environment.store)) return nullptr;
  const api::Endpoint& endpoint = org.session->endpoint();
  auto cache = store::OpenSqliteCache(store::CachePath(environment.store),
                                      endpoint.base_url + endpoint.exclusions_path);
  if (cache) return std::move(*cache);
  if (org.client->trace) org.client->trace("no cache: " + cache.error().message);
  return nullptr;
}

}  // namespace viasync::workflow
