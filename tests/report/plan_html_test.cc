#include "engine/report/plan_html.h"

#include <doctest/doctest.h>

#include "engine/base/ci_commands.h"
#include "engine/base/strings.h"
#include "engine/report/print_html.h"
#include "engine/report/words.h"
#include "tests/report/hostile.h"
#include "tests/report/plans.h"

namespace viasync::report {
namespace {

using namespace test;

// The page without the contents of its scripts and its style sheet, of which no tag is one.
std::string Markup(std::string html) {
  for (const std::string name : {"script", "style"}) {
    for (auto at = html.find("<" + name); at != std::string::npos;
         at = html.find("<" + name, at + 1)) {
      const auto begin = html.find('>', at) + 1;
      html.erase(begin, html.find("</" + name, begin) - begin);
    }
  }
  return html;
}

// The tags of a page, attributes and all.
std::vector<std::string> Tags(const std::string& html) {
  const std::string markup = Markup(html);
  std::vector<std::string> tags;
  for (auto at = markup.find('<'); at != std::string::npos; at = markup.find('<', at + 1)) {
    tags.push_back(markup.substr(at, markup.find('>', at) + 1 - at));
  }
  return tags;
}

TEST_CASE("the page loads nothing, runs nothing but its own script, and closes what it opens") {
  auto html = PlanHtml(SamplePlan());
  CHECK(html.find("default-src 'none'") != std::string::npos);
  for (auto word : {"http:", "https:", "url(", "@import", "onclick", "unsafe-inline", "src="}) {
    CAPTURE(word);
    CHECK(html.find(word) == std::string::npos);
  }
  std::vector<std::string> open;
  std::size_t scripts = 0;
  for (const auto& tag : Tags(html)) {
    scripts += tag == "<script>";
    auto name = tag.substr(1, tag.find_first_of(" >") - 1);
    if (name == "!doctype" || name == "meta" || name == "input") continue;
    if (name[0] != '/') {
      open.push_back(name);
      continue;
    }
    REQUIRE_FALSE(open.empty());
    CHECK("/" + open.back() == name);
    open.pop_back();
  }
  CHECK(open.empty());
  CHECK(scripts == 1);
}

TEST_CASE("no CI runner takes a line of the page for a command, so that its policy holds") {
  for (const auto& plan : {SamplePlan(), LargePlan(1000)}) {
    auto html = PlanHtml(plan);
    CHECK(base::BreakUpCommands(html) == html);
  }
}

TEST_CASE("changes are told by words and signs, not by colour alone") {
  auto html = PlanHtml(SamplePlan());
  CHECK(html.find(R"(<span class="b create">create</span> InitialLeadPhase)") != std::string::npos);
  CHECK(html.find("<del>- AND State <mark>=</mark> &#39;AK&#39;</del>") != std::string::npos);
  CHECK(html.find(R"(<strong class="warn">may be texted again</strong>)") != std::string::npos);
  CHECK(PlanHtml(EmptyPlan()).find("No changes. acme-dev matches") != std::string::npos);
}

TEST_CASE("addresses are masked unless asked otherwise") {
  CHECK(PlanHtml(SamplePlan()).find("09876322222") == std::string::npos);
  CHECK(PlanHtml(SamplePlan()).find("jane") == std::string::npos);
  CHECK(PlanHtml(SamplePlan(), {.mask = false}).find("09876322222") != std::string::npos);
}

TEST_CASE("a page of a huge plan stays readable and says what it leaves out") {
  auto html = PlanHtml(LargePlan(20'000), {.changes_max = 100});
  CHECK(html.size() < 100'000);
  CHECK(html.find("This page omits 19,9") != std::string::npos);
}

TEST_CASE("a page holds 100,000 changes, most of them as text for its script") {
  auto html = PlanHtml(LargePlan(100'000), {.mask = false});
  CHECK(html.find("20655599999") != std::string::npos);
  CHECK(html.find("This page omits") == std::string::npos);
  CHECK(Tags(html).size() < 10'000);
  CHECK(html.size() < 100'000'000);
}

TEST_CASE("what allows contact again stands first, is counted, and is never cut") {
  auto plan = LargePlanThatUnprotects(500, 200);
  auto html = PlanHtml(plan, {.mask = false, .changes_max = 1});
  CHECK(html.find("<h2 class=\"warn\">200 changes allow contact again</h2>") != std::string::npos);
  CHECK(html.find("of which 200 allow contact again") != std::string::npos);
  auto others = html.find("<h2>filters</h2>");
  CHECK(others < html.find("<h2>exclusions</h2>"));
  for (const auto& change : plan.changes) {
    if (change.unprotects) CHECK(html.find(model::ParseExclusionKey(change.key).address) < others);
  }
}

TEST_CASE("a limit that is exceeded, and a rename, stand on the page") {
  auto plan = plan::MakePlan(Header(), {.changes = FilterRename()});
  plan.exceeded = {{"filters.create", "0", 0, 1, 12}};
  auto html = PlanHtml(plan);
  CHECK(html.find("<li>filters.create is 0, the plan has 1</li>") != std::string::npos);
  CHECK(html.find("<code>viasync apply -e dev --limit filters.create=1</code>") !=
        std::string::npos);
  CHECK(html.find("the new name of Winback: same criteria") != std::string::npos);
}

TEST_CASE("warnings stand on the page, behind what allows contact again, with masked numbers") {
  auto plan = SamplePlan();
  plan.warnings = Warnings();
  auto html = PlanHtml(plan);
  auto at = html.find("<h2>2 warnings</h2>");
  REQUIRE(at != html.npos);
  CHECK(html.find("allow contact again</h2>") < at);
  CHECK(at < html.find("<h2>conflicts</h2>"));
  CHECK(html.find("<li>config/a.yaml:3: `20•••11` and `+120•••0111` in the org are the same "
                  "number; write it in one way</li>") != html.npos);
  CHECK(html.find("2025550111") == html.npos);
  auto none = plan::MakePlan(Header(), {});
  none.warnings = Warnings();
  CHECK(PlanHtml(none).find("are the same number") != html.npos);
}

TEST_CASE("nothing that the org holds becomes a tag") {
  auto clean = Tags(PlanHtml(HostilePlan("harmless")));
  for (const auto& text : kHostile) {
    CAPTURE(text);
    auto html = PlanHtml(HostilePlan(text));
    auto tags = Tags(html);
    // How many lines and words differ depends on the text.
    const auto varies = [](const std::string& tag) {
      return tag == "<ins>" || tag == "</ins>" || tag == "<mark>" || tag == "</mark>";
    };
    std::erase_if(tags, varies);
    auto expected = clean;
    std::erase_if(expected, varies);
    CHECK(tags == expected);
    CHECK(html == base::Printable(html, true));
  }
  CHECK(EscapeHtml("<a href=\"x\" o='y'>&") == "&lt;a href=&quot;x&quot; o=&#39;y&#39;&gt;&amp;");
}

}  // namespace
}  // namespace viasync::report
