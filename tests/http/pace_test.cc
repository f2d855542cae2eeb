// The real client on a virtual clock before a gateway's token bucket.
#include "engine/http/pace.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/http/client.h"
#include "tests/fakes/sim_transport.h"

namespace viasync::http {
namespace {

using base::Millis;

struct Bucket {
  double per_s, burst, tokens;
  Millis last{0};
  bool Take(Millis now) {
    tokens = std::min(burst, tokens + static_cast<double>((now - last).count()) * per_s / 1000);
    last = now;
    if (tokens < 1 - 1e-9) return false;
    tokens -= 1;
    return true;
  }
};

enum class Asks { kSeconds, kDate, kNothing };

struct Gateway {
  double per_s, burst;
  Millis latency{50};
  Asks asks = Asks::kSeconds;
};

fakes::Outcome Refuse(const Gateway& gateway) {
  Headers headers{{"content-type", "application/json"}};
  if (gateway.asks == Asks::kSeconds) headers.emplace_back("retry-after", "1");
  if (gateway.asks == Asks::kDate) {
    headers.emplace_back("date", "Mon, 05 Jan 2026 08:00:00 GMT");
    headers.emplace_back("retry-after", "Mon, 05 Jan 2026 08:00:01 GMT");
  }
  return fakes::Answer(429, "", gateway.latency, headers);
}

Task<void> SendOne(Client& client, base::Clock& clock, std::vector<Millis>& done) {
  Request request{.url = "https://h/p"};
  auto answer = co_await client.Send(std::move(request), Repeat::kSafe);
  if (answer) done.push_back(clock.Steady());
}

Task<void> SendMany(Client& client, int count, base::Clock& clock, std::vector<Millis>& done) {
  Group group;
  for (int i = 0; i < count; ++i) group.Add(SendOne(client, clock, done));
  co_await group.Wait();
}

// The share of what rate, concurrency and latency allow that was used after the first 10 s, and the
// refusals for each request.
struct Use {
  double share = 0, refused = 0, learnt = 0;
};

// Requests a second. Timers keep whole milliseconds: a gateway without burst refuses what comes a
// part of one too soon.
double Possible(const Gateway& gateway) {
  const double rate =
      gateway.burst > 1 ? gateway.per_s : 1000 / std::ceil(1000 / gateway.per_s);
  return std::min(rate, 32'000.0 / static_cast<double>(gateway.latency.count()));
}

Use Measure(const Gateway& gateway, double known = 0) {
  fakes::VirtualClock clock;
  Bucket bucket{.per_s = gateway.per_s, .burst = gateway.burst, .tokens = gateway.burst};
  fakes::SimTransport transport(clock, [&](const Request&) {
    if (bucket.Take(clock.Steady())) return fakes::Answer(200, "{}", gateway.latency);
    return Refuse(gateway);
  });
  fakes::SeededRandom random(1);
  Client client(transport, random, {});
  if (known > 0) client.BeginAt(known);
  const double possible = Possible(gateway);
  const int count = static_cast<int>(gateway.burst + 40 * possible);
  std::vector<Millis> done;
  Run(transport, SendMany(client, count, clock, done));
  REQUIRE(done.size() == static_cast<std::size_t>(count));
  const auto late = std::ranges::count_if(done, [](Millis at) { return at > Millis(10'000); });
  const double seconds = static_cast<double>(done.back().count()) / 1000 - 10;
  return {.share = static_cast<double>(late) / seconds / possible,
          .refused = static_cast<double>(client.counters().throttled) / count,
          .learnt = client.learnt_rate()};
}

TEST_CASE("behind a gateway's bucket nearly all of the rate is used, however it asks to wait") {
  for (Asks asks : {Asks::kSeconds, Asks::kDate, Asks::kNothing}) {
    for (double per_s : {20.0, 100.0, 300.0, 1000.0}) {
      for (double burst : {50.0, 500.0}) {
        for (int latency : {5, 50, 300}) {
          CAPTURE(per_s);
          CAPTURE(burst);
          CAPTURE(latency);
          const Gateway gateway{per_s, burst, Millis(latency), asks};
          Use use = Measure(gateway);
          CHECK(use.share > 0.95);
          // The first overload costs up to one refusal for each request in flight, and where
          // answers take long the next two cost some, too.
          const double first = latency < 300 ? 36 : 60;
          CHECK(use.refused < 0.01 + first / (burst + 40 * Possible(gateway)));
        }
      }
    }
  }
}

TEST_CASE("a gateway without burst is not run into: four fifths of what timers allow") {
  for (double per_s : {20.0, 100.0, 300.0, 1000.0}) {
    for (int latency : {5, 50}) {
      CAPTURE(per_s);
      CAPTURE(latency);
      Use use = Measure({per_s, 1, Millis(latency)});
      CHECK(use.share > 0.8);
      CHECK(use.refused < 0.015 + 32 / (40 * per_s));
    }
  }
}

TEST_CASE("where the org refuses nothing there is no pace") {
  Use use = Measure({1000, 500, Millis(50)});
  CHECK(use.share > 0.99);
  CHECK(use.refused == 0);
  CHECK(use.learnt == 0);
}

TEST_CASE("what a run learns is the rate, and the next run that begins with it is hardly refused") {
  Use first = Measure({300, 50});
  CHECK(first.learnt > 285);
  CHECK(first.learnt < 306);
  Use next = Measure({300, 50}, first.learnt);
  CHECK(next.share > 0.95);
  CHECK(next.refused < 0.005);
}

TEST_CASE("a known rate at which nothing is refused is raised for the next run") {
  Use next = Measure({400, 500}, 200);
  CHECK(next.learnt > 220);
}

TEST_CASE("a rate that is set is never exceeded") {
  fakes::VirtualClock clock;
  fakes::SimTransport transport(clock, [](const Request&) { return fakes::Answer(200, "{}"); });
  fakes::SeededRandom random(1);
  Client client(transport, random, {.rate_max = 200});
  client.BeginAt(500);
  std::vector<Millis> done;
  Run(transport, SendMany(client, 1000, clock, done));
  CHECK(done.back() >= Millis(4'970));
  CHECK(done.back() < Millis(5'200));
}

Task<void> After(Transport& transport, Millis wait, Task<void> task) {
  if (wait > Millis(0)) co_await Sleep(transport, wait);
  co_await std::move(task);
}

struct Two {
  double ratio = 0;  // of what the luckier client got to what the other did, after the first 10 s
  double share = 0;  // of the rate that both used together
};

// Two clients behind one gateway, the second of which begins a while after the first.
Two MeasureTwo(const Gateway& gateway, Millis later) {
  fakes::VirtualClock clock;
  Bucket bucket{.per_s = gateway.per_s, .burst = gateway.burst, .tokens = gateway.burst};
  fakes::SimTransport transport(clock, [&](const Request&) {
    if (bucket.Take(clock.Steady())) return fakes::Answer(200, "{}", gateway.latency);
    return Refuse(gateway);
  });
  fakes::SeededRandom chance_a(1), chance_b(2);
  Client a(transport, chance_a, {}), b(transport, chance_b, {});
  std::vector<Millis> done_a, done_b;
  const int each = static_cast<int>(gateway.burst / 2 + 20 * gateway.per_s);
  auto both = [&]() -> Task<void> {
    Group group;
    group.Add(SendMany(a, each, clock, done_a));
    group.Add(After(transport, later, SendMany(b, each, clock, done_b)));
    co_await group.Wait();
  };
  Run(transport, both());
  const Millis end = std::min(done_a.back(), done_b.back());
  auto during = [&](const std::vector<Millis>& done) {
    return static_cast<double>(
        std::ranges::count_if(done, [&](Millis at) { return at > Millis(10'000) && at <= end; }));
  };
  const double first = during(done_a), second = during(done_b);
  const double seconds = static_cast<double>((end - Millis(10'000)).count()) / 1000;
  return {.ratio = std::max(first, second) / std::min(first, second),
          .share = (first + second) / seconds / gateway.per_s};
}

TEST_CASE("two clients behind one limit leave each other room") {
  for (double per_s : {100.0, 300.0}) {
    for (double burst : {50.0, 500.0}) {
      for (int latency : {5, 50}) {
        for (int later : {0, 37, 1900}) {
          CAPTURE(per_s);
          CAPTURE(burst);
          CAPTURE(latency);
          CAPTURE(later);
          Two two = MeasureTwo({per_s, burst, Millis(latency)}, Millis(later));
          CHECK(two.share > 0.95);
          // Two that begin in the very same moment, and are always served in the same order, take
          // longer to meet.
          CHECK(two.ratio < (later > 0 ? 1.25 : 2.1));
        }
      }
    }
  }
}

TEST_CASE("the answers under way at the first refusal show the first rate") {
  Pace pace;
  for (int i = 0; i < 10; ++i) pace.Start(Millis(0));
  pace.Refused(Millis(0), Millis(50));
  CHECK_FALSE(pace.MayStart(Millis(51)));
  for (int i = 0; i < 9; ++i) pace.Accepted(Millis(60 + 5 * i));  // the last one at 100 ms
  CHECK(pace.MayStart(Millis(100)));
  CHECK(pace.per_s() == doctest::Approx(0.9 * 9 / 0.05));
}

TEST_CASE("an answer that never comes does not hold the measuring up") {
  Pace pace;
  pace.Start(Millis(0));
  pace.Start(Millis(0));
  pace.Refused(Millis(0), Millis(10));
  CHECK_FALSE(pace.MayStart(Millis(309)));
  CHECK(pace.NextStart(Millis(20)) == Millis(310));
  CHECK(pace.MayStart(Millis(310)));
}

TEST_CASE("refusals of what left before the last one was understood change nothing") {
  Pace pace(100);
  for (int i = 0; i < 5; ++i) pace.Start(Millis(10 * i));
  pace.Refused(Millis(0), Millis(100));
  const double lowered = pace.per_s();
  CHECK(lowered < 100);
  for (int i = 1; i < 5; ++i) pace.Refused(Millis(10 * i), Millis(101 + i));
  CHECK(pace.per_s() == lowered);
}

}  // namespace
}  // namespace viasync::http
