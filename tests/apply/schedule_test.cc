// What must wait for what, and nothing else.
#include "engine/apply/schedule.h"

#include <doctest/doctest.h>

namespace viasync::apply {
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
  auto schedule = MakeSchedule({Filter("New", Action::kCreate), Filter("Other", Action::kCreate),
                                List("Old", "New"), Filter("Old", Action::kDelete)});
  CHECK(schedule.needs == std::vector<Needs>{{}, {}, {0}, {2}});
}

TEST_CASE("a filter that is only changed holds nobody up") {
  auto schedule = MakeSchedule({Filter("F", Action::kUpdate), List("", "F")});
  CHECK(schedule.needs == std::vector<Needs>{{}, {}});
}

TEST_CASE("what allows contact again waits for all that protects, and needs the same person's") {
  auto schedule = MakeSchedule(
      {Exclusion("1", Action::kCreate, true), Exclusion("2", Action::kUpdate, true),
       Exclusion("1", Action::kDelete, false), Exclusion("3", Action::kUpdate, false)});
  CHECK(schedule.after_protection == std::vector<bool>{false, false, true, true});
  CHECK(schedule.needs == std::vector<Needs>{{}, {}, {0}, {}});
}

}  // namespace viasync::apply
