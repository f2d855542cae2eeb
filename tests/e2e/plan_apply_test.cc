// The main job through the real binary: plan, apply, plan again.
#include <doctest/doctest.h>

#include "tests/e2e/harness.h"

namespace viasync::e2e {
namespace {

using nlohmann::json;

constexpr const char* kStart = "2026-01-05T00:00:00.000Z";

json SmallOrg() {
  return {{"schemas", {{{"id", "7"}, {"schemaName", "BaseSchema"}}}},
          {"filters",
           {{{"filterName", "Late"}, {"schemaId", "7"}, {"filterCriteria", "DaysDelinquent>30"}},
            {{"filterName", "Old"}, {"schemaId", "7"}, {"filterCriteria", "Balance > 5"}},
            {{"filterName", "Theirs"}, {"filterCriteria", "1=1"}}}},
          {"lists",
           {{{"name", "ListA"}, {"listType", 1}, {"filterName", "Old"}},
            {{"name", "ListB"}, {"listType", 0}}}},
          {"exclusions",
           {{{"contactType", 1},
             {"contactAddress", "5550100"},
             {"startTime", kStart},
             {"endTime", "2026-02-05T00:00:00.000Z"},
             {"reason", "asked"}},
            {{"contactType", 1}, {"contactAddress", "5550199"}, {"startTime", kStart}}}}};
}

constexpr const char* kConfig = R"(filters:
  - name: Late
    schema: BaseSchema
    criteria: DaysDelinquent > 45
  - name: Fresh
    schema: BaseSchema
    criteria: |
      DaysDelinquent < 5
      AND State = 'AK'
exclusions:
  - type: voice
    address: "5550100"
    reason: asked
    start: 2026-01-05T00:00:00Z
  - {type: email, address: jo@example.com, list: ListA, reason: asked, start: 2026-01-05T00:00:00Z}
lists:
  - name: ListA
    filter: Fresh
)";

}  // namespace

TEST_CASE("a first plan shows creates and updates, and deletes nothing") {
  World world(SmallOrg());
  world.repo.Write("config/all.yaml", kConfig);
  auto plan = world.Run({"plan", "-e", "dev", "--format", "json"});
  REQUIRE_MESSAGE(plan.exit_code == 0, plan.err);
  auto parsed = json::parse(plan.out);
  CHECK(parsed["format"] == "viasync-plan/1");
  CHECK(parsed["summary"]["create"] == 2);
  CHECK(parsed["summary"]["update"] == 3);
  CHECK(parsed["summary"]["delete"] == 0);
  CHECK(parsed["summary"]["unmanaged"] == 3);
  CHECK(world.Writes().empty());
  CHECK(world.Run({"plan", "-e", "dev", "--exit-code"}).exit_code == 2);
}

TEST_CASE("apply brings the org in step, and the next plan is empty") {
  World world(SmallOrg());
  world.repo.Write("config/all.yaml", kConfig);
  auto apply = world.Run({"apply", "-e", "dev", "--yes", "--no-base"});
  REQUIRE_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
  CHECK(world.Find("filters", "Late")["filterCriteria"] == "DaysDelinquent > 45");
  CHECK(world.Find("lists", "ListA")["filterName"] == "Fresh");
  CHECK(world.Find("exclusions", "5550100")["endPattern"] == 0);
  CHECK(world.Find("exclusions", "jo@example.com")["contactListName"] == "ListA");
  CHECK(world.Writes().size() == 5);
  auto again = world.Run({"plan", "-e", "dev", "--exit-code"});
  CHECK_MESSAGE(again.exit_code == 0, again.out);
  CHECK(again.out.find("No changes") != std::string::npos);
}

TEST_CASE("an entry that leaves the files leaves the org, once the base knows it") {
  World world(SmallOrg());
  world.repo.Write("config/all.yaml", std::string(kConfig) + "");
  world.repo.Write("config/old.yaml",
                   "filters:\n  - {name: Old, schema: BaseSchema, criteria: Balance > 5}\n");
  REQUIRE(world.Run({"apply", "-e", "dev", "--yes", "--no-base"}).exit_code == 0);
  world.repo.Write("config/old.yaml", "");
  auto apply = world.Run({"apply", "-e", "dev", "--yes"});
  CHECK_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
  CHECK(world.Find("filters", "Old").is_null());
  CHECK_FALSE(world.Find("filters", "Theirs").is_null());
}

TEST_CASE("what only the org changed is shown as drift and left alone") {
  World world(SmallOrg());
  world.repo.Write("config/all.yaml", kConfig);
  REQUIRE(world.Run({"apply", "-e", "dev", "--yes", "--no-base"}).exit_code == 0);
  world.Edit("filter", "update", "Late", {{"filterCriteria", "DaysDelinquent > 60"}});
  auto drift = world.Run({"drift", "-e", "dev"});
  CHECK(drift.exit_code == 2);
  CHECK(drift.out.find("maria") != std::string::npos);
  CHECK(world.Run({"apply", "-e", "dev", "--yes"}).exit_code == 0);
  CHECK(world.Find("filters", "Late")["filterCriteria"] == "DaysDelinquent > 60");
  CHECK(world.Run({"apply", "-e", "dev", "--yes", "--revert-drift"}).exit_code == 0);
  CHECK(world.Find("filters", "Late")["filterCriteria"] == "DaysDelinquent > 45");
}

