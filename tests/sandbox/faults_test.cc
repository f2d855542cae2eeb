#include "engine/sandbox/faults.h"

#include <chrono>
#include <thread>

#include "tests/sandbox/fixture.h"
#include "tests/sandbox/raw_connection.h"

namespace viasync::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

std::string Raw(const Fixture& fixture, const std::string& method, const std::string& target,
                const json& body = {}) {
  std::string text = body.is_null() ? "" : body.dump();
  return method + " " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + fixture.token +
         "\r\nx-api-key: " + fixture.key +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(text.size()) +
         "\r\n\r\n" + text;
}

json Update(int version) {
  return {{"version", version}, {"filterName", "Used"}, {"filterCriteria", "9 = 9"}};
}

TEST_CASE("a lost answer closes a warm connection before its first byte, after the write") {
  Fixture fixture;
  RawConnection connection(fixture.server.Url());
  connection.Send(Raw(fixture, "GET", kFilters + "/10"));
  CHECK(connection.Receive("}").starts_with("HTTP/1.1 200"));
  fixture.Fault({{"method", "PUT"}, {"action", "lose"}, {"times", 1}});
  connection.Send(Raw(fixture, "PUT", kFilters + "/10", Update(5)));
  CHECK(connection.Receive() == "");
  CHECK(connection.closed);
  CHECK(fixture.Get(kFilters + "/10").Json()["filterCriteria"] == "9 = 9");
  json writes = fixture.Writes();
  REQUIRE(writes.size() == 1);
  CHECK(writes[0]["carried_out"] == true);
  CHECK(writes[0]["lost"] == true);
  CHECK(writes[0]["status"] == 200);
}

TEST_CASE("a reset happens before the request is looked at") {
  Fixture fixture;
  RawConnection connection(fixture.server.Url());
  fixture.Fault({{"method", "PUT"}, {"action", "reset"}, {"times", 1}});
  connection.Send(Raw(fixture, "PUT", kFilters + "/10", Update(5)));
  CHECK(connection.Receive() == "");
  CHECK(connection.error == ECONNRESET);
  CHECK(fixture.Get(kFilters + "/10").Json()["version"] == 5);
  CHECK(fixture.Writes()[0]["carried_out"] == false);
}

TEST_CASE("a status fault leaves the org alone unless it says carry_out") {
  Fixture fixture;
  fixture.Fault({{"method", "PUT"},
                 {"action", "status"},
                 {"status", 503},
                 {"retry_after", "2"},
                 {"times", 1}});
  Reply reply = fixture.Send("PUT", kFilters + "/10", Update(5));
  CHECK(reply.status == 503);
  CHECK(reply.headers.find("Retry-After")->second == "2");
  CHECK(reply.Json()["error"]["code"] == 503);
  fixture.Fault({{"method", "PUT"},
                 {"action", "status"},
                 {"status", 500},
                 {"carry_out", true},
                 {"times", 1}});
  CHECK(fixture.Send("PUT", kFilters + "/10", Update(5)).status == 500);
  CHECK(fixture.Send("PUT", kFilters + "/10", Update(5)).status == 409);
}

TEST_CASE("answers can be HTML, cut off, of wrong types, endless, or stop in the middle") {
  Fixture fixture;
  fixture.Fault({{"action", "html"}, {"times", 1}});
  Reply html = fixture.Get(kFilters);
  CHECK(html.status == 200);
  CHECK(html.headers.find("Content-Type")->second.starts_with("text/html"));
  std::string whole = fixture.Get(kFilters).body;
  fixture.Fault({{"action", "cut"}, {"times", 1}});
  CHECK(fixture.Get(kFilters).body == whole.substr(0, whole.size() / 2));
  fixture.Fault({{"action", "wrong_type"}, {"times", 1}});
  CHECK(fixture.Get(kFilters).Json()["totalItems"].is_string());
  fixture.Fault({{"action", "cut_transfer"}, {"times", 1}});
  RawConnection broken(fixture.server.Url());
  broken.Send(Raw(fixture, "GET", kFilters));
  CHECK(broken.Receive().ends_with(whole.substr(0, whole.size() / 2)));
  fixture.Fault({{"action", "endless"}, {"times", 1}});
  RawConnection endless(fixture.server.Url());
  endless.Send(Raw(fixture, "GET", kFilters));
  CHECK(endless.Receive("", 8 << 20).size() >= 8 << 20);
}

