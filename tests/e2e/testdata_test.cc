// The believable customer of testdata/: the plans that its README promises.
#include <doctest/doctest.h>

#include <string>

#include "tests/e2e/harness.h"

namespace viasync::e2e {
namespace {

using nlohmann::json;

void PointAtSandbox(World& world) {
  auto project = world.repo.Read("viasync.yaml");
  const std::string region = "region: us";
  const std::string here = "base_url: " + world.url + "\n    token_url: " + world.url +
                           "/tokenservice/oauth2/access_token";
  for (auto at = project.find(region); at != std::string::npos; at = project.find(region)) {
    project.replace(at, region.size(), here);
  }
  world.repo.Write("viasync.yaml", project);
}

void Check(const std::string& environment, const json& expected) {
  World world(TestData("orgs.json"), "acme-" + environment);
  world.repo.CopyFrom(TestData("acme"));
  PointAtSandbox(world);
  for (const char* name : {"CLIENT_ID", "CLIENT_SECRET", "API_KEY"}) {
    world.env["VIASYNC_PROD_" + std::string(name)] = world.env["VIASYNC_DEV_" + std::string(name)];
  }
  auto plan = world.Run({"plan", "-e", environment, "--format", "json"});
  REQUIRE_MESSAGE(plan.exit_code == 5, plan.err);  // more than 10 allow contact again
  auto summary = json::parse(plan.out)["summary"];
  for (const auto& [name, count] : expected.items()) {
    CAPTURE(name);
    CHECK(summary[name] == count);
  }
  auto apply = world.Run({"apply", "-e", environment, "--yes", "--no-base", "--limit",
                          "exclusions.unprotect=" + summary["unprotect"].dump()});
  REQUIRE_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
  auto again = world.Run({"plan", "-e", environment, "--exit-code"});
  CHECK_MESSAGE(again.exit_code == 0, again.out);
}

}  // namespace

TEST_CASE("dev: the first plan is the expected one, apply does it, the second is empty") {
  Check("dev",
        {{"create", 554}, {"update", 108}, {"delete", 0}, {"unchanged", 4891}, {"unmanaged", 285}});
}

TEST_CASE("prod: with its overlay and what it declares absent") {
  Check(
      "prod",
      {{"create", 1109}, {"update", 244}, {"delete", 2}, {"unchanged", 4201}, {"unmanaged", 285}});
}

}  // namespace viasync::e2e
