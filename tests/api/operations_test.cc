#include "engine/api/operations.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/api/world.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;

const std::string kCampaign = "/via/v2/organizations/acme/campaign/";

TEST_CASE("a contact check asks for all lists unless one is named, and reads the verdict") {
  World world(Always(200, R"({"accountControlQueryItems": [{"kind": "via#exclusionStatus",
      "result": 0, "exclusionType": 6, "expirationTimeForAttemptTracker": 3600,
      "exclusionStartTime": "2017-04-12T23:20:50.525Z", "key": "6#13"}], "totalItems": 1})"));
  auto verdict = world.Run(CheckContact(world.session, {.phone = "0911", .number_type = 2}));
  REQUIRE(verdict);
  CHECK(verdict->result == kDoNotContact);
  CHECK(verdict->exclusion_type == 6);
  CHECK(verdict->expires_s == 3600);
  CHECK(verdict->since.has_value());
  CHECK(verdict->key == "6#13");
  CHECK(world.Calls().front() ==
        "GET " + kCampaign + "exclusionStatuses?phoneNumber=0911&contactList=ALL&numberType=2");
}

TEST_CASE("an answer that says nothing about the contact is an error, never leave to call") {
  for (const char* body : {"{}", "[]", R"({"accountControlQueryItems": []})",
                           R"({"accountControlQueryItems": [{"exclusionType": 0}]})",
                           R"({"accountControlQueryItems": [{"result": "1"}]})"}) {
    CAPTURE(body);
    World world(Always(200, body));
    auto verdict = world.Run(CheckContact(world.session, {.phone = "1"}));
    REQUIRE_FALSE(verdict);
    CHECK(verdict.error().kind == base::ErrorKind::kProtocol);
  }
}

TEST_CASE("an attempt is sent as one event, without what is not known") {
  World world(Always(202, ""));
  CHECK(world.Run(
      ReportAttempt(world.session, {.phone = "1", .response_status = "BZ", .key = "6#13"})));
  CHECK(
      Json::parse(world.LastBody()) ==
      Json::parse(R"({"events": [{"phoneDialed": "1", "responseStatus": "BZ", "key": "6#13"}]})"));
}

TEST_CASE("strategies are read from `projects`, with codes that nobody knows") {
  World world([](const http::Request& request) {
    bool item = request.url.ends_with("/2341");
    if (item) return fakes::Answer(200, R"({"id": 2341, "name": "S", "status": 999})");
    return OnePage(R"({"projects": [{"id": 2341, "name": "S"}], "totalItems": 1})")(request);
  });
  auto all = world.Run(ListStrategies(world.session, "S", ""));
  REQUIRE(all);
  REQUIRE(all->size() == 1);
  CHECK(all->front().id == "2341");
  CHECK_FALSE(all->front().status.has_value());
  CHECK(world.Calls().back().find("strategies?name=S&") != std::string::npos);
  auto one = world.Run(GetStrategy(world.session, "2341"));
  REQUIRE(one);
  CHECK(one->status == 999);
}

TEST_CASE("the statuses of a strategy come with their details") {
  World world(Always(200, R"({"id": 1, "status": 60, "lastModifiedTime": "2017-01-11 10:33:22",
      "progressStatus": "p", "detailStatuses": [{"statusDescription": "a"}, {}]})"));
  auto statuses = world.Run(GetStrategyStatuses(world.session, "1"));
  REQUIRE(statuses);
  CHECK(statuses->status == 60);
  CHECK(statuses->modified == "2017-01-11 10:33:22");
  CHECK(statuses->details == std::vector<std::string>{"a", ""});
}

TEST_CASE(
    "records are inserted one by one and updated many at once; the id is read in both forms of the "
    "reference") {
  const std::pair<const char*, const char*> answers[] = {
      {R"({"id": 123})", "123"}, {R"({"ids": [{"id": 7}]})", "7"}, {"", ""}, {"{}", ""}};
  for (const auto& [answer, id] : answers) {
    CAPTURE(answer);
    World world(Always(201, answer));
    auto inserted = world.Run(InsertRecord(world.session, "5", {{"@ACCOUNT", "1"}}));
    REQUIRE(inserted);
    CHECK(*inserted == id);
    CHECK(Json::parse(world.LastBody()) ==
          Json::parse(R"({"records": [{"items": [{"field": "@ACCOUNT", "value": "1"}]}]})"));
  }
  World world(Always(202, ""));
  CHECK(world.Run(
      UpdateRecords(world.session, "5",
                    {{"@ACCOUNT", "1", {{"@NAME", "x"}}}, {"@ACCOUNT", "2", {{"@NAME", "y"}}}})));
  CHECK(world.Calls() == std::vector{"PATCH " + kCampaign + "strategies/5/records"});
  CHECK(Json::parse(world.LastBody()) ==
        Json::parse(R"({"records": [{"lookupKey": "@ACCOUNT", "lookupValue": "1",
                        "fields": [{"fieldKey": "@NAME", "fieldValue": "x"}]},
                       {"lookupKey": "@ACCOUNT", "lookupValue": "2",
                        "fields": [{"fieldKey": "@NAME", "fieldValue": "y"}]}]})"));
}

