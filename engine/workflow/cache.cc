#include "engine/workflow/cache.h"

#include <filesystem>
#include <system_error>

#include "engine/store/sqlite_cache.h"

namespace viasync::workflow {

std::unique_ptr<store::DetailCache> OpenCache(const config::Environment& environment,
                                              const Org& org) {
  std::error_code missing;
  if (!std::filesystem::exists(environment.store, missing)) return nullptr;
  const api::Endpoint& endpoint = org.session->endpoint();
  auto cache = store::OpenSqliteCache(store::CachePath(environment.store),
                                      endpoint.base_url + endpoint.exclusions_path);
  if (cache) return std::move(*cache);
  if (org.client->trace) org.client->trace("no cache: " + cache.error().message);
  return nullptr;
}

}  // namespace viasync::workflow
