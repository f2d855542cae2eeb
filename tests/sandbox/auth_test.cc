#include <thread>

#include "engine/base/times.h"
#include "tests/sandbox/fixture.h"

namespace viasync::sandbox {
namespace {

class FakeClock : public base::Clock {
 public:
  base::UtcTime Now() override { return base::UtcTime(base::Millis(now_ms.load())); }
  base::Millis Steady() override { return base::Millis(now_ms.load()); }
  std::atomic<std::int64_t> now_ms = 1'700'000'000'000;
};

TEST_CASE("the token endpoint gives a token for the org that was asked for") {
  Fixture fixture;
  Reply reply = fixture.Token("acme-dev", "client", "s3cret");
  CHECK(reply.status == 200);
  CHECK(reply.Json()["token_type"] == "Bearer");
  CHECK(reply.Json()["expires_in"] == 3600);
  CHECK(reply.Json()["scope"] == "outreachapi");
}

TEST_CASE("the token endpoint refuses whatever is not quite right") {
  Fixture fixture;
  struct Row {
    const char *realm, *id, *secret, *grant, *scope;
    int status;
    const char* error;  // "" = no body
  };
  const Row rows[] = {
      {"acme-dev", "client", "wrong", "client_credentials", "outreachapi", 401, ""},
      {"acme-dev", "wrong", "s3cret", "client_credentials", "outreachapi", 401, ""},
      {"acme-prod", "client", "s3cret", "client_credentials", "outreachapi", 401, ""},
      {"nobody", "client", "s3cret", "client_credentials", "outreachapi", 400, "invalid_request"},
      {"acme-dev", "client", "s3cret", "password", "outreachapi", 400, "unsupported_grant_type"},
      {"acme-dev", "client", "s3cret", "client_credentials", "other", 400, "invalid_scope"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.error);
    CAPTURE(row.id);
    Reply reply = fixture.Token(row.realm, row.id, row.secret, row.grant, row.scope);
    CHECK(reply.status == row.status);
    if (*row.error) CHECK(reply.Json()["error"] == row.error);
    if (!*row.error) CHECK(reply.body.empty());
  }
  CHECK(fixture.Get("/tokenservice/oauth2/access_token").status == 405);
}

TEST_CASE("without a valid token and key the answer is 401 without a body") {
  Fixture fixture;
  const std::string token = fixture.token;
  const std::pair<std::string, std::string> rows[] = {
      {"", "key"}, {"wrong", "key"}, {token, ""}, {token, "wrong"}};
  for (const auto& [used, key] : rows) {
    CAPTURE(key);
    fixture.token = used;
    fixture.key = key;
    for (const char* method : {"GET", "POST", "TRACE"}) {
      if (std::string(method) == "TRACE") continue;
      Reply reply = fixture.Send(method, kFilters);
      CHECK(reply.status == 401);
      CHECK(reply.body.empty());
    }
  }
}

TEST_CASE("a token of one org does not open another") {
  Fixture fixture;
  fixture.key = "pk";
  CHECK(fixture.Get("/via/v3/organizations/acme-prod/campaign/filters").status == 401);
  fixture.Authorise("acme-prod");
  CHECK(fixture.Get("/via/v3/organizations/acme-prod/campaign/filters").status == 200);
}

TEST_CASE("a token ends with its lifetime, and when all are revoked") {
  FakeClock clock;
  Options options;
  options.clock = &clock;
  options.settings.token_lifetime_s = 60;
  Fixture fixture(options);
  clock.now_ms += 59'999;
  CHECK(fixture.Get(kFilters).status == 200);
  clock.now_ms += 1;
  CHECK(fixture.Get(kFilters).status == 401);
  fixture.Authorise("acme-dev");
  CHECK(fixture.Get(kFilters).status == 200);
  fixture.Send("POST", "/_sandbox/settings", {{"revoke_tokens", true}});
  CHECK(fixture.Get(kFilters).status == 401);
}

TEST_CASE("unknown orgs and paths answer 404") {
  Fixture fixture;
  for (const char* path : {"/", "/via/v3/organizations/nobody/campaign/filters",
                           "/via/v2/organizations/acme-dev/campaign/filters",
                           "/via/v3/organizations/acme-dev/campaign/lists",
                           "/via/v3/organizations/acme-dev/campaign/exclusions",
                           "/via/v3/organizations/acme-dev/campaign/filters/10/more",
                           "/via/v3/organizations/acme-dev/campaign/filters/",
                           "/via/v3/organizations/acme-dev/campaign/schemaDefinitions/1"}) {
    CAPTURE(path);
    Reply reply = fixture.Get(path);
    CHECK(reply.status == 404);
    CHECK(reply.Json()["error"]["code"] == 404);
  }
}

TEST_CASE("a method that a path does not have answers 405 and says which it has") {
  Fixture fixture;
  struct Row {
    std::string method, path, allowed;
  };
  const Row rows[] = {
      {"PUT", kFilters, "GET, POST"},
      {"DELETE", kExclusions, "GET, POST"},
      {"PATCH", kFilters + "/10", "GET, PUT, DELETE"},
      {"POST", kExclusions + "/30", "GET, PUT, DELETE"},
      {"POST", kLists, "GET"},
      {"PUT", kLists + "/21", "GET, PATCH"},
      {"DELETE", kLists + "/21", "GET, PATCH"},
      {"POST", kSchemas, "GET"},
      {"OPTIONS", kFilters, "GET, POST"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.method);
    CAPTURE(row.path);
    Reply reply = fixture.Send(row.method, row.path, json::object());
    CHECK(reply.status == 405);
    CHECK(reply.headers.find("Allow")->second == row.allowed);
    CHECK(reply.Json()["error"]["code"] == 405);
  }
}

}  // namespace
}  // namespace viasync::sandbox
