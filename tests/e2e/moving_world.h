// An org in step with its repository, whose files then ask for changes of every kind; and the
// checks that all of them happened, none of them twice.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/e2e/harness.h"

namespace viasync::e2e {

inline constexpr int kEach = 20;

// 20 filters, exclusions and lists of each fate: made, changed, and (once known) taken away.
inline nlohmann::json MovingOrg() {
  nlohmann::json org = {{"filters", nlohmann::json::array()},
                        {"lists", nlohmann::json::array()},
                        {"exclusions", nlohmann::json::array()}};
  for (int i = 0; i < kEach; ++i) {
    std::string n = std::to_string(i);
    org["filters"].push_back({{"filterName", "Changed" + n}, {"filterCriteria", "A = 1"}});
    org["filters"].push_back({{"filterName", "Gone" + n}, {"filterCriteria", "B = 1"}});
    org["lists"].push_back({{"name", "List" + n}, {"listType", 1}, {"filterName", "Changed" + n}});
    org["exclusions"].push_back({{"contactType", 1},
                                 {"contactAddress", "55501" + std::to_string(10 + i)},
                                 {"startTime", kStart},
                                 {"reason", "old"}});
    // Moves from all lists to one: one entry made, one deleted, never a gap.
    org["exclusions"].push_back({{"contactType", 1},
                                 {"contactAddress", "55502" + std::to_string(10 + i)},
                                 {"startTime", kStart},
                                 {"reason", "moves"}});
  }
  return org;
}

inline std::string MovingConfig(bool after) {
  std::string filters = "filters:\n", lists = "lists:\n", exclusions = "exclusions:\n";
  for (int i = 0; i < kEach; ++i) {
    std::string n = std::to_string(i), tail = std::to_string(10 + i);
    filters += "  - {name: Changed" + n + ", criteria: A = " + (after ? "2" : "1") + "}\n";
    if (after)
      filters += "  - {name: New" + n + ", criteria: C = 1}\n";
    else
      filters += "  - {name: Gone" + n + ", criteria: B = 1}\n";
    lists += "  - {name: List" + n + ", filter: " + (after ? "New" : "Changed") + n + "}\n";
    auto entry = [&](const std::string& address, const std::string& reason,
                     const std::string& list) {
      exclusions += "  - {type: voice, address: \"" + address + "\", reason: " + reason +
                    ", start: 2026-01-05T00:00:00Z" + (list.empty() ? "" : ", list: " + list) +
                    "}\n";
    };
    entry("55501" + tail, after ? "new" : "old", "");
    entry("55502" + tail, "moves", after ? "List" + n : "");
  }
  return filters + lists + exclusions;
}

inline constexpr const char* kNoLimits =
    "limits:\n  filters: {delete: 100, update: 100%}\n  exclusions: {delete: 100, update: 100%, "
    "unprotect: 100}\n"
    "  lists: {update: 100%}\n";

// Every write that the org carried out, at most once each.
inline void CheckNothingTwice(World& world) {
  std::map<std::string, int> carried_out;
  for (const auto& entry : world.Writes()) {
    if (!entry.at("carried_out")) continue;
    std::string method = entry.at("method"),
                what = method + " " + entry.at("target").get<std::string>();
    auto body = nlohmann::json::parse(entry.at("body").get<std::string>(), nullptr, false);
    if (method == "POST")
      what += " " + body.dump();
    else if (body.is_object())
      what += " v" + std::to_string(body.value("version", 0LL));
    ++carried_out[what];
  }
  for (const auto& [what, times] : carried_out) CHECK_MESSAGE(times == 1, what);
}

// A world in which the first state is in step and the second is to be applied.
struct MovingWorld {
  World world{MovingOrg()};
  nlohmann::json exclusions;
  MovingWorld() {
    world.WriteProject(kNoLimits);
    world.repo.Write("config/all.yaml", MovingConfig(false));
    auto first = world.Run({"apply", "--yes"});
    REQUIRE_MESSAGE(first.exit_code == 0, (first.out + first.err));
    world.repo.Write("config/all.yaml", MovingConfig(true));
    exclusions = world.Org().at("exclusions");
    REQUIRE(world.Writes().empty());
  }
};

inline void CheckAllDone(World& world) {
  auto plan = world.Run({"plan", "--exit-code"});
  CHECK_MESSAGE(plan.exit_code == 0, (plan.out + plan.err));
  CHECK(world.Find("filters", "Gone3").is_null());
  CHECK(world.Find("lists", "List3")["filterName"] == "New3");
}

}  // namespace viasync::e2e
