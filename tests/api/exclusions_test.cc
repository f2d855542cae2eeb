#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "engine/base/times.h"
#include "tests/api/world.h"

namespace viasync::api {
namespace {

using base::ErrorKind;
using Json = nlohmann::json;

constexpr const char* kItem = R"({
  "kind": "via#exclusion", "id": 123, "version": 3, "contactType": 1,
  "contactAddress": "09876322222", "contactListName": "ContactList1",
  "reason": "Customer not available", "creationTime": "2017-11-01T23:20:50.525Z",
  "startTime": "2017-11-04T23:20:50.525Z", "endPattern": 1, "endTime": "2017-11-12T23:40:50.525Z",
  "lastModifiedTime": "2017-11-04T13:20:50.525Z"})";

model::Exclusion Sample() {
  return {.type = model::ContactType::kVoice,
          .address = "09876322222",
          .list = "ContactList1",
          .reason = "Customer not available",
          .start = base::ParseTime("2017-11-03T23:20:50Z"),
          .end = base::ParseTime("2017-11-12T23:20:50.525Z")};
}

base::Result<model::Remote<model::Exclusion>> Read(const Json& item) {
  World world(Always(200, item.dump()));
  return world.Run(Calls<model::Exclusion>::Get(world.session, "123"));
}

TEST_CASE("an exclusion is read as the reference shows it") {
  auto exclusion = Read(Json::parse(kItem));
  REQUIRE(exclusion);
  CHECK(exclusion->id == "123");
  CHECK(exclusion->version == 3);
  CHECK(exclusion->detailed);
  CHECK(KeyOf(exclusion->value) == "voice:09876322222@ContactList1");
  CHECK(exclusion->value.reason.str() == "Customer not available");
  CHECK(exclusion->value.start == base::ParseTime("2017-11-04T23:20:50.525Z"));
  CHECK(exclusion->value.end == base::ParseTime("2017-11-12T23:40:50.525Z"));
  CHECK(exclusion->modified_at == base::ParseTime("2017-11-04T13:20:50.525Z"));
}

TEST_CASE("endPattern 0 is no end, whatever endTime says; no list is all lists") {
  for (const char* end : {"\"0\"", "0", "null", "\"\"", "\"2017-11-12T23:40:50.525Z\""}) {
    Json item = Json::parse(kItem);
    item["endPattern"] = 0;
    item["endTime"] = Json::parse(end);
    item["contactListName"] = nullptr;
    auto exclusion = Read(item);
    REQUIRE(exclusion);
    CHECK_FALSE(exclusion->value.end);
    CHECK(exclusion->value.list.empty());
  }
}

TEST_CASE("a broken exclusion is named, never guessed at") {
  const struct {
    const char *name, *value, *message;
  } cases[] = {
      {"contactType", "5", "an exclusion (id 123) that has the unknown \"contactType\" 5"},
      {"contactType", "\"1\"", "has \"1\" as \"contactType\""},
      {"contactAddress", "null", "has no \"contactAddress\""},
      {"contactListName", "1", "has 1 as \"contactListName\""},
      {"version", "null", "has no \"version\""},
      {"startTime", "\"2017-13-04\"", "has \"2017-13-04\" as \"startTime\", a time expected"},
      {"startTime", "null", "has no \"startTime\""},
      {"endPattern", "2", "has the unknown \"endPattern\" 2"},
      {"endPattern", "null", "has no \"endPattern\""},
      {"endTime", "\"0\"", "has \"0\" as \"endTime\""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.message);
    Json item = Json::parse(kItem);
    item[c.name] = Json::parse(c.value);
    auto exclusion = Read(item);
    REQUIRE_FALSE(exclusion);
    CHECK(exclusion.error().kind == ErrorKind::kProtocol);
    CHECK(exclusion.error().message.find(c.message) != std::string::npos);
  }
}

TEST_CASE("the collection is terse") {
  World world(OnePage(R"({"kind": "via#exclusionCollection", "accountControlItems": [
      {"kind": "via#exclusion", "id": 123, "contactType": 0, "contactAddress": "09876322222",
       "contactListName": "ContactList1"}, {"id": 124, "contactType": 2, "contactAddress": "a@b.c"}],
      "totalItems": 2, "lastIndexReturned": 2})"));
  auto exclusions = world.Run(Collection<model::Exclusion>(world.session));
  REQUIRE(exclusions);
  REQUIRE(exclusions->size() == 2);
  CHECK((*exclusions)[0].id == "123");
  CHECK((*exclusions)[0].version == 0);
  CHECK_FALSE((*exclusions)[0].detailed);
  CHECK(KeyOf((*exclusions)[0].value) == "account:09876322222@ContactList1");
  CHECK(KeyOf((*exclusions)[1].value) == "email:a@b.c@*");
}

