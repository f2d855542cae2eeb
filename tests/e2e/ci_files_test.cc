// `--ci`: what a run writes for the CI platform, when, and that it changes nothing else of the run.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/e2e/harness.h"
#include "tests/e2e/small_world.h"

namespace viasync::e2e {
namespace {

namespace fs = std::filesystem;

struct Ci : Fixture {
  std::string folder = world.repo.path() + "/viasync-ci/";
  bool Has(const std::string& name) const { return fs::exists(folder + name); }
  std::string Text(const std::string& name) const { return world.repo.Read("viasync-ci/" + name); }
  nlohmann::json Result() const { return nlohmann::json::parse(Text("result.json")); }
};

}  // namespace

TEST_CASE_FIXTURE(Ci, "plan --ci writes every report, and exits as it does without") {
  const auto plain = world.Run({"plan"});
  CHECK_FALSE(fs::exists(folder));
  const auto output = world.Run({"plan", "--ci"});
  CHECK(output.exit_code == plain.exit_code);
  for (const char* name : {"terraform.json", "codequality.json", "junit.xml", "metrics.txt",
                           "viasync.env", "viasync.sarif", "result.json", "comment.md", "plan.html",
                           "plan.json", "annotations.json"}) {
    CAPTURE(name);
    CHECK(Has(name));
  }
  CHECK(Text("terraform.json") == "{\"create\":0,\"update\":1,\"delete\":0}\n");
  CHECK(Result()["command"] == "plan");
  CHECK(Result()["summary"]["update"] == 1);
  CHECK(Text("comment.md").starts_with("<!-- viasync:plan:dev -->\n"));
  const std::string id = Result()["planId"];
  CHECK(Text("viasync.env").find("VIASYNC_PLAN_ID=" + id + "\n") != std::string::npos);
  // The plan that was reviewed is the one that is applied, and apply leaves it as it is.
  const std::string plan = Text("plan.json");
  const auto applied = world.Run({"apply", "viasync-ci/plan.json", "--no-base", "--ci"});
  CHECK_MESSAGE(applied.exit_code == 0, applied.err);
  CHECK(Text("plan.json") == plan);
  CHECK(Result()["command"] == "apply");
  CHECK(Result()["exitCode"] == 0);
}

TEST_CASE_FIXTURE(Ci, "a runner's variable turns it on, and --ci=off turns it off") {
  world.env["GITLAB_CI"] = "true";
  CHECK(world.Run({"plan", "--ci=off"}).exit_code == 0);
  CHECK_FALSE(fs::exists(folder));
  CHECK(world.Run({"plan"}).exit_code == 0);
  CHECK(Has("result.json"));
}

TEST_CASE_FIXTURE(Ci, "on GitHub errors are annotated, and outputs and summary are written") {
  const std::string output = world.repo.path() + "/.out", summary = world.repo.path() + "/.summary";
  std::ofstream(output) << "before=1\n";
  world.env["GITHUB_ACTIONS"] = "true";
  world.env["GITHUB_OUTPUT"] = output;
  world.env["GITHUB_STEP_SUMMARY"] = summary;
  world.repo.Write("config/filters.yaml", "filters:\n  - {name: One, critera: A = 2}\n");
  const auto run = world.Run({"validate"});
  CHECK(run.exit_code == 1);
  CHECK_MESSAGE(run.err.find("\n::error file=config/filters.yaml,line=2,col=") != std::string::npos,
                run.err);
  CHECK(run.out.find("::error") == std::string::npos);
  CHECK(world.repo.Read(".out") == "before=1\nexit-code=1\n");
  CHECK(world.repo.Read(".summary").find("### `viasync validate`") != std::string::npos);
}

TEST_CASE_FIXTURE(Ci,
                  "a plan that fails leaves no plan of an earlier run to be taken for its own") {
  CHECK(world.Run({"plan", "--ci"}).exit_code == 0);
  CHECK(Has("plan.json"));
  world.repo.Write("config/filters.yaml", "filters: 1\n");
  CHECK(world.Run({"plan", "--ci"}).exit_code == 1);
  CHECK_FALSE(Has("plan.json"));
  CHECK_FALSE(Has("plan.html"));
  CHECK(Text("comment.md").find("error") != std::string::npos);
  CHECK(Text("viasync.env") == "VIASYNC_EXIT_CODE=1\n");
  CHECK(Result()["findings"][0]["rule"] == "invalid-file");
}

TEST_CASE_FIXTURE(Ci, "a folder that cannot be written is said, and the run ends as it would") {
  const std::string elsewhere = world.repo.path() + "/elsewhere";
  fs::create_directory(elsewhere);
  SUBCASE("a link that somebody committed") {
    fs::create_symlink(elsewhere, world.repo.path() + "/viasync-ci");
  }
  SUBCASE("a file") { world.repo.Write("viasync-ci", "x"); }
  const auto output = world.Run({"plan", "--ci"});
  CHECK(output.exit_code == 0);
  CHECK_MESSAGE(output.err.find("viasync-ci cannot be written") != std::string::npos, output.err);
  CHECK(fs::is_empty(elsewhere));
}

TEST_CASE_FIXTURE(Ci, "drift, sync and apply write what they found") {
  CHECK(world.Run({"apply", "--yes", "--no-base"}).exit_code == 0);
  world.Edit("filter", "update", "Two", {{"filterCriteria", "B = 9"}});
  CHECK(world.Run({"drift", "--ci"}).exit_code == 2);
  CHECK(Result()["command"] == "drift");
  CHECK(Result()["findings"].dump().find("\"drift\"") != std::string::npos);
  CHECK(Result()["summary"]["pull"] == 1);
  CHECK_FALSE(Result().contains("planId"));
  const auto synced = world.Run({"sync", "--ci", "--yes"});
  CHECK_MESSAGE(synced.exit_code == 0, synced.err);
  CHECK(Result()["command"] == "sync");
}

}  // namespace viasync::e2e
