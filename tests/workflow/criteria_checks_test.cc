#include "engine/workflow/criteria_checks.h"

#include <doctest/doctest.h>

namespace viasync::workflow {
namespace {

reconcile::Change Push(const char* key, const char* criteria) {
  reconcile::Change change{.kind = model::Kind::kFilter, .key = key};
  change.source = {"config/f.yaml", 7};
  change.after = {{"name", key}, {"criteria", criteria}};
  change.fields = {{.name = "criteria"}};
  return change;
}

model::Declared<model::Filter> Declared(const char* name, const char* criteria) {
  model::Declared<model::Filter> filter;
  filter.value = {.name = name, .criteria = criteria};
  filter.source = {"config/f.yaml", 3};
  return filter;
}

snapshot::Snapshot Org(std::initializer_list<const char*> criteria) {
  snapshot::Snapshot org;
  for (const char* one : criteria) {
    model::Remote<model::Filter> filter;
    filter.value = {.name = one, .criteria = one};
    org.Of<model::Filter>().push_back(filter);
  }
  return org;
}

TEST_CASE("a criterion that the plan would write must be a condition") {
  plan::Plan plan;
  plan.changes = {Push("A", "a IN 'x', 'y'"), Push("B", "b = 1")};
  config::Desired desired;
  base::Error error{.message = "in the file", .where = base::SourcePos{"config/f.yaml", 4, 17}};
  desired.criteria_faults = {{"a IN 'x', 'y'\n", error}, {"c = = 1", error}};
  auto [errors, warnings] = CheckPushedCriteria(plan, desired);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].where->column == 17);
  CHECK(warnings.empty());
}

TEST_CASE("what the org took before in the same filter is a warning: its dialect knows better") {
  plan::Plan plan;
  auto change = Push("A", "a = 1 # soft AND b = 2");
  change.before = {{"criteria", "a = 1 # soft\nAND b = 2"}};
  plan.changes = {change};
  auto [errors, warnings] = CheckPushedCriteria(plan, {});
  CHECK(errors.empty());
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].message.find("`#` starts a comment") != std::string::npos);
  plan.changes[0].after = {{"criteria", "a = 1 # soft AND b = ‘2’"}};
  auto both = CheckPushedCriteria(plan, {});
  CHECK(both.errors.size() == 1);
  CHECK(both.warnings.size() == 1);
}

TEST_CASE("what is in the org already, or goes, or touches other fields, is not judged") {
  plan::Plan plan;
  auto pull = Push("A", "a = = 1"), gone = pull, description = pull;
  pull.direction = reconcile::Direction::kPull;
  gone.action = reconcile::Action::kDelete;
  description.fields = {{.name = "description"}};
  plan.changes = {pull, gone, description};
  CHECK(CheckPushedCriteria(plan, {}).errors.empty());
}

TEST_CASE("what no file holds, as a merge, is judged as well") {
  plan::Plan plan;
  plan.changes = {Push("A", "a = = 1")};
  auto errors = CheckPushedCriteria(plan, {}).errors;
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].where->line == 7);
  CHECK(errors[0].message.find("`=` follows `=`") != std::string::npos);
}

TEST_CASE("a column that no filter of the org uses is named once, with the nearest that one does") {
  config::Desired desired;
  desired.Of<model::Filter>() = {Declared("A", "Stat = 'AK' AND [Days Late] > 1 AND t.balance > 2"),
                                 Declared("B", "Stat = 'AL' AND Whatever = 1")};
  auto warnings =
      FindUnknownColumns(desired, Org({"State = 'AK' ORDER BY Balance", "\"days late\" > 3"}));
  REQUIRE(warnings.size() == 2);
  auto org = Org({"a = 1"});
  org.other_criteria = {"Stat = 1 AND \"Days Late\" = 2 AND Balance = 3 AND Whatever = 4"};
  CHECK(FindUnknownColumns(desired, org).empty());
  CHECK(warnings[0].message == "no filter of the org uses the column `Stat`");
  CHECK(warnings[0].hint == "did you mean `State`?");
  CHECK(warnings[1].message.find("`Whatever`") != std::string::npos);
}

TEST_CASE("columns that are near no known name are one warning, however many they are") {
  config::Desired desired;
  std::string criteria = "Stat = 1";
  for (char c = 'a'; c < 'a' + 12; ++c)
    criteria += std::string(" AND ") + std::string(6, c) + " = 1";
  desired.Of<model::Filter>() = {Declared("A", criteria.c_str())};
  auto warnings = FindUnknownColumns(desired, Org({"State = 'AK'"}));
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0].hint == "did you mean `State`?");
  CHECK(warnings[1].message == "no filter of the org uses the column `aaaaaa` and 11 others");
  CHECK(warnings[1].hint ==
        "check that they exist in the org: `bbbbbb`, `cccccc`, `dddddd` and 8 more");
}

TEST_CASE("an org without filters knows no columns, and no names are doubted") {
  config::Desired desired;
  desired.Of<model::Filter>() = {Declared("A", "Stat = 'AK'")};
  CHECK(FindUnknownColumns(desired, Org({})).empty());
}

}  // namespace
}  // namespace viasync::workflow
