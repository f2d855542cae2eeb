#include "tests/sandbox/fixture.h"

namespace viasync::sandbox {
namespace {

json Assign(int version, const json& filter) {
  return {{"version", version}, {"filterName", filter}};
}

TEST_CASE("the collection of lists is terse, the item is not") {
  Fixture fixture;
  json all = fixture.Get(kLists).Json();
  CHECK(all["kind"] == "via#listCollection");
  CHECK(all["totalItems"] == 4);
  CHECK(all["contactLists"][1] == json{{"kind", "via#list"}, {"id", 21}, {"name", "Dynamic"}});
  json item = fixture.Get(kLists + "/21").Json();
  for (const char* name :
       {"kind", "id", "version", "strategy", "name", "description", "status", "filterName",
        "penetration", "hitRate", "saturation", "exclusionFilter", "listType", "purposeName"}) {
    CHECK(item.contains(name));
  }
  CHECK(item["filterName"] == "Used");
  CHECK(fixture.Get(kLists + "/999").status == 404);
}

TEST_CASE("lists narrow by name, status and type") {
  Fixture fixture;
  const std::pair<const char*, int> rows[] = {{"name=Dynamic", 1}, {"name=dynamic", 0},
                                              {"status=1", 1},     {"status=0", 3},
                                              {"listType=3", 1},   {"status=0&listType=0", 0}};
  for (const auto& [query, total] : rows) {
    CAPTURE(query);
    CHECK(fixture.Get(kLists + "?" + query).Json()["totalItems"] == total);
  }
  for (const char* query :
       {"status=6", "status=x", "listType=4", "listtype=1", "filterName=Used"}) {
    CheckRefused(fixture, "GET", kLists + "?" + query, nullptr, "");
  }
}

TEST_CASE("a filter is assigned to dynamic and active sort lists alone") {
  Fixture fixture;
  Reply reply = fixture.Send("PATCH", kLists + "/21", Assign(8, "Free"));
  CHECK(reply.status == 200);
  CHECK(reply.body.empty());
  json item = fixture.Get(kLists + "/21").Json();
  CHECK(item["filterName"] == "Free");
  CHECK(item["version"] > 8);
  CHECK(fixture.Send("PATCH", kLists + "/23", Assign(10, "Free")).status == 200);
  CheckRefused(fixture, "PATCH", kLists + "/20", Assign(7, "Free"), "listType");
  CheckRefused(fixture, "PATCH", kLists + "/22", Assign(9, "Free"), "listType");
}

TEST_CASE("broken assignments are refused") {
  Fixture fixture;
  CheckRefused(fixture, "PATCH", kLists + "/21", Assign(8, "Nothing"), "filterName");
  CheckRefused(fixture, "PATCH", kLists + "/21", Assign(8, "used"), "filterName");
  CheckRefused(fixture, "PATCH", kLists + "/21", Assign(8, 7), "filterName");
  CheckRefused(fixture, "PATCH", kLists + "/21", {{"version", 8}}, "filterName");
  CheckRefused(fixture, "PATCH", kLists + "/21", {{"filterName", "Free"}}, "version");
  CheckRefused(fixture, "PATCH", kLists + "/21", With(Assign(8, "Free"), "name", "x"), "name");
  std::string before = fixture.State();
  CHECK(fixture.Send("PATCH", kLists + "/21", Assign(7, "Free")).status == 409);
  CHECK(fixture.Send("PATCH", kLists + "/999", Assign(7, "Free")).status == 404);
  CHECK(fixture.State() == before);
}

}  // namespace
}  // namespace viasync::sandbox
