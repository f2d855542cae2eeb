// `viasync api`: one case per operation of the API, through the real binary, against a sandbox that
// holds every exchange against the contract.
#include <doctest/doctest.h>
#include <httplib.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "engine/contract/contract.h"
#include "tests/e2e/harness.h"

namespace viasync::e2e {
namespace {

using nlohmann::json;

json Org() {
  const json name = {{{"locale", "en-US"}, {"value", "Some"}}};
  return {
      {"schemas", {{{"id", "7"}, {"schemaName", "BaseSchema"}}}},
      {"filters",
       {{{"id", "10"}, {"version", 5}, {"filterName", "One"}, {"filterCriteria", "A = 1"}},
        {{"id", "11"}, {"version", 6}, {"filterName", "Two"}, {"filterCriteria", "B = 1"}}}},
      {"lists",
       {{{"id", 20}, {"version", 7}, {"name", "Dynamic"}, {"listType", 1}, {"strategy", "Built"}},
        {{"id", 21}, {"version", 8}, {"name", "Fast"}, {"listType", 2}}}},
      {"exclusions",
       {{{"id", 30},
         {"version", 9},
         {"contactType", 1},
         {"contactAddress", "0911"},
         {"startTime", "2024-01-01T00:00:00Z"}}}},
      {"strategies", {{{"id", 50}, {"name", "Built"}, {"status", 4}, {"operationMs", 0}}}},
      {"automationScripts", {{{"id", 60}, {"scriptName", "Nightly"}, {"runMs", 3'600'000}}}},
      {"purposes", {{{"id", 70}, {"friendlyName", name}, {"purposeType", "Telemarketing"}}}},
      {"geocodeTemplates", {{{"id", "Default"}, {"friendlyName", name}}}},
      {"numberTypes", {{{"id", "HomePhone"}, {"numberTypeCode", 1}, {"friendlyName", name}}}},
      {"dispositions", {{{"id", 80}, {"dispositionCode", "BZ"}, {"friendlyName", name}}}},
      {"objects", {{{"objectType", "STRATEGY"}, {"objectName", "ABC"}}}},
      {"last_id", 100},
      {"last_version", 100}};
}

struct Case {
  const char* operation;
  std::vector<std::string> args;  // after `viasync api`
  const char* body = "";
  const char* says = "";  // somewhere in the output
};

// The operations that an answer in the table did not reach yet.
class Coverage {
 public:
  explicit Coverage(World& world) : world_(world) {}

  std::string Run(const Case& test) {
    std::vector<std::string> args = {"api"};
    args.insert(args.end(), test.args.begin(), test.args.end());
    if (*test.body) {
      world_.repo.Write("body.json", test.body);
      args.insert(args.end(), {"--body", "body.json"});
    }
    args.push_back("--yes");
    auto output = world_.Run(args);
    const std::string all = output.out + output.err;
    CAPTURE(test.operation);
    CHECK_MESSAGE(output.exit_code == 0, all);
    CHECK_MESSAGE(all.find(test.says) != std::string::npos, all);
    CHECK_MESSAGE((output.out.empty() || json::accept(output.out)), all);
    return output.out;
  }

  // By the sandbox's own log: which operations were carried out or answered well.
  std::set<std::string> Reached() {
    std::set<std::string> reached;
    const json log = world_.Control("GET", "log");
    for (const auto& entry : log.at("entries")) {
      const std::string target = entry.at("target");
      auto match = contract::MatchRequest(entry.at("method").get<std::string>(),
                                          target.substr(0, target.find('?')));
      if (match && entry.at("status") < 300) reached.insert(match->operation->id);
    }
    return reached;
  }

