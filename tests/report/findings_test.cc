// What a run found, before any format: which rule, how bad, in which order, and without addresses.
#include "engine/report/findings.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "engine/report/mask_text.h"
#include "tests/report/plans.h"

namespace viasync::report {
namespace {

using namespace test;

base::Error At(std::string message, int line) {
  return {.message = std::move(message), .where = base::SourcePos{"config/a.yaml", line, 3}};
}

TEST_CASE("numbers and mail addresses in free text are masked") {
  CHECK(MaskText("`+12025550111` is not a number") == "`+120•••0111` is not a number");
  CHECK(MaskText("call (202) 555-0111.") == "call 20•••11.");
  CHECK(MaskText("to jane.doe@example.com.") == "to j•••@example.com.");
  CHECK(MaskText("2025550111, 2025550112") == "20•••11, 20•••12");
}

TEST_CASE("days, digests, counts and places stay, and so does what is masked already") {
  for (const char* text :
       {"since 2026-01-05T00:00:00Z", "sha256:0123456789abcdef", "1,000,000 of 2,000,000",
        "config/a.yaml:123456:7", "0987•••2222", "j•••@example.com", "a1234567890", "123456"}) {
    CHECK(MaskText(text) == text);
  }
}

TEST_CASE("a plan gives its findings, worst first") {
  FindingCollector collector;
  auto plan = SamplePlan();
  plan.warnings = Warnings();
  collector.AddPlan(plan, Purpose::kApply);
  collector.AddErrors({At("unknown key `critera`", 12)});
  const auto findings = collector.Take();
  std::vector<std::string> rules;
  for (const auto& finding : findings) rules.push_back(finding.rule);
  CHECK(rules.front() == "conflict");
  CHECK(rules[1] == "invalid-file");
  CHECK(rules[2] == "allows-contact-again");
  CHECK(rules.back() == "drift");
  CHECK(std::ranges::is_sorted(findings, {}, &Finding::severity));
  for (const auto& finding : findings) {
    CAPTURE(finding.message);
    CHECK(finding.fingerprint.size() == 64);
    for (const char* address : {"2065550142", "2025550111", "jane@"}) {
      CHECK((finding.message + finding.hint).find(address) == std::string::npos);
    }
  }
}

TEST_CASE("a fingerprint does not know lines, and tells two alike apart") {
  auto prints = [](int line) {
    FindingCollector collector("sub/");
    collector.AddErrors({At("first declared in config/b.yaml:" + std::to_string(line), line),
                         At("first declared in config/b.yaml:7", line + 4)});
    const auto findings = collector.Take();
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].file == "sub/config/a.yaml");
    CHECK(findings[0].line == line);
    return std::pair(findings[0].fingerprint, findings[1].fingerprint);
  };
  CHECK(prints(3) == prints(30));
  CHECK(prints(3).first != prints(3).second);
}

TEST_CASE("what is said twice is one finding") {
  FindingCollector collector;
  collector.AddErrors({At("x", 1), At("x", 1), At("x", 2)});
  CHECK(collector.Take().size() == 2);
}

TEST_CASE("two people whose masked numbers are alike are two findings") {
  FindingCollector collector;
  collector.AddPlan(LargePlanThatUnprotects(0, 300), Purpose::kApply);
  const auto findings = collector.Take();
  CHECK(findings.size() == 300);
  CHECK(findings[0].fingerprint != findings[1].fingerprint);
}

TEST_CASE("steps that were not done are errors, with the reason") {
  apply::ApplyResult result;
  result.steps = {{.change = FilterCreate(), .state = apply::StepResult::kDone},
                  {.change = ExclusionDelete(),
                   .state = apply::StepResult::kFailed,
                   .note = "2065550142 is locked"}};
  FindingCollector collector;
  collector.AddResult(result);
  const auto findings = collector.Take();
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "not-applied");
  CHECK(findings[0].message == "delete exclusion `sms:20•••42@*` failed: 20•••42 is locked");
}

}  // namespace
}  // namespace viasync::report
