// Fast path records, callbacks, scripts.
#include "tests/sandbox/operations_fixture.h"

namespace viasync::sandbox {
namespace {

const std::string kFastPath = kLists + "/22/fastPathRecords";
const std::string kCallbacks = kCampaignV3 + "callbacks";
const std::string kScripts = kCampaign + "automationScripts";

json FastPath(const json& item) { return {{"fastPathRecords", {item}}}; }
json Texts(int count) { return json(std::vector<json>(count, {{"string", "x"}})); }

TEST_CASE("a fast path record gets a request id, and names the session it was sent in") {
  OperationsFixture fixture;
  json item = {{"fastPathRecord", "11112222"}, {"customFieldsStringCollection", {json::object()}}};
  Reply plain = fixture.Post(kFastPath, FastPath(item));
  CHECK(plain.status == 201);
  json answer = plain.Json()["fastPathResponseCollection"][0];
  CHECK(answer["requestId"].is_string());
  CHECK_FALSE(answer.contains("sessionId"));

  httplib::Headers headers = {{"Authorization", "Bearer " + fixture.token},
                              {"x-api-key", fixture.key},
                              {"via-client-sessionid", "1234143"}};
  auto heard = fixture.client->Post(kFastPath, headers, FastPath(item).dump(), "application/json");
  REQUIRE(heard);
  CHECK(json::parse(heard->body)["fastPathResponseCollection"][0]["sessionId"] == "1234143");
}

TEST_CASE("broken fast path records, and those of other lists, are refused") {
  OperationsFixture fixture;
  json good = {{"fastPathRecord", "1"}};
  CheckRefused(fixture, "POST", kLists + "/21/fastPathRecords", FastPath(good), "listType");
  CHECK(fixture.Post(kLists + "/99/fastPathRecords", FastPath(good)).status == 404);
  CHECK(fixture.Get(kFastPath).status == 405);
  const char* custom = "customFieldsStringCollection";
  CheckRefused(fixture, "POST", kFastPath, FastPath(With(good, custom, Texts(4))), custom);
  CheckRefused(fixture, "POST", kFastPath, FastPath(With(good, custom, "x")), custom);
  CheckRefused(fixture, "POST", kFastPath, FastPath({{"record", "1"}}), "record");
  CheckRefused(fixture, "POST", kFastPath, FastPath({{"fastPathRecord", ""}}), "fastPathRecord");
}

const json kCallback = {{"workTypeId", "1"},
                        {"phoneNumber", "9012314344"},
                        {"callbackDateTime", "2024-07-06T17:04:00Z"},
                        {"callbackType", "SameAgent"},
                        {"userId", "u1"},
                        {"userDefinedData", {"CDD1"}},
                        {"olsonTimeZone", "America/Chicago"},
                        {"numberType", 1}};

TEST_CASE("a callback is created once per phone number and work type, then updated") {
  OperationsFixture fixture;
  Reply created = fixture.Post(kCallbacks, kCallback);
  CHECK(created.status == 201);
  json body = created.Json();
  CHECK(body["callbackDateTime"] == "2024-07-06T17:04:00.000Z");
  CHECK(body["userDefinedData"] == json{"CDD1"});
  CHECK_FALSE(body.contains("memo"));

  Reply updated = fixture.Post(kCallbacks, With(kCallback, "memo", "again"));
  CHECK(updated.status == 200);
  CHECK(updated.Json()["id"] == body["id"]);
  CHECK(updated.Json()["memo"] == "again");
  Reply other = fixture.Post(kCallbacks, With(kCallback, "workTypeId", "2"));
  CHECK(other.status == 201);
  CHECK(other.Json()["id"] != body["id"]);
}

TEST_CASE("broken callbacks are refused") {
  OperationsFixture fixture;
  for (const char* name :
       {"workTypeId", "phoneNumber", "callbackDateTime", "callbackType", "userId"}) {
    CheckRefused(fixture, "POST", kCallbacks, With(kCallback, name, nullptr), name);
  }
  const std::pair<const char*, json> rows[] = {
      {"callbackType", "Any"},
      {"callbackDateTime", "noon"},
      {"numberType", 9},
      {"numberType", "1"},
      {"olsonTimeZone", "Mars/X"},
      {"userDefinedData", "x"},
      {"userDefinedData", json(std::vector<std::string>(21, "x"))},
      {"phone", "1"}};
  for (const auto& [name, value] : rows) {
    CheckRefused(fixture, "POST", kCallbacks, With(kCallback, name, value), name);
  }
}

TEST_CASE("a script is started once, runs, and is stopped") {
  OperationsFixture fixture;
  CHECK(fixture.Get(kScripts).Json()["scripts"][0] == json{{"kind", "via#automationScript"},
                                                           {"id", 60},
                                                           {"scriptName", "Long"},
                                                           {"runningState", false}});
  CheckRefused(fixture, "POST", kScripts + "/60/stop", nullptr, "runningState");
  Reply started = fixture.Post(kScripts + "/60/start", nullptr);
  CHECK(started.status == 202);
  CHECK(started.body.empty());
  CheckRefused(fixture, "POST", kScripts + "/60/start", nullptr, "runningState");
  CHECK(fixture.Get(kScripts + "/60").Json()["runningState"] == true);
  CHECK(fixture.Post(kScripts + "/60/stop", nullptr).status == 200);
  CHECK(fixture.Get(kScripts + "/60").Json()["runningState"] == false);
  CHECK(fixture.Post(kScripts + "/99/start", nullptr).status == 404);
  CHECK(fixture.Get(kScripts + "/60/start").status == 405);
}

TEST_CASE("a script that is over at once answers 200 and shows how it ended") {
  OperationsFixture fixture;
  CHECK(fixture.Post(kScripts + "/61/start", nullptr).status == 200);
  json item = fixture.Get(kScripts + "/61").Json();
  CHECK(item["status"] == 2);
  CHECK(item["statusMessage"] == "Strategy is active");
  CHECK(item.contains("lastExecutedTime"));
  CHECK_FALSE(item.contains("runMs"));
  CHECK(fixture.Get(kScripts + "?status=2").Json()["totalItems"] == 1);
  CHECK(fixture.Get(kScripts + "?scriptName=Long").Json()["totalItems"] == 1);
  CheckRefused(fixture, "GET", kScripts + "?status=3", nullptr, "status");
}

}  // namespace
}  // namespace viasync::sandbox
