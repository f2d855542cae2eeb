#include "engine/workflow/deletions.h"

#include <doctest/doctest.h>

namespace viasync::workflow {
namespace {

using model::Kind;
using reconcile::Action;
using reconcile::Change;

Change Push(Kind kind, const char* key, Action action) {
  return {.kind = kind, .key = key, .action = action, .fields = {}};
}

model::Declared<model::List> Declared(const char* name, const char* filter) {
  model::Declared<model::List> entry;
  entry.value.name = name;
  entry.value.filter = filter;
  entry.source = {"config/lists.yaml", 7};
  return entry;
}

plan::Plan Deleting(std::vector<Change> more = {}) {
  plan::Plan plan;
  plan.changes = std::move(more);
  plan.changes.push_back(Push(Kind::kFilter, "Old", Action::kDelete));
  return plan;
}

TEST_CASE("a filter that goes while lists use it is an error that names them") {
  auto errors = CheckFilterDeletions(Deleting(), {}, {{"Old", {"A", "B"}}, {"Else", {"C"}}});
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].message == "filter `Old` cannot be deleted: lists `A`, `B` use it in the org");
}

TEST_CASE("lists that the plan gives another filter do not stand in the way") {
  auto plan = Deleting({Push(Kind::kList, "A", Action::kUpdate)});
  config::Desired desired;
  desired.Of<model::List>() = {Declared("A", "New")};
  CHECK(CheckFilterDeletions(plan, desired, {{"Old", {"A"}}}).empty());
  auto errors = CheckFilterDeletions(plan, desired, {{"Old", {"A", "B"}}});
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].message == "filter `Old` cannot be deleted: list `B` uses it in the org");
  // A pull changes the files, not the org.
  plan.changes[0].direction = reconcile::Direction::kPull;
  CHECK(CheckFilterDeletions(plan, desired, {{"Old", {"A"}}}).size() == 1);
}

TEST_CASE("a filter that goes while the files assign it is an error at that line") {
  config::Desired desired;
  desired.Of<model::List>() = {Declared("A", "Old")};
  for (const snapshot::FilterUsers& users :
       {snapshot::FilterUsers{}, snapshot::FilterUsers{{"Old", {"A"}}}}) {
    auto errors = CheckFilterDeletions(Deleting(), desired, users);
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].message == "list `A` takes the filter `Old`, which this plan deletes");
    REQUIRE(errors[0].where);
    CHECK(errors[0].where->line == 7);
  }
}

TEST_CASE("a filter that only --prune would delete stays where lists use it, and this is said") {
  plan::Decisions decisions;
  auto known = Push(Kind::kFilter, "Known", Action::kDelete);
  known.fields = {{.name = "criteria", .base = "a", .local = {}, .remote = "a"}};
  for (const char* name : {"Free", "Used", "Assigned", "Absent", "Released"}) {
    decisions.changes.push_back(Push(Kind::kFilter, name, Action::kDelete));
    decisions.changes.back().id = "9";
    decisions.changes.back().fields = {
        {.name = "criteria", .base = {}, .local = {}, .remote = "a"}};
  }
  decisions.changes.push_back(known);
  decisions.changes.push_back(Push(Kind::kList, "R", Action::kUpdate));
  config::Desired desired;
  desired.Of<model::List>() = {Declared("A", "Assigned"), Declared("R", "New")};
  model::Declared<model::Filter> absent;
  absent.value.name = "Absent";
  absent.absent = true;
  desired.Of<model::Filter>() = {absent};
  auto warnings = KeepPrunedInUse(decisions, desired,
                                  {{"Used", {"U"}},
                                   {"Assigned", {"A", "B"}},
                                   {"Absent", {"U"}},
                                   {"Known", {"U"}},
                                   {"Released", {"R"}}});
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0].message == "filter `Used` is not pruned: list `U` uses it");
  CHECK(warnings[1].message == "filter `Assigned` is not pruned: lists `A`, `B` use it");
  std::vector<std::string> left;
  for (const auto& change : decisions.changes) left.push_back(change.key);
  CHECK(left == std::vector<std::string>{"Free", "Absent", "Released", "Known", "R"});
  REQUIRE(decisions.unmanaged.size() == 2);
  CHECK(decisions.unmanaged[0].key == "Used");
  CHECK(decisions.unmanaged[0].id == "9");
}

TEST_CASE("who uses a filter is asked only where one may go") {
  model::Remote<model::Filter> old;
  old.value.name = "Old";
  snapshot::Snapshot org;
  org.Of<model::Filter>() = {old};
  config::Desired desired;
  BaseSide base;
  CHECK_FALSE(FilterMayGo(desired, base, org, /*prune=*/false));
  CHECK(FilterMayGo(desired, base, org, /*prune=*/true));
  base.Of<model::Filter>().push_back({.value = old.value});
  CHECK(FilterMayGo(desired, base, org, /*prune=*/false));
  desired.Of<model::Filter>().push_back({.value = old.value, .source = {}});
  CHECK_FALSE(FilterMayGo(desired, base, org, /*prune=*/true));
  desired.Of<model::Filter>()[0].absent = true;
  base.Of<model::Filter>().clear();
  CHECK(FilterMayGo(desired, base, org, /*prune=*/false));
}

}  // namespace
}  // namespace viasync::workflow
