// What people see and what they do not, through the real binary: the org's names and addresses are
// pulled exactly, and what would be new must be in good form.
#include <string>

#include "tests/e2e/small_world.h"

namespace viasync::e2e {
namespace {

using nlohmann::json;

bool Holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json Voice(const std::string& address) {
  return {{"contactType", 1}, {"contactAddress", address}, {"startTime", "2026-02-01T00:00:00Z"}};
}

json Of(json exclusion, int type) {
  exclusion["contactType"] = type;
  return exclusion;
}

json AwkwardOrg() {
  json org = SmallOrg();
  org["filters"] = {{{"filterName", "Night calls "}, {"filterCriteria", "A = 1"}},
                    {{"filterName", "Family \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"},
                     {"filterCriteria", "A = 2"}},
                    {{"filterName", "\xE2\x80\x8Fleft\ttab\xC2\xA0"}, {"filterCriteria", "A = 3"}},
                    {{"filterName", std::string(300, 'x')}, {"filterCriteria", "A = 4"}},
                    {{"filterName", "\xEF\xBF\xBE"}, {"filterCriteria", "A = 5"}}};
  org["exclusions"] = {Of(Voice(" ACC 1"), 0),
                       Of(Voice("9.12E+09"), 0),
                       Voice("(202) 555-0111"),
                       Voice("1-800-FLOWERS"),
                       Of(Voice("root@localhost"), 2),
                       Of(Voice("mia@example.com\xC2\xA0"), 2),
                       Voice("2025550100 ")};
  return org;
}

}  // namespace

TEST_CASE("what the org holds is pulled exactly, and the plan after it is empty") {
  for (const char* csv_above : {"200", "1"}) {
    CAPTURE(csv_above);
    World world(AwkwardOrg());
    auto pull = world.Run({"pull", "--yes", "--csv-above", csv_above});
    CHECK_MESSAGE(pull.exit_code == 0, (pull.out + pull.err));
    auto plan = world.Run({"plan", "--exit-code"});
    CHECK_MESSAGE(plan.exit_code == 0, (plan.out + plan.err));
    CHECK(world.Run({"pull", "--yes"}).exit_code == 0);
    CHECK(world.Writes().empty());
    auto filters = world.repo.Read("config/filters.yaml");
    CHECK_MESSAGE(Holds(filters, "\"Night calls \""), filters);
    CHECK(Holds(filters, "\\u200d"));
    CHECK(Holds(filters, "\\u200fleft\\ttab\\xA0"));
    CHECK(Holds(filters, "\\uFFFE"));
    CHECK(Holds(world.repo.Read("config/exclusions.yaml"), "mia@example.com\\xA0"));
    auto validate = world.Run({"validate"});
    CHECK(validate.exit_code == 0);
    CHECK(Holds(validate.err, "warning: `address` begins or ends with a blank: ` ACC 1`"));
  }
}

TEST_CASE("an odd criterion of the org is a warning of validate once it is pulled, a new one an error") {
  json org = SmallOrg();
  org["filters"] = {{{"filterName", "Odd"}, {"filterCriteria", "A = = 1 -- why\nAND B = 1"}}};
  World world(org);
  CHECK(world.Run({"pull", "--yes"}).exit_code == 0);
  auto held = world.Run({"validate"});
  CHECK_MESSAGE(held.exit_code == 0, (held.out + held.err));
  CHECK(Holds(held.err, "warning: `criteria` is not a condition"));
  CHECK(world.Run({"plan", "--exit-code"}).exit_code == 0);
  world.repo.Write("config/b.yaml", "filters:\n  - {name: New, criteria: A = = 2}\n");
  auto fresh = world.Run({"validate"});
  CHECK(fresh.exit_code == 1);
  CHECK(Holds(fresh.err, "config/b.yaml:2:31: `criteria` is not a condition"));
}

TEST_CASE("check takes an address of a bad form where the org has it, and no other") {
  World world(AwkwardOrg());
  for (const char* excluded : {"1-800-FLOWERS", "(202) 555-0111", "account: ACC 1",
                               "email:root@localhost", "2025550100 "}) {
    auto check = world.Run({"check", excluded});
    CHECK_MESSAGE(check.exit_code == 2, (excluded + check.out + check.err));
    CHECK_MESSAGE(Holds(check.out, "excluded by its"), check.out);
  }
  for (const char* wrong : {"1-800-FLOWER", "202555O111", "mia@localhost", "voice:hello"}) {
    auto check = world.Run({"check", wrong});
    CHECK(check.exit_code == 1);
    CHECK_MESSAGE(Holds(check.err, "and the org has no exclusion of it"), check.err);
    CHECK_FALSE(Holds(check.out, "yes"));
  }
  auto spoilt = world.Run({"check", "account:9.12E+09"});
  CHECK(spoilt.exit_code == 1);
  CHECK(Holds(spoilt.err, "a spreadsheet has spoilt"));
  world.repo.Write("who.csv", "Type,Address\nvoice,1-800-FLOWERS\naccount,\" ACC 1\"\n");
  auto file = world.Run({"check", "--file", "who.csv", "--format", "csv"});
  CHECK(file.exit_code == 2);
  CHECK_MESSAGE(Holds(file.out, "voice,1-800-FLOWERS,all lists,no"), file.out);
  CHECK_MESSAGE(Holds(file.out, "account, ACC 1,all lists,no"), file.out);
}

TEST_CASE("a number that the org holds in a form for people is found by its digits") {
  json org = SmallOrg();
  org["exclusions"] = {Voice("(202) 555-0111"), Voice("00442079460000")};
  World world(org);
  world.WriteProject("    default_region: US\n");
  for (const char* number : {"2025550111", "+12025550111", "+442079460000"}) {
    auto check = world.Run({"check", number});
    CHECK_MESSAGE(check.exit_code == 2, (number + check.out));
  }
}

TEST_CASE_FIXTURE(Fixture,
                  "an entry in a bad form is warned of, and refused by a plan that makes it") {
  world.repo.Write("config/exclusions.yaml",
                   "exclusions: [{type: voice, address: \"(202) 555-0111\"}]\n");
  auto validate = world.Run({"validate"});
  CHECK(validate.exit_code == 0);
  CHECK(Holds(validate.err,
              "config/exclusions.yaml:1: warning: `(202) 555-0111` is not a valid address"));
  Refused({"plan"}, 1, {"config/exclusions.yaml:1", "cannot be made like this", "2025550111"});
  Refused({"apply", "--yes"}, 1, {"cannot be made like this"});
}

TEST_CASE_FIXTURE(Fixture, "a lone carriage return, a hidden blank and an unread file stop a run") {
  const std::string first = "exclusions:\n  - {type: voice, address: \"2025550100\"}\n";
  world.repo.Write("config/a.yaml",
                   first + "  # asked\r  - {type: voice, address: \"2025550111\"}\n");
  Refused({"apply", "--yes"}, 1, {"config/a.yaml:3:10", "a carriage return stands alone"});
  world.repo.Write("config/a.yaml", first + "  - from: dnc.csv\n");
  world.repo.Write("config/dnc.csv", "type,address\nemail,mia@example.com\xC2\xA0\n");
  Refused({"apply", "--yes"}, 1, {"config/dnc.csv:2:7", "blanks that are not plain ones"});
  world.repo.Write("config/a.yaml", first);
  Refused({"apply", "--yes"}, 1, {"config/dnc.csv", "no rule reads this file", "- from: dnc.csv"});
}

TEST_CASE("one number in two forms is warned of, and check asks for both") {
  json org = SmallOrg();
  org["exclusions"] = {Voice("+12025550111"), Voice("2025550122")};
  World world(org);
  world.WriteProject("    default_region: US\n");
  world.repo.Write("config/a.yaml",
                   "exclusions:\n  - {type: voice, address: \"2025550111\"}\n"
                   "  - {type: voice, address: \"+12025550122\"}\n"
                   "  - {type: voice, address: \"2025550122\"}\n");
  auto validate = world.Run({"validate"});
  CHECK(validate.exit_code == 0);
  CHECK_MESSAGE(Holds(validate.err, "are the same number"), validate.err);
  auto plan = world.Run({"plan"});
  CHECK_MESSAGE(
      Holds(plan.err, "warning: `2025550111` and `+12025550111` in the org are the same number"),
      plan.err);
  auto check = world.Run({"check", "2025550111"});
  CHECK(check.exit_code == 2);
  CHECK_MESSAGE(Holds(check.out, "(as `+12025550111`)"), check.out);
  // Whoever reviews it elsewhere reads it, too, with masked numbers.
  auto json_plan = json::parse(world.Run({"plan", "--format", "json"}).out);
  REQUIRE(json_plan["warnings"].size() == 2);
  CHECK(json_plan["warnings"][0]["addresses"] == json{"2025550111", "+12025550111"});
  auto masked = world.Run({"plan", "--mask"});
  CHECK_MESSAGE(Holds(masked.err, "are the same number"), masked.err);
  CHECK_FALSE(Holds(masked.out + masked.err, "2025550111"));
  for (const char* format : {"markdown", "html"}) {
    auto shared = world.Run({"plan", "--format", format});
    CHECK_MESSAGE(Holds(shared.out, "in the org are the same number"), shared.out);
    CHECK_FALSE(Holds(shared.out, "2025550111"));
  }
  CHECK(world.Run({"check", "2025550199"}).exit_code == 0);
}

}  // namespace viasync::e2e
