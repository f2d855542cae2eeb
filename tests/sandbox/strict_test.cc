// The strict sandbox: what breaks the API's contract is a 400 that names the property.
#include "engine/sandbox/strict.h"

#include <doctest/doctest.h>

#include <string>

#include "engine/sandbox/world.h"
#include "tests/sandbox/operations_fixture.h"

namespace viasync::sandbox {
namespace {

Options Strict() {
  Options options;
  options.settings.strict = true;
  return options;
}

TEST_CASE("a request that breaks the contract is refused, with each property by name") {
  Fixture fixture(Strict());
  struct Case {
    const char* method;
    std::string path;
    const char* body;
    const char* scope;
    const char* message;
  };
  const Case cases[] = {
      {"POST", kFilters, R"({"filterName": "A"})", "/filterCriteria",
       "`filterCriteria` is missing"},
      {"PUT", kExclusions + "/30", R"({"version": "1"})", "/contactType",
       "`contactType` is missing"},
      {"POST", kExclusions, R"({"accountControlItems": [{"contactType": 9}]})",
       "/accountControlItems/0/contactType",
       "`contactType` is 9; it must be one of 0 account, 1 voice, 2 email, 3 sms, 4 secondary"},
      {"GET", kLists + "/abc", "", "/path/listId", "`listId` is \"abc\"; it must be an integer"},
      {"GET", kLists + "?listtype=1", "", "/query/listtype",
       "the parameter `listtype` is not known to listLists; did you mean `listType`?"},
      {"DELETE", kFilters + "/11", "{}", "body", "deleteFilter takes no body"},
  };
  for (const auto& test : cases) {
    CAPTURE(test.message);
    auto reply = *test.body ? fixture.Send(test.method, test.path, json::parse(test.body))
                            : fixture.Send(test.method, test.path);
    CHECK(reply.status == 400);
    const json first = reply.Json()["error"]["errors"][0];
    CHECK(first["scope"] == test.scope);
    CHECK(first["message"] == test.message);
  }
  auto breaches = fixture.Send("GET", "/_sandbox/contract").Json();
  CHECK(breaches["requests"] == std::size(cases));
  CHECK(breaches["answers"] == 0);
  CHECK(breaches["examples"].size() == std::size(cases));
}

TEST_CASE("without --strict only the sandbox's own rules hold, and nothing is counted") {
  Fixture fixture;
  CHECK(fixture.Send("GET", kLists + "/abc").status == 404);
  CHECK(fixture.Send("GET", "/_sandbox/contract").Json()["requests"] == 0);
}

TEST_CASE("an answer that breaks the contract is a 500 that says why, and is counted") {
  Breaches breaches;
  const Incoming incoming{.method = "GET", .path = kFilters};
  Answer good{.body = R"({"filters": [], "totalItems": 0})", .headers = {}};
  CHECK(CheckedAnswer(incoming, good, breaches).body == good.body);
  Answer bad{.body = R"({"filters": [{"id": 10}]})", .wrote = true, .headers = {}};
  Answer told = CheckedAnswer(incoming, bad, breaches);
  CHECK(told.status == 500);
  CHECK(told.wrote);
  CHECK(told.body.find("`id` is 10; it must be a string") != std::string::npos);
  CHECK(breaches.answers == 1);
  CHECK(breaches.requests == 0);
  // What is no operation of the API is none of the contract's business.
  CHECK(CheckedAnswer({.method = "GET", .path = "/x"}, bad, breaches).status == 200);
}

}  // namespace
}  // namespace viasync::sandbox
