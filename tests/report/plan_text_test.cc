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

2 changes allow contact again (times are UTC)

  - sms 2065550142          all lists  1 Jan 2026 00:00 → no end        Asked twice  may be texted again
  ~ email jane@example.com  all lists  end: no end → 31 Dec 2026 00:00               config/exclusions.yaml:14  less protection

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

Exclusions: 1 to create, 1 to update, 1 to delete; 2 of these are listed above (times are UTC)

  + voice 09876322222  ContactList1  3 Nov 2017 23:20:50 → 12 Nov 2017 23:20  Customer not available  config/exclusions.yaml:7

Lists: 1 to update

  ~ BaseOutreachList1  filter: EarlyStage → InitialLeadPhase  config/lists.yaml:3

Conflicts: 1, nothing is written until they are settled

  ! filter HighBalance  config/filters.yaml:80
      changed differently in the files and in the org (in the org by maria, 22 Nov 2026 22:10 UTC)
      criteria
        base    Balance > 900
                AND State = 'AK'
        local   - Balance > 900
                + Balance > 500
                  AND State = 'AK'
        remote  - Balance > 900
                + Balance > 100
                  AND State = 'AK'

Plan: 2 to create, 3 to update, 2 to delete, of which 2 allow contact again; 1 drifted, 1 conflict, 214 unchanged, 2 unmanaged.
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
        "1 unmanaged resource left alone (--full names them).\n");
  CHECK(PlanText(plan, {}, {.full = true}).find("filter X  id 1") != std::string::npos);
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

TEST_CASE("with a base, the head counts what the base does not know") {
  auto change = FilterUpdate();
  auto plan = Of({change});
  plan.base_from = "store";
  CHECK(PlanText(plan, {}).find("not in the base") == std::string::npos);
  for (auto& field : change.fields) field.base.reset();
  change.modified_by = "maria";
  plan = Of({change});
  plan.base_from = "store";
  for (const auto& text : {PlanText(plan, {}), PlanMarkdown(plan, {}), PlanHtml(plan, {})}) {
    CHECK(text.find("1 object that would be updated is not in the base") != std::string::npos);
    CHECK(text.find("maria") != std::string::npos);
  }
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
  CHECK(text.find("    … and 4,996 more exclusions to create, in config/exclusions/dnc.csv (--full "
                  "lists them)\n") != std::string::npos);
  CHECK(text.find("  ~ LateStage") != std::string::npos);
  CHECK(std::ranges::count(text, '\n') < 30);
  CHECK(std::ranges::count(PlanText(LargePlan(500), {}, {.full = true}), '\n') > 500);
}

TEST_CASE("a line that does not fit becomes two, and breaks between what it says") {
  CHECK(Body(Of({ExclusionCreate(), ExclusionDelete()}), {.width = 80}) ==
        R"(1 change allows contact again (times are UTC)

  - sms 2065550142  all lists  may be texted again
      1 Jan 2026 00:00 → no end · Asked twice

Exclusions: 1 to create, 1 to delete; 1 of these is listed above (times are UTC)

  + voice 09876322222  ContactList1  config/exclusions.yaml:7
      3 Nov 2017 23:20:50 → 12 Nov 2017 23:20 · Customer not available
)");
  CHECK(Body(Of({ListUpdate()}), {.width = 90}).find("  ~ BaseOutreachList1  filter: ") !=
        std::string::npos);
}

TEST_CASE("nothing is wider than the terminal, and no word is broken") {
  auto words = [](const std::string& text) {
    std::vector<std::string> all;
    for (auto line : base::Split(text, '\n')) {
      for (auto word : base::Split(line, ' ')) all.emplace_back(word);
    }
    // How values are set apart depends on the width.
    std::erase_if(all, [](const std::string& word) {
      return word.empty() || word == "·" || word == "→" || word == "+" || word == "-";
    });
    std::ranges::sort(all);
    return all;
  };
  auto plan = SamplePlan();
  plan.exceeded = {{"exclusions.unprotect", "1", 1, 2, 9}};
  const TextOptions options{.full = true, .next_step = false};
  for (int width : {60, 80, 100, 139}) {
    CAPTURE(width);
    auto text = PlanText(plan, {.colour = true, .width = width}, options);
    for (auto line : base::Split(text, '\n')) {
      CAPTURE(std::string(line));
      CHECK(Columns(line) <= static_cast<std::size_t>(width));
    }
    auto plain = PlanText(plan, {.width = width}, options);
    CHECK(words(plain) == words(PlanText(plan, {.width = 0}, options)));
  }
}

