// What a CI runner would take for a command of its own never reaches its log.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/e2e/harness.h"

namespace viasync::e2e {
namespace {

bool HoldsCommand(const std::string& text) {
  for (const char* command : {"##vso[", "##[", "##teamcity[", "section_start:"}) {
    if (text.find(command) != std::string::npos) return true;
  }
  std::size_t begin = 0;
  while (begin < text.size()) {
    auto first = text.find_first_not_of(" \t", begin);
    if (first != std::string::npos && text.compare(first, 2, "::") == 0) return true;
    auto end = text.find('\n', begin);
    if (end == std::string::npos) break;
    begin = end + 1;
  }
  return false;
}

constexpr const char* kDescription = "##vso[task.setvariable variable=PATH]x ##[error]y";

nlohmann::json Org() {
  return {{"filters",
           {{{"filterName", "A"},
             {"filterDescription", kDescription},
             {"filterCriteria", "x = 'a\n::add-mask::b\n  ::stop-commands::c'"}},
            {{"filterName", "::set-output name=a::b"}, {"filterCriteria", "x = 1"}}}}};
}

}  // namespace

TEST_CASE("strings of the org are broken up in every output, and stay the same in JSON") {
  World world(Org());
  world.repo.Write("config/a.yaml", "filters:\n  - {name: A, description: d, criteria: x = 2}\n");
  const std::vector<std::vector<std::string>> commands = {{"plan", "-v"},
                                                          {"plan", "--format", "json"},
                                                          {"plan", "--format", "markdown"},
                                                          {"plan", "--format", "html"},
                                                          {"plan", "--log-format", "json", "-v"},
                                                          {"pull", "--dry-run"},
                                                          {"api", "filters", "--all"},
                                                          {"api", "filters"}};
  for (const auto& args : commands) {
    CAPTURE(args[0] + " " + args.back());
    auto output = world.Run(args);
    CHECK(output.exit_code != 127);
    CHECK_FALSE_MESSAGE(HoldsCommand(output.out), output.out);
    CHECK_FALSE_MESSAGE(HoldsCommand(output.err), output.err);
  }
  auto plan = nlohmann::json::parse(world.Run({"plan", "--format", "json"}).out);
  CHECK(plan["changes"][0]["fields"].dump().find("##vso[task.setvariable") != std::string::npos);
  auto filters = nlohmann::json::parse(world.Run({"api", "filters", "--all"}).out);
  CHECK(filters[0]["filterDescription"] == kDescription);
}

TEST_CASE("so are texts of files in an error and its excerpt") {
  World world(Org());
  world.repo.Write("config/a.yaml",
                   "filters:\n  - name: A\n    criteria: x = 1\n##vso[x]: 1\n::add-mask::y: 2\n");
  auto output = world.Run({"validate"});
  CHECK(output.exit_code == 1);
  CHECK_FALSE_MESSAGE(HoldsCommand(output.out + output.err), output.err);
  CHECK(output.err.find("add-mask") != std::string::npos);
}

}  // namespace viasync::e2e
