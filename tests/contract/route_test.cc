#include "engine/contract/route.h"

#include <doctest/doctest.h>

#include <string>

namespace viasync::contract {
namespace {

constexpr const char* kV2 = "/via/v2/organizations/acme/campaign/";
constexpr const char* kV3 = "/via/v3/organizations/acme/campaign/";

TEST_CASE("a path is found in full, with a placeholder for the org, and in short") {
  struct Case {
    const char* text;
    std::string path;
  };
  const Case cases[] = {
      {"/via/v3/organizations/acme/campaign/filters", std::string(kV3) + "filters"},
      {"via/v3/organizations/acme/campaign/filters", std::string(kV3) + "filters"},
      {"/via/v3/organizations/{orgId}/campaign/filters", std::string(kV3) + "filters"},
      {"/via/v3/organizations/{org}/campaign/filters/1", std::string(kV3) + "filters/1"},
      {"filters", std::string(kV3) + "filters"},
      {"/filters/123", std::string(kV3) + "filters/123"},
      {"campaign/lists", std::string(kV2) + "lists"},
      {"exclusions/5", std::string(kV2) + "exclusions/5"},
      {"timeZones", std::string(kV3) + "timeZones"},
      {"v2/timeZones", std::string(kV2) + "timeZones"},
      {"/via/v3/organizations/{org}/compliance/exclusions",
       "/via/v3/organizations/acme/compliance/exclusions"},
  };
  for (const auto& test : cases) {
    CAPTURE(test.text);
    auto route = FindRoute("GET", test.text, "acme");
    REQUIRE(route);
    CHECK(route->path == test.path);
  }
}

TEST_CASE("the short form of every operation's path leads back to it") {
  for (const auto& operation : Operations()) {
    auto route = FindRoute(operation.method, ShortPath(operation), "acme");
    CAPTURE(ShortPath(operation));
    REQUIRE(route);
    CHECK(route->match.operation == &operation);
  }
}

TEST_CASE("an unknown path or method gets the nearest one") {
  struct Case {
    const char* method;
    const char* text;
    const char* message;
    const char* hint;
  };
  const Case cases[] = {
      {"GET", "filtres/123", "the API has no path `filtres/123`", "`filters/123`"},
      {"GET", "timezones", "the API has no path `timezones`", "`timeZones`"},
      {"GET", "/via/v3/organizations/acme/campaign/filtres",
       "the API has no path `/via/v3/organizations/acme/campaign/filtres`",
       "`/via/v3/organizations/acme/campaign/filters`"},
      {"GET", "strategies/4/status", "the API has no path `strategies/4/status`",
       "`strategies/4/statuses`"},
      {"GET", "qqqqqqqqqq", "the API has no path `qqqqqqqqqq`", "api --list"},
      {"PATCH", "filters/1", "`filters/1` cannot be asked with PATCH", "it takes"},
      {"PSOT", "filters", "`filters` cannot be asked with PSOT", "did you mean POST?"},
      {"GET", "/via/v3/organizations/other/campaign/filters",
       "`/via/v3/organizations/other/campaign/filters` is a path of the org other; the "
       "environment's is acme",
       "{orgId}"},
      {"GET", "fil\x1b[31mters", "the API has no path `fil\\x1b[31mters`", ""},
  };
  for (const auto& test : cases) {
    CAPTURE(test.text);
    auto route = FindRoute(test.method, test.text, "acme");
    REQUIRE_FALSE(route);
    CHECK(route.error().message == test.message);
    CHECK_MESSAGE(route.error().hint.find(test.hint) != std::string::npos, route.error().hint);
  }
}

}  // namespace
}  // namespace viasync::contract
