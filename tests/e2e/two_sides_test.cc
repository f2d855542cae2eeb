// What two sides can do to each other, beyond the plain cases: the same edit twice, renames, a lost
// or damaged base, an org that rewrites, files that are only laid out anew.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/e2e/in_step.h"

namespace viasync::e2e {

using nlohmann::json;

TEST_CASE_FIXTURE(InStep, "the same edit on both sides is no edit") {
  Replace("Balance > 5", "Balance > 9");
  world.Edit("filter", "update", "Old", {{"filterCriteria", "Balance>9"}});
  const std::string before = Config();
  Expect({"sync", "--yes"}, 0);
  CHECK(Config() == before);
  CHECK(world.Writes().empty());
  Expect({"drift"}, 0);
}

TEST_CASE_FIXTURE(InStep, "other fields of one filter go each their own way") {
  Replace("Balance > 5", "Balance > 9");
  world.Edit("filter", "update", "Old", {{"filterDescription", "from the UI"}});
  Expect({"sync", "--yes"}, 0);
  CHECK(world.Find("filters", "Old")["filterCriteria"] == "Balance > 9");
  CHECK(world.Find("filters", "Old")["filterDescription"] == "from the UI");
  CHECK(Config().find("description: from the UI") != std::string::npos);
  Expect({"plan", "--exit-code"}, 0);
}

TEST_CASE_FIXTURE(InStep, "what waits for a refused push of the same entry is told, and comes later") {
  Replace("reason: asked ", "reason: in writing ");
  world.Edit("exclusion", "update", "voice:5550100@*", {{"endTime", "2090-01-01T00:00:00.000Z"}});
  world.Edit("filter", "update", "Old", {{"filterDescription", "from the UI"}});
  world.Fault({{"method", "PUT"},
               {"path", "*exclusions/*"},
               {"action", "status"},
               {"status", 400},
               {"times", 2}});
  auto half = Expect({"sync", "--yes"}, 4);
  CHECK_MESSAGE(half.out.find("Not written yet: 1") != std::string::npos, half.out);
  CHECK(half.out.find("exclusion voice:5550100@*\n  → run `viasync sync` again") !=
        std::string::npos);
  CHECK(Config().find("description: from the UI") != std::string::npos);
  CHECK(Config().find("2090") == std::string::npos);
  auto told = nlohmann::json::parse(Expect({"sync", "--yes", "--format", "json"}, 4).out);
  CHECK(told["putOff"].size() == 1);
  CHECK(told["applied"]["summary"]["failed"] == 1);
  Expect({"sync", "--yes"}, 0);
  CHECK(Config().find("end: 2090-01-01T00:00:00Z") != std::string::npos);
  CHECK(world.Find("exclusions", "5550100")["reason"] == "in writing");
  Expect({"plan", "--exit-code"}, 0);
}

TEST_CASE_FIXTURE(InStep, "a rename in the files against an edit in the org is a conflict") {
  Replace("name: Old", "name: New");
  world.Edit("filter", "update", "Old", {{"filterCriteria", "Balance > 9"}});
  Expect({"sync", "--yes"}, 3);
  CHECK(world.Writes().empty());
  Expect({"sync", "--yes", "--skip-conflicts"}, 0);
  CHECK_FALSE(world.Find("filters", "New").is_null());
  CHECK(world.Find("filters", "Old")["filterCriteria"] == "Balance > 9");
}

TEST_CASE("most filters under other names are renames, with other criteria deletions") {
  auto org = GrownOrg();
  std::string config = "filters:\n", renamed = config, replaced = config;
  for (int i = 0; i < 10; ++i) {
    const std::string name = "F" + std::to_string(i), criteria = ", criteria: A = " + name + "}\n";
    org["filters"].push_back({{"filterName", name}, {"filterCriteria", "A = " + name}});
    config += "  - {name: " + name + criteria;
    renamed += "  - {name: New" + name + criteria;
    replaced += "  - {name: New" + name + ", criteria: B = 1}\n";
  }
  World world(org);
  world.repo.Write("config/filters.yaml", config);
  CHECK(world.Run({"apply", "--yes"}).exit_code == 0);
  world.repo.Write("config/filters.yaml", replaced);
  auto sync = world.Run({"sync", "--yes"});
  CHECK_MESSAGE(sync.exit_code == 5, (sync.out + sync.err));
  CHECK(world.Writes().empty());
  CHECK(world.repo.Read("config/filters.yaml") == replaced);
  world.repo.Write("config/filters.yaml", renamed);
  sync = world.Run({"sync", "--yes"});
  CHECK_MESSAGE(sync.exit_code == 0, (sync.out + sync.err));
  CHECK(sync.out.find("10 to delete (10 renamed)") != std::string::npos);
  CHECK(sync.out.find("the new name of F3: same criteria") != std::string::npos);
  CHECK_FALSE(world.Find("filters", "NewF3").is_null());
  CHECK(world.Find("filters", "F3").is_null());
}

TEST_CASE_FIXTURE(InStep, "a lost base makes the run two-way: nothing is deleted on either side") {
  Replace("  - {name: Old, schema: BaseSchema, criteria: \"Balance > 5\"}\n", "");
  std::filesystem::remove_all(world.repo.path() + "/.viasync");
  auto status = Expect({"status"}, 0);
  CHECK(status.out.find("two-way") != std::string::npos);
  Expect({"sync", "--yes", "--no-new"}, 0);
  CHECK_FALSE(world.Find("filters", "Old").is_null());
  CHECK(world.Writes().empty());
}

TEST_CASE_FIXTURE(InStep, "a damaged base is an error, and neither files nor org are touched") {
  const std::string store = world.repo.path() + "/.viasync/dev.db";
  std::filesystem::resize_file(store, std::filesystem::file_size(store) / 2);
  world.Edit("filter", "update", "Old", {{"filterCriteria", "Balance > 9"}});
  auto pull = Expect({"pull", "--yes"}, 1);
  CHECK(pull.err.find(".viasync/dev.db") != std::string::npos);
  CHECK(Config() == kConfig);
}

TEST_CASE("an empty text that is declared is pushed without a base, too; a missing one is not") {
  auto org = GrownOrg();
  org["filters"][0]["filterDescription"] = "from the UI";
  World world(org);
  std::string description, expected;
  SUBCASE("a text") { description = "    description: \"\"\n"; }
  SUBCASE("nothing") { description = "    description:\n", expected = "from the UI"; }
  auto text = [&](const char* collection, const char* name, const char* field) {
    auto item = world.Find(collection, name);
    return item.contains(field) && item[field].is_string() ? item[field].get<std::string>() : "";
  };
  std::string config = With(With(kConfig, "reason: asked         # by phone", "reason: \"\""),
                            "    filter: Late\n", "    filter: \"\"\n");
  world.repo.Write("config/all.yaml", With(config, "    schema: BaseSchema\n",
                                           "    schema: BaseSchema\n" + description));
  auto apply = world.Run({"apply", "--yes", "--no-base"});
  CHECK_MESSAGE(apply.exit_code == 0, (apply.out + apply.err));
  CHECK(text("filters", "Late", "filterDescription") == expected);
  CHECK(text("exclusions", "5550100", "reason") == "");
  CHECK(text("lists", "ListA", "filterName") == "");
  auto plan = world.Run({"plan", "--exit-code"});
  CHECK_MESSAGE(plan.exit_code == 0, plan.out);
}

TEST_CASE_FIXTURE(InStep, "entries in another order, or another layout, are no change") {
  world.repo.Write("config/all.yaml",
                   "lists: [{filter: Late, name: ListA}]\n"
                   "filters:\n"
                   "- {criteria: balance_ IS NULL, name: Extra}\n"
                   "- {criteria: 'Balance   >  5', schema: BaseSchema, name: Old}\n"
                   "- criteria: >-\n"
                   "    DaysDelinquent>30 and\n"
                   "    State='AK'\n"
                   "  name: Late\n"
                   "  schema: BaseSchema\n"
                   "exclusions: [{address: '5550100', type: voice, reason: asked,\n"
                   "              start: '2026-01-05T01:00:00.000+01:00'}]\n");
  auto plan = Expect({"plan", "--format", "json"}, 0);
  auto summary = json::parse(plan.out)["summary"];
  CHECK(summary["create"] == 1);
  CHECK(summary["update"] == 0);
  CHECK(summary["pull"] == 0);
}

TEST_CASE_FIXTURE(InStep, "an overlay that gives the field takes the pulled value") {
  world.repo.Write("environments/dev/late.yaml",
                   "filters:\n  - name: Old\n    criteria: Balance > 6   # only here\n");
  Expect({"apply", "--yes"}, 0);
  world.Edit("filter", "update", "Old",
             {{"filterCriteria", "Balance > 8"}, {"filterDescription", "seen in the UI"}});
  Expect({"pull", "--yes"}, 0);
  CHECK(world.repo.Read("environments/dev/late.yaml").find("criteria: Balance > 8   # only here") !=
        std::string::npos);
  CHECK(Config().find("Balance > 5") != std::string::npos);
  Expect({"plan", "--exit-code"}, 0);
}

TEST_CASE_FIXTURE(InStep,
                  "of two entries of one key one is pushed, one pulled, and none forgotten") {
  const std::string first =
      "exclusions:\n  - {type: voice, address: \"5550300\", reason: a, start: "
      "2026-01-05T00:00:00Z}\n";
  const std::string second =
      "  - {type: voice, address: \"5550300\", reason: b, start: 2027-01-05T00:00:00Z}\n";
  const std::string pulled = With(first, "reason: a", "reason: from the UI");
  bool comes = false;
  SUBCASE("the one that is pushed leaves") {}
  SUBCASE("the one that is pushed comes") { comes = true; }
  world.repo.Write("config/more.yaml", comes ? first : first + second);
  Expect({"apply", "--yes"}, 0);
  world.repo.Write("config/more.yaml", comes ? first + second : first);
  world.Edit("exclusion", "update", "voice:5550300@*#2026-01-05T00:00:00Z",
             {{"reason", "from the UI"}});
  Expect({"sync", "--yes"}, 0);
  CHECK(world.repo.Read("config/more.yaml") == (comes ? pulled + second : pulled));
  Expect({"plan", "--exit-code"}, 0);
}

TEST_CASE_FIXTURE(InStep, "a row of a CSV is edited in place, the others stay as they are") {
  const std::string rows =
      "type,address,list,reason,start,end\r\n"
      "voice,5550177,,\"asked, twice\",2026-01-05T00:00:00Z,\r\n"
      "voice,5550178,ListA,asked,2026-01-05T00:00:00Z,2027-01-05T00:00:00Z\r\n";
  world.repo.Write("config/dnc.csv", rows);
  world.repo.Write("config/bulk.yaml", "exclusions:\n  - from: dnc.csv\n");
  Expect({"apply", "--yes"}, 0);
  world.Edit("exclusion", "update", "voice:5550177@*", {{"reason", "by \"letter\""}});
  Expect({"pull", "--yes"}, 0);
  CHECK(world.repo.Read("config/dnc.csv") ==
        With(rows, "\"asked, twice\"", "\"by \"\"letter\"\"\""));
  world.Edit("exclusion", "delete", "voice:5550178@ListA");
  Expect({"pull", "--yes"}, 0);
  CHECK(world.repo.Read("config/dnc.csv").find("5550178") == std::string::npos);
  Expect({"plan", "--exit-code"}, 0);
}

}  // namespace viasync::e2e
