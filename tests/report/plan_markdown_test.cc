#include "engine/report/plan_markdown.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/report/markdown.h"
#include "tests/report/hostile.h"
#include "tests/report/plans.h"

namespace viasync::report {
namespace {

using namespace test;

// What is left of Markdown once fenced blocks and inline code are taken out, as a renderer does.
std::string OutsideCode(const std::string& markdown) {
  std::string outside, fence;
  for (auto line : base::Split(markdown, '\n')) {
    auto ticks = std::min(line.find_first_not_of('`'), line.size());
    if (!fence.empty()) {
      if (line == fence) fence.clear();
      continue;
    }
    if (ticks >= 3 && line.find('`', ticks) == line.npos) {
      fence = line.substr(0, ticks);
      continue;
    }
    for (std::size_t at = 0; at < line.size();) {
      auto run = std::min(line.find_first_not_of('`', at), line.size()) - at;
      if (run == 0) {
        outside += line[at++];
        continue;
      }
      std::size_t close = at + run;
      while (close < line.size()) {  // a run of exactly the same length ends the code
        close = std::min(line.find('`', close), line.size());
        auto other = std::min(line.find_first_not_of('`', close), line.size()) - close;
        if (other == run) break;
        close += other;
      }
      REQUIRE(close < line.size());
      at = close + run;
    }
    outside += '\n';
  }
  REQUIRE(fence.empty());
  return outside;
}

TEST_CASE("a comment opens with the counts and folds the details away") {
  auto text = PlanMarkdown(SamplePlan());
  CHECK(text.starts_with(R"(### Plan for `dev` (`acme-dev`)

**Plan: 2 to create, 3 to update, 2 to delete, of which 2 allow contact again; 1 drifted, 1 conflict, 214 unchanged, 2 unmanaged.**

| | create | update | delete | drifted | conflicts |
|:--|--:|--:|--:|--:|--:|
| filters | 1 | 1 | 1 | 1 | 1 |
| exclusions | 1 | 1 | 1 | 0 | 0 |
| lists | 0 | 1 | 0 | 0 | 0 |

⚠ **Nothing is written until the conflicts are settled.**
)"));
  CHECK(text.find(R"(
<details open><summary>⚠ <b>2 changes allow contact again</b></summary>

| | who | list | what (UTC) | reason | source |
|:--|:--|:--|:--|:--|:--|
| delete | `sms 20•••42` | `all lists` | `1 Jan 2026 00:00 → no end` **may be texted again** | `Asked twice` | – |
| update | `email j•••@example.com` | )") < text.find("<b>conflicts</b>"));
  CHECK(text.find("\n<details><summary><b>filters</b>: 1 to create") != std::string::npos);
  CHECK(text.find(R"(
```diff
  …
  AND C = 3
- AND State = 'AK'
+ AND State IN ('AK', 'WA')
  ORDER BY Balance
```
)") != std::string::npos);
}

TEST_CASE("a plan without changes is a comment of three lines") {
  CHECK(PlanMarkdown(EmptyPlan())
            .find("**No changes.** `acme-dev` matches the repository (214 "
                  "resources).\n") != std::string::npos);
  CHECK(PlanMarkdown(EmptyPlan()).find("<details>") == std::string::npos);
}

TEST_CASE("addresses are masked unless asked otherwise") {
  CHECK(PlanMarkdown(SamplePlan()).find("09876322222") == std::string::npos);
  CHECK(PlanMarkdown(SamplePlan()).find("jane") == std::string::npos);
  CHECK(PlanMarkdown(SamplePlan(), {.mask = false}).find("09876322222") != std::string::npos);
}

TEST_CASE("100,000 changes fit into a comment, which says what it leaves out") {
  auto text = PlanMarkdown(LargePlan(100'000));
  CHECK(text.size() <= 60'000);
  CHECK(text.size() > 20'000);
  CHECK(text.find("**This comment omits 99,") != std::string::npos);
  CHECK(text.find("`LateStage`") != std::string::npos);
  OutsideCode(text);
}

TEST_CASE("values of any size leave the comment within its limit") {
  auto plan = HostilePlan(std::string(20'000, '`') + std::string(20'000, '\x1b'));
  for (std::size_t bytes_max : {60'000, 10'000, 4'000}) {
    auto text = PlanMarkdown(plan, {.bytes_max = bytes_max});
    CHECK(text.size() <= bytes_max);
    OutsideCode(text);
  }
}

TEST_CASE("what allows contact again stands first, and goes only when all else is gone") {
  for (std::size_t bytes_max : {60'000, 20'000, 4'000}) {
    CAPTURE(bytes_max);
    auto plan = LargePlanThatUnprotects(1'000, 100);
    auto text = PlanMarkdown(plan, {.mask = false, .bytes_max = bytes_max});
    CHECK(text.size() <= bytes_max);
    CHECK(text.find("100 changes allow contact again") != std::string::npos);
    OutsideCode(text);
    std::size_t shown = 0, last = 0, others = 0;
    for (const auto& change : plan.changes) {
      auto at = text.find(model::ParseExclusionKey(change.key).address);
      if (!change.unprotects) others += at != std::string::npos;
      if (!change.unprotects || at == std::string::npos) continue;
      ++shown;
      last = std::max(last, at);
    }
    if (others > 0) {
      CHECK(shown == 100);
      CHECK(last < text.find("to create</summary>"));
    }
    if (shown < 100) {
      CHECK(text.find(std::to_string(100 - shown) + " more of these did not fit") !=
            std::string::npos);
    }
    CHECK(shown > 30);
  }
}

TEST_CASE("a limit that is exceeded, and a rename, stand in a comment") {
  auto plan = plan::MakePlan(Header(), {.changes = FilterRename()});
  plan.exceeded = {{"filters.create", "0", 0, 1, 12}};
  auto text = PlanMarkdown(plan);
  CHECK(text.find("\n⛔ **Over the limit**\n\n- `filters.create is 0, the plan has 1`\n\n") !=
        std::string::npos);
  CHECK(text.find("`viasync apply -e dev --limit filters.create=1`") != std::string::npos);
  CHECK(text.find("`renamed to Comeback: same criteria, so it does not count as deleted`") !=
        std::string::npos);
}

TEST_CASE("warnings stand in a comment, behind what allows contact again, with masked numbers") {
  auto plan = SamplePlan();
  plan.warnings = Warnings();
  auto text = PlanMarkdown(plan);
  auto at = text.find("⚠ <b>2 warnings</b>");
  REQUIRE(at != text.npos);
  CHECK(text.find("allow contact again</b>") < at);
  CHECK(at < text.find("<b>conflicts</b>"));
  CHECK(text.find("config/a.yaml:3: `20•••11` and `+120•••0111` in the org are the same number; "
                  "write it in one way") != text.npos);
  CHECK(text.find("the column `Stat`") != text.npos);
  CHECK(text.find("2025550111") == text.npos);
  CHECK(PlanMarkdown(plan, {.mask = false}).find("`2025550111` and `+12025550111`") != text.npos);
  auto none = plan::MakePlan(Header(), {});
  none.warnings = Warnings();
  CHECK(PlanMarkdown(none).find("are the same number") != text.npos);
  for (int i = 0; i < 5000; ++i) plan.warnings.push_back(Warnings()[0]);
  text = PlanMarkdown(plan);
  CHECK(text.size() <= MarkdownOptions{}.bytes_max);
  CHECK(text.find("more warnings") != text.npos);
}

TEST_CASE("nothing that the org holds stands outside code") {
  auto clean = OutsideCode(PlanMarkdown(HostilePlan("harmless")));
  CHECK(clean.find("harmless") == std::string::npos);
  for (const auto& text : kHostile) {
    CAPTURE(text);
    auto markdown = PlanMarkdown(HostilePlan(text));
    auto outside = OutsideCode(markdown);
    CHECK(outside.find("script") == std::string::npos);
    CHECK(outside.find('@') == std::string::npos);
    CHECK(outside.find("evil") == std::string::npos);
    CHECK(std::ranges::count(outside, '|') == std::ranges::count(clean, '|'));
    CHECK(markdown == base::Printable(markdown, true));
  }
}

TEST_CASE("inline code survives whatever it holds") {
  CHECK(CodeSpan("a") == "`a`");
  CHECK(CodeSpan("") == "–");
  CHECK(CodeSpan("`a``") == "``` `a`` ```");
  CHECK(CodeSpan("a|b\\") == "`a\\x7cb\\`");
  CHECK(CodeSpan("a\nb") == "`a\\nb`");
  CHECK(CodeFence("diff", {"+ ````"}) == "`````diff\n+ ````\n`````\n");
}

}  // namespace
}  // namespace viasync::report