// Where `text` first speaks of each of the changes; npos = never.
std::vector<std::size_t> PlacesOf(const std::string& text, const std::vector<Change>& changes,
                                  bool unprotects) {
  std::vector<std::size_t> places;
  for (const auto& change : changes) {
    if (change.unprotects == unprotects)
      places.push_back(text.find(model::ParseExclusionKey(change.key).address));
  }
  return places;
}

TEST_CASE("what allows contact again stands first and is never cut") {
  auto plan = LargePlanThatUnprotects(500, 200);
  auto text = PlanText(plan, {.width = 80}, {.changes_max = 1});
  CHECK(text.find("200 changes allow contact again") != std::string::npos);
  CHECK(text.find("499 more exclusions to create") != std::string::npos);
  auto first = PlacesOf(text, plan.changes, true), others = PlacesOf(text, plan.changes, false);
  CHECK(first.size() == 200);
  CHECK(*std::ranges::max_element(first) < *std::ranges::min_element(others));
}

TEST_CASE("what the org allows already is shown before other drift, and said in the right words") {
  auto plan = Of({FilterDrift(), ExclusionLost(), FilterCreate()});
  auto text = PlanText(plan, {.width = 0});
  CHECK(text.find("1 change made in the org allows contact there already") < text.find("Filters:"));
  CHECK(text.find("may be called already") != std::string::npos);
  CHECK(text.find("deleted in the org; apply will not recreate it") != std::string::npos);
  CHECK(text.find("Plan: 1 to create, 0 to update, 0 to delete; 2 drifted") != std::string::npos);
  auto pull = PlanText(plan::OnlyPulls(plan), {.width = 0}, {.purpose = Purpose::kPull});
  CHECK(pull.find("1 change takes protection out of the files") < pull.find("Filters:"));
  CHECK(pull.find("Pull: 2 changes into the files, of which 1 takes protection out of them; ") !=
        std::string::npos);
}

TEST_CASE("a comparison of orgs allows nothing") {
  auto text = PlanText(Of({ExclusionDelete()}), {.width = 0}, {.purpose = Purpose::kDiff});
  CHECK(text.find("again") == std::string::npos);
}

TEST_CASE("a limit that is exceeded stands at the end, with what allows this run") {
  auto plan = Of({ExclusionDelete(), FilterDelete()});
  plan.options.limits = {{"lists.update", "9"}};
  plan.exceeded = {{"exclusions.unprotect", "0", 0, 1, 900}, {"filters.delete", "1%", 1, 2, 20}};
  auto text = PlanText(plan, {.width = 0});
  CHECK(text.ends_with(R"(
Over the limit
  exclusions.unprotect is 0, the plan has 1
  filters.delete is 1% (1 of 20), the plan has 2

Nothing is applied while a limit is exceeded. If the plan is right, allow this one run with:
  viasync apply -e dev --limit exclusions.unprotect=1 --limit filters.delete=2 --limit lists.update=9
)"));
  CHECK(text.find("Apply with") == std::string::npos);
  plan.exceeded.pop_back();
  CHECK(PlanText(plan, {.width = 0}).find("At a terminal, apply asks you to type that number.") !=
        std::string::npos);
  CHECK(PlanText(plan, {.width = 0}, {.next_step = false}).find("Over the limit") !=
        std::string::npos);
}

TEST_CASE("a rename is called one, at both names and in the summary") {
  auto text = PlanText(Of(FilterRename()), {.width = 0});
  CHECK(text.find("  + Comeback  config/filters.yaml:2\n      the new name of Winback: same "
                  "criteria\n") != std::string::npos);
  CHECK(text.find("  - Winback\n      renamed to Comeback: same criteria, so it does not count as "
                  "deleted\n") != std::string::npos);
  CHECK(text.find("1 to delete (1 renamed);") != std::string::npos);
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
  auto text = PlanText(plan, {.mask = true}, {.full = true});
  CHECK(text.find("9876322222") == std::string::npos);
  CHECK(text.find("jane") == std::string::npos);
  CHECK(text.find("0987•••2222") != std::string::npos);
  CHECK(PlanText(plan, {}, {.full = true}).find("09876322222") != std::string::npos);
}

TEST_CASE("colour comes with codes, and no colour without any") {
  CHECK(PlanText(SamplePlan(), {.colour = true}).find("\x1b[32m+\x1b[0m") != std::string::npos);
  CHECK(PlanText(SamplePlan(), {.colour = false}).find('\x1b') == std::string::npos);
}

TEST_CASE("nothing that the org holds reaches a terminal as a control character") {
  for (const auto& text : kHostile) {
    CAPTURE(text);
    auto printed = PlanText(HostilePlan(text), {}, {.full = true});
    CHECK(printed == base::Printable(printed, true));
    CHECK(printed.find('\t') == std::string::npos);
  }
}

}  // namespace
}  // namespace viasync::report
