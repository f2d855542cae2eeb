// Fixture's org with strategies, scripts and reference data: for the operations that act.
#pragma once

#include <string>

#include "tests/sandbox/fixture.h"

namespace viasync::sandbox {

inline const std::string kCampaign = "/via/v2/organizations/acme-dev/campaign/";
inline const std::string kCampaignV3 = "/via/v3/organizations/acme-dev/campaign/";

// Strategies 50 Built (a dynamic and an active sort list), 51 Never, 52 Quick (a fast path list),
// 53 Sorted (built, no dynamic list); scripts 60 (runs for an hour), 61 (over at once, with an
// error).
struct OperationsFixture : Fixture {
  explicit OperationsFixture(json more = json::object()) {
    json org = json::parse(kSeed)["orgs"]["acme-dev"];
    org["lists"][1]["strategy"] = "Built";
    org["lists"][2]["strategy"] = "Quick";
    org["lists"][3]["strategy"] = "Sorted";
    auto strategy = [](int id, const char* name, int status, int operation_ms) {
      return json{{"id", id},           {"name", name},
                  {"status", status},   {"description", name},
                  {"purposeName", "P"}, {"operationMs", operation_ms}};
    };
    org["strategies"] = {strategy(50, "Built", 4, 0), strategy(51, "Never", 1, 0),
                         strategy(52, "Quick", 4, 0), strategy(53, "Sorted", 4, 3'600'000)};
    org["automationScripts"] = {{{"id", 60}, {"scriptName", "Long"}, {"runMs", 3'600'000}},
                                {{"id", 61},
                                 {"scriptName", "Short"},
                                 {"runMs", 0},
                                 {"statusThen", 2},
                                 {"statusMessageThen", "Strategy is active"}}};
    json name = {{{"locale", "en-US"}, {"value", "Some"}}};
    org["purposes"] = {{{"id", 70}, {"friendlyName", name}, {"purposeType", "Telemarketing"}}};
    org["geocodeTemplates"] = {{{"id", "Default"}, {"friendlyName", name}}};
    org["numberTypes"] = {{{"id", "HomePhone"}, {"numberTypeCode", 1}, {"friendlyName", name}}};
    org["dispositions"] = {
        {{"id", 80}, {"dispositionCode", "BZ"}, {"friendlyName", name}, {"dispositionType", "Raw"}},
        {{"id", 81}, {"dispositionCode", "LT"}, {"friendlyName", name}, {"locallyTerminated", 1}}};
    org.update(more);
    REQUIRE(Send("PUT", "/_sandbox/orgs/acme-dev", org).status == 204);
  }

  Reply Post(const std::string& path, const json& body) { return Send("POST", path, body); }
};

}  // namespace viasync::sandbox
