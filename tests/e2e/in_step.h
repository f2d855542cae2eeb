// A small repository and an org that are in step, for tests of what happens when one side moves.
#pragma once

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/harness.h"

namespace viasync::e2e {

inline nlohmann::json GrownOrg() {
  return {{"schemas", {{{"id", "7"}, {"schemaName", "BaseSchema"}}}},
          {"filters",
           {{{"filterName", "Late"},
             {"schemaId", "7"},
             {"filterCriteria", "DaysDelinquent > 30 AND State = 'AK'"}},
            {{"filterName", "Old"}, {"schemaId", "7"}, {"filterCriteria", "Balance > 5"}}}},
          {"lists", {{{"name", "ListA"}, {"listType", 1}, {"filterName", "Late"}}}},
          {"exclusions",
           {{{"contactType", 1},
             {"contactAddress", "5550100"},
             {"startTime", kStart},
             {"reason", "asked"}}}}};
}

inline constexpr const char* kConfig = R"(# What the team owns.
filters:
  - name: Late            # the first letter
    schema: BaseSchema
    criteria: |           # reviewed by legal
      DaysDelinquent > 30
      AND State = 'AK'

  # Kept for the auditors.
  - {name: Old, schema: BaseSchema, criteria: "Balance > 5"}
exclusions:
  - type: voice
    address: "5550100"
    reason: asked         # by phone
    start: 2026-01-05T00:00:00Z
lists:
  - name: ListA
    filter: Late
)";

struct InStep {
  World world{GrownOrg()};
  InStep() {
    world.repo.Write("config/all.yaml", kConfig);
    auto apply = world.Run({"apply", "--yes"});
    REQUIRE_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
    REQUIRE(world.Writes().empty());
  }
  std::string Config() const { return world.repo.Read("config/all.yaml"); }
  void Replace(const std::string& from, const std::string& to) const {
    std::string text = Config();
    REQUIRE(text.find(from) != std::string::npos);
    world.repo.Write("config/all.yaml", text.replace(text.find(from), from.size(), to));
  }
  Output Expect(const std::vector<std::string>& args, int exit_code) {
    auto output = world.Run(args);
    std::string said = output.out + output.err;
    CHECK_MESSAGE(output.exit_code == exit_code, said);
    return output;
  }
};

inline std::string With(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace viasync::e2e