 private:
  World& world_;
};

const Case kCases[] = {
    {"listFilters", {"GET", "filters"}, "", R"("filterName":"One")"},
    {"getFilter", {"filters/10"}, "", R"("version":5)"},
    {"createFilter",
     {"POST", "filters"},
     R"({"filterName": "Three", "schemaId": "7", "filterCriteria": "C = 1"})",
     R"("filterName":"Three")"},
    {"updateFilter",
     {"PUT", "filters/11"},
     R"({"version": 6, "filterName": "Two", "filterCriteria": "B = 2"})",
     "B = 2"},
    {"deleteFilter", {"DELETE", "filters/11"}, "", "done: 204"},
    {"listSchemaDefinitions",
     {"schemaDefinitions", "--query", "schemaName=BaseSchema"},
     "",
     "\"7\""},
    {"listExclusions", {"exclusions", "--query", "contactType=voice"}, "", "0911"},
    {"createExclusion",
     {"POST", "exclusions"},
     R"({"accountControlItems": [{"contactType": 3, "contactAddress": "0922", "contactListName": "",
         "reason": "r", "startTime": "2024-01-01T00:00:00Z", "endPattern": 0, "endTime": "0"}]})",
     "ids"},
    {"getExclusion", {"exclusions/30"}, "", R"("version":9)"},
    {"updateExclusion",
     {"PUT", "exclusions/30"},
     R"({"version": 9, "contactType": 1, "contactAddress": "0911", "contactListName": "",
         "reason": "other", "startTime": "2024-01-01T00:00:00Z", "endPattern": 0, "endTime": "0"})",
     "done: 200"},
    {"checkExclusions",
     {"exclusionStatuses", "--query", "contactList=ALL", "--query", "phoneNumber=0911"},
     "",
     R"("result":0)"},
    {"deleteExclusion", {"DELETE", "exclusions/30"}, "", "done: 204"},
    {"reportCallAttempts",
     {"POST", "callAttempts"},
     R"({"events": [{"phoneDialed": "0911", "responseStatus": "BZ", "numberType": 1,
         "timeOfAttempt": "2024-01-01T00:00:00Z"}]})",
     "done: 202"},
    {"listLists", {"lists", "--query", "listType=fast path"}, "", R"("totalItems":1)"},
    {"getList", {"lists/20"}, "", R"("listType":1)"},
    {"assignListFilter",
     {"PATCH", "lists/20"},
     R"({"version": 7, "filterName": "One"})",
     "done: 200"},
    {"insertFastPathRecords",
     {"POST", "lists/21/fastPathRecords"},
     R"({"fastPathRecords": [{"fastPathRecord": "1111", "customFieldsStringCollection": [{}]}]})",
     "requestId"},
    {"listStrategies", {"strategies"}, "", R"("name":"Built")"},
    {"getStrategy", {"strategies/50"}, "", R"("status":4)"},
    {"insertStrategyRecords",
     {"POST", "strategies/50/records"},
     R"({"records": [{"items": [{"field": "@ACCOUNT", "value": "1"}]}]})",
     "id"},
    {"updateStrategyRecords",
     {"PATCH", "strategies/50/records"},
     R"({"records": [{"lookupKey": "@ACCOUNT", "lookupValue": "1",
         "fields": [{"fieldKey": "@NAME", "fieldValue": "Ann"}]}]})",
     "done: 202"},
    {"getStrategyStatus", {"strategies/50/statuses"}, "", "strategyStatusCollection"},
    {"findTimeZone", {"v2/timeZones", "--query", "postalCode=90210"}, "", "timezoneId"},
    {"listTimeZones", {"timeZones"}, "", "timeZoneId"},
    {"listAutomationScripts", {"automationScripts", "--query", "status=ok"}, "", "Nightly"},
    {"startAutomationScript", {"POST", "automationScripts/60/start"}, "", "done: 20"},
    {"getAutomationScript", {"automationScripts/60"}, "", R"("runningState":true)"},
    {"stopAutomationScript", {"POST", "automationScripts/60/stop"}, "", "done: 20"},
    {"listPurposes", {"purposes"}, "", "Telemarketing"},
    {"listGeocodeTemplates", {"geocodeTemplates"}, "", "Default"},
    {"listDispositions", {"dispositions", "--query", "dispositionCode=BZ"}, "", "BZ"},
    {"listNumberTypes", {"numberTypes"}, "", "HomePhone"},
    {"saveCallback",
     {"POST", "callbacks"},
     R"({"workTypeId": "1", "phoneNumber": "0911", "callbackType": "ServiceLevel",
         "callbackDateTime": "2024-07-06T17:04:00.000Z"})",
     "ServiceLevel"},
    {"listExportableItems", {"jobs/exportableItems"}, "", "ABC"},
};

