// A server that answers rubbish, refuses or is not there; one that rewrites what it is sent.
#include <doctest/doctest.h>

#include <string>

#include "tests/e2e/small_world.h"

namespace viasync::e2e {

TEST_CASE_FIXTURE(Fixture, "a server that answers rubbish is an error that says so") {
  for (const char* action : {"html", "cut", "cut_transfer", "wrong_type", "endless"}) {
    CAPTURE(action);
    world.Fault({{"method", "GET"}, {"path", "*/filters"}, {"action", action}});
    Refused({"plan"}, 1, {"filters"});
    world.Control("DELETE", "faults");
  }
  world.Fault({{"method", "GET"}, {"path", "*/lists"}, {"action", "status"}, {"status", 401}});
  Refused({"plan"}, 1, {"401"});
}

TEST_CASE_FIXTURE(Fixture, "nobody there") {
  auto project = world.repo.Read("viasync.yaml");
  for (auto at = project.find(world.url); at != std::string::npos; at = project.find(world.url)) {
    project.replace(at, world.url.size(), "http://127.0.0.1:1");
  }
  world.repo.Write("viasync.yaml", project);
  Refused({"plan"}, 1, {"127.0.0.1"});
}

TEST_CASE("a server that rewrites what it is sent: the second plan is empty") {
  World world(SmallOrg(), sandbox::Settings{.rewrite_criteria = true});
  world.repo.Write("config/filters.yaml",
                   "filters:\n  - {name: One, criteria: 'a   =  2 and (b=3)'}\n");
  REQUIRE(world.Run({"apply", "--yes", "--no-base"}).exit_code == 0);
  auto plan = world.Run({"plan", "--exit-code"});
  CHECK_MESSAGE(plan.exit_code == 0, plan.out);
}

}  // namespace viasync::e2e
