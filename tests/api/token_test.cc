#include "engine/api/token.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/api/encoding.h"
#include "tests/api/world.h"

namespace viasync::api {
namespace {

using base::ErrorKind;
using base::Millis;
using fakes::Answer;

World::Handler Ok() { return Always(200, "{}"); }

http::Task<void> CallOnce(Session& session, int& good) {
  auto answer = co_await session.Get(kFilters);
  good += answer.has_value();
}

http::Task<void> CallMany(Session& session, int count, int& good) {
  http::Group group;
  for (int i = 0; i < count; ++i) group.Add(CallOnce(session, good));
  co_await group.Wait();
}

TEST_CASE("the token is asked for as the reference says") {
  World world(Ok());
  REQUIRE(world.Get());
  const auto& request = world.transport.requests().front().request;
  CHECK(request.method == http::Method::kPost);
  CHECK(request.url == kTokenUrl);
  CHECK(request.body == "grant_type=client_credentials&scope=outreachapi&realm=acme");
  CHECK(HeaderOf(request, "Content-Type") == "application/x-www-form-urlencoded");
  CHECK(HeaderOf(request, "Authorization") == "Basic bXktY2xpZW50Om15LWhpZGRlbi1zZWNyZXQ=");
}

TEST_CASE("many calls that begin at once share one token request") {
  World world(Ok());
  int good = 0;
  world.Run(CallMany(world.session, 100, good));
  CHECK(good == 100);
  CHECK(world.tokens == 1);
}

TEST_CASE("many calls that meet a refused token renew it once") {
  World world([](const http::Request& request) {
    return Answer(HeaderOf(request, "Authorization") == "Bearer hidden-token-1" ? 401 : 200, "{}");
  });
  int good = 0;
  world.Run(CallMany(world.session, 20, good));
  CHECK(good == 20);
  CHECK(world.tokens == 2);
  CHECK(world.Calls().size() == 40);
}

TEST_CASE("a token is kept, and renewed before it expires") {
  const struct {
    int lifetime, still_good, renewed;  // seconds
  } cases[] = {{3600, 3539, 3541}, {100, 89, 91}, {10, 8, 10}};
  for (const auto& c : cases) {
    CAPTURE(c.lifetime);
    World world(Ok());
    world.token = [&](const http::Request&) { return world.GoodToken(c.lifetime); };
    REQUIRE(world.Get());
    world.clock.Advance(Millis(1000 * c.still_good) - world.clock.Steady());
    REQUIRE(world.Get());
    CHECK(world.tokens == 1);
    world.clock.Advance(Millis(1000 * c.renewed) - world.clock.Steady());
    REQUIRE(world.Get());
    CHECK(world.tokens == 2);
  }
}

TEST_CASE("a token service in trouble is asked again") {
  int asked = 0;
  World world(Ok());
  world.token = [&](const http::Request&) {
    const int statuses[] = {429, 503};
    if (asked < 2) return Answer(statuses[asked++], "");
    return world.GoodToken(60);
  };
  CHECK(world.Get());
  CHECK(world.client.counters().retries == 2);
}

TEST_CASE("refused credentials end the run: one request, a hint, no secret") {
  for (int status : {400, 401, 403}) {
    World world(Ok());
    world.token = [status](const http::Request& request) {
      return Answer(status, R"({"error": "invalid_client", "error_description": "got )" +
                                HeaderOf(request, "Authorization") + R"( my-hidden-secret"})");
    };
    int good = 0;
    world.Run(CallMany(world.session, 10, good));
    auto later = world.Get();
    REQUIRE_FALSE(later);
    CHECK(good == 0);
    CHECK(world.transport.requests().size() == 1);
    CHECK(later.error().kind == ErrorKind::kAuth);
    CHECK(later.error().http_status == status);
    CHECK(later.error().message.find("invalid_client: got Basic *** ***") != std::string::npos);
    CHECK(later.error().hint.find("CLIENT_SECRET") != std::string::npos);
  }
}

TEST_CASE("a gateway in front of the token service may answer as the API does") {
  for (const char* body :
       {R"({"error": {"code": 404, "message": "no such path"}})", R"({"error": {"code": 404}})",
        R"({"error": {"message": 7}})", R"({"error": {}})", R"({"error": null})"}) {
    CAPTURE(body);
    World world(Ok());
    world.token = [body](const http::Request&) { return Answer(404, body); };
    auto got = world.Get();
    REQUIRE_FALSE(got);
    CHECK(got.error().message.starts_with("the token service answered HTTP 404"));
    bool said = std::string_view(body).find("no such") != std::string_view::npos;
    CHECK((got.error().message.find("no such path") != std::string::npos) == said);
  }
}

