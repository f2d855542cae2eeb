#include "engine/report/plan_text.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/report/plan_html.h"
#include "engine/report/plan_markdown.h"
#include "tests/report/hostile.h"
#include "tests/report/plans.h"

namespace viasync::report {
namespace {

using namespace test;

Plan Of(std::vector<Change> changes) {
  return plan::MakePlan(Header(), {.changes = std::move(changes), .unchanged = 3});
}

// The text without its first two lines and without what follows the summary.
std::string Body(const Plan& plan, const Style& style = {}, const TextOptions& options = {}) {
  auto text = PlanText(plan, style, options);
  auto begin = text.find("\n\n") + 2;
  return text.substr(begin, text.find("\nPlan: ") - begin);
}

TEST_CASE("a plan with one of everything reads like this") {
  CHECK(PlanText(SamplePlan(), {.width = 0}) == R"(Plan for dev (acme-dev) · base: store

Filters: 1 to create, 1 to update, 1 to delete, 1 drifted

  + InitialLeadPhase  config/filters.yaml:2
      description  Leads of the first phase
      schema       BaseSchema
      criteria     DaysDelinquent > 30
                   AND State = 'AK'
                   ORDER BY Balance

  ~ LateStage         config/filters.yaml:31
      description  old → new
      criteria       …
                     AND C = 3
                   - AND State = 'AK'
                   + AND State IN ('AK', 'WA')
                     ORDER BY Balance

  - Winback

  < Promo             config/filters.yaml:60
      changed in the org by maria, 22 Nov 2026 22:10 UTC; apply leaves it alone
      criteria  - A = 1
                + A = 2

Exclusions: 1 to create, 1 to update, 1 to delete (times are UTC)

  + voice 09876322222       ContactList1  3 Nov 2017 23:20:50 → 12 Nov 2017 23:20  Customer not available  config/exclusions.yaml:7
  ~ email jane@example.com  all lists     end: no end → 31 Dec 2026 00:00                                  config/exclusions.yaml:14  protected for a shorter time
  - sms 2065550142          all lists     1 Jan 2026 00:00 → no end                Asked twice             may be texted again

Lists: 1 to update

  ~ BaseOutreachList1  filter: EarlyStage → InitialLeadPhase  config/lists.yaml:3

Conflicts: 1, nothing is written until they are settled

  ! filter HighBalance  config/filters.yaml:80
      changed otherwise in the files and in the org (there by maria, 22 Nov 2026 22:10 UTC)
      criteria
        base    Balance > 900
                AND State = 'AK'
        local   - Balance > 900
                + Balance > 500
                  AND State = 'AK'
        remote  - Balance > 900
                + Balance > 100
                  AND State = 'AK'

Plan: 2 to create, 3 to update, 2 to delete; 1 drifted, 1 conflict, 214 unchanged, 2 unmanaged.
Plan 37dd07821987

Nothing is applied while there are conflicts. Edit the files, take a side with --prefer local|remote (--prefer KEY=local for one), or leave them out with:
  viasync apply -e dev --skip-conflicts
)");
}

TEST_CASE("a plan without changes is one line") {
  CHECK(PlanText(EmptyPlan(), {}) ==
        "No changes. acme-dev matches the repository (214 resources).\n");
  auto plan = plan::MakePlan(Header(), {.unmanaged = {{Kind::kFilter, "X", "1"}}, .unchanged = 1});
  CHECK(PlanText(plan, {}) ==
        "No changes. acme-dev matches the repository (1 resource).\n"
        "1 unmanaged resource left alone (--verbose names them).\n");
  CHECK(PlanText(plan, {}, {.verbose = true}).find("filter X  id 1") != std::string::npos);
}

TEST_CASE("the first run says that nothing is deleted, unless something is") {
  auto plan = Of({FilterCreate()});
  plan.base_from = "none";
  CHECK(PlanText(plan, {}).find("base: none (first run: nothing is deleted)") != std::string::npos);
  plan = Of({FilterDelete()});
  plan.base_from = "none";
  CHECK(PlanText(plan, {}).find("nothing is deleted") == std::string::npos);
}

TEST_CASE("without a base the head says what cannot be known, and a change who was there last") {
  auto change = FilterUpdate();
  change.modified_by = "maria";
  auto plan = Of({change});
  CHECK(PlanText(plan, {}).find("There is no base") == std::string::npos);
  CHECK(PlanText(plan, {}).find("maria") == std::string::npos);
  for (auto& field : change.fields) field.base.reset();
  plan = Of({change});
  for (const char* from : {"none", "none (in commit abc `dev` is org acme-old)"}) {
    CAPTURE(from);
    plan.base_from = from;
    auto text = PlanText(plan, {});
    CHECK(text.find("There is no base: edits made in the org cannot be told from changes in the "
                    "files.\n1 object of the org would be updated or deleted") !=
          std::string::npos);
    CHECK(text.find("last changed in the org by maria") != std::string::npos);
    CHECK(PlanMarkdown(plan, {}).find("There is no base") != std::string::npos);
    CHECK(PlanHtml(plan, {}).find("There is no base") != std::string::npos);
  }
  plan = Of({FilterCreate()});
  plan.base_from = "none";
  CHECK(PlanText(plan, {}).find("There is no base") == std::string::npos);
}

TEST_CASE("a push over drift says so, and who is overruled") {
  auto change = FilterUpdate();
  change.reverts_drift = true;
  change.modified_by = "maria";
  CHECK(Body(Of({change})).find("↺ takes back a change made in the org by maria") !=
        std::string::npos);
}

TEST_CASE("many changes of a kind are shown by example and counted by file") {
  auto text = PlanText(LargePlan(5000), {}, {.changes_max = 5});
  CHECK(text.find("    … and 4,996 more exclusions to create (config/exclusions/dnc.csv)\n") !=
        std::string::npos);
  CHECK(text.find("  ~ LateStage") != std::string::npos);
  CHECK(std::ranges::count(text, '\n') < 30);
  CHECK(std::ranges::count(PlanText(LargePlan(500), {}, {.verbose = true}), '\n') > 500);
}

TEST_CASE("a narrow terminal costs the end of a reason, and nothing else") {
  auto text = Body(Of({ExclusionCreate()}), {.width = 80});
  CHECK(text.find("09876322222  ContactList1") != std::string::npos);
  CHECK(text.find("Customer no…  config/exclusions.yaml:7") != std::string::npos);
}

TEST_CASE("addresses are masked where asked, in conflicts and unmanaged too") {
  auto conflict = FilterConflict();
  conflict.change.kind = Kind::kExclusion;
  conflict.change.key = "voice:09876322222@ContactList1";
  conflict.change.fields = {{"type", "voice", "voice", "voice"},
                            {"address", "09876322222", "09876322222", "09876322222"},
                            {"reason", "a", "b", "c"}};
  auto plan =
      plan::MakePlan(Header(), {.changes = {ExclusionCreate(), ExclusionUpdate()},
                                .conflicts = {conflict},
                                .unmanaged = {{Kind::kExclusion, "sms:09876322222@*", "1"}}});
  auto text = PlanText(plan, {.mask = true}, {.verbose = true});
  CHECK(text.find("9876322222") == std::string::npos);
  CHECK(text.find("jane") == std::string::npos);
  CHECK(text.find("0987•••2222") != std::string::npos);
  CHECK(PlanText(plan, {}, {.verbose = true}).find("09876322222") != std::string::npos);
}

TEST_CASE("colour comes with codes, and no colour without any") {
  CHECK(PlanText(SamplePlan(), {.colour = true}).find("\x1b[32m+\x1b[0m") != std::string::npos);
  CHECK(PlanText(SamplePlan(), {.colour = false}).find('\x1b') == std::string::npos);
}

TEST_CASE("nothing that the org holds reaches a terminal as a control character") {
  for (const auto& text : kHostile) {
    CAPTURE(text);
    auto printed = PlanText(HostilePlan(text), {}, {.verbose = true});
    CHECK(printed == base::Printable(printed, true));
    CHECK(printed.find('\t') == std::string::npos);
  }
}

}  // namespace
}  // namespace viasync::report
