#include "tests/sandbox/fixture.h"

namespace viasync::sandbox {
namespace {

const json kNew = {{"filterName", "New"},
                   {"filterDescription", "fresh"},
                   {"schemaId", "2"},
                   {"filterCriteria", "Balance > 10 order by Balance"}};

json Update(int version) { return With(kNew, "version", version); }

TEST_CASE("a filter that is created can be read back, with a version of its own") {
  Fixture fixture;
  Reply created = fixture.Send("POST", kFilters, kNew);
  CHECK(created.status == 201);
  json answer = created.Json();
  CHECK(answer["filterName"] == "New");
  CHECK(answer["lastModifiedBy"] == "client");
  CHECK(answer.contains("lastModifiedTime"));
  CHECK_FALSE(answer.contains("lastModifiedDate"));
  CHECK(answer["version"] > 12);
  REQUIRE(answer["id"].is_string());
  json item = fixture.Get(kFilters + "/" + answer["id"].get<std::string>()).Json();
  CHECK(item["kind"] == "via#filter");
  CHECK(item["version"] == answer["version"]);
  CHECK(item["lastModifiedDate"] == answer["lastModifiedTime"]);
  CHECK(item["filterCriteria"] == kNew["filterCriteria"]);
}

TEST_CASE("a PUT replaces everything: a property left out is lost") {
  Fixture fixture;
  Reply reply = fixture.Send("PUT", kFilters + "/10",
                             {{"version", 5}, {"filterName", "Used"}, {"filterCriteria", "2 = 2"}});
  CHECK(reply.status == 200);
  json answer = reply.Json();
  CHECK(answer["filterCriteria"] == "2 = 2");
  CHECK(answer["filterDescription"] == "");
  CHECK(answer["schemaId"] == "");
  CHECK(answer["version"] > 5);
  CHECK(answer == fixture.Get(kFilters + "/10").Json());
}

TEST_CASE("every broken rule of a filter is a 400 that names it, and changes nothing") {
  Fixture fixture;
  struct Row {
    const char* name;
    json value;  // null = left out
    bool required_by_put_alone = false;
  };
  const Row rows[] = {
      {"filterName", nullptr},
      {"filterName", ""},
      {"filterName", "  "},
      {"filterName", 7},
      {"filterCriteria", nullptr},
      {"filterCriteria", ""},
      {"filterCriteria", "a = 'b"},
      {"filterCriteria", "(a = 1"},
      {"filterCriteria", "a = 1)"},
      {"filterCriteria", json::array()},
      {"filterDescription", 1},
      {"schemaId", 1},
      {"schemaId", "99"},
      {"lastModifiedBy", "me"},
      {"id", "10"},
      {"filtername", "x"},
      {"version", nullptr, true},
      {"version", "6", true},
      {"version", 6.5, true},
  };
  for (const Row& row : rows) {
    if (!row.required_by_put_alone) {
      CheckRefused(fixture, "POST", kFilters, With(kNew, row.name, row.value), row.name);
    }
    CheckRefused(fixture, "PUT", kFilters + "/11", With(Update(6), row.name, row.value), row.name);
  }
  CheckRefused(fixture, "POST", kFilters, With(kNew, "version", 1), "version");
  for (const char* body : {"", "{", "[]", "7", "null", "\xff"}) {
    CheckRefused(fixture, "POST", kFilters, body, "body");
  }
  CHECK(fixture.Send("POST", kFilters, kNew, "text/plain").status == 400);
}

TEST_CASE("all problems of a request are told at once") {
  Fixture fixture;
  json errors = fixture.Send("POST", kFilters, {{"schemaId", "99"}, {"x", 1}}).Json();
  CHECK(errors["error"]["errors"].size() == 4);
}

TEST_CASE("a stale version answers 409 and changes nothing") {
  Fixture fixture;
  std::string before = fixture.State();
  for (int version : {4, 6, 0, -1}) {
    Reply reply = fixture.Send("PUT", kFilters + "/10", Update(version));
    CHECK(reply.status == 409);
    CHECK(reply.Json()["error"]["errors"][0]["reason"] == "staleVersion");
  }
  CHECK(fixture.State() == before);
  CHECK(fixture.Send("PUT", kFilters + "/10", Update(5)).status == 200);
  CHECK(fixture.Send("PUT", kFilters + "/10", Update(5)).status == 409);
}

TEST_CASE("a version is new after each write, and does not always grow by one") {
  Fixture fixture;
  std::vector<int> steps;
  int version = 5;
  for (int i = 0; i < 6; ++i) {
    int next = fixture.Send("PUT", kFilters + "/10", Update(version)).Json()["version"];
    steps.push_back(next - version);
    version = next;
  }
  CHECK(*std::ranges::min_element(steps) >= 1);
  CHECK(*std::ranges::max_element(steps) > 1);
}

TEST_CASE("names are unique, and case-sensitive") {
  Fixture fixture;
  CHECK(fixture.Send("POST", kFilters, With(kNew, "filterName", "Used")).status == 409);
  CHECK(fixture.Send("PUT", kFilters + "/11", With(Update(6), "filterName", "Used")).status == 409);
  CHECK(fixture.Send("POST", kFilters, With(kNew, "filterName", "used")).status == 201);
}

TEST_CASE("a filter that a list uses cannot be deleted") {
  Fixture fixture;
  CHECK(fixture.Send("DELETE", kFilters + "/10").status == 409);
  CHECK(fixture.Get(kFilters + "/10").status == 200);
  CHECK(fixture.Send("PATCH", kLists + "/21", {{"version", 8}, {"filterName", ""}}).status == 200);
  Reply deleted = fixture.Send("DELETE", kFilters + "/10");
  CHECK(deleted.status == 204);
  CHECK(deleted.body.empty());
  CHECK(fixture.Get(kFilters + "/10").status == 404);
  CHECK(fixture.Send("DELETE", kFilters + "/10").status == 404);
}

TEST_CASE("a list follows the filter that gets another name") {
  Fixture fixture;
  CHECK(fixture.Send("PUT", kFilters + "/10", Update(5)).status == 200);
  CHECK(fixture.Get(kLists + "/21").Json()["filterName"] == "New");
}

TEST_CASE("unknown ids answer 404 before anything else is looked at") {
  Fixture fixture;
  for (const char* method : {"GET", "PUT", "DELETE"}) {
    CHECK(fixture.Send(method, kFilters + "/999").status == 404);
  }
}

TEST_CASE("the collection shows every property and narrows by name") {
  Fixture fixture;
  json all = fixture.Get(kFilters).Json();
  CHECK(all["kind"] == "via#filterCollection");
  CHECK(all["totalItems"] == 2);
  CHECK(all["filters"][0] == fixture.Get(kFilters + "/10").Json());
  json one = fixture.Get(kFilters + "?filterName=Free").Json();
  CHECK(one["totalItems"] == 1);
  CHECK(one["filters"][0]["id"] == "11");
  CHECK(fixture.Get(kFilters + "?filterName=free").Json()["totalItems"] == 0);
}

TEST_CASE("a server that rewrites criteria hands back another text") {
  Options options;
  options.settings.rewrite_criteria = true;
  Fixture fixture(options);
  json body = With(kNew, "filterCriteria", " a  = 'x  and y'\n and b in (1,2) ");
  CHECK(fixture.Send("POST", kFilters, body).Json()["filterCriteria"] ==
        "a = 'x  and y' AND b IN (1,2)");
}

TEST_CASE("schema definitions can be read and narrowed by name") {
  Fixture fixture;
  json all = fixture.Get(kSchemas).Json();
  CHECK(all["kind"] == "via#schemaDefinitionCollection");
  CHECK(all["totalItems"] == 2);
  CHECK(all["schemaDefinitions"][0]["schemaName"] == "BaseSchema");
  CHECK(all["schemaDefinitions"][0]["kind"] == "via#schemaDefinition");
  json one = fixture.Get(kSchemas + "?schemaName=Other").Json();
  CHECK(one["totalItems"] == 1);
  CHECK(one["schemaDefinitions"][0]["id"] == "2");
}

}  // namespace
}  // namespace viasync::sandbox
