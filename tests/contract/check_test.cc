#include <doctest/doctest.h>

#include <string>

#include "engine/contract/contract.h"

namespace viasync::contract {
namespace {

std::string Body(const char* operation, const std::string& body) {
  return Describe(CheckBody(*FindOperation(operation), "application/json", body));
}

TEST_CASE("a request body that breaks the contract is told which property, and how") {
  struct Case {
    const char* operation;
    const char* body;
    const char* says;
  };
  const Case cases[] = {
      {"createFilter", R"({"filterName": "A", "filterCriteria": "1=1"})", ""},
      {"createFilter", R"({"filterName": "A"})", "`filterCriteria` is missing"},
      {"createFilter", R"({"filterName": 7, "filterCriteria": "1=1"})",
       "`filterName` is 7; it must be a string"},
      {"createFilter", R"({"filtername": "A", "filterCriteria": "1=1"})",
       "`filterName` is missing; `filtername` is not known here; did you mean `filterName`?"},
      {"updateFilter", R"({"version": "1", "filterName": "A", "filterCriteria": "1=1"})",
       "`version` is \"1\"; it must be an integer"},
      {"updateFilter", R"({"version": 1.5, "filterName": "A", "filterCriteria": "1=1"})",
       "`version` is 1.5; it must be an integer"},
      {"createExclusion", R"({"accountControlItems": []})",
       "`accountControlItems` has 0 items; it must have exactly 1"},
      {"createExclusion", R"({"accountControlItems": [{}, {}]})",
       "`accountControlItems` has 2 items; it must have exactly 1"},
      {"createExclusion", R"({"accountControlItems": [{"contactType": 9}]})",
       "/accountControlItems/0/contactType: `contactType` is 9; it must be one of 0 account, "
       "1 voice, 2 email, 3 sms, 4 secondary"},
      {"createExclusion", R"({"accountControlItems": [{"endPattern": 0, "endTime": "0"}]})", ""},
      {"createExclusion", R"({"accountControlItems": [{"endPattern": 1}]})",
       "/accountControlItems/0/endTime: `endTime` is missing"},
      {"createExclusion",
       R"({"accountControlItems": [{"startTime": "2017-11-03T23:20:50Z", "endTime": "soon"}]})",
       "/accountControlItems/0/endTime: `endTime` is \"soon\"; it must be a time such as "
       "2017-11-03T23:20:50.525Z or \"0\""},
      {"importObjects",
       R"({"fileName": "a.zip", "salt": "toolong", "objectsToImport": [
           {"objectType": "STRATEGY", "objectNames": ["A"]}]})",
       "`salt` is \"toolong\"; it must match ^[A-Za-z0-9]{0,4}$"},
      {"saveCallback",
       R"({"workTypeId": "1", "phoneNumber": "1", "callbackType": "SameAgent",
           "callbackDateTime": "2024-07-06T17:04:00.000Z"})",
       "`userId` is missing"},
      {"saveCallback",
       R"({"workTypeId": "1", "phoneNumber": "1", "callbackType": "ServiceLevel",
           "callbackDateTime": "2024-07-06 17:04"})",
       "`callbackDateTime` is \"2024-07-06 17:04\"; it must be a time such as "
       "2017-11-03T23:20:50.525Z"},
      {"createFilter", "[]", "`body` is an array; it must be an object"},
      {"createFilter", "{\"filterName\": ", "the body is not JSON"},
      {"createFilter", "", "the body is missing"},
      {"deleteFilter", "{}", "deleteFilter takes no body"},
      {"deleteFilter", "", ""},
  };
  for (const auto& test : cases) {
    CAPTURE(test.body);
    CHECK(Body(test.operation, test.body) == test.says);
  }
}

TEST_CASE("all problems of a body are told at once") {
  auto problems = CheckBody(*FindOperation("updateExclusion"), "text/plain",
                            R"({"contactType": 1, "startTime": "x", "extra": true})");
  CHECK(problems.size() == 9);  // six missing, one time, one unknown, and the Content-Type
}

TEST_CASE("what a message shows of a hostile body is harmless and short") {
  std::string said = Body("createFilter", "{\"filterName\": \"A\", \"filterCriteria\": \"1\", \"" +
                                              std::string("\\u001b[31m") + "\": 1}");
  CHECK(said.find('\x1b') == std::string::npos);
  CHECK(said.find("\\x1b") != std::string::npos);
  const std::string long_salt(100'000, 'x');
  said = Body("importObjects",
              R"({"fileName": "a", "objectsToImport": [], "salt": ")" + long_salt + "\"}");
  CHECK(said.size() < 200);
}