TEST_CASE("totals can count something else, and startIndex can be ignored") {
  Fixture fixture;
  const auto whole = fixture.Get(kFilters).Json();
  const std::size_t count = whole["filters"].size();
  REQUIRE(count >= 2);
  auto total = [&](const char* what, const std::string& query) {
    fixture.Fault({{"action", "total"}, {"total", what}, {"times", 1}});
    return fixture.Get(kFilters + query).Json().value("totalItems", json("none"));
  };
  CHECK(total("page", "?maxResults=1") == 1);
  CHECK(total("page", "?startIndex=1000") == 0);
  CHECK(total("short", "") == std::max<std::size_t>(count, 3) - 3);
  CHECK(total("zero", "") == 0);
  CHECK(total("none", "") == "none");
  fixture.Fault({{"action", "first_page"}, {"times", 1}});
  CHECK(fixture.Get(kFilters + "?startIndex=1").Json()["filters"] == whole["filters"]);
}

TEST_CASE("a stalled request is never answered, and does not keep the server from stopping") {
  Fixture fixture;
  fixture.Fault({{"action", "stall"}});
  RawConnection connection(fixture.server.Url());
  connection.Send(Raw(fixture, "PUT", kFilters + "/10", Update(5)));
  while (fixture.Writes().empty()) std::this_thread::sleep_for(base::Millis(1));
  CHECK(fixture.Writes()[0]["status"] == 0);
  auto begin = Clock::now();
  CHECK(fixture.server.Stop());
  CHECK(Clock::now() - begin < std::chrono::seconds(5));
}

TEST_CASE("a delay is kept, and so is the latency of all API requests") {
  Fixture fixture;
  fixture.Fault({{"path", "*/lists"}, {"action", "delay"}, {"delay_ms", 80}});
  fixture.Send("POST", "/_sandbox/settings", {{"latency_ms", 30}});
  const std::pair<std::string, int> rows[] = {{kLists, 80}, {kFilters, 30}};
  for (const auto& [path, wanted_ms] : rows) {
    auto begin = Clock::now();
    CHECK(fixture.Get(path).status == 200);
    CHECK(Clock::now() - begin >= base::Millis(wanted_ms));
  }
}

TEST_CASE("rules strike by method, path, after, every and times") {
  Faults faults;
  faults.Add({.method = "P*",
              .path = "*/filters/*",
              .after = 2,
              .every = 3,
              .times = 2,
              .action = "lose",
              .retry_after = {}});
  std::string struck;
  for (int i = 0; i < 14; ++i) {
    CHECK_FALSE(faults.Strike("GET", "/x/filters/1"));
    CHECK_FALSE(faults.Strike("PUT", "/x/lists/1"));
    struck += faults.Strike("PUT", "/x/filters/1") ? 'x' : '.';
  }
  CHECK(struck == "....x..x......");
}

TEST_CASE("chance is the same for the same seed, and about as often as it says") {
  auto run = [](std::uint64_t seed) {
    Faults faults;
    faults.Add({.probability = 0.25, .seed = seed, .action = "lose", .retry_after = {}});
    std::string struck;
    for (int i = 0; i < 1000; ++i) struck += faults.Strike("GET", "/") ? 'x' : '.';
    return struck;
  };
  CHECK(run(1) == run(1));
  CHECK(run(1) != run(2));
  auto hits = std::ranges::count(run(1), 'x');
  CHECK(hits > 200);
  CHECK(hits < 300);
}

TEST_CASE("a fault can be written on the command line") {
  auto rule = ParseFault("PUT */filters/* lose after=3 every=2 times=1 probability=0.5 seed=9");
  REQUIRE(rule);
  CHECK(rule->method == "PUT");
  CHECK(rule->path == "*/filters/*");
  CHECK(rule->action == "lose");
  CHECK(rule->after == 3);
  CHECK(rule->probability == 0.5);
  CHECK(ParseFault("* * status=429 retry_after=1")->status == 429);
  CHECK(ParseFault("* * delay=50")->delay_ms == 50);
  for (const char* text : {"", "PUT *", "PUT * explode", "PUT * lose every=0", "PUT * lose x=1",
                           "PUT * lose after=x", "PUT * lose extra", "* * status=9999",
                           "* * lose probability=2", "* * lose carry_out=maybe"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseFault(text));
  }
}

TEST_CASE("a server refuses to start with a fault that makes no sense") {
  Options options;
  options.faults = {{.action = "explode", .retry_after = {}}};
  Server server;
  CHECK_FALSE(server.Start(options));
}

TEST_CASE("more requests than the rate allows answer 429, those of another org do not") {
  Fixture fixture;
  fixture.Send("POST", "/_sandbox/settings",
               {{"rate_per_second", 0.001}, {"rate_burst", 3}, {"retry_after_s", 7}});
  for (int i = 0; i < 3; ++i) CHECK(fixture.Get(kFilters).status == 200);
  Reply throttled = fixture.Get(kFilters);
  CHECK(throttled.status == 429);
  CHECK(throttled.headers.find("Retry-After")->second == "7");
  CHECK(throttled.Json()["error"]["code"] == 429);
  fixture.Authorise("acme-prod");
  CHECK(fixture.Get("/via/v3/organizations/acme-prod/campaign/filters").status == 200);
}

}  // namespace
}  // namespace viasync::sandbox
