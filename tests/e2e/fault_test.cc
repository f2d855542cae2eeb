// A server that loses answers, refuses one object or throttles: all is done that can be, nothing
// twice, and the report tells the truth.
#include <doctest/doctest.h>

#include <string>

#include "tests/e2e/moving_world.h"

namespace viasync::e2e {

using nlohmann::json;

TEST_CASE("answers that are lost are settled by reading, never by repeating") {
  MovingWorld ready;
  auto& world = ready.world;
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    world.Fault({{"method", method}, {"path", "*campaign*"}, {"action", "lose"}, {"every", 4}});
  }
  auto apply = world.Run({"apply", "--yes"});
  CHECK_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
  world.Control("DELETE", "faults");
  CheckAllDone(world);
  CheckNothingTwice(world);
}

TEST_CASE("one object that cannot be written does not stop the others, and the report is true") {
  for (int status : {400, 503}) {
    CAPTURE(status);
    MovingWorld ready;
    auto& world = ready.world;
    std::string id = world.Find("filters", "Changed7")["id"];
    world.Fault(
        {{"method", "PUT"}, {"path", "*/filters/" + id}, {"action", "status"}, {"status", status}});
    auto apply = world.Run({"apply", "--yes", "--format", "json"});
    CHECK_MESSAGE(apply.exit_code == 4, (apply.out + apply.err));
    CHECK(world.Find("filters", "Changed7")["filterCriteria"] == "A = 1");
    CHECK(world.Find("filters", "Changed8")["filterCriteria"] == "A = 2");
    CHECK(world.Find("filters", "Gone8").is_null());
    CHECK(apply.out.find("Changed7") != std::string::npos);
    std::size_t carried_out = 0;
    for (const auto& entry : world.Writes()) carried_out += entry.at("carried_out").get<bool>();
    CHECK(json::parse(apply.out).at("summary").at("done") == carried_out);
    CheckNothingTwice(world);
  }
}

TEST_CASE("an org that throttles is waited for") {
  MovingWorld ready;
  auto& world = ready.world;
  world.Control("POST", "settings", {{"rate_per_second", 200}, {"rate_burst", 5}});
  auto apply = world.Run({"apply", "--yes"});
  CHECK_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
  world.Control("POST", "settings", {{"rate_per_second", 0}});
  CheckAllDone(world);
  CheckNothingTwice(world);
}

TEST_CASE("a storm of 429 with Retry-After is sat out") {
  MovingWorld ready;
  auto& world = ready.world;
  world.Fault({{"path", "*campaign*"},
               {"action", "status"},
               {"status", 429},
               {"retry_after", "1"},
               {"after", 10},
               {"times", 40}});
  auto apply = world.Run({"apply", "--yes"});
  CHECK_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
  CheckAllDone(world);
  CheckNothingTwice(world);
}

}  // namespace viasync::e2e