// What no operation of this API does: an export becomes an import in the media storage.
void MoveToImports(World& world, const std::string& file) {
  httplib::Client client(world.url);
  client.set_basic_auth(world.env["VIASYNC_DEV_CLIENT_ID"], world.env["VIASYNC_DEV_CLIENT_SECRET"]);
  auto token = client.Post(
      "/tokenservice/oauth2/access_token",
      httplib::Params{
          {"grant_type", "client_credentials"}, {"scope", "outreachapi"}, {"realm", "acme-dev"}});
  REQUIRE(token);
  httplib::Client org(world.url), plain(world.url);
  org.set_default_headers(
      {{"Authorization",
        "Bearer " + json::parse(token->body).at("access_token").get<std::string>()},
       {"x-api-key", world.env["VIASYNC_DEV_API_KEY"]}});
  auto sign = [&](const std::string& key, const std::string& operation) {
    auto answer =
        org.Get("/via/v2/organizations/acme-dev/mediaStorage/data/objectKeys?objectKey=" + key +
                "&operation=" + operation);
    REQUIRE(answer);
    REQUIRE_MESSAGE(answer->status == 200, answer->body);
    const std::string url = json::parse(answer->body).at("signedUrl");
    return url.substr(url.find("/media/"));
  };
  auto bytes = plain.Get(sign("exports/configuration/campaign/" + file, "download"));
  REQUIRE(bytes);
  auto put = plain.Put(sign("imports/configuration/campaign/" + file, "upload"), bytes->body,
                       "application/zip");
  REQUIRE(put);
  CHECK(put->status < 300);
}

constexpr const char* kObjects = R"([{"objectType": "STRATEGY", "objectNames": ["ABC"]}]})";

// An export, an import that clashes, and the orders a job takes.
void RunJobs(World& world, Coverage& coverage) {
  auto id_of = [](const std::string& answer) {
    return json::parse(answer).at("id").get<std::string>();
  };
  const std::string export_body =
      R"({"fileName": "out", "zipComment": "c", "objectsToExport": )" + std::string(kObjects);
  const std::string import_body =
      R"({"fileName": "out.zip", "objectsToImport": )" + std::string(kObjects);
  const auto job = [&](const std::string& id) {
    return coverage.Run({"getJob", {"jobs/" + id}, "", "jobStatus"});
  };

  const auto exported =
      id_of(coverage.Run({"exportObjects", {"POST", "jobs/export"}, export_body.c_str()}));
  for (int look = 0; look < 5; ++look) job(exported);
  CHECK(job(exported).find("Completed") != std::string::npos);
  coverage.Run({"listJobs", {"jobs"}, "", exported.c_str()});
  MoveToImports(world, "out.zip");
  coverage.Run(
      {"listImportableItems", {"jobs/importableItems", "--query", "fileName=out.zip"}, "", "ABC"});

  world.Edit("object", "update", "STRATEGY/ABC", {{"data", {{"changed", true}}}});
  const auto imported =
      id_of(coverage.Run({"importObjects", {"POST", "jobs/import"}, import_body.c_str()}));
  std::string state;
  for (int look = 0; look < 5 && state.find(R"("conflicts":true)") == std::string::npos; ++look) {
    state = job(imported);
  }
  REQUIRE_MESSAGE(state.find(R"("conflicts":true)") != std::string::npos, state);
  const json answer = {{"configObjectName", json::parse(state).at("conflictObjectName")},
                       {"configRenameAll", true},
                       {"configIgnoreAll", false},
                       {"configSalt", "x1"},
                       {"configAppend", true},
                       {"conflictChanges", json::array()}};
  coverage.Run({"resolveJobConflict",
                {"POST", "jobs/" + imported + "/conflict"},
                answer.dump().c_str(),
                "done: 202"});

  world.Control("POST", "settings", {{"job_polls", 1000}});
  const auto slow =
      id_of(coverage.Run({"exportObjects", {"POST", "jobs/export"}, export_body.c_str()}));
  for (int look = 0; look < 3; ++look) job(slow);
  coverage.Run({"pauseJob", {"POST", "jobs/" + slow + "/pause"}, "", "done: 202"});
  coverage.Run({"resumeJob", {"POST", "jobs/" + slow + "/resume"}, "", "done: 202"});
  coverage.Run({"pauseJob", {"POST", "jobs/" + slow + "/pause"}, "", "done: 202"});
  coverage.Run({"abortJob", {"POST", "jobs/" + slow + "/abort"}, "", "done: 202"});
}

TEST_CASE("all 43 operations are reached by `viasync api` and keep the contract") {
  World world(Org());
  Coverage coverage(world);
  for (const auto& test : kCases) coverage.Run(test);
  RunJobs(world, coverage);
  const auto reached = coverage.Reached();
  for (const auto& operation : contract::Operations()) {
    CHECK_MESSAGE(reached.contains(operation.id), operation.id);
  }
  CHECK(reached.size() == 43);
}

}  // namespace
}  // namespace viasync::e2e
