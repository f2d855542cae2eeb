// The base by Git: for CI runners that keep no store.
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "tests/e2e/harness.h"

namespace viasync::e2e {
namespace {

constexpr const char* kBoth =
    "filters:\n  - {name: Keep, criteria: A = 1}\n  - {name: Drop, criteria: B = 2}\n";
constexpr const char* kOne = "filters:\n  - {name: Keep, criteria: A = 1}\n";

void Git(const World& world, const std::string& args) {
  std::string command = "git -C " + world.repo.path() +
                        " -c user.name=t -c user.email=t@example.com " + args + " >/dev/null 2>&1";
  REQUIRE(std::system(command.c_str()) == 0);
}

nlohmann::json Org() {
  return {{"filters",
           {{{"filterName", "Keep"}, {"filterCriteria", "A=1"}},
            {{"filterName", "Drop"}, {"filterCriteria", "B = 2"}},
            {{"filterName", "Theirs"}, {"filterCriteria", "C = 3"}}}}};
}

}  // namespace

TEST_CASE("what a commit declared and the files leave out is deleted; nothing else is") {
  World world(Org());
  world.repo.Write("config/filters.yaml", kBoth);
  Git(world, "init");
  Git(world, "add -A");
  Git(world, "commit -m all");
  world.repo.Write("config/filters.yaml", kOne);
  auto without = world.Run({"plan", "--format", "json"});
  CHECK(nlohmann::json::parse(without.out)["summary"]["delete"] == 0);

  auto plan = world.Run({"plan", "--base-ref", "HEAD", "--out", "plan.json"});
  REQUIRE_MESSAGE(plan.exit_code == 0, plan.err);
  CHECK(plan.out.find("base: git ") != std::string::npos);
  auto apply = world.Run({"apply", "plan.json"});
  CHECK_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
  CHECK(world.Find("filters", "Drop").is_null());
  CHECK_FALSE(world.Find("filters", "Theirs").is_null());
}

TEST_CASE("an unknown commit is an error before any request") {
  World world(Org());
  world.repo.Write("config/filters.yaml", kOne);
  auto plan = world.Run({"plan", "--base-ref", "nowhere"});
  CHECK(plan.exit_code == 1);
  CHECK(plan.err.find("nowhere") != std::string::npos);
}

}  // namespace viasync::e2e