TEST_CASE("both sides changed the same field: a conflict, and nothing is written") {
  World world(SmallOrg());
  world.repo.Write("config/all.yaml", kConfig);
  REQUIRE(world.Run({"apply", "-e", "dev", "--yes", "--no-base"}).exit_code == 0);
  auto writes = world.Writes().size();
  world.Edit("filter", "update", "Fresh",
             {{"filterCriteria", "DaysDelinquent < 9 AND State = 'AK'"}});
  std::string config = kConfig;
  config.replace(config.find("DaysDelinquent < 5"), 18, "DaysDelinquent < 7");
  world.repo.Write("config/all.yaml", config);
  CHECK(world.Run({"apply", "-e", "dev", "--yes"}).exit_code == 3);
  CHECK(world.Writes().size() == writes);
  CHECK(world.Run({"apply", "-e", "dev", "--yes", "--prefer", "local"}).exit_code == 0);
  CHECK(world.Find("filters", "Fresh")["filterCriteria"].get<std::string>().find("< 7") !=
        std::string::npos);
}

TEST_CASE("a reviewed plan is applied as it is, or refused as stale naming what moved") {
  World world(SmallOrg());
  world.repo.Write("config/all.yaml", kConfig);
  REQUIRE(world.Run({"plan", "-e", "dev", "--out", "plan.json"}).exit_code == 0);
  world.Edit("filter", "update", "Late", {{"filterDescription", "maria's note"}});
  auto stale = world.Run({"apply", "plan.json"});
  CHECK(stale.exit_code == 6);
  CHECK_MESSAGE(stale.err.find("filter Late") != std::string::npos, stale.err);
  CHECK(world.Writes().empty());
  REQUIRE(world.Run({"plan", "-e", "dev", "--out", "plan.json"}).exit_code == 0);
  world.Edit("filter", "update", "Theirs", {{"filterDescription", "unrelated"}});
  auto apply = world.Run({"apply", "plan.json", "--no-base"});
  CHECK_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
  CHECK(world.Run({"apply", "plan.json"}).exit_code == 6);
}

TEST_CASE("a filter that a list uses, managed or not, is not deleted: the plan names the list") {
  auto org = SmallOrg();
  org["lists"].push_back({{"name", "Unmanaged"}, {"listType", 3}, {"filterName", "Late"}});
  World world(org);
  world.WriteProject("manage:\n  lists: {include: [List*]}\n");
  const std::string old = "  - {name: Old, schema: BaseSchema, criteria: Balance > 5}\n";
  const std::string config = "filters:\n" + old;
  world.repo.Write("config/all.yaml", config + "lists:\n  - {name: ListA, filter: Old}\n");
  REQUIRE(world.Run({"apply", "-e", "dev", "--yes"}).exit_code == 0);
  const auto writes = world.Writes().size();
  auto refused = [&](const std::string& files, const std::string& says) {
    world.repo.Write("config/all.yaml", files);
    for (const char* command : {"plan", "apply"}) {
      std::vector<std::string> args = {command, "-e", "dev"};
      if (args[0] == "apply") args.push_back("--yes");
      auto output = world.Run(args);
      CHECK(output.exit_code == 1);
      CHECK_MESSAGE(output.err.find(says) != std::string::npos, output.err);
    }
    CHECK(world.Writes().size() == writes);
  };
  refused("filters:\n  - {name: Old, absent: true}\n", "list `ListA` uses it in the org");
  refused("filters:\n  - {name: Late, absent: true}\n" + old,
          "list `Unmanaged` uses it in the org");
  refused("filters:\n  - {name: X, criteria: A = 1}\nlists:\n  - {name: ListA, filter: Old}\n",
          "list `ListA` takes the filter `Old`, which this plan deletes");

  // Released by the same plan it may go; a list that takes it after the review makes that stale.
  world.repo.Write(
      "config/all.yaml",
      "filters:\n  - {name: Old, absent: true}\nlists:\n  - {name: ListA, filter: Theirs}\n");
  REQUIRE(world.Run({"plan", "-e", "dev", "--out", "plan.json"}).exit_code == 0);
  world.Edit("list", "update", "Unmanaged", {{"filterName", "Old"}});
  auto stale = world.Run({"apply", "plan.json"});
  CHECK(stale.exit_code == 6);
  CHECK_MESSAGE(stale.err.find("list `Unmanaged` uses it") != std::string::npos, stale.err);
  CHECK(world.Writes().size() == writes);
  world.Edit("list", "update", "Unmanaged", {{"filterName", "Late"}});
  auto applied = world.Run({"apply", "plan.json"});
  CHECK_MESSAGE(applied.exit_code == 0, (applied.out + applied.err));
  CHECK(world.Find("filters", "Old").is_null());
}

TEST_CASE("a filter in use is left out of --prune, which goes on and says so in every format") {
  auto org = SmallOrg();
  org["lists"].push_back({{"name", "Unmanaged"}, {"listType", 3}, {"filterName", "Late"}});
  World world(org);
  world.WriteProject("manage:\n  lists: {include: [List*]}\n");
  world.repo.Write("config/all.yaml", "lists:\n  - {name: ListA, filter: Old}\n");
  const std::string says = "filter `Late` is not pruned: list `Unmanaged` uses it";
  for (const char* format : {"text", "json", "markdown", "html"}) {
    auto plan = world.Run({"plan", "--prune", "--format", format});
    CHECK(plan.exit_code == 0);
    CHECK_MESSAGE((plan.out + plan.err).find(says) != std::string::npos, plan.out);
    if (std::string(format) != "text") CHECK(plan.out.find(says) != std::string::npos);
  }
  auto apply = world.Run({"apply", "--prune", "--yes", "--no-base"});
  CHECK_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
  CHECK(world.Find("filters", "Theirs").is_null());
  CHECK_FALSE(world.Find("filters", "Late").is_null());
  CHECK_FALSE(world.Find("filters", "Old").is_null());  // ListA takes it
}

}  // namespace viasync::e2e
