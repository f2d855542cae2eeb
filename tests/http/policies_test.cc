#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/http/backoff.h"
#include "engine/http/outcome_text.h"
#include "engine/http/rate_headers.h"
#include "engine/http/retry_policy.h"
#include "engine/http/throttle.h"
#include "tests/fakes/clock.h"

namespace viasync::http {
namespace {

using base::ErrorKind;
using base::Millis;
using fakes::FixedRandom;
using fakes::SeededRandom;

TEST_CASE("backoff doubles up to its cap, and chance uses the whole range") {
  const Backoff backoff(Millis(200), Millis(20'000));
  struct {
    int failures;
    int most;
  } const rows[] = {{1, 200},    {2, 400},     {3, 800},     {7, 12'800},
                    {8, 20'000}, {40, 20'000}, {500, 20'000}};
  for (const auto& row : rows) {
    CAPTURE(row.failures);
    FixedRandom none(0), all(static_cast<std::uint64_t>(row.most));
    CHECK(backoff.Wait(row.failures, none) == Millis(0));
    CHECK(backoff.Wait(row.failures, all) == Millis(row.most));
    SeededRandom random(1);
    Millis sum{0};
    for (int i = 0; i < 1000; ++i) {
      const Millis wait = backoff.Wait(row.failures, random);
      CHECK(wait <= Millis(row.most));
      sum += wait;
    }
    CHECK(sum.count() / 1000 > row.most * 0.45);
    CHECK(sum.count() / 1000 < row.most * 0.55);
  }
}

TEST_CASE("Retry-After is seconds or any of the three HTTP dates, and nothing else") {
  // 2026-01-05T08:00:00Z
  const base::UtcTime now = fakes::VirtualClock::kStart;
  struct {
    const char* header;
    std::optional<std::int64_t> seconds;
  } const rows[] = {
      {"0", 0},
      {"7", 7},
      {" 120 ", 120},
      {"99999999999999999999999", 365 * 86400},
      {"Mon, 05 Jan 2026 08:00:30 GMT", 30},
      {"Monday, 05-Jan-26 08:01:00 GMT", 60},
      {"Mon Jan  5 08:00:05 2026", 5},
      {"Mon, 05 Jan 2026 07:59:00 GMT", 0},
      {"Fri, 31 Dec 9999 23:59:59 GMT", 365 * 86400},
      {"", std::nullopt},
      {"soon", std::nullopt},
      {"-5", std::nullopt},
      {"1.5", std::nullopt},
      {"20260105", 20260105},
  };
  for (const auto& row : rows) {
    CAPTURE(row.header);
    const auto wait = ParseRetryAfter(row.header, now);
    CHECK(wait.has_value() == row.seconds.has_value());
    if (wait && row.seconds) CHECK(*wait == std::chrono::seconds(*row.seconds));
  }
}

base::Result<Response> Status(int status) { return Response{.status = status}; }
base::Result<Response> Failure(ErrorKind kind) { return base::Fail(kind, "failed"); }

TEST_CASE("what may be repeated: everything for a read, only sure refusals for a write") {
  using enum Verdict;
  struct {
    const char* what;
    base::Result<Response> outcome;
    Verdict read, write;
  } const rows[] = {
      {"200", Status(200), kDone, kDone},
      {"302", Status(302), kDone, kDone},
      {"400", Status(400), kDone, kDone},
      {"401", Status(401), kDone, kDone},
      {"404", Status(404), kDone, kDone},
      {"408", Status(408), kAgain, kUnsure},
      {"409", Status(409), kDone, kDone},
      {"429", Status(429), kAgain, kAgain},
      {"500", Status(500), kAgain, kUnsure},
      {"503", Status(503), kAgain, kUnsure},
      {"no connection", Failure(ErrorKind::kNetwork), kAgain, kAgain},
      {"lost answer", Failure(ErrorKind::kUnknown), kAgain, kUnsure},
      {"unreadable answer", Failure(ErrorKind::kProtocol), kDone, kUnsure},
      {"wrong URL", Failure(ErrorKind::kInvalid), kDone, kDone},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(Judge(row.outcome, Repeat::kSafe) == row.read);
    CHECK(Judge(row.outcome, Repeat::kRefusals) == row.write);
  }
}

TEST_CASE("tries end by number, by time, and sooner while nobody has answered") {
  const ClientOptions options{
      .tries_max = 4, .first_contact_tries_max = 2, .give_up_after = Millis(1000)};
  Tries tries(options);
  tries.Begin(Millis(500));
  CHECK(tries.MayGoOn(Millis(600), Millis(900), true, false));
  CHECK_FALSE(tries.MayGoOn(Millis(600), Millis(901), true, false));
  tries.Begin(Millis(700));
  CHECK(tries.MayGoOn(Millis(700), Millis(1), true, false));
  CHECK_FALSE(tries.MayGoOn(Millis(700), Millis(1), false, false));
  tries.Begin(Millis(700));
  tries.Begin(Millis(700));
  CHECK_FALSE(tries.MayGoOn(Millis(700), Millis(0), true, false));
  CHECK(tries.count() == 4);
  // A 429 says "later": only time ends that patience.
  CHECK(tries.MayGoOn(Millis(700), Millis(800), true, true));
  CHECK_FALSE(tries.MayGoOn(Millis(700), Millis(801), true, true));
}

// Lets `count` requests start and returns how many did.
std::size_t Fill(Throttle& throttle, std::vector<Throttle::Ticket>& tickets, Millis now) {
  std::size_t started = 0;
  while (throttle.MayStart(now)) {
    tickets.push_back(throttle.Start());
    ++started;
  }
  return started;
}

TEST_CASE("a burst of refusals halves the budget once, later ones again, never below one") {
  Throttle throttle(32, 32);
  std::vector<Throttle::Ticket> burst;
  CHECK(Fill(throttle, burst, Millis(0)) == 32);
  for (auto ticket : burst) throttle.Finish(ticket, Throttle::Load::kTooMuch, Millis(50));
  CHECK(throttle.limit() == 16);
  CHECK(throttle.in_flight() == 0);
  for (std::size_t expected : {8, 4, 2, 1, 1, 1}) {
    std::vector<Throttle::Ticket> next;
    Fill(throttle, next, Millis(0));
    for (auto ticket : next) throttle.Finish(ticket, Throttle::Load::kTooMuch, Millis(50));
    CHECK(throttle.limit() == expected);
  }
}

// Rounds of a full budget, all borne, until the limit is `wanted`; checks that none grows by more
// than one.
int RoundsUntil(Throttle& throttle, std::size_t wanted) {
  int rounds = 0;
  for (; throttle.limit() < wanted && rounds < 1000; ++rounds) {
    const std::size_t before = throttle.limit();
    std::vector<Throttle::Ticket> tickets;
    Fill(throttle, tickets, Millis(0));
    for (auto ticket : tickets) throttle.Finish(ticket, Throttle::Load::kBorne, Millis(50));
    CHECK(throttle.limit() >= before);
    CHECK(throttle.limit() <= before + 1);
  }
  return rounds;
}

TEST_CASE("the budget grows by one per round, slowly where the last overload was, up to its max") {
  Throttle throttle(64, 64);
  for (int i = 0; i < 2; ++i)
    throttle.Finish(throttle.Start(), Throttle::Load::kTooMuch, Millis(50));
  CHECK(throttle.limit() == 16);  // the last overload was at 32
  const int quick = RoundsUntil(throttle, 24);
  const int slow = RoundsUntil(throttle, 40);
  const int quick_again = RoundsUntil(throttle, 64);
  CHECK(quick <= 16);
  CHECK(slow >= 100);
  CHECK(quick_again <= 48);
  CHECK(RoundsUntil(throttle, 65) == 1000);
}

TEST_CASE("a budget that is not in use, or not answered, does not move") {
  Throttle idle(64, 64);
  idle.Finish(idle.Start(), Throttle::Load::kTooMuch, Millis(50));
  for (int i = 0; i < 1000; ++i) idle.Finish(idle.Start(), Throttle::Load::kBorne, Millis(50));
  CHECK(idle.limit() == 32);

  Throttle silent(64, 64);
  silent.Finish(silent.Start(), Throttle::Load::kSilent, Millis(50));
  CHECK(silent.limit() == 64);
}

TEST_CASE("a pause holds everybody back, and a shorter one does not shorten it") {
  Throttle throttle(4, 4);
  throttle.PauseUntil(Millis(1000));
  throttle.PauseUntil(Millis(500));
  CHECK_FALSE(throttle.MayStart(Millis(999)));
  CHECK(throttle.MayStart(Millis(1000)));
}

// Rounds of a full budget whose answers take as long as `took` says of the requests in flight.
template <class Took>
void Rounds(Throttle& throttle, int rounds, Took took) {
  for (int i = 0; i < rounds; ++i) {
    std::vector<Throttle::Ticket> tickets;
    Fill(throttle, tickets, Millis(0));
    const Millis time = took(tickets.size());
    for (auto ticket : tickets) throttle.Finish(ticket, Throttle::Load::kBorne, time);
  }
}

TEST_CASE("the budget grows beyond its first number while answers do not slow down") {
  Throttle throttle(32, 128);
  Rounds(throttle, 40, [](std::size_t) { return Millis(50); });
  CHECK(throttle.limit() == 128);
}

TEST_CASE(
    "the budget stops growing where answers begin to queue, and shrinks where they are slow") {
  Throttle throttle(32, 128);
  // The org works on 48 at a time.
  auto queued = [](std::size_t n) { return Millis(50 * std::max<std::size_t>(n, 48) / 48); };
  Rounds(throttle, 100, queued);
  CHECK(throttle.limit() >= 40);
  CHECK(throttle.limit() <= 72);
  Rounds(throttle, 100, [](std::size_t) { return Millis(200); });
  CHECK(throttle.limit() == 32);
}

TEST_CASE("after a refusal the budget does not grow beyond what it is") {
  Throttle throttle(32, 128);
  throttle.Finish(throttle.Start(), Throttle::Load::kRefused, Millis(50));
  Rounds(throttle, 100, [](std::size_t) { return Millis(50); });
  CHECK(throttle.limit() == 32);
}

TEST_CASE("headers about a used-up quota say for how long, in every form that is in use") {
  const base::UtcTime now{std::chrono::seconds(1'767'600'000)};
  struct {
    Headers headers;
    std::optional<Millis> wait;
  } const rows[] = {
      {{{"ratelimit-remaining", "0"}, {"ratelimit-reset", "30"}}, Millis(30'000)},
      {{{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "7"}}, Millis(7'000)},
      {{{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1767600012"}}, Millis(12'000)},
      {{{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1767599000"}}, Millis(0)},
      {{{"ratelimit", "\"default\";r=0;t=20"}}, Millis(20'000)},
      {{{"ratelimit", "\"default\"; r=0; t=20, \"day\";r=5"}}, Millis(20'000)},
      {{{"ratelimit", "\"default\";r=3;t=20"}}, std::nullopt},
      {{{"ratelimit-remaining", "1"}, {"ratelimit-reset", "30"}}, std::nullopt},
      {{{"ratelimit-remaining", "0"}}, std::nullopt},
      {{{"ratelimit-remaining", "0"}, {"ratelimit-reset", "soon"}}, std::nullopt},
      {{{"ratelimit-remaining", "-1"}, {"ratelimit-reset", "9"}}, std::nullopt},
      {{{"ratelimit", ";;r=;t="}}, std::nullopt},
      {{}, std::nullopt},
  };
  for (const auto& row : rows) {
    CAPTURE(row.headers.empty() ? "" : row.headers.back().second);
    CHECK(UsedUpFor({.status = 200, .headers = row.headers, .body = ""}, now) == row.wait);
  }
}

TEST_CASE("a budget of zero is a budget of one") { CHECK(Throttle(0, 0).MayStart(Millis(0))); }

TEST_CASE("texts about a request show neither user, query nor control characters") {
  struct {
    const char* url;
    const char* name;
    const char* path;
  } const rows[] = {
      {"https://h/a/b?sig=secret", "GET https://h/a/b", "/a/b"},
      {"https://me:secret@h:1/a#secret", "GET https://h:1/a", "/a"},
      {"https://h?sig=secret", "GET https://h/", "/"},
      {"https://h/\x1b[2J", "GET https://h/\\x1b[2J", "/\x1b[2J"},
      {"h/a", "GET h/a", "/a"},
  };
  for (const auto& row : rows) {
    CHECK(NameOf(Method::kGet, row.url) == row.name);
    CHECK(PathOf(row.url) == row.path);
  }
}

TEST_CASE("an excerpt of the answer never shows a credential that the server echoes") {
  const Request request{
      .method = Method::kPut,
      .url = "https://h/a",
      .headers = {{"Authorization", "Bearer tokentoken"}, {"x-api-key", "keykeykey"}}};
  const Response answer{.status = 503,
                        .headers = {{"content-type", "application/json"}},
                        .body = R"({"got": "tokentoken", "key": "keykeykey"})"};
  const base::Error error = Unsure(request, answer);
  CHECK(error.message.find("***") != std::string::npos);
  CHECK(error.message.find("tokentoken") == std::string::npos);
  CHECK(error.message.find("keykeykey") == std::string::npos);
}

}  // namespace
}  // namespace viasync::http
