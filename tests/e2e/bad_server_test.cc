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

TEST_CASE("a total that counts something else makes nothing twice and loses nothing") {
  auto org = SmallOrg();
  std::string csv = "type,address,list,reason,start,end\n";
  for (int i = 0; i < 45; ++i) {
    const std::string address = "20255501" + std::to_string(10 + i);
    org["exclusions"].push_back({{"contactType", 1},
                                 {"contactAddress", address},
                                 {"reason", "asked"},
                                 {"startTime", kStart}});
    csv += "voice," + address + ",,asked,2026-01-05T00:00:00Z,\n";
  }
  for (const char* total : {"page", "short", "zero", "none"}) {
    CAPTURE(total);
    World world(org, sandbox::Settings{.page_cap = 20});
    world.Fault({{"method", "GET"}, {"action", "total"}, {"total", total}});
    world.repo.Write("config/exclusions.yaml", "exclusions:\n  - from: dnc.csv\n");
    world.repo.Write("config/dnc.csv", csv);
    auto apply = world.Run({"apply", "--yes"});
    CHECK_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
    CHECK(world.Writes().empty());
    auto all = world.Run({"api", "exclusions", "--all"});
    CHECK(all.exit_code == 0);
    std::size_t listed = 0;
    for (auto at = all.out.find("contactAddress"); at != std::string::npos;
         at = all.out.find("contactAddress", at + 1)) {
      ++listed;
    }
    CHECK(listed == 45);
  }
}

TEST_CASE_FIXTURE(Fixture, "a server that ignores startIndex ends in an error, not in a loop") {
  world.Fault({{"method", "GET"}, {"path", "*/filters"}, {"action", "first_page"}});
  Refused({"plan"}, 1, {"startIndex"});
}

}  // namespace viasync::e2e
