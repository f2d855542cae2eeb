// Somebody edits an object in the vendor's UI after the plan was made and before its write arrives:
// the org answers 409, and neither edit is lost.
#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <thread>

#include "tests/e2e/harness.h"

namespace viasync::e2e {
namespace {

using nlohmann::json;

constexpr int kHeldMs = 1500;  // how long the org holds a write back before it looks at it

json Org() {
  return {{"filters",
           {{{"filterName", "Early"}, {"filterCriteria", "A = 1"}, {"filterDescription", "old"}}}},
          {"lists", json::array()},
          {"exclusions",
           {{{"contactType", 1},
             {"contactAddress", "5550100"},
             {"startTime", kStart},
             {"endTime", "2090-01-01T00:00:00.000Z"},
             {"reason", "asked"}}}}};
}

constexpr const char* kFiles =
    "filters:\n  - {name: Early, criteria: A = 1, description: old}\n"
    "exclusions:\n  - {type: voice, address: '5550100', reason: asked,\n"
    "     start: 2026-01-05T00:00:00Z, end: 2090-01-01T00:00:00Z}\n";

// In step, with a base.
struct Race {
  World world{Org()};
  std::string files = kFiles;
  Race() {
    world.repo.Write("config/all.yaml", files);
    REQUIRE(world.Run({"apply", "--yes"}).exit_code == 0);
    REQUIRE(world.Writes().empty());
  }
  void Write(const std::string& from, const std::string& to) {
    REQUIRE(files.find(from) != std::string::npos);
    files.replace(files.find(from), from.size(), to);
    world.repo.Write("config/all.yaml", files);
  }
  // Runs `args`; `edit` happens while the org holds the first write of `path` back.
  template <class Edit>
  Output Meanwhile(std::vector<std::string> args, const char* path, Edit edit) {
    world.Fault({{"method", "PUT"},
                 {"path", path},
                 {"action", "delay"},
                 {"delay_ms", kHeldMs},
                 {"times", 1}});
    const std::string file = world.repo.path() + "/out";
    const auto pid = world.Start(args, file);
    while (world.Control("GET", "faults").at(0).at("struck") == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    edit();
    Output output{.exit_code = World::Wait(pid)};
    output.out = world.repo.Read("out");
    output.err = world.repo.Read("out.err");
    return output;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Race, "an edit of another field stays, and ours is written on top of it") {
  Write("A = 1", "A = 2");
  auto apply = Meanwhile({"apply", "--yes"}, "*/filters/*", [&] {
    world.Edit("filter", "update", "Early", {{"filterDescription", "by maria"}});
  });
  CHECK_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
  auto filter = world.Find("filters", "Early");
  CHECK(filter["filterCriteria"] == "A = 2");
  CHECK(filter["filterDescription"] == "by maria");
  // What maria did is drift for the next plan, not ours.
  auto drift = world.Run({"drift"});
  CHECK(drift.exit_code == 2);
  CHECK_MESSAGE(drift.out.find("by maria") != std::string::npos, drift.out);
}

TEST_CASE_FIXTURE(Race, "an edit of the same field stays, and is reported with all three values") {
  Write("A = 1", "A = 2");
  auto apply = Meanwhile({"apply", "--yes"}, "*/filters/*", [&] {
    world.Edit("filter", "update", "Early", {{"filterCriteria", "A = 3"}});
  });
  CHECK_MESSAGE(apply.exit_code == 4, (apply.out + apply.err));
  CHECK(world.Find("filters", "Early")["filterCriteria"] == "A = 3");
  CHECK(apply.out.find("somebody changed `criteria` in the org after the plan") !=
        std::string::npos);
  for (const char* term : {"base    A = 1", "local   A = 2", "remote  A = 3"}) {
    CHECK_MESSAGE(apply.out.find(term) != std::string::npos, apply.out);
  }
}

TEST_CASE_FIXTURE(Race, "a protection that was extended in the org is not shortened unseen") {
  Write("2090-01-01", "2030-01-01");
  auto apply = Meanwhile({"apply", "--yes"}, "*/exclusions/*", [&] {
    world.Edit("exclusion", "update", "voice:5550100@*", {{"endTime", "2099-01-01T00:00:00.000Z"}});
  });
  CHECK_MESSAGE(apply.exit_code == 4, (apply.out + apply.err));
  CHECK(world.Find("exclusions", "5550100")["endTime"] == "2099-01-01T00:00:00.000Z");
}

TEST_CASE_FIXTURE(Race, "a reviewed plan does not go on with what was edited after the review") {
  Write("A = 1", "A = 2");
  REQUIRE(world.Run({"plan", "--out", "plan.json"}).exit_code == 0);
  auto apply = Meanwhile({"apply", "plan.json"}, "*/filters/*", [&] {
    world.Edit("filter", "update", "Early", {{"filterDescription", "by maria"}});
  });
  CHECK_MESSAGE(apply.exit_code == 6, (apply.out + apply.err));
  auto filter = world.Find("filters", "Early");
  CHECK(filter["filterCriteria"] == "A = 1");
  CHECK(filter["filterDescription"] == "by maria");
}

}  // namespace viasync::e2e
