#include "engine/migrate/selection.h"

#include <doctest/doctest.h>

namespace viasync::migrate {
namespace {

const std::vector<api::BulkItem> kOffer = {
    {.group = "Strategies", .name = "ABC_Late", .related = {{"INPUTS", {"A", "Gone"}}}},
    {.group = "Strategies", .name = "ABC_Early"},
    {.group = "Strategies", .name = "Other"},
    {.group = "Inputs", .name = "A", .related = {{"Schedules", {"Night"}}}},
    {.group = "Schedules", .name = "Night"},
    {.group = "Unheard Of", .name = "X"},
};

std::vector<std::string> Names(const Selection& selection) {
  std::vector<std::string> names;
  for (const auto& object : selection.objects) names.push_back(object.type + " " + object.name);
  return names;
}

}  // namespace

TEST_CASE("globs choose, in the order of the reference's types") {
  auto chosen = Select(kOffer, {{"STRATEGY", {"ABC_*"}}, {"SCHEDULES", {"*"}}}, false, "acme-dev");
  REQUIRE(chosen);
  CHECK(Names(*chosen) ==
        std::vector<std::string>{"SCHEDULES Night", "STRATEGY ABC_Early", "STRATEGY ABC_Late"});
}

TEST_CASE("related objects come along, and what they need in turn; what is not offered is said") {
  auto chosen = Select(kOffer, {{"STRATEGY", {"ABC_Late"}}}, true, "acme-dev");
  REQUIRE(chosen);
  CHECK(Names(*chosen) ==
        std::vector<std::string>{"SCHEDULES Night", "STRATEGY ABC_Late", "INPUTS A"});
  CHECK(chosen->objects[2].because == "STRATEGY ABC_Late");
  CHECK(chosen->dangling == std::vector<std::string>{"INPUTS Gone"});
}

TEST_CASE("what matches nothing is an error with the nearest name") {
  auto none = Select(kOffer, {{"STRATEGY", {"ABC_Lat", "Q*"}}}, false, "acme-dev");
  REQUIRE_FALSE(none);
  REQUIRE(none.error().size() == 2);
  CHECK(none.error()[0].message == "acme-dev offers no STRATEGY ABC_Lat");
  CHECK(none.error()[0].hint == "Did you mean ABC_Late?");
  CHECK_FALSE(Select(kOffer, {{"HOLIDAYS", {"*"}}}, false, "acme-dev"));
}

TEST_CASE("a command line names types in any spelling, and a wrong one gets the nearest") {
  model::ObjectGlobs globs;
  CHECK(AddObjects("strategies=ABC=1", globs));
  CHECK(globs["STRATEGY"] == std::vector<std::string>{"ABC=1"});
  auto wrong = AddObjects("STRATEGI=ABC", globs);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message.find("did you mean `STRATEGY`") != std::string::npos);
  for (const char* bad : {"STRATEGY", "=ABC", "STRATEGY="}) CHECK_FALSE(AddObjects(bad, globs));
}

TEST_CASE("a request has one entry a type") {
  auto request = ForRequest({{.type = "INPUTS", .name = "A"},
                             {.type = "INPUTS", .name = "B"},
                             {.type = "STRATEGY", .name = "S"}});
  REQUIRE(request.size() == 2);
  CHECK(request[0].names == std::vector<std::string>{"A", "B"});
}

}  // namespace viasync::migrate
