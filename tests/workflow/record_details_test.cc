#include "engine/workflow/record_details.h"

#include <doctest/doctest.h>

namespace viasync::workflow {
namespace {

api::StrategyStatuses Says(std::vector<std::string> details, std::int64_t total) {
  api::StrategyStatuses statuses;
  statuses.details = std::move(details);
  statuses.details_total = total;
  return statuses;
}

TEST_CASE("each text is pinned to the record that it is about") {
  const std::vector<std::string> lookups = {LookupOf("@ACCOUNT", "100001"),
                                            LookupOf("@ACCOUNT", "1000"),
                                            LookupOf("@NAME", "O'Neil Status : Field key")};
  auto details = ReadDetails(
      Says(
          {"'Lookup key: @ACCOUNT Lookup value: 100001 Field key @NUMBER2 Field value: 1234 Status "
           ": Field key not found'",
           "'Lookup key: @ACCOUNT Lookup value: 100001 Field key: @NAME Field value: x y Status : "
           "Lookup value not found'"},
          2),
      lookups);
  CHECK(details.complete);
  CHECK(details.unclear.empty());
  REQUIRE(details.problems.size() == 1);
  CHECK(details.problems.begin()->first == lookups[0]);
  CHECK(details.problems.begin()->second ==
        "@NUMBER2: Field key not found; @NAME: Lookup value not found");
}

TEST_CASE("a text without a field, and one that tells of success, are understood") {
  const std::vector<std::string> lookups = {LookupOf("@ACCOUNT", "1"), LookupOf("@ACCOUNT", "1 2")};
  auto details = ReadDetails(Says({"'Lookup key: @ACCOUNT Lookup value: 1 Status : not found'",
                                   "Lookup key: @ACCOUNT Lookup value: 1 2 Field key @A Field "
                                   "value: x Status : Updated"},
                                  2),
                             lookups);
  CHECK(details.unclear.empty());
  REQUIRE(details.problems.size() == 1);
  CHECK(details.problems.begin()->first == lookups[0]);
  CHECK(details.problems.begin()->second == "not found");
}

TEST_CASE(
    "a text that names no record of ours, and a list that is cut, are not taken for success") {
  const std::vector<std::string> lookups = {LookupOf("@ACCOUNT", "1")};
  for (const char* text :
       {"2 records failed", "", "'Lookup key: @ACCOUNT Lookup value: 2 Field key @A Status : x'"}) {
    auto details = ReadDetails(Says({text}, 1), lookups);
    CHECK(details.problems.empty());
    CHECK(details.unclear == std::vector<std::string>{text});
  }
  CHECK_FALSE(ReadDetails(Says({}, 3), lookups).complete);
  CHECK(ReadDetails(Says({}, 0), lookups).complete);
}

}  // namespace
}  // namespace viasync::workflow
