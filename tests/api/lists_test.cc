#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/api/world.h"

namespace viasync::api {
namespace {

using model::ListType;
using Json = nlohmann::json;

TEST_CASE("the collection is terse") {
  World world(OnePage(R"({"kind": "via#listCollection", "contactLists": [
      {"kind": "via#list", "id": 123, "name": "BaseOutreachList1"}], "totalItems": 1,
      "lastIndexReturned": 1})"));
  auto lists = world.Run(Collection<model::List>(world.session));
  REQUIRE(lists);
  REQUIRE(lists->size() == 1);
  CHECK(lists->front().id == "123");
  CHECK(lists->front().value.name == "BaseOutreachList1");
  CHECK_FALSE(lists->front().detailed);
  const std::string call = std::string("GET ") + kLists + "?startIndex=";
  CHECK(world.Calls() == std::vector{call + "0&maxResults=500", call + "1&maxResults=500"});
}

TEST_CASE("a list is read as the reference shows it") {
  const struct {
    const char* type;
    ListType expected;
  } cases[] = {{"0", ListType::kStatic},     {"1", ListType::kDynamic}, {"2", ListType::kFastPath},
               {"3", ListType::kActiveSort}, {"4", ListType::kUnknown}, {"-1", ListType::kUnknown}};
  for (const auto& c : cases) {
    World world(Always(200, std::string(R"({"kind": "via#list", "id": 234, "version": 8414880,
        "strategy": "TestStrategy", "name": "L", "description": "Test list", "status": 0,
        "filterName": "Filter1", "penetration": 23, "hitRate": 45, "saturation": 50,
        "exclusionFilter": "E", "purposeName": "P", "listType": )") +
                                c.type + "}"));
    auto list = world.Run(Calls<model::List>::Get(world.session, "234"));
    REQUIRE(list);
    CHECK(world.Calls() == std::vector{std::string("GET ") + kLists + "/234"});
    CHECK(list->id == "234");
    CHECK(list->version == 8414880);
    CHECK(list->detailed);
    CHECK(list->value.name == "L");
    CHECK(list->value.filter == "Filter1");
    CHECK(list->value.type == c.expected);
  }
}

TEST_CASE("a list without a filter has none") {
  World world(Always(200, R"({"id": 1, "version": 1, "name": "L", "listType": 1})"));
  auto list = world.Run(Calls<model::List>::Get(world.session, "1"));
  REQUIRE(list);
  CHECK(list->value.filter == "");
}

TEST_CASE("a PATCH sends version and filter, nothing else") {
  World world(Always(200, ""));
  CHECK(world.Run(
      Calls<model::List>::Update(world.session, "234", 213, {.filter = "InitialLeadPhase"})));
  CHECK(world.Calls() == std::vector{std::string("PATCH ") + kLists + "/234"});
  CHECK(Json::parse(world.LastBody()) ==
        Json::parse(R"({"version": 213, "filterName": "InitialLeadPhase"})"));
}

TEST_CASE("a stale PATCH is a conflict with all that the org says") {
  World world(Always(409, R"({"error": {"errors": [{"scope": "list", "reason": "conflict",
      "message": "version 213 is stale"}], "code": 409, "message": "Conflict"}})"));
  auto stale = world.Run(Calls<model::List>::Update(world.session, "234", 213, {.filter = "F"}));
  REQUIRE_FALSE(stale);
  CHECK(stale.error().kind == base::ErrorKind::kConflict);
  CHECK(stale.error().message.ends_with(
      "answered 409: Conflict; list: conflict: version 213 is stale"));
  CHECK(world.Calls().size() == 1);
}

}  // namespace
}  // namespace viasync::api
