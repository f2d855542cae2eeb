#include <doctest/doctest.h>

#include "engine/api/session.h"

namespace viasync::api {
namespace {

TEST_CASE("each region has its token service") {
  const struct {
    const char *region, *token_url;
  } cases[] = {
      {"us", "https://myaspect.id.aspect-cloud.net/tokenservice/oauth2/access_token"},
      {"eu", "https://myaspect.eu.id.aspect-cloud.net/tokenservice/oauth2/access_token"},
      {"uk", "https://myaspect.uk.id.aspect-cloud.net/tokenservice/oauth2/access_token"},
      {"ca", "https://myaspect.ca.id.aspect-cloud.net/tokenservice/oauth2/access_token"},
  };
  for (const auto& c : cases) {
    auto endpoint = MakeEndpoint("acme-dev", c.region, "", "", "");
    REQUIRE(endpoint);
    CHECK(endpoint->base_url == "https://acme-dev.via.aspect-cloud.net");
    CHECK(endpoint->token_url == c.token_url);
    CHECK(endpoint->exclusions_path == "/via/v2/organizations/acme-dev/campaign/exclusions");
  }
}

TEST_CASE("base_url and token_url stand for the region") {
  auto endpoint =
      MakeEndpoint("a", "", "http://127.0.0.1:8080//", "http://[::1]:8081/token", "compliance-v3");
  REQUIRE(endpoint);
  CHECK(endpoint->base_url == "http://127.0.0.1:8080");
  CHECK(endpoint->token_url == "http://[::1]:8081/token");
  CHECK(endpoint->exclusions_path == "/via/v3/organizations/a/compliance/exclusions");
}

TEST_CASE("what cannot be reached safely is refused, and says what to write") {
  const struct {
    const char *org, *region, *base_url, *token_url, *exclusions_api, *message;
  } cases[] = {
      {"", "us", "", "", "", "is not a valid org name"},
      {"evil/../x", "us", "", "", "", "is not a valid org name"},
      {"a\x1b[2J", "us", "", "", "", "a\\x1b[2J"},
      {"a", "", "", "", "", "neither region nor token_url"},
      {"a", "", "https://h", "", "", "neither region nor token_url"},
      {"a", "ux", "", "", "", "unknown region \"ux\""},
      {"a", "us", "http://org.example", "", "", "is plain http"},
      {"a", "us", "http://127.0.0.1.evil.example", "", "", "is plain http"},
      {"a", "us", "http://localhost.evil.example", "", "", "is plain http"},
      {"a", "us", "http://127.0.0.1@evil.example", "", "", "user name or password"},
      {"a", "us", "http://localhost\\@evil.example", "", "", "no URL may hold"},
      {"a", "us", "ftp://h", "", "", "is not an https URL"},
      {"a", "us", "https://", "", "", "names no host"},
      {"a", "us", "https://h/?x=1", "", "", "has a query"},
      {"a", "us", "", "http://id.example/token", "", "is plain http"},
      {"a", "us", "", "", "v4", "unknown exclusions_api \"v4\""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.message);
    auto endpoint = MakeEndpoint(c.org, c.region, c.base_url, c.token_url, c.exclusions_api);
    REQUIRE_FALSE(endpoint);
    CHECK(endpoint.error().kind == base::ErrorKind::kInvalid);
    CHECK(endpoint.error().message.find(c.message) != std::string::npos);
    CHECK_FALSE(endpoint.error().hint.empty());
  }
}

TEST_CASE("a password in a URL is not repeated") {
  auto endpoint = MakeEndpoint("a", "us", "https://me:hunter2@h", "", "");
  REQUIRE_FALSE(endpoint);
  CHECK(endpoint.error().message.find("hunter2") == std::string::npos);
}

}  // namespace
}  // namespace viasync::api
