#include "engine/plan/limits.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/plan/plans.h"

namespace viasync::plan {
namespace {

TEST_CASE("ParseLimit reads numbers and percentages, and nothing else") {
  struct Row {
    const char* text;
    const char* read;  // nullptr: refused
  };
  for (const auto& [text, read] : {Row{"5", "5"},
                                   {"0", "0"},
                                   {"50%", "50%"},
                                   {" 50 % ", "50%"},
                                   {"100%", "100%"},
                                   {"101%", nullptr},
                                   {"", nullptr},
                                   {"%", nullptr},
                                   {"-1", nullptr},
                                   {"+1", nullptr},
                                   {"5.5", nullptr},
                                   {"5 0", nullptr},
                                   {"five", nullptr},
                                   {"5%%", nullptr},
                                   {"99999999999999999999", nullptr}}) {
    CAPTURE(std::string(text));
    auto limit = ParseLimit(text);
    CHECK(limit.has_value() == (read != nullptr));
    if (limit && read) CHECK(LimitText(*limit) == read);
  }
}

TEST_CASE("Allowed: a number as it is, a share of what the org holds, rounded down") {
  CHECK(Allowed(*ParseLimit("5"), 0) == 5);
  CHECK(Allowed(*ParseLimit("50%"), 41) == 20);
  CHECK(Allowed(*ParseLimit("50%"), 1) == 1);  // a small org is not stopped by its size
  CHECK(Allowed(*ParseLimit("1%"), 50) == 1);
  CHECK(Allowed(*ParseLimit("0%"), 1000) == 0);
  CHECK(Allowed(*ParseLimit("0"), 1000) == 0);
  CHECK(Allowed(*ParseLimit("100%"), 200'000) == 200'000);
}

Plan With(std::size_t count, Kind kind, Action action, std::size_t population) {
  std::vector<Change> changes;
  for (std::size_t i = 0; i < count; ++i) {
    changes.push_back(PushOf(kind, "k" + std::to_string(i), action));
    changes.back().protected_until = base::UtcTime{};  // it protected nobody any more
  }
  auto header = Header();
  header.population.all.fill(population);
  return MakePlan(header, {.changes = std::move(changes)});
}

TEST_CASE("the defaults") {
  struct Row {
    Kind kind;
    Action action;
    std::size_t population;
    std::size_t most;  // that pass
  };
  for (const auto& [kind, action, population, most] :
       {Row{Kind::kFilter, Action::kDelete, 1000, 5},
        {Kind::kExclusion, Action::kDelete, 1000, 100},
        {Kind::kFilter, Action::kUpdate, 100, 50},
        {Kind::kFilter, Action::kUpdate, 3, 10},
        {Kind::kExclusion, Action::kUpdate, 1000, 500},
        {Kind::kList, Action::kUpdate, 30, 15}}) {
    CAPTURE(static_cast<int>(kind));
    CAPTURE(static_cast<int>(action));
    CHECK(CheckLimits(With(most, kind, action, population), DefaultLimits()).empty());
    CHECK(CheckLimits(With(most + 1, kind, action, population), DefaultLimits()).size() == 1);
  }
  CHECK(CheckLimits(With(5000, Kind::kExclusion, Action::kCreate, 0), DefaultLimits()).empty());
}

TEST_CASE("an exceeded limit names itself, the counts, and what lifts it for this run") {
  auto exceeded = CheckLimits(With(12, Kind::kFilter, Action::kUpdate, 22), DefaultLimits());
  CHECK(exceeded == std::vector<Exceeded>{{"filters.update", "50%", 11, 12, 22}});
  auto errors = LimitErrors(exceeded);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].kind == base::ErrorKind::kLimit);
  CHECK(errors[0].message ==
        "the plan would update 12 filters of 22; the limit filters.update is 50% (11)");
  CHECK(errors[0].hint ==
        "look at the plan; if it is right, allow this one run with --limit filters.update=12, or "
        "raise limits.filters.update in viasync.yaml");
  CHECK(LimitErrors(std::vector<Exceeded>{{"lists.delete", "0", 0, 1, 9}})[0].message ==
        "the plan would delete 1 list; the limit lists.delete is 0");
}

// As many removals of exclusions that have no end.
Plan Unprotecting(std::size_t count) {
  std::vector<Change> changes;
  for (std::size_t i = 0; i < count; ++i) {
    changes.push_back(PushOf(Kind::kExclusion, "k" + std::to_string(i), Action::kDelete));
  }
  return PlanOf(std::move(changes));
}

TEST_CASE("what allows contact again has a limit of its own, named before all others") {
  CHECK(CheckLimits(Unprotecting(10), DefaultLimits()).empty());
  auto exceeded = CheckLimits(Unprotecting(11), DefaultLimits());
  CHECK(exceeded == std::vector<Exceeded>{{"exclusions.unprotect", "10", 10, 11, 1000}});
  auto errors = LimitErrors(exceeded);
  CHECK(errors[0].message ==
        "11 changes of the plan allow contact again; the limit exclusions.unprotect is 10");
  CHECK(errors[0].hint.find("--limit exclusions.unprotect=11") != std::string::npos);
  auto both = CheckLimits(Unprotecting(101), DefaultLimits());
  REQUIRE(both.size() == 2);
  CHECK(both[0].limit == "exclusions.unprotect");
  CHECK(both[1].limit == "exclusions.delete");
}

TEST_CASE("every limit is found by its name, and nothing else is") {
  auto limits = DefaultLimits();
  CHECK(LimitNames().size() == 10);
  for (const auto& name : LimitNames()) {
    CAPTURE(name);
    auto* limit = FindLimit(limits, name);
    REQUIRE(limit != nullptr);
    *limit = ParseLimit("3");
  }
  CHECK(limits.For(Kind::kList, Action::kDelete)->value == 3);
  CHECK(limits.unprotect->value == 3);
  for (const char* name : {"", "filters", "filters.unprotect", "exclusions.", "unprotect"}) {
    CHECK(FindLimit(limits, name) == nullptr);
  }
}

TEST_CASE("what the hint says lifts this limit and no other") {
  auto plan = With(6, Kind::kFilter, Action::kDelete, 100);
  auto more = With(101, Kind::kExclusion, Action::kDelete, 100).changes;
  std::ranges::copy(more, std::back_inserter(plan.changes));
  auto limits = DefaultLimits();
  CHECK(CheckLimits(plan, limits).size() == 2);
  limits.For(Kind::kFilter, Action::kDelete) = ParseLimit("6");
  auto left = CheckLimits(plan, limits);
  REQUIRE(left.size() == 1);
  CHECK(left[0].limit == "exclusions.delete");
}

TEST_CASE("a filter that gets another name does not count as deleted") {
  std::vector<Change> changes;
  for (int i = 0; i < 8; ++i) {
    const std::string n = std::to_string(i);
    auto gone = PushOf(Kind::kFilter, "Old" + n, Action::kDelete);
    gone.fields = {{.name = "criteria", .base = "A = " + n, .remote = "A = " + n}};
    auto made = PushOf(Kind::kFilter, "New" + n, Action::kCreate);
    made.fields = {{.name = "criteria", .local = "a = " + n}};
    if (i < 3) made.fields[0].local = "A  =" + n;  // the same to the org
    changes.push_back(std::move(gone));
    changes.push_back(std::move(made));
  }
  auto plan = PlanOf(changes);
  CHECK(plan.renames.size() == 3);
  CHECK(CheckLimits(plan, DefaultLimits()).empty());  // 5 of 8 are deleted
  auto limits = DefaultLimits();
  limits.For(Kind::kFilter, Action::kDelete) = ParseLimit("4");
  auto exceeded = CheckLimits(plan, limits);
  REQUIRE(exceeded.size() == 1);
  CHECK(exceeded[0].count == 5);
}

TEST_CASE("pulls and conflicts count for nothing; no limit stops nothing") {
  auto plan = With(50, Kind::kFilter, Action::kDelete, 100);
  CHECK(CheckLimits(plan, Limits{}).empty());
  for (auto& change : plan.changes) change.direction = Direction::kPull;
  CHECK(CheckLimits(plan, DefaultLimits()).empty());
}

}  // namespace
}  // namespace viasync::plan
