#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "engine/base/times.h"
#include "tests/api/world.h"

namespace viasync::api {
namespace {

using base::ErrorKind;
using Json = nlohmann::json;

const Schemas kSchemas5 = {.id_by_name = {{"BaseSchema", "5"}, {"Other", "6"}},
                           .name_by_id = {{"5", "BaseSchema"}, {"6", "Other"}}};

constexpr const char* kItem = R"({
  "kind": "via#filter", "id": "1", "version": 7, "filterName": "All",
  "filterDescription": "All Inclusive", "schemaId": "5", "filterCriteria": "1 = 1",
  "lastModifiedBy": "aa00", "lastModifiedDate": "2020-08-01T23:20:50Z", "news": {"x": []}})";

TEST_CASE("a filter is read as the reference shows it") {
  World world(Always(200, kItem));
  auto filter = world.Run(Calls<model::Filter>::Get({world.session, kSchemas5}, "a/1"));
  REQUIRE(filter);
  CHECK(world.Calls() == std::vector{std::string("GET ") + kFilters + "/a%2F1"});
  CHECK(filter->id == "1");
  CHECK(filter->version == 7);
  CHECK(filter->detailed);
  CHECK(filter->value.name == "All");
  CHECK(filter->value.description == "All Inclusive");
  CHECK(filter->value.schema == "BaseSchema");
  CHECK(filter->value.criteria == "1 = 1");
  CHECK(filter->modified_by.str() == "aa00");
  CHECK(filter->modified_at == base::ParseTime("2020-08-01T23:20:50Z"));
}

TEST_CASE("the collection comes sorted, with ids as text") {
  World world(OnePage(R"({"kind": "via#filterCollection", "filters": [
      {"id": 2, "version": 1, "filterName": "B", "schemaId": 99, "filterCriteria": "b"},
      {"id": "1", "version": 2, "filterName": "A", "filterDescription": null, "schemaId": "",
       "filterCriteria": "a"}], "totalItems": 2, "lastIndexReturned": 2})"));
  auto filters = world.Run(Collection<model::Filter>({world.session, kSchemas5}));
  REQUIRE(filters);
  REQUIRE(filters->size() == 2);
  CHECK((*filters)[0].value.name == "A");
  CHECK((*filters)[0].value.schema == "");
  CHECK((*filters)[0].value.description == "");
  CHECK((*filters)[1].id == "2");
  CHECK((*filters)[1].value.schema == "#99");
}

TEST_CASE("a broken filter is named") {
  const struct {
    const char *name, *value, *message;
  } cases[] = {
      {"version", nullptr, "a filter (id 1) that has no \"version\" (a whole number expected)"},
      {"version", "\"7\"", "has \"7\" as \"version\", a whole number expected"},
      {"version", "1.5", "has 1.5 as \"version\""},
      {"version", "18446744073709551615", "as \"version\""},
      {"filterName", "[1]", "has [1] as \"filterName\", a string expected"},
      {"filterCriteria", nullptr, "has no \"filterCriteria\""},
      {"schemaId", "true", "as \"schemaId\""},
      {"id", "null", "has no \"id\""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.message);
    Json item = Json::parse(kItem);
    if (c.value == nullptr) {
      item.erase(c.name);
    } else {
      item[c.name] = Json::parse(c.value);
    }
    World world(Always(200, item.dump()));
    auto filter = world.Run(Calls<model::Filter>::Get({world.session, kSchemas5}, "1"));
    REQUIRE_FALSE(filter);
    CHECK(filter.error().kind == ErrorKind::kProtocol);
    CHECK(filter.error().message.find(c.message) != std::string::npos);
  }
}

TEST_CASE("a filter is found by its name alone, whatever the server makes of the query") {
  World world(OnePage(R"({"filters": [
      {"id": "1", "version": 1, "filterName": "All & more", "filterCriteria": "a"},
      {"id": "2", "version": 1, "filterName": "all", "filterCriteria": "a"},
      {"id": "3", "version": 1, "filterName": "All", "filterCriteria": "a"}], "totalItems": 3})"));
  auto found = world.Run(Calls<model::Filter>::Find({world.session, kSchemas5}, {.name = "All"}));
  REQUIRE(found);
  REQUIRE(found->size() == 1);
  CHECK(found->front().id == "3");
  const std::string call = std::string("GET ") + kFilters + "?filterName=All&startIndex=";
  CHECK(world.Calls() == std::vector{call + "0&maxResults=500", call + "3&maxResults=500"});
}

