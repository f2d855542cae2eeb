#include "engine/workflow/cache.h"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <utility>

#include "engine/http/group.h"
#include "engine/store/sqlite_cache.h"
#include "tests/fakes/sim_transport.h"

namespace viasync::workflow {
namespace {

using base::Millis;

http::Task<void> SendOne(http::Client& client) {
  http::Request request{.url = "https://h/p"};
  (void)co_await client.Send(std::move(request), http::Repeat::kSafe);
}

http::Task<void> SendMany(http::Client& client, int count) {
  http::Group group;
  for (int i = 0; i < count; ++i) group.Add(SendOne(client));
  co_await group.Wait();
}

// One run of 1,000 requests against an org that takes 100 a second. Returns how many it refused.
std::size_t RunOnce(store::DetailCache& cache, fakes::VirtualClock& clock) {
  double tokens = 50;
  Millis last = clock.Steady();
  Org org;
  org.transport = std::make_unique<fakes::SimTransport>(clock, [&](const http::Request&) {
    const double waited = static_cast<double>((clock.Steady() - last).count());
    tokens = std::min(50.0, tokens + waited / 10);
    last = clock.Steady();
    if (tokens < 1) return fakes::Answer(429);
    tokens -= 1;
    return fakes::Answer(200, "{}");
  });
  fakes::SeededRandom random(1);
  org.client = std::make_unique<http::Client>(*org.transport, random, http::ClientOptions{});
  BeginAtKnownRate(cache, org);
  http::Run(*org.transport, SendMany(*org.client, 1000));
  KeepKnownRate(cache, org);
  return org.client->counters().throttled;
}

TEST_CASE("a run begins at the rate that the one before it learnt, for a week") {
  std::string folder = std::string(std::getenv("TEST_TMPDIR")) + "/cache_XXXXXX";
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  auto cache = store::OpenSqliteCache(folder + "/dev.cache", "org");
  REQUIRE(cache);
  fakes::VirtualClock clock;
  CHECK(RunOnce(**cache, clock) >= 10);
  auto learnt = (*cache)->Rate();
  REQUIRE(learnt);
  REQUIRE(*learnt);
  CHECK((*learnt)->per_s > 90);
  CHECK((*learnt)->per_s < 105);

  clock.Advance(std::chrono::hours(24));
  CHECK(RunOnce(**cache, clock) <= 5);
  clock.Advance(std::chrono::hours(24 * 8));
  CHECK(RunOnce(**cache, clock) >= 10);
}

TEST_CASE("an org that refuses nothing leaves nothing to remember") {
  std::string folder = std::string(std::getenv("TEST_TMPDIR")) + "/cache_XXXXXX";
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  auto cache = store::OpenSqliteCache(folder + "/dev.cache", "org");
  REQUIRE(cache);
  fakes::VirtualClock clock;
  Org org;
  org.transport = std::make_unique<fakes::SimTransport>(
      clock, [](const http::Request&) { return fakes::Answer(200, "{}"); });
  fakes::SeededRandom random(1);
  org.client = std::make_unique<http::Client>(*org.transport, random, http::ClientOptions{});
  http::Run(*org.transport, SendMany(*org.client, 100));
  KeepKnownRate(**cache, org);
  auto rate = (*cache)->Rate();
  REQUIRE(rate);
  CHECK_FALSE(*rate);
}

}  // namespace
}  // namespace viasync::workflow
