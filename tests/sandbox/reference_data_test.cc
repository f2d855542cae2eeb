#include "engine/sandbox/generate.h"
#include "tests/sandbox/operations_fixture.h"

namespace viasync::sandbox {
namespace {

TEST_CASE("reference data comes with its names, and without lastIndexReturned") {
  OperationsFixture fixture;
  json name = {{{"locale", "en-US"}, {"value", "Some"}}};
  const struct {
    const char *resource, *kind;
    json first;
  } rows[] = {
      {"purposes", "purpose", {{"id", 70}, {"purposeType", "Telemarketing"}}},
      {"geocodeTemplates", "geocodeTemplate", {{"id", "Default"}}},
      {"numberTypes", "numberType", {{"id", "HomePhone"}, {"numberTypeCode", 1}}},
      {"dispositions",
       "disposition",
       {{"id", 80}, {"dispositionCode", "BZ"}, {"dispositionType", "Raw"}}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.resource);
    json body = fixture.Get(kCampaign + row.resource).Json();
    json first = row.first;
    first["kind"] = std::string("via#") + row.kind;
    first["friendlyName"] = name;
    CHECK(body["kind"] == std::string("via#") + row.kind + "Collection");
    CHECK(body[row.resource][0] == first);
    CHECK(body.contains("totalItems"));
    CHECK_FALSE(body.contains("lastIndexReturned"));
    CHECK(fixture.Post(kCampaign + row.resource, {}).status == 405);
    CHECK(fixture.Get(kCampaign + row.resource + "/1").status == 404);
  }
  const std::string dispositions = kCampaign + "dispositions?";
  CHECK(fixture.Get(dispositions + "dispositionCode=BZ").Json()["totalItems"] == 1);
  CHECK(fixture.Get(dispositions + "locallyTerminated=1").Json()["totalItems"] == 1);
  CheckRefused(fixture, "GET", dispositions + "locallyTerminated=2", nullptr, "locallyTerminated");
}

TEST_CASE("a time zone is found by postal code in its country, then by phone number") {
  OperationsFixture fixture;
  const std::pair<const char*, const char*> rows[] = {
      {"postalCode=90210", "America/Los_Angeles"},
      {"postalCode=90210&phoneNumber=2125551234", "America/Los_Angeles"},
      {"postalCode=00000&phoneNumber=212-555-1234", "America/New_York"},
      {"phoneNumber=12125551234", "America/New_York"},
      {"postalCode=SW1A&countryCode=GB", "Europe/London"},
      {"postalCode=00000", ""},
      {"phoneNumber=0000000000", ""},
  };
  for (const auto& [query, olson] : rows) {
    CAPTURE(query);
    Reply two = fixture.Get(kCampaign + "timeZones?" + query);
    Reply three = fixture.Get(kCampaignV3 + "timeZones?" + query);
    CHECK(two.status == 200);
    json found = three.Json()["timeZones"];
    if (std::string(olson).empty()) {
      CHECK(two.body == "{}");
      CHECK(found == json::array());
      CHECK(three.Json()["totalItems"] == 0);
      continue;
    }
    CHECK(two.Json()["olsonName"] == olson);
    CHECK(two.Json()["kind"] == "via#Timezone");
    CHECK(two.Json().contains("timezoneId"));
    REQUIRE(found.size() == 1);
    CHECK(found[0]["olsonName"] == olson);
    CHECK(found[0].contains("timeZoneId"));
  }
}

TEST_CASE("without postal code and phone number, v2 finds none and v3 lists all") {
  OperationsFixture fixture;
  CHECK(fixture.Get(kCampaign + "timeZones").body == "{}");
  json all = fixture.Get(kCampaignV3 + "timeZones").Json();
  CHECK(all["totalItems"] > 5);
  CHECK(all["timeZones"].size() == all["totalItems"]);
  CHECK_FALSE(all.contains("lastIndexReturned"));
  CheckRefused(fixture, "GET", kCampaignV3 + "timeZones?countryCode=USA", nullptr, "countryCode");
  CheckRefused(fixture, "GET", kCampaign + "timeZones?startIndex=0", nullptr, "startIndex");
}

TEST_CASE("a generated org has something of everything, and is read back from its state") {
  Org org = GenerateOrg({.org = "o", .filters = 2, .lists = 4, .exclusions = 3}, {});
  CHECK(org.strategies.size() > 3);
  CHECK(org.scripts.size() == 2);
  CHECK(org.number_types.size() == 4);
  std::string text;
  WriteOrg(text, org);
  auto again = ParseOrg(json::parse(text), "o", "/o", {});
  REQUIRE_MESSAGE(again.has_value(), again.error().message);
  std::string text_again;
  WriteOrg(text_again, *again);
  CHECK(text_again == text);
}

}  // namespace
}  // namespace viasync::sandbox
