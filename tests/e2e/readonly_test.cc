// Commands that only look never write to an org.
#include <doctest/doctest.h>

#include <string>

#include "tests/e2e/small_world.h"

namespace viasync::e2e {

TEST_CASE_FIXTURE(Fixture, "what only looks sends GETs alone") {
  REQUIRE(world.Run({"apply", "--yes", "--no-base"}).exit_code == 0);
  world.repo.Write("config/filters.yaml", "filters:\n  - {name: One, criteria: A = 9}\n");
  world.Control("DELETE", "log");
  for (const char* format : {"text", "json", "markdown", "html"}) {
    CHECK(world.Run({"plan", "--format", format}).exit_code == 0);
    CHECK(world.Run({"drift", "--format", format}).exit_code == 0);
  }
  world.Run({"validate"});
  world.Run({"status"});
  CHECK(world.Writes().empty());
  CHECK(world.Control("GET", "log").at("entries").size() > 8);
}

}  // namespace viasync::e2e
