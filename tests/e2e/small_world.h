// A repository of two filters on a small org, for tests of what must be refused.
#pragma once

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/harness.h"

namespace viasync::e2e {

inline nlohmann::json SmallOrg() {
  return {
      {"schemas", {{{"id", "7"}, {"schemaName", "BaseSchema"}}}},
      {"filters",
       {{{"filterName", "One"}, {"filterCriteria", "A = 1"}},
        {{"filterName", "Two"}, {"filterCriteria", "B = 1"}}}},
      {"lists", {{{"name", "Dynamic"}, {"listType", 1}}, {{"name", "Static"}, {"listType", 0}}}}};
}

inline constexpr const char* kFilters =
    "filters:\n  - {name: One, criteria: A = 2}\n  - {name: Two, criteria: B = 1}\n";

struct Fixture {
  World world{SmallOrg()};
  Fixture() { world.repo.Write("config/filters.yaml", kFilters); }

  // Exit code, and all that the error must say; nothing reached the org.
  Output Refused(const std::vector<std::string>& args, int exit_code,
                 const std::vector<std::string>& says) {
    auto before = world.Writes().size();
    auto output = world.Run(args);
    std::string all = output.out + output.err;
    CHECK_MESSAGE(output.exit_code == exit_code, all);
    for (const auto& text : says) {
      CHECK_MESSAGE(output.err.find(text) != std::string::npos, (text + " not in: " + all));
    }
    CHECK(world.Writes().size() == before);
    return output;
  }
};

}  // namespace viasync::e2e
