#include "engine/snapshot/guard.h"

#include <doctest/doctest.h>

namespace viasync::snapshot {
namespace {

TEST_CASE("an org that lists nothing of a kind the base knows is refused") {
  const struct {
    model::ByKind<std::size_t> listed, in_base;
    const char* message;  // nullptr = plausible
  } cases[] = {
      {{0, 0, 0}, {0, 0, 0}, nullptr},
      {{5, 5, 5}, {9, 9, 9}, nullptr},
      {{1, 1, 1}, {900, 900, 900}, nullptr},
      {{0, 5, 5}, {0, 5, 5}, nullptr},
      {{0, 5, 5}, {1, 5, 5}, "lists no filters at all; at the last run there were 1"},
      {{5, 0, 5}, {5, 20000, 5}, "lists no exclusions at all; at the last run there were 20,000"},
      {{5, 5, 0}, {5, 5, 12}, "lists no lists at all"},
  };
  for (const auto& c : cases) {
    auto problem = CheckPlausible(c.listed, c.in_base);
    REQUIRE(problem.has_value() == (c.message != nullptr));
    if (!problem) continue;
    CHECK(problem->message.find(c.message) != std::string::npos);
    CHECK_FALSE(problem->hint.empty());
  }
}

}  // namespace
}  // namespace viasync::snapshot
