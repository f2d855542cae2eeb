#include "engine/report/result_text.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/report/plans.h"

namespace viasync::report {
namespace {

using namespace test;
using apply::ApplyResult;
using apply::StepResult;

ApplyResult Sample() {
  ApplyResult result{.environment = "dev", .org = "acme-dev", .plan_id = "sha256:12"};
  result.steps = {{FilterUpdate(), StepResult::kDone},
                  {FilterCreate(), StepResult::kFailed, "400: criteria refused"},
                  {ListUpdate(), StepResult::kSkipped, "filter InitialLeadPhase failed"},
                  {ExclusionCreate(), StepResult::kUnknown, "no answer for 09876322222"}};
  result.took = base::Millis(4200);
  result.requests = 31;
  result.retries = 1;
  result.settled = {"create exclusion voice:09876322222@*: was done"};
  return result;
}

TEST_CASE("an apply that stopped half-way says what is done, what is not and why, and what to do") {
  CHECK(ApplyText(Sample(), {}) == R"(settled  create exclusion voice:09876322222@*: was done
done     1 filter updated
unknown  create exclusion voice:09876322222@ContactList1: no answer for 09876322222
failed   create filter InitialLeadPhase: 400: criteria refused
skipped  update list BaseOutreachList1: filter InitialLeadPhase failed

Stopped half-way: 1 of 4 changes done; 1 unknown, 1 failed, 1 skipped. 31 requests in 4.2 s, 1 retry
Run the same command again: it first asks the org what became of the unknown ones, then goes on.
)");
}

TEST_CASE("an apply that did everything is two lines") {
  ApplyResult result{
      .steps = {{FilterUpdate(), StepResult::kDone}, {FilterDelete(), StepResult::kDone}}};
  result.requests = 1200;
  CHECK(
      ApplyText(result, {}) ==
      "done     1 filter updated, 1 filter deleted\n\nDone: 2 changes. 1,200 requests in 0.0 s\n");
  CHECK(CountSteps(result).Complete());
}

TEST_CASE("every way not to be done is counted and makes a run incomplete") {
  for (auto state : {StepResult::kFailed, StepResult::kSkipped, StepResult::kUnknown,
                     StepResult::kConflict, StepResult::kStale, StepResult::kNotStarted}) {
    ApplyResult result{.steps = {{FilterUpdate(), state}}};
    CHECK_FALSE(CountSteps(result).Complete());
    CHECK(ApplyText(result, {}).find("0 of 1 change done; 1 ") != std::string::npos);
    CHECK(ApplyText(result, {}).find("again") != std::string::npos);
  }
}

TEST_CASE("a long list of what is not done is cut and counted") {
  ApplyResult result;
  for (int i = 0; i < 100; ++i) result.steps.push_back({FilterUpdate(), StepResult::kNotStarted});
  auto text = ApplyText(result, {}, 3);
  CHECK(text.find("         … and 97 more (--full lists them)\n") != std::string::npos);
}

TEST_CASE("a protection that did not arrive comes first and is never cut") {
  ApplyResult result;
  for (int i = 0; i < 50; ++i) result.steps.push_back({FilterUpdate(), StepResult::kUnknown});
  for (int i = 0; i < 50; ++i) {
    result.steps.push_back({ExclusionCreate(std::to_string(20655500 + i)), StepResult::kSkipped});
  }
  auto text = ApplyText(result, {}, 3);
  CHECK(text.find("skipped  create exclusion") < text.find("unknown  update filter"));
  CHECK(text.find("20655549") != std::string::npos);
  CHECK(text.find("… and 50 more") != std::string::npos);
}

TEST_CASE("what was done and allows contact again is counted, in every format") {
  auto gone = ExclusionDelete();
  gone.unprotects = true;
  ApplyResult result{.steps = {{gone, StepResult::kDone},
                               {gone, StepResult::kFailed},
                               {FilterUpdate(), StepResult::kDone}}};
  CHECK(ApplyText(result, {}).find("\n         1 of these allows contact again\n") !=
        std::string::npos);
  CHECK(ApplyMarkdown(result).find("- **1 of these allows contact again**\n") != std::string::npos);
  auto json = nlohmann::json::parse(ApplyJson(result));
  CHECK(json["summary"]["unprotected"] == 1);
  CHECK(json["steps"][0]["unprotects"] == true);
  CHECK_FALSE(json["steps"][2].contains("unprotects"));
}

reconcile::FieldChange MovedCriteria() {
  return {.name = "criteria", .base = "A = 1\n", .local = "A = 2", .remote = "A = 1\nAND C = 7"};
}

TEST_CASE("what moved in the org since the plan is shown with all three terms, in every format") {
  ApplyResult result{.steps = {{FilterUpdate(), StepResult::kConflict, "left alone"}}};
  result.steps[0].moved = {MovedCriteria()};
  CHECK(ApplyText(result, {})
            .find("         criteria\n"
                  "           base    A = 1\n"
                  "           local   A = 2\n"
                  "           remote  A = 1\n"
                  "                   AND C = 7\n") != std::string::npos);
  auto field = nlohmann::json::parse(ApplyJson(result))["steps"][0]["moved"][0];
  CHECK(field == nlohmann::json({{"name", "criteria"},
                                 {"base", "A = 1\n"},
                                 {"local", "A = 2"},
                                 {"remote", "A = 1\nAND C = 7"}}));
  CHECK(ApplyMarkdown(result).find("  - criteria local: `A = 2`\n") != std::string::npos);
}

TEST_CASE("what was merged after the plan is shown, though it is done") {
  ApplyResult result{.steps = {{FilterUpdate(), StepResult::kDone, "merged: by --merge"}}};
  result.steps[0].moved = {MovedCriteria()};
  result.steps[0].moved[0].merged = "A = 2 AND C = 7";
  auto text = ApplyText(result, {});
  CHECK(text.find("\nmerged   update filter") != std::string::npos);
  CHECK(text.find("           merged  A = 2 AND C = 7\n") != std::string::npos);
  CHECK(nlohmann::json::parse(ApplyJson(result))["steps"][0]["moved"][0]["merged"] ==
        "A = 2 AND C = 7");
  CHECK(ApplyMarkdown(result).find("  - criteria merged: `A = 2 AND C = 7`\n") !=
        std::string::npos);
}

TEST_CASE("a masked result names no address, not even where the org's message does") {
  auto text = ApplyMarkdown(Sample());
  CHECK(text.find("09876322222") == std::string::npos);
  CHECK(text.find("- unknown: `create exclusion voice:0987•••2222@ContactList1` `no answer for "
                  "0987•••2222`\n") != std::string::npos);
  CHECK(text.find("`1 change of a run that was cut off`") != std::string::npos);
  CHECK(ApplyMarkdown(Sample(), false).find("09876322222") != std::string::npos);
}

TEST_CASE("hostile notes are harmless in every format") {
  auto result = Sample();
  result.steps[1].note = "\x1b[2J</details>```\n| x";
  result.org = result.stopped = "`<b>@all";
  CHECK(ApplyText(result, {}).find("\\x1b[2J</details>```\\n| x") != std::string::npos);
  CHECK(ApplyText(result, {}).find('\x1b') == std::string::npos);
  CHECK(ApplyMarkdown(result).find("````\\x1b[2J</details>```\\n\\x7c x````") != std::string::npos);
  CHECK(ApplyMarkdown(result).find("`` `<b>@all ``") != std::string::npos);
  CHECK(nlohmann::json::parse(ApplyJson(result))["org"] == "`<b>@all");
}

TEST_CASE("as JSON, every step has its state") {
  auto json = nlohmann::json::parse(ApplyJson(Sample()));
  CHECK(json["format"] == "viasync-apply/1");
  CHECK(json["summary"]["failed"] == 1);
  CHECK(json["steps"].size() == 4);
  CHECK(json["steps"][3]["state"] == "unknown");
  CHECK(json["steps"][3]["key"] == "voice:09876322222@ContactList1");
}

}  // namespace
}  // namespace viasync::report
