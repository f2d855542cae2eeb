#include "tests/sandbox/fixture.h"

namespace viasync::sandbox {
namespace {

const json kItem = {{"contactType", 1},
                    {"contactAddress", "09876322222"},
                    {"contactListName", "Static"},
                    {"reason", "Customer not available"},
                    {"startTime", "2024-11-03T23:20:50.525Z"},
                    {"endPattern", 1},
                    {"endTime", "2024-11-12T23:20:50.525Z"}};

json Post(const json& item) { return {{"accountControlItems", json::array({item})}}; }

TEST_CASE("an exclusion that is created can be read back") {
  Fixture fixture;
  Reply created = fixture.Send("POST", kExclusions, Post(kItem));
  CHECK(created.status == 201);
  json id = created.Json()["ids"][0]["id"];
  CHECK(created.Json() == json{{"ids", {{{"id", id}}}}});
  json item = fixture.Get(kExclusions + "/" + id.dump()).Json();
  for (const auto& [name, value] : kItem.items()) CHECK(item[name] == value);
  CHECK(item["kind"] == "via#exclusion");
  CHECK(item["version"].is_number_integer());
  CHECK(item["creationTime"] == item["lastModifiedTime"]);
}

TEST_CASE("an exclusion without an end has endTime 0") {
  Fixture fixture;
  json item = With(With(kItem, "endPattern", 0), "endTime", "0");
  std::string id = fixture.Send("POST", kExclusions, Post(item)).Json()["ids"][0]["id"].dump();
  CHECK(fixture.Get(kExclusions + "/" + id).Json()["endTime"] == "0");
}

TEST_CASE("every broken rule of an exclusion is a 400 that names it, and changes nothing") {
  Fixture fixture;
  const std::pair<const char*, json> rows[] = {
      {"contactType", nullptr},
      {"contactType", "1"},
      {"contactType", 5},
      {"contactType", -1},
      {"contactAddress", nullptr},
      {"contactAddress", ""},
      {"contactAddress", 911},
      {"contactListName", "Nowhere"},
      {"contactListName", "static"},
      {"contactListName", 1},
      {"reason", 1},
      {"startTime", nullptr},
      {"startTime", "yesterday"},
      {"startTime", "2024-02-30T00:00:00Z"},
      {"startTime", "2024-01-01T00:00:00"},
      {"endPattern", nullptr},
      {"endPattern", 2},
      {"endPattern", "1"},
      {"endTime", nullptr},
      {"endTime", "0"},
      {"endTime", 0},
      {"endTime", "2024-11-03T23:20:50.524Z"},
      {"id", 7},
      {"ContactType", 1},
  };
  for (const auto& [name, value] : rows) {
    CheckRefused(fixture, "POST", kExclusions, Post(With(kItem, name, value)), name);
    json update = With(With(kItem, "version", 11), name, value);
    CheckRefused(fixture, "PUT", kExclusions + "/30", update, name);
  }
  json no_end = With(kItem, "endPattern", 0);
  CheckRefused(fixture, "POST", kExclusions, Post(no_end), "endTime");
}

TEST_CASE("a PUT must carry every property") {
  Fixture fixture;
  json update = With(kItem, "version", 11);
  for (const auto& [name, value] : update.items()) {
    CheckRefused(fixture, "PUT", kExclusions + "/30", With(update, name, nullptr), name);
  }
  CheckRefused(fixture, "PUT", kExclusions + "/30", With(update, "creationTime", "x"),
               "creationTime");
}

TEST_CASE("a POST takes exactly one item") {
  Fixture fixture;
  const json rows[] = {json::object(),
                       {{"accountControlItems", json::array()}},
                       {{"accountControlItems", json::array({kItem, kItem})}},
                       {{"accountControlItems", kItem}},
                       {{"accountControlItems", json::array({7})}},
                       {{"items", json::array({kItem})}},
                       kItem};
  for (const json& body : rows) {
    CheckRefused(fixture, "POST", kExclusions, body, "accountControlItems");
  }
}

TEST_CASE("an equal exclusion answers 409, one of other times does not") {
  Fixture fixture;
  CHECK(fixture.Send("POST", kExclusions, Post(kItem)).status == 201);
  json same = With(With(kItem, "reason", "another"), "startTime", "2024-11-04T00:20:50.525+01:00");
  CHECK(fixture.Send("POST", kExclusions, Post(same)).status == 409);
  json update = With(kItem, "version", 11);
  CHECK(fixture.Send("PUT", kExclusions + "/30", update).status == 409);
  json later = With(kItem, "startTime", "2024-11-04T00:00:00Z");
  CHECK(fixture.Send("POST", kExclusions, Post(later)).status == 201);
}

TEST_CASE("a PUT answers 200 without a body; the version is new, the creation time is not") {
  Fixture fixture;
  json update = With(kItem, "version", 11);
  Reply reply = fixture.Send("PUT", kExclusions + "/30", update);
  CHECK(reply.status == 200);
  CHECK(reply.body.empty());
  json item = fixture.Get(kExclusions + "/30").Json();
  CHECK(item["version"] > 11);
  CHECK(item["contactAddress"] == "09876322222");
  CHECK(item["creationTime"] == "2023-12-01T00:00:00.000Z");
  CHECK(item["lastModifiedTime"] > "2024");
  CHECK(fixture.Send("PUT", kExclusions + "/30", update).status == 409);
}

TEST_CASE("DELETE answers 204, then 404") {
  Fixture fixture;
  CHECK(fixture.Send("DELETE", kExclusions + "/30").status == 204);
  CHECK(fixture.Send("DELETE", kExclusions + "/30").status == 404);
  CHECK(fixture.Get(kExclusions).Json()["totalItems"] == 1);
  for (const char* id : {"/999", "/x", "/30x", "/99999999999999999999"}) {
    CHECK(fixture.Get(kExclusions + id).status == 404);
  }
}

TEST_CASE("the collection is terse, and the same under the compliance path") {
  Fixture fixture;
  json all = fixture.Get(kExclusions).Json();
  CHECK(all["kind"] == "via#exclusionCollection");
  CHECK(all["accountControlItems"][0] == json{{"kind", "via#exclusion"},
                                              {"id", 30},
                                              {"contactType", 1},
                                              {"contactAddress", "0911"},
                                              {"contactListName", "Static"}});
  CHECK(all["accountControlItems"][1]["contactListName"] == "");
  std::string compliance = "/via/v3/organizations/acme-dev/compliance/exclusions";
  CHECK(fixture.Get(compliance).Json() == all);
  CHECK(fixture.Get(compliance + "/30").Json() == fixture.Get(kExclusions + "/30").Json());
}

TEST_CASE("query parameters narrow the collection") {
  Fixture fixture;
  const std::pair<const char*, std::vector<int>> rows[] = {
      {"contactAddress=0911", {30}},
      {"contactAddress=a%40example.com", {31}},
      {"contactAddress=0912", {}},
      {"contactListName=Static", {30}},
      {"contactListName=", {31}},
      {"contactType=2", {31}},
      {"contactAddress=0911&contactType=2", {}},
      {"fromStartTime=2024-01-01T00:00:00Z&toStartTime=2024-01-02T00:00:00Z", {30}},
      {"fromEndTime=2000-01-01T00:00:00Z&toEndTime=2030-01-01T00:00:00Z", {30}},
      {"fromCreatedTime=2023-12-02T00:00:00Z&toCreatedTime=2023-12-31T00:00:00Z", {31}},
      {"fromLastModifiedTime=2023-12-02T00:00:00Z&toLastModifiedTime=2023-12-04T00:00:00Z",
       {30, 31}},
  };
  for (const auto& [query, ids] : rows) {
    CAPTURE(query);
    json answer = fixture.Get(kExclusions + "?" + query).Json();
    std::vector<int> found;
    for (auto& item : answer["accountControlItems"]) found.push_back(item["id"]);
    CHECK(found == ids);
    CHECK(answer["totalItems"] == ids.size());
  }
}

TEST_CASE("broken query parameters are a 400") {
  Fixture fixture;
  const std::pair<const char*, const char*> rows[] = {
      {"contactType=x", "contactType"},
      {"contactType=5", "contactType"},
      {"ContactType=1", "ContactType"},
      {"reason=r", "reason"},
      {"fromStartTime=2024-01-01T00:00:00Z", "fromStartTime"},
      {"toLastModifiedTime=2024-01-01T00:00:00Z", "toLastModifiedTime"},
      {"fromEndTime=x&toEndTime=2024-01-01T00:00:00Z", "fromEndTime"},
      {"fromEndTime=2024-01-02T00:00:00Z&toEndTime=2024-01-01T00:00:00Z", "toEndTime"},
      {"contactType=1&contactType=2", "contactType"},
  };
  for (const auto& [query, scope] : rows) {
    CheckRefused(fixture, "GET", kExclusions + "?" + query, nullptr, scope);
  }
  CheckRefused(fixture, "GET", kExclusions + "/30?contactType=1", nullptr, "contactType");
  CheckRefused(fixture, "DELETE", kExclusions + "/30?force=1", nullptr, "force");
}

}  // namespace
}  // namespace viasync::sandbox
