#include "engine/http/client.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "tests/fakes/sim_transport.h"

namespace viasync::http {
namespace {

using base::ErrorKind;
using base::Millis;
using fakes::Answer;
using fakes::Lost;
using fakes::NoConnection;
using fakes::Outcome;

// A server that plays a list of outcomes, then answers 200; and a client before it.
struct World {
  explicit World(std::deque<Outcome> outcomes = {}, ClientOptions options = {})
      : script(std::move(outcomes)), client(transport, random, options) {}

  std::deque<Outcome> script;
  fakes::VirtualClock clock;
  fakes::SimTransport transport{clock, [this](const Request&) { return Next(); }};
  fakes::FixedRandom random{0};  // no backoff, unless the org asks for a wait
  Client client;

  Outcome Next() {
    if (script.empty()) return Answer(200, "{}");
    Outcome next = std::move(script.front());
    script.pop_front();
    return next;
  }

  base::Result<Response> Send(Repeat repeat) {
    const Method method = repeat == Repeat::kSafe ? Method::kGet : Method::kPut;
    return Run(transport, client.Send({.method = method, .url = "https://h/p?q=secret"}, repeat));
  }
  std::size_t sent() const { return transport.requests().size(); }
};

Task<void> SendOne(Client& client, Repeat repeat, std::vector<int>& statuses) {
  Request request{.url = "https://h/p"};
  auto answer = co_await client.Send(std::move(request), repeat);
  statuses.push_back(answer ? answer->status : -static_cast<int>(answer.error().kind));
}

Task<void> SendMany(Client& client, int count, std::vector<int>& statuses) {
  Group group;
  for (int i = 0; i < count; ++i) group.Add(SendOne(client, Repeat::kSafe, statuses));
  co_await group.Wait();
}

TEST_CASE("a read is repeated until there is an answer") {
  World world({Answer(503), Lost(), Answer(408), Answer(429), Answer(500), NoConnection()});
  auto answer = world.Send(Repeat::kSafe);
  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
  CHECK(world.sent() == 7);
  CHECK(world.client.counters().requests == 7);
  CHECK(world.client.counters().retries == 6);
  CHECK(world.client.counters().throttled == 1);
}

TEST_CASE("a refusal of the request as it stands is an answer, not a reason to repeat") {
  for (int status : {201, 204, 302, 400, 401, 404, 405, 409}) {
    World world({Answer(status)});
    auto answer = world.Send(Repeat::kSafe);
    REQUIRE(answer.has_value());
    CHECK(answer->status == status);
    CHECK(world.sent() == 1);
  }
}

TEST_CASE("a write is repeated where it surely was not carried out") {
  World world({NoConnection(), Answer(429), NoConnection()});
  auto answer = world.Send(Repeat::kRefusals);
  REQUIRE(answer.has_value());
  CHECK(world.sent() == 4);
}

TEST_CASE("a write that may have been carried out is never repeated, and its outcome is unknown") {
  struct {
    Outcome outcome;
    int status;
  } const rows[] = {{Answer(408), 408}, {Answer(500), 500}, {Answer(502), 502},
                    {Answer(503), 503}, {Lost(), 0},        {fakes::Broken("no HTTP"), 0}};
  for (const auto& row : rows) {
    CAPTURE(row.status);
    World world({Answer(429), row.outcome});  // also after a try that was refused
    auto answer = world.Send(Repeat::kRefusals);
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().kind == ErrorKind::kUnknown);
    CHECK(answer.error().http_status == row.status);
    CHECK(world.sent() == 2);
  }
}

TEST_CASE("giving up says how often, how long, and what the last answer was") {
  std::deque<Outcome> outcomes(20, Answer(503, R"({"error": "maintenance"})"));
  World world(std::move(outcomes), {.tries_max = 5});
  auto answer = world.Send(Repeat::kSafe);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == ErrorKind::kUnavailable);
  CHECK(answer.error().http_status == 503);
  CHECK(answer.error().message ==
        "GET https://h/p: gave up after 5 tries in 0.2 s; the last answer: 503 "
        "({\"error\": \"maintenance\"})");
  CHECK_FALSE(answer.error().hint.empty());
  CHECK(world.sent() == 5);
}

TEST_CASE("a host that never answers is given up sooner than one that has answered") {
  World silent(std::deque<Outcome>(20, NoConnection()));
  auto answer = silent.Send(Repeat::kSafe);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == ErrorKind::kNetwork);
  CHECK(silent.sent() == 4);

  std::deque<Outcome> outcomes(20, NoConnection());
  outcomes.push_front(Answer(200));
  World known(std::move(outcomes));
  CHECK(known.Send(Repeat::kSafe).has_value());
  CHECK_FALSE(known.Send(Repeat::kSafe).has_value());
  CHECK(known.sent() == 1 + 8);
}

TEST_CASE("giving up by time counts the waits") {
  std::deque<Outcome> outcomes(20, Answer(503, "", Millis(400)));
  World world(std::move(outcomes), {.give_up_after = Millis(1000)});
  CHECK_FALSE(world.Send(Repeat::kSafe).has_value());
  CHECK(world.sent() == 3);
}

