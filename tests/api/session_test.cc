#include "engine/api/session.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "engine/base/redact.h"
#include "tests/api/world.h"

namespace viasync::api {
namespace {

using base::ErrorKind;
using fakes::Answer;
using Json = nlohmann::json;

base::Result<Json> Put(World& world, Json body) {
  return world.Run(
      world.session.Write(http::Method::kPut, std::string(kLists) + "/1", std::move(body)));
}

TEST_CASE("a read carries token and key, and no body") {
  World world(Always(200, R"({"a": 1})"));
  auto answer = world.Run(world.session.Get(kFilters, {{"filterName", "A & B"}}));
  REQUIRE(answer);
  CHECK((*answer)["a"] == 1);
  const auto& request = world.transport.requests().back().request;
  CHECK(request.url == std::string(kBase) + kFilters + "?filterName=A%20%26%20B");
  CHECK(HeaderOf(request, "Authorization") == "Bearer hidden-token-1");
  CHECK(HeaderOf(request, "x-api-key") == "my-hidden-key");
  CHECK(HeaderOf(request, "Accept") == "application/json");
  CHECK(HeaderOf(request, "Content-Type") == "(none)");
  CHECK(request.body.empty());
}

TEST_CASE("a write carries JSON; an answer without body is null") {
  World world(Always(204, ""));
  auto answer = Put(world, {{"version", 3}});
  REQUIRE(answer);
  CHECK(answer->is_null());
  CHECK(HeaderOf(world.transport.requests().back().request, "Content-Type") == "application/json");
  CHECK(world.LastBody() == R"({"version":3})");
}

TEST_CASE("a 401 renews the token once and repeats the call, writes too") {
  int refused = 0;
  World world([&](const http::Request&) { return Answer(refused++ == 0 ? 401 : 200, ""); });
  REQUIRE(Put(world, {{"version", 3}}));
  CHECK(world.tokens == 2);
  CHECK(world.Calls().size() == 2);
  CHECK(HeaderOf(world.transport.requests().back().request, "Authorization") ==
        "Bearer hidden-token-2");
}

TEST_CASE("a second 401 is the end, for every later call too") {
  World world(Always(401, ""));
  auto first = world.Get();
  REQUIRE_FALSE(first);
  CHECK(first.error().kind == ErrorKind::kAuth);
  CHECK(first.error().http_status == 401);
  CHECK(first.error().message.find("401 twice") != std::string::npos);
  CHECK(first.error().hint.find("org acme") != std::string::npos);
  const auto sent = world.transport.requests().size();
  CHECK_FALSE(world.Get());
  CHECK(world.transport.requests().size() == sent);
}

TEST_CASE("each status has its kind, and the error says what the org said") {
  const struct {
    int status;
    ErrorKind kind;
  } cases[] = {{400, ErrorKind::kRejected}, {403, ErrorKind::kRejected},
               {404, ErrorKind::kNotFound}, {405, ErrorKind::kRejected},
               {409, ErrorKind::kConflict}, {302, ErrorKind::kProtocol}};
  for (const auto& c : cases) {
    World world(Always(c.status, R"({"error": {"message": "because my-hidden-key\u001b"}})"));
    auto answer = world.Run(world.session.Get(kExclusions, {{"contactAddress", "0987"}}));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == c.kind);
    CHECK(answer.error().http_status == c.status);
    CHECK(answer.error().message == "GET " + std::string(kBase) + kExclusions + " answered " +
                                        std::to_string(c.status) + ": because ***\\x1b");
    CHECK(world.Calls().size() == 1);
  }
}

TEST_CASE("a read that answers no JSON is a protocol error; a write, one to settle by reading") {
  for (const char* body : {"<html>", R"({"filters": [)", "", "\xff"}) {
    World world(Always(200, body));
    auto read = world.Get();
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::kProtocol);
    if (*body == '\0') continue;  // a write may well answer nothing
    auto write = Put(world, {{"version", 3}});
    REQUIRE_FALSE(write);
    CHECK(write.error().kind == ErrorKind::kUnknown);
  }
}

TEST_CASE("nothing is taken from an answer that echoes a secret, in whatever spelling") {
  for (const char* body : {R"({"id": "my-hidden-secret"})", R"({"id": "x my-hidden-key"})",
                           R"({"id": "my%2Dhidden%2Dsecret"})", R"(["my\u002dhidden-secret"])"}) {
    CAPTURE(body);
    World world(Always(200, body));
    auto read = world.Get();
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::kProtocol);
    CHECK(read.error().message.find("holds a secret of this run") != std::string::npos);
    CHECK(read.error().message.find("hidden") == std::string::npos);
    auto write = Put(world, {{"version", 3}});
    REQUIRE_FALSE(write);
    CHECK(write.error().kind == ErrorKind::kUnknown);
  }
}

TEST_CASE("a token is a secret long after the next one has come") {
  World world(Always(200, "{}"));
  REQUIRE(world.Get());
  world.clock.Advance(base::Millis(4'000'000));
  REQUIRE(world.Get());
  REQUIRE(world.tokens == 2);
  world.api = Always(400, R"({"message": "hidden-token-1, hidden-token-2"})");
  CHECK(world.Get().error().message.ends_with(": ***, ***"));
  CHECK(base::RunSecrets()->Redacted("hidden-token-1, hidden-token-2") == "***, ***");
}

TEST_CASE("a write whose answer was lost is not sent again") {
  World world([](const http::Request&) { return fakes::Lost(); });
  auto answer = Put(world, {{"version", 3}});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kUnknown);
  CHECK(world.Calls().size() == 1);
}

TEST_CASE("text that is not UTF-8 is refused before anything is sent") {
  World world(Always(200, "{}"));
  auto answer = Put(world, {{"filterName", "caf\xe9"}});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kInvalid);
  CHECK(world.transport.requests().empty());
}

TEST_CASE("a key that would break out of its header is refused") {
  World world(Always(200, "{}"));
  Session session(world.client, {"acme", kBase, kTokenUrl, kExclusions}, {"c", "s", "key\r\nX: y"});
  auto answer = world.Run(session.Get(kFilters));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::kAuth);
  CHECK(world.transport.requests().empty());
}

}  // namespace
}  // namespace viasync::api
