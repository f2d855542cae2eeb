// Wrong credentials, plans, names and limits: each a clear error, and nothing written.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "tests/e2e/small_world.h"

namespace viasync::e2e {
TEST_CASE_FIXTURE(Fixture, "credentials that are missing or wrong name what to set") {
  auto env = world.env;
  world.env["VIASYNC_DEV_API_KEY"] = "";
  Refused({"plan"}, 1, {"VIASYNC_DEV_API_KEY"});
  world.env = env;
  world.env["VIASYNC_DEV_CLIENT_SECRET"] = "wrong";
  auto output = Refused({"plan"}, 1, {"refused the credentials", "→"});
  CHECK(output.err.find("wrong") == std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "apply asks, and without a terminal needs --yes or a plan") {
  Refused({"apply"}, 1, {"no terminal", "--yes"});
}

TEST_CASE_FIXTURE(Fixture, "a misspelt flag, limit or command stops the run") {
  Refused({"apply", "--yes", "--prun"}, 1, {"--prun"});
  Refused({"apply", "--yes", "--limit", "filters.delte=3"}, 1, {"filters.delte"});
  Refused({"aply"}, 1, {"did you mean `apply`"});
}

TEST_CASE_FIXTURE(Fixture, "a plan that was edited, or is of another place, is refused") {
  REQUIRE(world.Run({"plan", "--out", "plan.json"}).exit_code == 0);
  auto plan = world.repo.Read("plan.json");
  auto edited = plan;
  edited.replace(edited.find("A = 2"), 5, "A = 3");
  world.repo.Write("edited.json", edited);
  Refused({"apply", "edited.json"}, 1, {"edited"});
  world.repo.Write("rubbish.json", "<html>");
  Refused({"apply", "rubbish.json"}, 1, {"rubbish.json"});
  Refused({"apply", "missing.json"}, 1, {"missing.json"});
  Refused({"apply", "--yes", "--expect", "sha256:0123456789ab"}, 6, {"expected"});
  auto project = world.repo.Read("viasync.yaml");
  project.replace(project.find("acme-dev"), 8, "acme-two");
  world.repo.Write("viasync.yaml", project);
  Refused({"apply", "plan.json"}, 1, {"acme-dev"});
}

TEST_CASE_FIXTURE(Fixture,
                  "a file without end, or too large a one, is refused, not read into memory") {
  world.repo.Write("huge", "{");
  std::filesystem::resize_file(world.repo.path() + "/huge", std::uintmax_t{40} << 30);
  for (const std::string file : {"/dev/zero", "huge"}) {
    Refused({"apply", file}, 1, {file, "is larger than 256 MB"});
    Refused({"api", "POST", "filters", "--body", file, "--yes"}, 1, {"is larger than 256 MB"});
  }
}

TEST_CASE_FIXTURE(Fixture, "names the org does not know are told all at once, with their places") {
  world.repo.Write("config/more.yaml",
                   "filters:\n  - {name: Three, criteria: C = 1, schema: BaseSchem}\n"
                   "exclusions:\n  - {type: voice, address: \"5550100\", list: Dynamik}\n"
                   "lists:\n  - {name: Static, filter: One}\n  - {name: Dynamic, filter: Oen}\n"
                   "  - {name: Nowhere, filter: One}\n");
  Refused(
      {"apply", "--yes"}, 1,
      {"config/more.yaml:2", "BaseSchema", "config/more.yaml:4", "Dynamik", "config/more.yaml:6",
       "static", "config/more.yaml:7", "Oen", "config/more.yaml:8", "Nowhere"});
}

TEST_CASE_FIXTURE(Fixture, "a criterion that is not a condition is refused, or only shown") {
  world.repo.Write("config/more.yaml",
                   "filters:\n  - name: Three\n    criteria: |\n      A IN 'AK', 'AL'\n");
  Refused({"validate"}, 1, {"config/more.yaml:4:12", "without parentheses", "IN ('a', 'b')"});
  Refused({"plan"}, 1, {"config/more.yaml:4:12", "without parentheses"});
  Refused({"apply", "--yes"}, 1, {"config/more.yaml:4:12", "without parentheses"});
  auto project = world.repo.Read("viasync.yaml");
  world.repo.Write("viasync.yaml", project + "checks: {criteria: warn}\n");
  Refused({"validate"}, 0, {"config/more.yaml:4:12", "without parentheses"});
  Refused({"plan"}, 0, {"config/more.yaml:4:12", "without parentheses"});
  world.repo.Write("viasync.yaml", project + "checks: {criteria: off}\n");
  CHECK(world.Run({"validate"}).err.find("parentheses") == std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "--merge writes what nobody has seen, so it does not go with a review") {
  Refused({"apply", "--yes", "--merge", "--expect", "sha256:0123456789ab"}, 1,
          {"--merge cannot be used with a reviewed plan"});
  Refused({"pull", "--yes", "--merge"}, 1, {"--merge"});
}

TEST_CASE_FIXTURE(Fixture, "a column that the org does not use is named with the nearest one") {
  world.repo.Write("config/more.yaml",
                   "filters:\n  - {name: Three, criteria: Balanc > 1}\n"
                   "  - {name: Four, criteria: BB = 1 AND A = 1}\n");
  world.Edit("filter", "update", "Two", {{"filterCriteria", "Balance > 1 OR B = 1"}});
  Refused({"plan"}, 0, {"config/more.yaml:2", "`Balanc`", "did you mean `Balance`?", "`BB`"});
}

TEST_CASE_FIXTURE(Fixture, "a limit stops the run before its first write and says what lifts it") {
  world.WriteProject("limits:\n  filters: {update: 0}\n");
  Refused({"apply", "--yes"}, 5, {"filters.update", "--limit filters.update=1"});
  CHECK(world.Run({"apply", "--yes", "--no-base", "--limit", "filters.update=1"}).exit_code == 0);
}

TEST_CASE_FIXTURE(Fixture, "files or an org that are suddenly empty stop the run") {
  REQUIRE(world.Run({"apply", "--yes", "--no-base"}).exit_code == 0);
  world.repo.Write("config/filters.yaml", "");
  Refused({"apply", "--yes"}, 5, {"--allow-empty"});
  world.repo.Write("config/filters.yaml", kFilters);
  world.Edit("filter", "delete", "One");
  world.Edit("filter", "delete", "Two");
  Refused({"apply", "--yes"}, 1, {"filters"});
}

TEST_CASE_FIXTURE(Fixture, "two runs at once: the second says who is at work, or waits") {
  world.Control("POST", "settings", {{"latency_ms", 400}});
  pid_t first = world.Start({"apply", "--yes", "--no-base"});
  usleep(500'000);
  Refused({"apply", "--yes"}, 1, {std::to_string(first), "viasync apply"});
  auto waited = world.Run({"apply", "--yes", "--no-base", "--lock-wait", "30"});
  CHECK_MESSAGE(waited.exit_code == 0, waited.err);
  CHECK(World::Wait(first) == 0);
}

TEST_CASE_FIXTURE(Fixture, "a read-only place: plan works, apply says what it cannot write") {
  world.repo.Write(".viasync", "a file where the folder should be");
  Refused({"apply", "--yes"}, 1, {".viasync"});
  Refused({"plan", "--out", "/proc/nowhere/plan.json"}, 1, {"plan.json"});
}

TEST_CASE_FIXTURE(Fixture, "no secret in any output, plan or store") {
  std::string all;
  for (const auto& args : std::vector<std::vector<std::string>>{
           {"plan", "--verbose", "--full", "--out", "plan.json"},
           {"apply", "--yes", "--no-base", "--verbose", "--full", "--log-format", "json"},
           {"plan", "--format", "markdown"},
           {"status"},
           {"history"}}) {
    auto output = world.Run(args);
    CHECK_MESSAGE(output.exit_code == 0, output.err);
    all += output.out + output.err;
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(world.repo.path())) {
    if (!entry.is_regular_file()) continue;
    all += world.repo.Read(std::filesystem::relative(entry.path(), world.repo.path()).string());
  }
  CHECK(all.find("s3cret") == std::string::npos);
  CHECK(all.find("Bearer") == std::string::npos);
}

}  // namespace viasync::e2e
