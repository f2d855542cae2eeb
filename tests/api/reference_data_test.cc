#include "engine/api/reference_data.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/api/world.h"

namespace viasync::api {
namespace {

TEST_CASE("reference data is read page by page, with its English name where there is one") {
  World world(OnePage(R"({"purposes": [
      {"id": 1, "friendlyName": [{"locale": "de-DE", "value": "Verkauf"},
                                 {"locale": "en-US", "value": "Sales"}], "purposeType": "General"},
      {"id": 2, "friendlyName": [{"locale": "de-DE", "value": "Mahnung"}]},
      {"id": 3}], "totalItems": 3})"));
  auto purposes = world.Run(ListPurposes(world.session));
  REQUIRE(purposes);
  REQUIRE(purposes->size() == 3);
  CHECK((*purposes)[0].name == "Sales");
  CHECK((*purposes)[0].type == "General");
  CHECK((*purposes)[1].name == "Mahnung");
  CHECK((*purposes)[2].name == "");
}

TEST_CASE("each kind has its own path and properties") {
  const char* body = R"({"geocodeTemplates": [{"id": "Default"}],
      "numberTypes": [{"id": "HomePhone", "numberTypeCode": 1}],
      "dispositions": [{"id": 1, "dispositionCode": "CB", "dispositionType": "Agent"}],
      "schemaDefinitions": [{"id": "1", "schemaName": "Base", "schemaDescription": "d"}],
      "totalItems": 1})";
  World world(OnePage(body));
  auto geocodes = world.Run(ListGeocodes(world.session));
  REQUIRE(geocodes);
  CHECK(geocodes->front().id == "Default");
  auto types = world.Run(ListNumberTypes(world.session));
  REQUIRE(types);
  CHECK(types->front().code == "1");
  auto dispositions = world.Run(ListDispositions(world.session, "CB", true));
  REQUIRE(dispositions);
  CHECK(dispositions->front().type == "Agent");
  CHECK(world.Calls().back().find("dispositions?dispositionCode=CB&locallyTerminated=1&") !=
        std::string::npos);
  auto schemas = world.Run(ListSchemaItems(world.session, ""));
  REQUIRE(schemas);
  CHECK(schemas->front().code == "Base");
}

TEST_CASE("a broken name is an error that says where") {
  World world(Always(200, R"({"purposes": [{"id": 1, "friendlyName": "Sales"}]})"));
  auto purposes = world.Run(ListPurposes(world.session));
  REQUIRE_FALSE(purposes);
  CHECK(purposes.error().message.find("friendlyName") != std::string::npos);
}

TEST_CASE("no time zone is an empty set, or an empty object in version 2") {
  World none([](const http::Request& request) {
    return fakes::Answer(200, request.url.find("/v3/") == std::string::npos
                                  ? "{}"
                                  : R"({"timeZones": [], "totalItems": 0})");
  });
  auto zones = none.Run(FindTimeZones(none.session, {.postal_code = "0"}));
  REQUIRE(zones);
  CHECK(zones->empty());
  auto zone = none.Run(FindTimeZoneV2(none.session, {.postal_code = "0"}));
  REQUIRE(zone);
  CHECK_FALSE(zone->has_value());

  World two(Always(200, R"({"olsonName": "America/Los_Angeles", "timezoneId": "33"})"));
  zone = two.Run(FindTimeZoneV2(two.session, {.phone = "1", .country = "US"}));
  REQUIRE(zone);
  REQUIRE(zone->has_value());
  CHECK((*zone)->id == "33");
  CHECK(two.Calls().back().ends_with("timeZones?phoneNumber=1&countryCode=US"));
  World three(Always(200, R"({"timeZones": [{"olsonName": "A/B", "timeZoneId": 18}]})"));
  zones = three.Run(FindTimeZones(three.session, {}));
  REQUIRE(zones);
  CHECK(zones->front().id == "18");
}

}  // namespace
}  // namespace viasync::api
