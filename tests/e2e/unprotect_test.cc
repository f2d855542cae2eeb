// Who may be contacted again is counted, shown first, limited, and agreed to by its number.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/e2e/harness.h"

namespace viasync::e2e {
namespace {

using nlohmann::json;

constexpr const char* kFuture = "2090-01-01T00:00:00.000Z";
constexpr const char* kPast = "2026-02-01T00:00:00.000Z";

json Entry(const std::string& address, const char* list = "", const char* end = "") {
  json entry = {{"contactType", 1}, {"contactAddress", address}, {"startTime", kStart}};
  if (*list) entry["contactListName"] = list;
  if (*end) entry["endTime"] = end;
  return entry;
}

// An org whose exclusions are all in the files, and were applied.
struct Protected {
  World world{json{{"lists", {{{"name", "L"}, {"listType", 1}}}},
                   {"exclusions",
                    {Entry("5550100"), Entry("5550101", "", kFuture), Entry("5550102", "", kPast),
                     Entry("5550103", "L")}}}};
  Protected() {
    Write("", "");
    REQUIRE(world.Run({"apply", "--yes"}).exit_code == 0);
    REQUIRE(world.Writes().empty());
  }
  // All entries, with `from` replaced by `to`.
  void Write(const std::string& from, const std::string& to) {
    std::string files = "exclusions:\n";
    for (const char* more : {"'5550100', start: S}", "'5550101', start: S, end: F}",
                             "'5550102', start: S, end: P}", "'5550103', list: L, start: S}"}) {
      files += "  - {type: voice, address: " + std::string(more) + "\n";
    }
    REQUIRE(files.find(from) != std::string::npos);
    Replace(files, from, to);
    Replace(files, "start: S", std::string("start: ") + kStart);
    Replace(files, "end: F", std::string("end: ") + kFuture);
    Replace(files, "end: P", std::string("end: ") + kPast);
    world.repo.Write("config/exclusions.yaml", files);
  }
  static void Replace(std::string& text, const std::string& from, const std::string& to) {
    if (from.empty()) return;
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  json Plan(std::vector<std::string> args = {}) {
    args.insert(args.begin(), {"plan", "--format", "json"});
    auto output = world.Run(args);
    REQUIRE_MESSAGE(!output.out.empty(), output.err);
    return json::parse(output.out);
  }
};

constexpr const char* kFirst = "  - {type: voice, address: '5550100', start: S}\n";

}  // namespace

TEST_CASE_FIXTURE(Protected, "what counts as allowing contact again") {
  struct Row {
    const char *sentence, *from, *to;
    int unprotect, pushes;
  };
  for (const auto& [sentence, from, to, unprotect, pushes] : {
           Row{"removed", kFirst, "", 1, 1},
           {"declared absent", "'5550100', start: S}", "'5550100', absent: true}", 1, 1},
           {"shortened", "'5550101', start: S, end: F",
            "'5550101', start: S, end: 2030-01-01T00:00Z", 1, 1},
           {"given an end", "'5550100', start: S", "'5550100', start: S, end: F", 1, 1},
           {"started later", "'5550100', start: S", "'5550100', start: 2091-01-01T00:00Z", 1, 1},
           {"narrowed to one list", "'5550100', start: S", "'5550100', list: L, start: S", 1, 2},
           {"another type", "voice, address: '5550100'", "sms, address: '5550100'", 1, 2},
           {"another address", "'5550100'", "'5550109'", 1, 2},
           {"widened to all lists", "'5550103', list: L", "'5550103'", 0, 2},
           {"extended", ", end: F", "", 0, 1},
           {"removed after its end", "  - {type: voice, address: '5550102', start: S, end: P}\n",
            "", 0, 1},
           {"shortened after its end", ", end: P", ", end: 2026-01-20T00:00Z", 0, 1},
           {"another reason", "'5550100', start", "'5550100', reason: r, start", 0, 1},
       }) {
    CAPTURE(std::string(sentence));
    Write(from, to);
    auto plan = Plan();
    CHECK(plan["summary"]["unprotect"] == unprotect);
    CHECK(plan["unprotecting"].size() == static_cast<std::size_t>(unprotect));
    CHECK(plan["changes"].size() == static_cast<std::size_t>(pushes));
    if (unprotect == 1) CHECK(plan["changes"].back()["unprotects"] == true);  // written last
  }
  CHECK(world.Writes().empty());
}

TEST_CASE_FIXTURE(Protected, "so do prune, reverted drift and a conflict that is settled so") {
  json made = Entry("5550110");
  world.Edit("exclusion", "create", "", made);
  CHECK(Plan()["summary"]["unprotect"] == 0);
  CHECK(Plan({"--prune"})["summary"]["unprotect"] == 1);
  world.Edit("exclusion", "update", "voice:5550101@*", {{"endTime", "2095-01-01T00:00:00.000Z"}});
  CHECK(Plan()["summary"]["pullUnprotect"] == 0);
  CHECK(Plan({"--revert-drift"})["summary"]["unprotect"] == 1);
  Write(", end: F", ", end: 2080-01-01T00:00Z");
  CHECK(Plan()["summary"]["conflict"] == 1);
  CHECK(Plan({"--prefer", "local"})["summary"]["unprotect"] == 1);
  world.Edit("exclusion", "delete", "voice:5550103@L");
  CHECK(Plan({"--prefer", "local"})["summary"]["pullUnprotect"] == 1);
  auto pull = world.Run({"pull", "--dry-run", "--no-new", "--prefer", "remote"});
  auto first = pull.out.find("1 change takes protection out of the files");
  CHECK_MESSAGE(first < pull.out.find("5550103"), pull.out);
  CHECK(pull.out.find("5550103") < pull.out.find("5550101"));
}

TEST_CASE_FIXTURE(Protected, "without a terminal the limit stops apply, sync and a reviewed plan") {
  world.WriteProject("limits: {exclusions: {unprotect: 0}}\n");
  Write(kFirst, "");
  for (const char* verb : {"apply", "sync"}) {
    CAPTURE(std::string(verb));
    auto refused = world.Run({verb, "--yes"});
    CHECK(refused.exit_code == 5);
    CHECK(refused.err.find("1 change of the plan allows contact again; the limit "
                           "exclusions.unprotect is 0") != std::string::npos);
    CHECK(refused.out.find("1 change allows contact again") < refused.out.find("5550100"));
  }
  CHECK(world.Run({"plan", "--out", "refused.json"}).exit_code == 5);
  auto reviewed = world.Run({"apply", "refused.json"});
  CHECK(reviewed.exit_code == 5);
  CHECK(world.Writes().empty());
  // A plan that was made with another limit says so, and so must whoever applies it.
  CHECK(world.Run({"plan", "--limit", "exclusions.unprotect=1", "--out", "plan.json"}).exit_code ==
        0);
  CHECK(json::parse(world.repo.Read("plan.json"))["options"]["limits"] ==
        json{{"exclusions.unprotect", "1"}});
  auto unconfirmed = world.Run({"apply", "plan.json"});
  CHECK(unconfirmed.exit_code == 1);
  CHECK(unconfirmed.err.find("--limit exclusions.unprotect=1") != std::string::npos);
  CHECK(world.Writes().empty());
  auto applied = world.Run({"apply", "plan.json", "--limit", "exclusions.unprotect=1"});
  CHECK_MESSAGE(applied.exit_code == 0, applied.err);
  CHECK(applied.out.find("1 of these allows contact again") != std::string::npos);
  CHECK(world.Find("exclusions", "5550100").is_null());
}

TEST_CASE_FIXTURE(Protected, "the JSON of sync and pull counts and lists it ahead of all changes") {
  Write(kFirst, "");
  world.Edit("exclusion", "delete", "voice:5550103@L");
  auto look = json::parse(world.Run({"sync", "--dry-run", "--format", "json"}).out);
  CHECK(look["summary"]["unprotect"] == 1);
  CHECK(look["summary"]["pullUnprotect"] == 1);
  CHECK(look["unprotecting"] ==
        json{{{"key", "voice:5550100@*"}, {"action", "delete"}, {"direction", "push"}},
             {{"key", "voice:5550103@L"}, {"action", "delete"}, {"direction", "pull"}}});
  REQUIRE(look["pushes"].size() == 1);
  CHECK(look["pushes"][0]["unprotects"] == true);
  CHECK_FALSE(look.contains("applied"));
  auto pull = json::parse(world.Run({"pull", "--dry-run", "--format", "json"}).out);
  CHECK(pull["summary"]["pullUnprotect"] == 1);
  CHECK(pull["pushes"].empty());
  auto done = json::parse(world.Run({"sync", "--yes", "--format", "json"}).out);
  CHECK(done["applied"]["summary"]["unprotected"] == 1);
  CHECK(done["written"][0]["unprotects"] == true);
}

TEST_CASE_FIXTURE(Protected, "whoever is asked for the number sees whom it is about, with JSON, too") {
  Write(kFirst, "");
  for (const char* verb : {"apply", "sync"}) {
    auto asked = world.RunOnTerminal({verb, "--format", "json"}, "n\n");
    auto number = asked.out.find("type 1 to go on");
    REQUIRE_MESSAGE(number != std::string::npos, asked.out);
    CHECK_MESSAGE(asked.out.find("voice 5550100") < number, asked.out);
  }
  CHECK(world.Writes().empty());
}

TEST_CASE_FIXTURE(Protected, "what was said first stands first where both streams end up") {
  world.WriteProject("limits: {exclusions: {delete: 0}}\n");
  Write(kFirst, "");
  for (const char* verb : {"plan", "apply"}) {
    auto refused = world.RunOnTerminal({verb}, "");
    CHECK(refused.exit_code == 5);
    auto plan = refused.out.find("Over the limit");
    auto error = refused.out.find("the limit exclusions.delete is 0");
    REQUIRE_MESSAGE(plan != std::string::npos, refused.out);
    REQUIRE_MESSAGE(error != std::string::npos, refused.out);
    CHECK(plan < error);
  }
}

TEST_CASE_FIXTURE(Protected, "a misspelt limit is an error with the name that was meant") {
  auto output = world.Run({"plan", "--limit", "exclusions.unprotekt=1"});
  CHECK(output.exit_code == 1);
  CHECK(output.err.find("did you mean `exclusions.unprotect`?") != std::string::npos);
}

TEST_CASE_FIXTURE(Protected, "at a terminal the number of those who may be contacted is typed") {
  world.WriteProject("limits: {exclusions: {unprotect: 0}}\n");
  Write(kFirst, "");
  const std::string question = "1 of these allows contact again: type 1 to go on: ";
  for (const char* verb : {"apply", "sync"}) {
    for (const char* typed : {"y\n", "yes\n", "\n", "11\n", "2\n"}) {
      auto refused = world.RunOnTerminal({verb}, typed);
      CHECK_MESSAGE(refused.exit_code == 1, refused.out);
      CHECK(refused.out.find(question) != std::string::npos);
      CHECK(refused.out.find("nothing was written") != std::string::npos);
    }
  }
  CHECK(world.Writes().empty());
  auto sync = world.RunOnTerminal({"sync"}, "1\n");
  CHECK_MESSAGE(sync.exit_code == 0, sync.out);
  CHECK(world.Find("exclusions", "5550100").is_null());
  Write(kFirst, kFirst);
  auto apply = world.RunOnTerminal({"apply"}, "y\n");  // it only protects
  CHECK_MESSAGE(apply.exit_code == 0, apply.out);
  CHECK_FALSE(world.Find("exclusions", "5550100").is_null());
}

}  // namespace viasync::e2e