TEST_CASE("an answer of the token service that makes no sense is named, and not for good") {
  const struct {
    int status;
    const char *body, *message;
  } cases[] = {
      {200, "<html><title>Portal</title>", "is HTML"},
      {200, R"({"access_token": "x)", "is cut off"},
      {200, "", "is empty"},
      {200, "welcome", "is not JSON"},
      {200, "[]", "has no \"access_token\""},
      {200, R"({"access_token": 7})", "has no \"access_token\""},
      {200, R"({"error": "temporarily_unavailable"})",
       "has no \"access_token\": temporarily_unavailable"},
      {200, R"({"error": {"code": 500, "message": "no route"}})", "no route"},
      {200, R"({"error": {"code": 500}})", "has no \"access_token\""},
      {200, R"({"error": [], "error_description": {}})", "has no \"access_token\""},
      {404, R"({"error": {"message": "no route"}, "error_description": 7})", "404: no route"},
      {200, "expires_in=3600", "has no \"access_token\""},
      {200, R"({"access_token": "a\r\nX: b"})", "no header can carry"},
      {200, R"({"access_token": "a", "expires_in": "soon"})", "\"expires_in\""},
      {200, R"({"access_token": "a", "expires_in": -1})", "\"expires_in\""},
      {404, "", "answered HTTP 404"},
      {302, "", "answered HTTP 302"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.message);
    World world(Ok());
    world.token = [&](const http::Request&) { return Answer(c.status, c.body); };
    auto answer = world.Get();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::kProtocol);
    CHECK(answer.error().message.find(c.message) != std::string::npos);
    CHECK(answer.error().hint.find("token_url") != std::string::npos);
    world.token = [&](const http::Request&) { return world.GoodToken(60); };
    CHECK(world.Get());
  }
}

TEST_CASE("a usable token is taken with any status of success, from JSON and from a form") {
  const struct {
    int status;
    const char *body, *token;
  } cases[] = {
      {201, R"({"access_token": "fresh-one", "expires_in": 60})", "fresh-one"},
      {202, R"({"access_token": "fresh-one"})", "fresh-one"},
      {200, "access_token=fresh%2Fone+2&expires_in=60&token_type=Bearer", "fresh/one 2"},
      {200, "access_token=fresh-one\n", "fresh-one"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.body);
    World world(Ok());
    world.token = [&](const http::Request&) { return Answer(c.status, c.body); };
    REQUIRE(world.Get());
    CHECK(HeaderOf(world.transport.requests().back().request, "Authorization") ==
          std::string("Bearer ") + c.token);
  }
}

TEST_CASE("an answer of the token service is never quoted") {
  const char* kToken = "eyJhbGciOiJIUzI1NiJ9.live";
  const std::string bodies[] = {
      fmt::format(R"({{"access_token": "{}", "expires_in": "soon"}})", kToken),
      fmt::format(R"({{"access_token": "{}\r\n"}})", kToken),
      fmt::format(R"({{"token": "{}"}})", kToken),
      fmt::format(R"({{"access_token": "{}")", kToken),
      fmt::format(R"({{"error": "odd {}", "data": [{{"access_token": "{}"}}]}})", kToken, kToken),
      fmt::format(R"(["{}"])", kToken),
      fmt::format(R"("{}")", kToken),
      fmt::format("access_token={}&expires_in=soon", kToken),
      fmt::format("the token is {}", kToken),
      fmt::format("<html><title>{}</title></html>", kToken),
      kToken,
  };
  for (int status : {200, 201, 302, 400, 401, 404, 409, 500, 503}) {
    for (const auto& body : bodies) {
      CAPTURE(status);
      CAPTURE(body);
      World world(Ok());
      world.token = [&](const http::Request&) {
        return Answer(status, body, Millis(50), {{"content-type", "application/json"}});
      };
      auto answer = world.Get();
      REQUIRE_FALSE(answer);
      CHECK(answer.error().message.find("eyJ") == std::string::npos);
      CHECK(answer.error().hint.find("eyJ") == std::string::npos);
    }
  }
}

TEST_CASE(
    "client id and secret enter HTTP Basic as they are, or form-encoded where it is asked for") {
  for (bool form : {false, true}) {
    World world(Ok());
    Endpoint endpoint{"acme", kBase, kTokenUrl, kExclusions, form};
    Session session(world.client, endpoint, {"my client", "s%cr+t:/~*", "my-hidden-key"});
    REQUIRE(world.Run(session.Get(kFilters)));
    const std::string pair = form ? "my+client:s%25cr%2Bt%3A%2F%7E*" : "my client:s%cr+t:/~*";
    CHECK(HeaderOf(world.transport.requests().front().request, "Authorization") ==
          "Basic " + Base64(pair));
  }
}

TEST_CASE("a lifetime in quotes or none at all is understood") {
  for (const char* body :
       {R"({"access_token": "a", "expires_in": "3600"})", R"({"access_token": "a"})"}) {
    World world(Ok());
    world.token = [&](const http::Request&) { return Answer(200, body); };
    REQUIRE(world.Get());
    world.clock.Advance(Millis(3'000'000));
    REQUIRE(world.Get());
    CHECK(world.transport.requests().size() == 3);
  }
}

}  // namespace
}  // namespace viasync::api
