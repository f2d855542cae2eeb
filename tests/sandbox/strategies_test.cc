#include "tests/sandbox/operations_fixture.h"

namespace viasync::sandbox {
namespace {

const std::string kStrategies = kCampaign + "strategies";

json Record(const json& fields) {
  json items = json::array();
  for (const auto& [name, value] : fields.items())
    items.push_back({{"field", name}, {"value", value}});
  return {{"records", {{{"items", items}}}}};
}

json Change(const std::string& key, const std::string& value, const std::string& field) {
  return {{"records",
           {{{"lookupKey", key},
             {"lookupValue", value},
             {"fields", {{{"fieldKey", field}, {"fieldValue", "new"}}}}}}}};
}

TEST_CASE("strategies are listed as projects, and narrowed by name and purpose") {
  OperationsFixture fixture;
  json all = fixture.Get(kStrategies).Json();
  CHECK(all["kind"] == "via#strategyCollection");
  CHECK(all["totalItems"] == 4);
  CHECK(all["projects"][0] == json{{"kind", "via#strategy"}, {"id", 50}, {"name", "Built"}});
  CHECK(fixture.Get(kStrategies + "?name=Built").Json()["totalItems"] == 1);
  CHECK(fixture.Get(kStrategies + "?purposeName=Q").Json()["totalItems"] == 0);
  json item = fixture.Get(kStrategies + "/50").Json();
  CHECK(item["status"] == 4);
  CHECK_FALSE(item.contains("operationMs"));
  CHECK(fixture.Get(kStrategies + "/99").status == 404);
  CHECK(fixture.Get(kStrategies + "/50/records").status == 405);
  CHECK(fixture.Get(kStrategies + "/50/other").status == 404);
}

TEST_CASE("a build ends when its time has come, and reading does not change the org") {
  OperationsFixture fixture(json{{"strategies",
                                  {{{"id", 50},
                                    {"name", "Done"},
                                    {"status", 0},
                                    {"busyUntil", "2020-01-01T10:33:22Z"},
                                    {"statusThen", 4}},
                                   {{"id", 51},
                                    {"name", "Going on"},
                                    {"status", 0},
                                    {"busyUntil", "2999-01-01T00:00:00Z"},
                                    {"statusThen", 4}}}}});
  std::string before = fixture.State();
  json done = fixture.Get(kStrategies + "/50").Json();
  CHECK(done["status"] == 4);
  CHECK(done["lastBuildTime"] == "2020-01-01T10:33:22.000Z");
  CHECK(fixture.Get(kStrategies + "/50/statuses").Json()["lastModifiedTime"] ==
        "2020-01-01 10:33:22");
  CHECK(fixture.Get(kStrategies + "/51/statuses").Json()["status"] == 0);
  CHECK(fixture.State() == before);
}

TEST_CASE("an insert is accepted at once; what became of it shows in the statuses") {
  OperationsFixture fixture;
  Reply reply = fixture.Post(kStrategies + "/50/records", Record({{"@ACCOUNT", "1"}}));
  CHECK(reply.status == 201);
  CHECK(reply.Json()["id"].is_number_integer());
  json status = fixture.Get(kStrategies + "/50/statuses").Json();
  CHECK(status["status"] == 9);
  CHECK(status["totalItems"] == 0);

  json bad = Record({{"@ACCOUNT", "2"}, {"@COLOUR", "red"}});
  CHECK(fixture.Post(kStrategies + "/50/records", bad).status == 201);
  status = fixture.Get(kStrategies + "/50/statuses").Json();
  CHECK(status["status"] == 60);
  CHECK(status["detailStatuses"][0]["statusDescription"] ==
        "'Lookup key: @ACCOUNT Lookup value: 2 Field key @COLOUR Field value: red Status : Field "
        "key not found'");

  CHECK(fixture.Post(kStrategies + "/50/records", Record({{"@ACCOUNT", "1"}})).status == 201);
  CHECK(fixture.Get(kStrategies + "/50/statuses").Json()["totalItems"] == 1);  // exists already

  CHECK(fixture.Post(kStrategies + "/53/records", Record({{"@ACCOUNT", "1"}})).status == 201);
  CHECK(fixture.Get(kStrategies + "/53/statuses").Json()["status"] == 5);  // for an hour
  CHECK(fixture.Post(kStrategies + "/53/records", Record({{"@ACCOUNT", "2"}})).status == 201);
}

TEST_CASE("an update is accepted at once; what became of it shows in the statuses") {
  OperationsFixture fixture;
  REQUIRE(fixture.Post(kStrategies + "/50/records", Record({{"@ACCOUNT", "1"}})).status == 201);
  const struct {
    json change;
    int status;
    const char* detail;
  } rows[] = {{Change("@ACCOUNT", "1", "@NAME"), 67, ""},
              {Change("@NAME", "new", "@STATE"), 67, ""},
              {Change("@ACCOUNT", "9", "@NAME"), 70, "Lookup value not found"},
              {Change("@COLOUR", "1", "@NAME"), 70, "Lookup key not found"},
              {Change("@ACCOUNT", "1", "@COLOUR"), 70, "Field key not found"}};
  for (const auto& row : rows) {
    CAPTURE(row.change.dump());
    Reply reply = fixture.Send("PATCH", kStrategies + "/50/records", row.change);
    CHECK(reply.status == 202);
    CHECK(reply.body.empty());
    json status = fixture.Get(kStrategies + "/50/statuses").Json();
    CHECK(status["status"] == row.status);
    CHECK(status["detailStatuses"].dump().find(row.detail) != std::string::npos);
  }
}

TEST_CASE("records that a strategy cannot take are refused") {
  OperationsFixture fixture;
  json one = Record({{"@ACCOUNT", "1"}});
  CheckRefused(fixture, "POST", kStrategies + "/51/records", one, "strategyId");  // never built
  CheckRefused(fixture, "POST", kStrategies + "/52/records", one, "strategyId");  // fast path
  json change = Change("@ACCOUNT", "1", "@NAME");
  CheckRefused(fixture, "PATCH", kStrategies + "/51/records", change, "strategyId");
  CheckRefused(fixture, "PATCH", kStrategies + "/53/records", change, "strategyId");
  CHECK(fixture.Post(kStrategies + "/99/records", one).status == 404);
  const std::pair<json, const char*> rows[] = {
      {json::object(), "records"},
      {{{"records", {json::object()}}}, "records[0].items"},
      {{{"records", {{{"items", {{{"field", 1}}}}}}}}, "records[0].items[0].field"},
      {{{"records", {{{"items", {{{"name", "x"}}}}}}}}, "records[0].items[0].name"},
  };
  for (const auto& [body, scope] : rows) {
    CheckRefused(fixture, "POST", kStrategies + "/50/records", body, scope);
  }
  CheckRefused(fixture, "PATCH", kStrategies + "/50/records", one, "records[0]");
}

TEST_CASE("an update of a strategy that is busy with something else is a conflict") {
  OperationsFixture fixture(json{
      {"strategies",
       {{{"id", 50}, {"name", "Built"}, {"status", 7}, {"busyUntil", "2999-01-01T00:00:00Z"}}}}});
  CHECK(
      fixture.Send("PATCH", kStrategies + "/50/records", Change("@ACCOUNT", "1", "@NAME")).status ==
      409);
}

}  // namespace
}  // namespace viasync::sandbox
