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
  }
  auto header = Header();
  header.population.fill(population);
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
  auto errors = CheckLimits(With(12, Kind::kFilter, Action::kUpdate, 22), DefaultLimits());
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].kind == base::ErrorKind::kLimit);
  CHECK(errors[0].message ==
        "the plan would update 12 filters of 22; the limit filters.update is 50% (11)");
  CHECK(errors[0].hint ==
        "look at the plan; if it is right, allow this one run with --limit filters.update=12, or "
        "raise limits.filters.update in viasync.yaml");
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
  CHECK(left[0].message.find("exclusions.delete") != std::string::npos);
}

TEST_CASE("pulls and conflicts count for nothing; no limit stops nothing") {
  auto plan = With(50, Kind::kFilter, Action::kDelete, 100);
  CHECK(CheckLimits(plan, Limits{}).empty());
  for (auto& change : plan.changes) change.direction = Direction::kPull;
  CHECK(CheckLimits(plan, DefaultLimits()).empty());
}

}  // namespace
}  // namespace viasync::plan