TEST_CASE("query parameters are known, typed, together and there") {
  struct Case {
    const char* operation;
    Query query;
    const char* says;
  };
  const Case cases[] = {
      {"listFilters", {{"startIndex", "0"}, {"maxResults", "5"}}, ""},
      {"listFilters", {{"startIndex", "-1"}}, "`startIndex` is -1; it must be at least 0"},
      {"listFilters", {{"maxResults", "x"}}, "`maxResults` is \"x\"; it must be an integer"},
      {"listFilters",
       {{"filtername", "A"}},
       "the parameter `filtername` is not known to listFilters; did you mean `filterName`?"},
      {"getFilter", {{"x", "A"}}, "the parameter `x` is not known to getFilter; it takes none"},
      {"listFilters",
       {{"filterName", "A"}, {"filterName", "B"}},
       "`filterName` is given more than once"},
      {"listLists",
       {{"listType", "4"}},
       "`listType` is 4; it must be one of 0 static, 1 dynamic, 2 fast path, 3 active sort"},
      {"listAutomationScripts",
       {{"status", "3"}},
       "`status` is \"3\"; it must be one of \"0\" ok, \"1\" warning, \"2\" error"},
      {"listExclusions",
       {{"fromStartTime", "2017-11-03T23:20:50Z"}},
       "`toStartTime` is missing: fromStartTime and toStartTime go together"},
      {"checkExclusions",
       {{"contactList", "ALL"}},
       "one of phoneNumber, accountNumber, email, sms, ssn is needed"},
      {"checkExclusions", {{"sms", "1"}}, "the parameter `contactList` is missing"},
      {"listImportableItems", {}, "the parameter `fileName` is missing"},
  };
  for (const auto& test : cases) {
    CAPTURE(test.says);
    CHECK(Describe(CheckQuery(*FindOperation(test.operation), test.query)) == test.says);
  }
}

TEST_CASE("an answer fits its operation and status") {
  struct Case {
    const char* operation;
    int status;
    const char* body;
    const char* says;
  };
  const char* error = R"({"error": {"errors": [], "code": 400, "message": "Bad Request"}})";
  const Case cases[] = {
      {"listFilters", 200, R"({"filters": [], "totalItems": 0})", ""},
      {"listFilters", 200, R"({"filters": [{"id": 1}]})",
       "/filters/0/id: `id` is 1; it must be a string"},
      {"listFilters", 200, R"({"kind": "via#filters"})",
       "`kind` is \"via#filters\"; it must be \"via#filterCollection\""},
      {"listFilters", 200, "", "the answer 200 has no body"},
      {"listFilters", 200, "<html>", "the answer is not JSON"},
      {"listFilters", 400, error, ""},
      {"listFilters", 404, error, ""},  // an unknown org
      {"listFilters", 401, "", ""},
      {"listFilters", 401, "{}", "the answer 401 has a body, and must have none"},
      {"listFilters", 409, error, "listFilters does not answer 409"},
      {"updateExclusion", 200, "", ""},
      {"findTimeZone", 200, "{}", ""},
      {"listPurposes", 200, R"({"purposes": [{"friendlyName": [{"locale": "en-US"}]}]})",
       "/purposes/0/friendlyName/0/value: `value` is missing"},
      {"getStrategyStatus", 200, R"({"lastModifiedTime": "2017-01-11 10:33:22", "status": 71})",
       ""},
      {"getStrategyStatus", 200, R"({"status": 40})",
       "`status` is 40; it must be one of 0 building, 1 not built, 2 archiving, 3 dearchiving, "
       "4 build complete, 5 appending, 6 estimating, 7 deleting, 8 uploading, 9 append complete, "
       "10 delete complete, 11 dearchived and 50 more"},
  };
  for (const auto& test : cases) {
    CAPTURE(test.body);
    CHECK(Describe(CheckAnswer(*FindOperation(test.operation), test.status, test.body)) ==
          test.says);
  }
}

TEST_CASE("a path goes to the operation that names it most literally") {
  struct Case {
    const char* method;
    const char* rest;
    const char* operation;
  };
  const Case cases[] = {
      {"GET", "v3/organizations/acme/campaign/jobs/exportableItems", "listExportableItems"},
      {"GET", "v3/organizations/acme/campaign/jobs/9582fe3d", "getJob"},
      {"POST", "v3/organizations/acme/campaign/jobs/export", "exportObjects"},
      {"POST", "v3/organizations/acme/campaign/jobs/9582fe3d/abort", "abortJob"},
      {"GET", "v3/organizations/acme/compliance/exclusions", "listExclusions"},
      {"PUT", "v3/organizations/acme/compliance/exclusions/7", "updateExclusion"},
      {"GET", "v3/organizations/acme/campaign/exclusions", ""},
      {"PUT", "v3/organizations/acme/campaign/filters", ""},
      {"GET", "v3/organizations/acme/campaign/filters/", ""},
      {"get", "v3/organizations/acme/campaign/filters", ""},
  };
  for (const auto& test : cases) {
    CAPTURE(test.rest);
    auto match = MatchRequest(test.method, std::string("/via/") + test.rest);
    CHECK((match ? match->operation->id : "") == test.operation);
  }
  auto match = MatchRequest("GET", "/via/v2/organizations/acme/campaign/lists/abc");
  REQUIRE(match);
  CHECK(Describe(CheckPath(*match)) == "`listId` is \"abc\"; it must be an integer");
}

TEST_CASE("exactly the collections that page are collections") {
  std::string names;
  for (const auto& operation : Operations()) {
    if (!operation.collection.empty()) names += operation.id + ":" + operation.collection + " ";
  }
  CHECK(names ==
        "listExclusions:accountControlItems checkExclusions:accountControlQueryItems "
        "listLists:contactLists listStrategies:projects listTimeZones:timeZones "
        "listAutomationScripts:scripts listPurposes:purposes "
        "listGeocodeTemplates:geocodeTemplates listDispositions:dispositions "
        "listNumberTypes:numberTypes listFilters:filters listSchemaDefinitions:schemaDefinitions "
        "listJobs:jobs listExportableItems:objectsTypes listImportableItems:objectsTypes ");
}

}  // namespace
}  // namespace viasync::contract
