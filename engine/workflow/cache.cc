#include "engine/workflow/cache.h"

#include <chrono>
#include <optional>

#include "engine/store/sqlite_cache.h"
#include "engine/store/store_file.h"
#include "engine/workflow/open_store.h"

namespace viasync::workflow {
namespace {

constexpr auto kRemembered = std::chrono::hours(24 * 7);

std::optional<store::KnownRate> RateOf(store::DetailCache& cache, Org& org) {
  auto rate = cache.Rate();
  const base::UtcTime now = org.transport->clock().Now();
  if (!rate || !*rate || now - (*rate)->refused_at > kRemembered) return std::nullopt;
  return *rate;
}

}  // namespace

std::unique_ptr<store::DetailCache> OpenCache(const config::Environment& environment,
                                              const Org& org, store::Store* store) {
  const api::Endpoint& endpoint = org.session->endpoint();
  const std::string origin = endpoint.base_url + endpoint.exclusions_path;
  if (environment.team_store) {
    if (store) return store->Details(origin);
    auto opened = OpenStore(environment, {.read_only = true}, base::SystemClock());
    return opened ? (*opened)->Details(origin) : nullptr;
  }
  // Where nothing is kept beside the files, nothing is remembered from run to run.
  if (environment.store.empty()) return nullptr;
  // Also before the first apply: a plan and the apply behind it need not read the same twice.
  if (!store::MakeFolder(environment.store)) return nullptr;
  auto cache = store::OpenSqliteCache(store::CachePath(environment.store), origin);
  if (cache) return std::move(*cache);
  if (org.client->trace) org.client->trace("no cache: " + cache.error().message);
  return nullptr;
}

void BeginAtKnownRate(store::DetailCache& cache, Org& org) {
  if (auto rate = RateOf(cache, org)) org.client->BeginAt(rate->per_s);
}

void KeepKnownRate(store::DetailCache& cache, Org& org) {
  const double learnt = org.client->learnt_rate();
  if (learnt <= 0) return;
  store::KnownRate rate{.per_s = learnt, .refused_at = org.transport->clock().Now()};
  if (org.client->counters().throttled == 0) {
    auto before = RateOf(cache, org);
    if (!before) return;
    rate.refused_at = before->refused_at;
  }
  auto kept = cache.KeepRate(rate);
  if (!kept && org.client->trace) org.client->trace("rate not kept: " + kept.error().message);
}

}  // namespace viasync::workflow
