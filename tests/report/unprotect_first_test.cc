// For any plan, in every format, at any size: what allows contact again is there, and stands before
// every other change.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/plan/plan_json.h"
#include "engine/report/plan_html.h"
#include "engine/report/plan_markdown.h"
#include "engine/report/plan_text.h"
#include "tests/report/plans.h"

namespace viasync::report {
namespace {

using namespace test;

// By this a change is found in any format.
std::string MarkerOf(std::size_t i) { return std::to_string(7065550000 + i); }

Change AnyChange(std::size_t i) {
  const auto what = *rc::gen::inRange(0, 5);
  Change change = what == 0 ? FilterUpdate() : what == 1 ? ListUpdate() : ExclusionDelete();
  change.direction = static_cast<Direction>(*rc::gen::inRange(0, 2));
  if (change.kind != Kind::kExclusion) {
    change.key = "Name" + MarkerOf(i);
    return change;
  }
  change.key = "sms:" + MarkerOf(i) + "@*";
  change.fields[1] = {"address", MarkerOf(i), MarkerOf(i), MarkerOf(i)};
  change.action = static_cast<Action>(*rc::gen::inRange(0, 3));
  change.protects = change.action == Action::kCreate || *rc::gen::arbitrary<bool>();
  if (!change.protects && *rc::gen::arbitrary<bool>()) {
    change.protected_until = Header().created + base::Millis(*rc::gen::inRange(-2, 3));
  }
  change.source = {"config/" + std::to_string(*rc::gen::inRange(0, 5)) + ".yaml", 1};
  return change;
}

Plan AnyPlan() {
  plan::Decisions decisions;
  const auto count = *rc::gen::inRange<std::size_t>(1, 80);
  for (std::size_t i = 0; i < count; ++i) decisions.changes.push_back(AnyChange(i));
  return plan::MakePlan(Header(), std::move(decisions));
}

struct Places {
  std::size_t last_unprotecting = 0, missing = 0;
  std::size_t first_other = std::string::npos;
};

Places Find(const Plan& plan, const std::string& text) {
  Places places;
  for (const auto& change : plan.changes) {
    const auto digits = change.key.find_first_of('7');
    const auto at = text.find(change.key.substr(digits, 10));
    if (!change.unprotects)
      places.first_other = std::min(places.first_other, at);
    else if (at == std::string::npos)
      ++places.missing;
    else
      places.last_unprotecting = std::max(places.last_unprotecting, at);
  }
  return places;
}

void AllFirst(const Plan& plan, const std::string& text) {
  auto places = Find(plan, text);
  RC_ASSERT(places.missing == 0u);
  RC_ASSERT(places.last_unprotecting < places.first_other);
}

TEST_CASE("text, whatever its width and however little of the rest it shows") {
  CHECK(rc::check([] {
    auto plan = AnyPlan();
    const Style style{.width = *rc::gen::elementOf(std::vector<int>{0, 40, 80, 100, 160})};
    for (auto purpose : {Purpose::kApply, Purpose::kSync}) {
      TextOptions options{.changes_max = *rc::gen::inRange<std::size_t>(0, 30), .purpose = purpose};
      options.full = *rc::gen::arbitrary<bool>();
      AllFirst(plan, PlanText(plan, style, options));
    }
    auto pulls = plan::OnlyPulls(plan);
    AllFirst(pulls, PlanText(pulls, style, {.changes_max = 1, .purpose = Purpose::kPull}));
  }));
}

TEST_CASE("HTML, however little of the rest it shows") {
  CHECK(rc::check([] {
    auto plan = AnyPlan();
    AllFirst(plan,
             PlanHtml(plan, {.mask = false, .changes_max = *rc::gen::inRange<std::size_t>(0, 30)}));
  }));
}

TEST_CASE("JSON, though its changes are in the order of writing") {
  CHECK(rc::check([] {
    auto plan = AnyPlan();
    AllFirst(plan, plan::PlanToJson(plan));
  }));
}

TEST_CASE(
    "Markdown: nothing else is shown while any of it is missing, and what is missing is said") {
  CHECK(rc::check([] {
    auto plan = AnyPlan();
    const auto bytes_max = *rc::gen::inRange<std::size_t>(4'000, 20'000);
    auto text = PlanMarkdown(plan, {.mask = false, .bytes_max = bytes_max});
    RC_ASSERT(text.size() <= bytes_max);
    auto places = Find(plan, text);
    RC_ASSERT(places.last_unprotecting < places.first_other);
    if (places.missing == 0) return;
    RC_ASSERT(places.first_other == std::string::npos);
    RC_ASSERT(text.find(std::to_string(places.missing) + " more of these did not fit") !=
              std::string::npos);
  }));
}

}  // namespace
}  // namespace viasync::report