TEST_CASE("a fast path record names its session only where there is one") {
  for (const char* client : {"", "1234143"}) {
    World world(Always(201, R"({"fastPathResponseCollection": [{"requestId": "45"}]})"));
    auto receipt = world.Run(InsertFastPath(world.session, "22", {"1111", {}}, client));
    REQUIRE(receipt);
    CHECK(receipt->request_id == "45");
    std::string header =
        HeaderOf(world.transport.requests().back().request, "via-client-sessionid");
    CHECK(header == (std::string(client).empty() ? "(none)" : client));
    CHECK(Json::parse(world.LastBody()) ==
          Json::parse(R"({"fastPathRecords": [{"fastPathRecord": "1111",
                          "customFieldsStringCollection": [{}]}]})"));
  }
  World strange(Always(201, "{}"));
  auto receipt = strange.Run(InsertFastPath(strange.session, "22", {"1111", {}}, ""));
  REQUIRE_FALSE(receipt);
  CHECK(receipt.error().kind == base::ErrorKind::kUnknown);
}

TEST_CASE("a callback is sent with what is known of it") {
  World world(Always(200, R"({"id": "123"})"));
  Callback callback{.work_type = "1", .phone = "901", .type = "ServiceLevel"};
  auto id = world.Run(PutCallback(world.session, callback));
  REQUIRE(id);
  CHECK(*id == "123");
  CHECK(Json::parse(world.LastBody()) ==
        Json::parse(R"({"workTypeId": "1", "phoneNumber": "901", "callbackType": "ServiceLevel",
                        "callbackDateTime": "1970-01-01T00:00:00.000Z"})"));
}

TEST_CASE("scripts are listed and read; start and stop take 200 and 202 alike") {
  World world([](const http::Request& request) {
    if (request.method == http::Method::kPost) {
      return fakes::Answer(request.url.ends_with("start") ? 202 : 200);
    }
    bool item = request.url.ends_with("/123");
    return fakes::Answer(
        200, item ? R"({"id": 123, "scriptName": "S", "runningState": true, "status": 2})"
                  : R"({"scripts": [{"id": 123, "scriptName": "S", "runningState": true}]})");
  });
  auto script = world.Run(GetScript(world.session, "123"));
  REQUIRE(script);
  CHECK(script->running);
  CHECK(script->status == 2);
  CHECK(world.Run(StartScript(world.session, "123", "")));
  CHECK(world.Run(StopScript(world.session, "123", "")));
  CHECK(world.Calls().back() == "POST " + kCampaign + "automationScripts/123/stop");
  CHECK(world.LastBody().empty());
}

}  // namespace
}  // namespace viasync::api
