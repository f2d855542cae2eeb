// What must wait for what, and nothing else.
#include "engine/plan/order.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace viasync::plan {
namespace {

using model::Kind;
using reconcile::Action;
using reconcile::Change;
using Needs = std::vector<std::size_t>;

Change Filter(const char* name, Action action) {
  return {.kind = Kind::kFilter, .key = name, .action = action};
}

Change List(const char* from, const char* to) {
  return {.kind = Kind::kList,
          .key = "L",
          .before = {{"name", "L"}, {"filter", from}},
          .after = {{"name", "L"}, {"filter", to}}};
}

Change Exclusion(const char* address, Action action, bool protects) {
  model::Values values = {{"type", "voice"}, {"address", address}};
  Change change{.kind = Kind::kExclusion, .action = action, .protects = protects};
  (action == Action::kDelete ? change.before : change.after) = values;
  return change;
}

}  // namespace

TEST_CASE(
    "a list takes a filter after it was made, and a filter goes after its lists released it") {
  CHECK(NeedsOf({Filter("New", Action::kCreate), Filter("Other", Action::kCreate),
                 List("Old", "New"), Filter("Old", Action::kDelete)}) ==
        std::vector<Needs>{{}, {}, {0}, {2}});
}

TEST_CASE("a filter that is only changed holds nobody up") {
  CHECK(NeedsOf({Filter("F", Action::kUpdate), List("", "F")}) == std::vector<Needs>{{}, {}});
}

TEST_CASE("what takes protection away comes after all that protects, and needs the same person's") {
  const std::vector<Change> pushes = {
      Exclusion("1", Action::kCreate, true), Exclusion("2", Action::kUpdate, true),
      Exclusion("1", Action::kDelete, false), Exclusion("3", Action::kUpdate, false)};
  std::vector<Rank> ranks;
  for (const auto& push : pushes) ranks.push_back(RankOf(push));
  CHECK(ranks ==
        std::vector<Rank>{Rank::kProtect, Rank::kProtect, Rank::kUnprotect, Rank::kUnprotect});
  CHECK(NeedsOf(pushes) == std::vector<Needs>{{}, {}, {0}, {}});
}

TEST_CASE("whatever is needed has a lower rank than what needs it") {
  CHECK(rc::check([] {
    std::vector<Change> pushes;
    for (int i = *rc::gen::inRange(0, 12); i > 0; --i) {
      auto action = static_cast<Action>(*rc::gen::inRange(0, 3));
      auto name = *rc::gen::elementOf(std::vector<const char*>{"A", "B", "C"});
      auto other = *rc::gen::elementOf(std::vector<const char*>{"", "A", "B", "C"});
      auto kind = *rc::gen::inRange(0, 3);
      if (kind == 0) pushes.push_back(Filter(name, action));
      if (kind == 1) pushes.push_back(List(other, name));
      if (kind == 2) pushes.push_back(Exclusion(name, action, *rc::gen::arbitrary<bool>()));
    }
    auto needs = NeedsOf(pushes);
    RC_ASSERT(needs.size() == pushes.size());
    for (std::size_t i = 0; i < needs.size(); ++i) {
      for (auto need : needs[i]) RC_ASSERT(RankOf(pushes[need]) < RankOf(pushes[i]));
    }
  }));
}

}  // namespace viasync::plan
