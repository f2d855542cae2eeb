// Both directions through the real binary: what people change in the vendor's UI comes into the
// files, in the files' own style, and nothing is lost on either side.
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "tests/e2e/in_step.h"

namespace viasync::e2e {

using nlohmann::json;

TEST_CASE_FIXTURE(InStep, "Sunday's edits come into the files, and no other byte moves") {
  world.Edit("filter", "update", "Late",
             {{"filterCriteria", "DaysDelinquent > 60 AND State = 'AK'"}});
  world.Edit("exclusion", "update", "voice:5550100@*", {{"reason", "asked twice"}});
  auto pull = Expect({"pull", "--yes"}, 0);
  CHECK(pull.out.find("maria") != std::string::npos);
  CHECK(pull.out.find("config/all.yaml") != std::string::npos);
  CHECK(Config() == With(With(kConfig, "DaysDelinquent > 30", "DaysDelinquent > 60"),
                         "reason: asked ", "reason: asked twice "));
  CHECK(world.Writes().empty());
  Expect({"plan", "--exit-code"}, 0);
  CHECK(Expect({"pull", "--yes"}, 0).out.find("Nothing to pull") != std::string::npos);
}

TEST_CASE_FIXTURE(InStep,
                  "what is new in the org gets an entry, what is gone there loses its own") {
  world.Edit("filter", "create", "",
             {{"filterName", "Fresh"}, {"filterCriteria", "DaysDelinquent < 5"}});
  world.Edit("filter", "delete", "Old");
  Expect({"pull", "--yes"}, 0);
  CHECK(Config().find("Fresh") != std::string::npos);
  CHECK(Config().find("Old") == std::string::npos);
  CHECK(Config().find("auditors") == std::string::npos);
  Expect({"plan", "--exit-code"}, 0);
  Expect({"apply", "--yes"}, 0);
  CHECK(world.Writes().empty());
  CHECK_FALSE(world.Find("filters", "Fresh").is_null());
}

TEST_CASE_FIXTURE(InStep, "--dry-run and --no-new do what they say") {
  world.Edit("filter", "create", "",
             {{"filterName", "Fresh"}, {"filterCriteria", "DaysDelinquent < 5"}});
  world.Edit("filter", "update", "Old", {{"filterCriteria", "Balance > 9"}});
  CHECK(Expect({"pull", "--dry-run"}, 0).out.find("Would write") != std::string::npos);
  CHECK(Config() == kConfig);
  Expect({"pull", "--yes", "--no-new"}, 0);
  CHECK(Config() == With(kConfig, "Balance > 5", "Balance > 9"));
}

TEST_CASE_FIXTURE(InStep, "sync does both directions, and a second one does nothing") {
  Replace("Balance > 5", "Balance > 7");
  world.Edit("filter", "update", "Late",
             {{"filterCriteria", "DaysDelinquent > 60 AND State = 'AK'"}});
  Expect({"sync", "--yes"}, 0);
  CHECK(world.Find("filters", "Old")["filterCriteria"] == "Balance > 7");
  CHECK(Config() == With(With(kConfig, "Balance > 5", "Balance > 7"), "DaysDelinquent > 30",
                         "DaysDelinquent > 60"));
  auto writes = world.Writes().size();
  auto config = Config();
  Expect({"sync", "--yes"}, 0);
  CHECK(world.Writes().size() == writes);
  CHECK(Config() == config);
  Expect({"plan", "--exit-code"}, 0);
}

TEST_CASE_FIXTURE(InStep, "both sides edit one criterion: other clauses merge on both sides") {
  Replace("AND State = 'AK'", "AND State = 'AZ'");
  world.Edit("filter", "update", "Late",
             {{"filterCriteria", "DaysDelinquent > 60 AND State = 'AK'"}});
  Expect({"sync", "--yes"}, 0);
  std::string criteria = world.Find("filters", "Late")["filterCriteria"];
  CHECK(criteria.find("DaysDelinquent > 60") != std::string::npos);
  CHECK(criteria.find("State = 'AZ'") != std::string::npos);
  CHECK(Config() == With(With(kConfig, "DaysDelinquent > 30", "DaysDelinquent > 60"),
                         "State = 'AK'", "State = 'AZ'"));
  Expect({"sync", "--yes"}, 0);
  Expect({"plan", "--exit-code"}, 0);
}

TEST_CASE_FIXTURE(InStep, "a criterion of the org that no check likes is pulled as it is") {
  world.Edit("filter", "update", "Old", {{"filterCriteria", "Balance > 5 # soft\nAND Hold = 'N'"}});
  Expect({"pull", "--yes"}, 0);
  Expect({"plan", "--exit-code"}, 0);
  // The org holds it, and files and org agree on it: a warning, not an error.
  auto validate = Expect({"validate"}, 0);
  CHECK(validate.err.find("warning: `criteria` is not a condition") != std::string::npos);
  CHECK(validate.err.find("`#` starts a comment") != std::string::npos);
  // One byte of it moves in the org: no dialect may hide that.
  world.Edit("filter", "update", "Old", {{"filterCriteria", "Balance > 5 # soft AND Hold = 'N'"}});
  Expect({"plan", "--exit-code"}, 2);
}

TEST_CASE_FIXTURE(InStep,
                  "the same clause on both sides is a conflict: nothing moves until settled") {
  Replace("DaysDelinquent > 30", "DaysDelinquent > 45");
  world.Edit("filter", "update", "Late",
             {{"filterCriteria", "DaysDelinquent > 60 AND State = 'AK'"}});
  world.Edit("filter", "update", "Old", {{"filterCriteria", "Balance > 9"}});
  const std::string before = Config();
  for (const char* verb : {"pull", "sync"}) {
    auto stopped = Expect({verb, "--yes"}, 3);
    for (const char* term : {"base", "local", "remote", "> 45", "> 60"}) {
      CHECK_MESSAGE(stopped.out.find(term) != std::string::npos, term);
    }
    CHECK(Config() == before);
  }
  CHECK(world.Writes().empty());
  // What would settle nothing is an error, in every command that takes it.
  for (const char* verb : {"plan", "apply", "pull", "sync"}) {
    std::vector<std::string> args = {verb, "--prefer", "Lat=local"};
    if (verb != std::string("plan")) args.push_back("--yes");
    CAPTURE(verb);
    CHECK(Expect(args, 1).err.find("did you mean `Late`?") != std::string::npos);
    args[2] = "Old=local";
    CHECK(Expect(args, 1).err.find("this is not a conflict: only the org changed it") !=
          std::string::npos);
  }
  Expect({"plan", "--prefer", "Late=local", "--prefer", "Late=remote"}, 1);
  Expect({"plan", "--prefer", "local", "--prefer", "remote"}, 1);
  Expect({"plan", "--prefer", "=local"}, 1);
  CHECK(Config() == before);
  CHECK(world.Writes().empty());
  Expect({"sync", "--yes", "--skip-conflicts"}, 0);
  CHECK(Config() == With(before, "Balance > 5", "Balance > 9"));
  SUBCASE("to the files' side") {
    Expect({"sync", "--yes", "--prefer", "Late=local"}, 0);
    CHECK(world.Find("filters", "Late")["filterCriteria"].get<std::string>().find("45") !=
          std::string::npos);
  }
  SUBCASE("to the org's side") {
    Expect({"sync", "--yes", "--prefer", "remote"}, 0);
    CHECK(Config().find("DaysDelinquent > 60") != std::string::npos);
    CHECK(world.Writes().empty());
  }
  Expect({"plan", "--exit-code"}, 0);
}

TEST_CASE_FIXTURE(InStep, "a delete against a change is a conflict, whichever side deleted") {
  SUBCASE("deleted in the files") {
    Replace("  - {name: Old, schema: BaseSchema, criteria: \"Balance > 5\"}\n", "");
    world.Edit("filter", "update", "Old", {{"filterCriteria", "Balance > 9"}});
  }
  SUBCASE("deleted in the org") {
    Replace("Balance > 5", "Balance > 9");
    world.Edit("filter", "delete", "Old");
  }
  const std::string before = Config();
  Expect({"sync", "--yes"}, 3);
  CHECK(Config() == before);
  CHECK(world.Writes().empty());
  Expect({"sync", "--yes", "--prefer", "remote"}, 0);
  Expect({"plan", "--exit-code"}, 0);
  CHECK(world.Writes().empty());
}

TEST_CASE("a grown org becomes a repository, and the plan after it is empty") {
  auto org = GrownOrg();
  org["filters"].push_back({{"filterName", "# tricky: \"name\" ${x}"},
                            {"filterDescription", " - *not* a list\n\ttab: yes "},
                            {"filterCriteria", "Name = 'O''Brien -- ${y}' OR Note LIKE '%: #%'"}});
  for (const char* name : {"null", "LATE", "late", "1.0", "~", "é Ünï ☎", "a: b"}) {
    org["filters"].push_back({{"filterName", name}, {"filterCriteria", "A = 1 AND B = 'x'"}});
  }
  for (int i = 0; i < 30; ++i) {
    org["exclusions"].push_back({{"contactType", 1},
                                 {"contactAddress", "55501" + std::to_string(10 + i)},
                                 {"reason", "=cmd, \"quoted\"\nand broken " + std::to_string(i)},
                                 {"startTime", kStart}});
  }
  World world(org);
  std::vector<std::string> args = {"pull", "--yes"};
  SUBCASE("one file per kind") {}
  SUBCASE("one file per resource") { args.insert(args.end(), {"--layout", "per-resource"}); }
  SUBCASE("exclusions as CSV") { args.insert(args.end(), {"--csv-above", "10"}); }
  auto pull = world.Run(args);
  REQUIRE_MESSAGE(pull.exit_code == 0, (pull.out + pull.err));
  auto plan = world.Run({"plan", "--exit-code", "--full"});
  CHECK_MESSAGE(plan.exit_code == 0, (plan.out + plan.err));
  CHECK(world.Writes().empty());
  auto validate = world.Run({"validate"});
  CHECK_MESSAGE(validate.exit_code == 0, (validate.out + validate.err));
  auto again = world.Run({"pull", "--yes"});
  CHECK(again.out.find("Nothing to pull") != std::string::npos);
}

TEST_CASE_FIXTURE(InStep, "history tells pulls as well as pushes") {
  world.Edit("filter", "update", "Old", {{"filterCriteria", "Balance > 9"}});
  Expect({"pull", "--yes"}, 0);
  auto history = Expect({"history", "--format", "json"}, 0);
  auto event = json::parse(history.out.substr(0, history.out.find('\n')));
  CHECK(event["what"] == "pull");
  CHECK(event["key"] == "Old");
  CHECK(event["before"]["criteria"] == "Balance > 5");
  CHECK(event["after"]["criteria"] == "Balance > 9");
}

TEST_CASE_FIXTURE(InStep,
                  "a value that comes from a variable is left to a person, with its place") {
  world.repo.Write("config/more.yaml",
                   "filters:\n  - name: Mixed\n    criteria: Balance > ${low} AND A = 1\n");
  world.WriteProject("");
  std::string project = world.repo.Read("viasync.yaml");
  auto at = project.find("org: acme-dev");
  REQUIRE(at != std::string::npos);
  auto line = project.rfind('\n', at) + 1;
  std::string indent = project.substr(line, project.find_first_not_of(' ', line) - line);
  project.insert(project.find('\n', at) + 1, indent + "variables: {low: 3}\n");
  world.repo.Write("viasync.yaml", project);
  Expect({"apply", "--yes"}, 0);
  world.Edit("filter", "update", "Mixed", {{"filterCriteria", "Balance > 4 AND A = 1"}});
  const std::string before = world.repo.Read("config/more.yaml");
  auto pull = Expect({"pull", "--yes"}, 3);
  CHECK(pull.out.find("config/more.yaml:3") != std::string::npos);
  CHECK(world.repo.Read("config/more.yaml") == before);
  CHECK(world.repo.Read("viasync.yaml") == project);
}

TEST_CASE("two clones of one repository sync in turn, and lose nothing") {
  World world(GrownOrg());
  world.repo.Write("config/all.yaml", kConfig);
  auto sh = [&](const std::string& command) {
    std::string all = "cd " + world.repo.path() + " && export GIT_AUTHOR_NAME=t " +
                      "GIT_AUTHOR_EMAIL=t@e.com GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@e.com" +
                      " && (" + command + ") >/dev/null 2>&1";
    REQUIRE_MESSAGE(std::system(all.c_str()) == 0, command);
  };
  sh("git init -b main && printf '.viasync/\\nother/\\n' > .gitignore && git add -A && "
     "git commit -m one && git clone . other");
  auto in_step = [&](const std::vector<std::string>& args) {
    auto output = world.Run(args);
    CHECK_MESSAGE(output.exit_code == 0, (output.out + output.err));
  };
  in_step({"sync", "--yes"});
  in_step({"-C", "other", "sync", "--yes"});
  // The first clone changes a filter and pushes it to the org …
  world.repo.Write("config/all.yaml", With(kConfig, "Balance > 5", "Balance > 7"));
  in_step({"sync", "--yes"});
  sh("git commit -am two");
  // … the second gets it from the org before it gets it from Git; then from both.
  world.Edit("filter", "update", "Late",
             {{"filterCriteria", "DaysDelinquent > 60 AND State = 'AK'"}});
  in_step({"-C", "other", "sync", "--yes"});
  sh("cd other && git commit -am three && git pull --no-rebase --no-edit");
  in_step({"-C", "other", "sync", "--yes"});
  in_step({"sync", "--yes"});
  sh("git commit -am four && git -C other pull --no-rebase --no-edit");
  CHECK(world.repo.Read("config/all.yaml") == world.repo.Read("other/config/all.yaml"));
  CHECK(world.Find("filters", "Old")["filterCriteria"] == "Balance > 7");
  auto writes = world.Writes().size();
  CHECK(writes == 1);
  in_step({"sync", "--yes"});
  in_step({"-C", "other", "plan", "--exit-code"});
  CHECK(world.Writes().size() == writes);
}

TEST_CASE_FIXTURE(InStep,
                  "new entries that cannot be told apart are named, not left out in silence") {
  for (const char* end : {"2030-01-01T00:00:00Z", "2031-01-01T00:00:00Z"}) {
    world.Edit("exclusion", "create", "",
               {{"contactType", 1},
                {"contactAddress", "5550199"},
                {"startTime", "2026-02-01T00:00:00Z"},
                {"endTime", end}});
  }
  auto pull = Expect({"pull", "--yes"}, 0);
  CHECK_MESSAGE(
      pull.out.find("2 new entries of the org that cannot be told apart") != std::string::npos,
      pull.out);
  CHECK(pull.out.find("5550199") != std::string::npos);
  auto told = json::parse(Expect({"pull", "--dry-run", "--format", "json"}, 0).out);
  CHECK(told.at("leftOut").at(0).at("ids").size() == 2);
}

TEST_CASE("a first pull writes what it shows, and sums up what is too much to read") {
  auto org = GrownOrg();
  org["filters"][0]["filterDescription"] = "text of the UI";
  World world(org);
  SUBCASE("with everything") {
    CHECK(world.Run({"pull", "--dry-run"}).out.find("text of the UI") != std::string::npos);
    CHECK(world.Run({"pull", "--yes"}).exit_code == 0);
    CHECK(world.repo.Read("config/filters.yaml").find("text of the UI") != std::string::npos);
  }
  SUBCASE("without what is left to the UI") {
    world.WriteProject("manage: {filters: {ignore: [description]}}\n");
    for (const char* verbose : {"--format=text", "--full", "--format=json"}) {
      auto shown = world.Run({"pull", "--dry-run", verbose});
      CHECK_MESSAGE(shown.out.find("text of the UI") == std::string::npos, shown.out);
    }
    CHECK(world.Run({"pull", "--yes"}).exit_code == 0);
    CHECK(world.repo.Read("config/filters.yaml").find("text of the UI") == std::string::npos);
  }
  auto plan = world.Run({"plan", "--exit-code"});
  CHECK_MESSAGE(plan.exit_code == 0, plan.out);
}

TEST_CASE("a first pull of many is summed up, and shown one by one where that is asked for") {
  auto org = GrownOrg();
  for (int i = 0; i < 30; ++i) {
    org["filters"].push_back(
        {{"filterName", "F" + std::to_string(100 + i)}, {"filterCriteria", "A = 1"}});
  }
  World world(org);
  auto shown = world.Run({"pull", "--dry-run"});
  CHECK_MESSAGE(shown.out.find("32 filters\n") != std::string::npos, shown.out);
  CHECK(shown.out.find("F129") == std::string::npos);
  CHECK(world.Run({"pull", "--dry-run", "--full"}).out.find("F129") != std::string::npos);
}

}  // namespace viasync::e2e