TEST_CASE("an exclusion is found by its key alone, whatever the server makes of the query") {
  const char* body = R"({"accountControlItems": [
      {"id": 1, "contactType": 1, "contactAddress": "+1 55", "contactListName": "L"},
      {"id": 2, "contactType": 1, "contactAddress": "+1 55", "contactListName": ""},
      {"id": 3, "contactType": 1, "contactAddress": "+1 55", "contactListName": "L"},
      {"id": 4, "contactType": 3, "contactAddress": "+1 55", "contactListName": "L"},
      {"id": 5, "contactType": 1, "contactAddress": "+1 555", "contactListName": "L"}],
      "totalItems": 5})";
  const struct {
    const char *list, *query;
    std::vector<std::string> ids;
  } cases[] = {
      {"L",
       "?contactType=1&contactAddress=%2B1%2055&contactListName=L&startIndex=0&maxResults=500",
       {"1", "3"}},
      {"", "?contactType=1&contactAddress=%2B1%2055&startIndex=0&maxResults=500", {"2"}},
  };
  for (const auto& c : cases) {
    World world(OnePage(body));
    auto key = Sample();
    key.address = "+1 55";
    key.list = c.list;
    auto found = world.Run(FindTerse(world.session, key));
    REQUIRE(found);
    std::vector<std::string> ids;
    for (const auto& one : *found) ids.push_back(one.id);
    CHECK(ids == c.ids);
    CHECK(world.Calls().front() == std::string("GET ") + kExclusions + c.query);
    CHECK(world.Calls().size() == 2);  // and what lies behind that page
  }
}

TEST_CASE("a POST sends an array of exactly one and reads the new id") {
  World world(Always(201, R"({"ids": [{"id": 123}]})"));
  auto id = world.Run(Calls<model::Exclusion>::Create(world.session, Sample()));
  REQUIRE(id);
  CHECK(id->id == "123");
  CHECK_FALSE(id->detailed);
  CHECK(world.Calls() == std::vector{std::string("POST ") + kExclusions});
  CHECK(Json::parse(world.LastBody()) == Json::parse(R"({"accountControlItems": [{
      "contactType": 1, "contactAddress": "09876322222", "contactListName": "ContactList1",
      "reason": "Customer not available", "startTime": "2017-11-03T23:20:50.000Z",
      "endPattern": 1, "endTime": "2017-11-12T23:20:50.525Z"}]})"));
}

TEST_CASE("a PUT sends all eight properties") {
  World world(Always(200, ""));
  auto exclusion = Sample();
  exclusion.list = "";
  exclusion.reason = "";
  exclusion.end.reset();
  CHECK(world.Run(Calls<model::Exclusion>::Update(world.session, "123", 3, exclusion)));
  CHECK(world.Calls() == std::vector{std::string("PUT ") + kExclusions + "/123"});
  CHECK(Json::parse(world.LastBody()) == Json::parse(R"({"version": 3,
      "contactType": 1, "contactAddress": "09876322222", "contactListName": "", "reason": "",
      "startTime": "2017-11-03T23:20:50.000Z", "endPattern": 0, "endTime": "0"})"));
}

TEST_CASE("an exclusion without a start is not sent") {
  World world(Always(200, ""));
  auto exclusion = Sample();
  exclusion.start.reset();
  CHECK(world.Run(Calls<model::Exclusion>::Create(world.session, exclusion)).error().kind ==
        ErrorKind::kInvalid);
  CHECK(world.transport.requests().empty());
}

TEST_CASE("a new exclusion without a readable id is to be settled by reading") {
  for (const char* body : {"", "{}", R"({"ids": []})", R"({"ids": [{"id": 1}, {"id": 2}]})",
                           R"({"ids": [{}]})", R"({"ids": {"id": 1}})"}) {
    World world(Always(201, body));
    auto id = world.Run(Calls<model::Exclusion>::Create(world.session, Sample()));
    REQUIRE_FALSE(id);
    CHECK(id.error().kind == ErrorKind::kUnknown);
  }
}

TEST_CASE("a DELETE of what is gone says so") {
  World world(Always(404, R"({"error": {"code": 404, "message": "Not Found"}})"));
  auto gone = world.Run(Calls<model::Exclusion>::Delete(world.session, "123"));
  REQUIRE_FALSE(gone);
  CHECK(gone.error().kind == ErrorKind::kNotFound);
  CHECK(world.Calls() == std::vector{std::string("DELETE ") + kExclusions + "/123"});
}

}  // namespace
}  // namespace viasync::api