TEST_CASE("a POST sends what is writable and reads the answer, whose time has another name") {
  World world(Always(201, R"({"id": "1", "version": 1, "filterName": "All",
      "filterDescription": "Catch all", "schemaId": "5", "filterCriteria": "1 = 1",
      "lastModifiedBy": "User1", "lastModifiedTime": "2020-08-01T23:20:50Z"})"));
  auto made = world.Run(Calls<model::Filter>::Create({world.session, kSchemas5},
                                                     {"All", "Catch all", "BaseSchema", "1 = 1"}));
  REQUIRE(made);
  CHECK(world.Calls() == std::vector{std::string("POST ") + kFilters});
  CHECK(Json::parse(world.LastBody()) ==
        Json::parse(R"({"filterName": "All", "filterDescription": "Catch all", "schemaId": "5",
                        "filterCriteria": "1 = 1"})"));
  CHECK(made->version == 1);
  CHECK(made->modified_at);
}

TEST_CASE("a PUT sends everything with the version; the schema in the way the org has it") {
  const struct {
    const char *schema, *schema_id;  // nullptr = left out
  } cases[] = {{"BaseSchema", "5"}, {"#99", "99"}, {"", nullptr}};
  for (const auto& c : cases) {
    World world(Always(200, kItem));
    auto put = world.Run(Calls<model::Filter>::Update({world.session, kSchemas5}, "1", 6,
                                                      {"All", "", c.schema, "x"}));
    REQUIRE(put);
    CHECK(put->version == 7);
    CHECK(world.Calls() == std::vector{std::string("PUT ") + kFilters + "/1"});
    Json expected = {
        {"version", 6}, {"filterName", "All"}, {"filterDescription", ""}, {"filterCriteria", "x"}};
    if (c.schema_id != nullptr) expected["schemaId"] = c.schema_id;
    CHECK(Json::parse(world.LastBody()) == expected);
  }
}

TEST_CASE("an unknown schema is refused before anything is sent") {
  World world(Always(200, kItem));
  auto put = world.Run(Calls<model::Filter>::Update({world.session, kSchemas5}, "1", 6,
                                                    {"A", "", "BaseSchem", "x"}));
  REQUIRE_FALSE(put);
  CHECK(put.error().kind == ErrorKind::kInvalid);
  CHECK(put.error().message == "the org has no schema \"BaseSchem\"");
  CHECK(put.error().hint == "Did you mean BaseSchema?");
  CHECK(SchemaIdOf("Nowhere near it", kSchemas5).error().hint == "The org has BaseSchema, Other");
  CHECK(world.transport.requests().empty());
}

TEST_CASE("an accepted write with an answer that says nothing is to be settled by reading") {
  for (const char* body : {"", "{}", "[]", R"({"id": "1"})"}) {
    World world(Always(201, body));
    auto made =
        world.Run(Calls<model::Filter>::Create({world.session, kSchemas5}, {"A", "", "", "x"}));
    REQUIRE_FALSE(made);
    CHECK(made.error().kind == ErrorKind::kUnknown);
  }
}

TEST_CASE("a DELETE sends no body") {
  World world(Always(204, ""));
  CHECK(world.Run(Calls<model::Filter>::Delete(world.session, "1")));
  CHECK(world.Calls() == std::vector{std::string("DELETE ") + kFilters + "/1"});
  CHECK(world.LastBody().empty());
}

TEST_CASE("schemas are known by name and id; of one name only the first has it") {
  World world(OnePage(R"({"kind": "via#schemaDefinitionCollection", "schemaDefinitions": [
      {"kind": "via#schemaDefinition", "id": "10", "tenantId": 1, "schemaName": "BaseSchema"},
      {"id": "9", "schemaName": "BaseSchema"}, {"id": 3, "schemaName": "Other"}],
      "totalItems": 3, "lastIndexReturned": 3})"));
  auto schemas = world.Run(ListSchemas(world.session));
  REQUIRE(schemas);
  CHECK(world.Calls().front().starts_with(std::string("GET ") + kSchemas + "?"));
  CHECK(schemas->id_by_name ==
        std::map<std::string, std::string>{{"BaseSchema", "9"}, {"Other", "3"}});
  CHECK(schemas->name_by_id ==
        std::map<std::string, std::string>{{"9", "BaseSchema"}, {"3", "Other"}});
}

}  // namespace
}  // namespace viasync::api