TEST_CASE("Retry-After is honoured, in seconds and as a date of the server's own clock") {
  struct {
    int status;
    Headers headers;
    int wait_ms;
  } const rows[] = {
      {503, {{"retry-after", "3"}}, 3000},
      {429, {{"retry-after", "2"}}, 2000},
      {503, {{"retry-after", "Mon, 05 Jan 2026 08:00:10 GMT"}}, 9950},
      {503,
       {{"date", "Mon, 05 Jan 2026 09:30:00 GMT"},
        {"retry-after", "Mon, 05 Jan 2026 09:30:04 GMT"}},
       4000},
      {503, {{"retry-after", "whenever"}}, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.wait_ms);
    World world({Answer(row.status, "", Millis(50), row.headers)});
    CHECK(world.Send(Repeat::kSafe).has_value());
    REQUIRE(world.sent() == 2);
    CHECK(world.transport.requests()[1].at == Millis(50 + row.wait_ms));
  }
}

TEST_CASE("a 429 with Retry-After holds back every request of the run") {
  World world({Answer(429, "", Millis(10), {{"retry-after", "5"}})}, {.in_flight_max = 2});
  std::vector<int> statuses;
  Run(world.transport, SendMany(world.client, 10, statuses));
  CHECK(statuses == std::vector<int>(10, 200));
  const auto& requests = world.transport.requests();
  REQUIRE(requests.size() == 11);
  CHECK(std::ranges::count_if(requests, [](auto& r) { return r.at == Millis(0); }) == 2);
  CHECK(std::ranges::none_of(requests,
                             [](auto& r) { return r.at > Millis(0) && r.at < Millis(5010); }));
}

TEST_CASE("nothing leaves while an answer says that the quota is used up") {
  const Headers used_up = {{"ratelimit-remaining", "0"}, {"ratelimit-reset", "10"}};
  World world({Answer(200, "{}", Millis(10), used_up)}, {.in_flight_max = 1});
  std::vector<int> statuses;
  Run(world.transport, SendMany(world.client, 3, statuses));
  CHECK(statuses == std::vector<int>(3, 200));
  CHECK(world.transport.requests()[1].at == Millis(10'010));
}

TEST_CASE("a 429 that asks for a short wait holds back the refused request alone") {
  World world({Answer(429, "", Millis(10), {{"retry-after", "2"}})}, {.in_flight_max = 2});
  std::vector<int> statuses;
  Run(world.transport, SendMany(world.client, 10, statuses));
  CHECK(statuses == std::vector<int>(10, 200));
  const auto& requests = world.transport.requests();
  REQUIRE(requests.size() == 11);
  CHECK(requests.back().at >= Millis(2010));
  CHECK(requests[9].at < Millis(2010));
}

TEST_CASE("an org that asks for a pause longer than the patience is told off at once") {
  World world({Answer(429, "", Millis(10), {{"retry-after", "3600"}})});
  auto first = world.Send(Repeat::kSafe);
  auto second = world.Send(Repeat::kRefusals);
  for (const auto& answer : {first, second}) {
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().kind == ErrorKind::kUnavailable);
    CHECK(answer.error().http_status == 429);
  }
  CHECK(world.sent() == 1);
  CHECK(world.clock.Steady() == Millis(10));
}

TEST_CASE("who waits for leave to send does not sit out a pause that is too long") {
  World world({Answer(429, "", Millis(10), {{"retry-after", "3600"}}),
               Answer(429, "", Millis(10), {{"retry-after", "3600"}})},
              {.in_flight_max = 2});
  std::vector<int> statuses;
  Run(world.transport, SendMany(world.client, 10, statuses));
  CHECK(std::ranges::none_of(statuses, [](int status) { return status == 200; }));
  CHECK(world.sent() == 2);
  CHECK(world.clock.Steady() == Millis(10));
}

TEST_CASE("an org that throttles for a while is told of, once in a while") {
  std::deque<Outcome> answers(40, Answer(429, "", Millis(10), {{"retry-after", "5"}}));
  World world(std::move(answers));
  std::vector<std::string> notices;
  world.client.notice = [&](std::string line) { notices.push_back(std::move(line)); };
  (void)world.Send(Repeat::kSafe);
  REQUIRE_FALSE(notices.empty());
  CHECK(notices.size() <= 5);
  CHECK(notices[0].find("429") != std::string::npos);
}

TEST_CASE("never more in flight than configured, and as many as that") {
  World world({}, {.in_flight_max = 7});
  std::vector<int> statuses;
  Run(world.transport, SendMany(world.client, 700, statuses));
  CHECK(statuses.size() == 700);
  CHECK(world.transport.in_flight_peak() == 7);
  CHECK(world.clock.Steady() == Millis(100 * 50));
}

TEST_CASE("a queue of 20,000 requests is worked off without deep recursion") {
  World world({}, {.in_flight_max = 32});
  std::vector<int> statuses;
  Run(world.transport, SendMany(world.client, 20'000, statuses));
  CHECK(statuses.size() == 20'000);
}

TEST_CASE("the trace names method, path, outcome and time, and no query") {
  World world({NoConnection(Millis(3)), Answer(429, "secret", Millis(20))});
  std::vector<std::string> lines;
  world.client.trace = [&](std::string line) { lines.push_back(std::move(line)); };
  CHECK(world.Send(Repeat::kSafe).has_value());
  CHECK(lines == std::vector<std::string>{"GET /p no connection: refused 3 ms", "GET /p 429 20 ms",
                                          "GET /p 200 50 ms"});
}

}  // namespace
}  // namespace viasync::http
