// The HTML page in a real Chromium: search, filters, keys, narrow screens, paper, dark and light,
// 100,000 changes, hostile strings, and no request to anywhere.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "engine/report/plan_html.h"
#include "tests/report/browser.h"
#include "tests/report/hostile.h"
#include "tests/report/plans.h"

namespace viasync::report {
namespace {

using namespace test;

std::string Folder() {
  const char* folder = std::getenv("TEST_TMPDIR");
  return folder ? folder : std::filesystem::temp_directory_path().string();
}

Browser& Chromium() {
  static Browser browser(Folder());
  return browser;
}

// Opens the page of a plan, and looks at it as a reviewer at a desk does.
Browser& Show(const std::string& html, bool dark = false) {
  auto& browser = Chromium();
  const std::string path = Folder() + "/page.html";
  std::ofstream(path, std::ios::binary) << html;
  browser.Resize(1280, 900);
  browser.Media("screen", dark);
  browser.Open(path);
  browser.WaitFor("document.getElementById('filters')?.hidden === false");
  return browser;
}

// With VIASYNC_SCREENSHOTS=FOLDER in the environment, for whoever wants to see it.
void Picture(Browser& browser, const std::string& name) {
  if (const char* folder = std::getenv("VIASYNC_SCREENSHOTS")) {
    browser.Screenshot(std::string(folder) + "/" + name + ".png");
  }
}

std::string Status(Browser& browser) {
  return browser.Evaluate("document.getElementById('status').textContent");
}

std::size_t CountOf(Browser& browser, const std::string& selector) {
  return browser.Evaluate("document.querySelectorAll('" + selector + "').length");
}

// What is asked for but the page itself, and what went wrong: nothing.
void CheckQuiet(const Browser& browser) {
  CHECK(browser.complaints() == std::vector<std::string>{});
  for (const auto& url : browser.requests()) {
    CHECK_MESSAGE(url == "file://" + Folder() + "/page.html", url);
  }
}

// A plan of everything, and of some more exclusions.
Plan SomePlan(std::size_t exclusions, bool all = true) {
  plan::Decisions decisions;
  for (std::size_t i = 0; i < exclusions; ++i) {
    auto change = ExclusionCreate(std::to_string(20655500000 + i), static_cast<int>(i + 2));
    change.source.file = i % 2 == 0 ? "config/exclusions/dnc.csv" : "config/exclusions.yaml";
    decisions.changes.push_back(std::move(change));
  }
  if (all) {
    for (auto change : {FilterCreate(), FilterUpdate(), FilterDelete(), FilterDrift(),
                        ExclusionUpdate(), ExclusionDelete(), ListUpdate()}) {
      decisions.changes.push_back(std::move(change));
    }
    decisions.conflicts = {FilterConflict()};
    decisions.unmanaged = {{Kind::kFilter, "ADHOC_1", "71"}};
  }
  return plan::MakePlan(Header(), std::move(decisions));
}

TEST_CASE("the text is searched, word by word, and what does not match is gone") {
  auto& browser = Show(PlanHtml(SomePlan(20), {.mask = false}));
  CHECK(Status(browser) == "29 shown");
  browser.Press("/");
  CHECK(browser.Evaluate("document.activeElement.id") == "text");
  browser.Type("dnc 20655500004");
  browser.WaitFor("document.getElementById('status').textContent.startsWith('1 of')");
  CHECK(Status(browser) == "1 of 29 shown");
  CHECK(CountOf(browser, ".item") == 1);
  CHECK(browser.Evaluate("document.querySelector('.item').textContent")
            .get<std::string>()
            .find("20655500004") != std::string::npos);
  browser.Press("Escape");
  CHECK(Status(browser) == "29 shown");
  CHECK(browser.Evaluate("document.getElementById('text').value") == "");
  CheckQuiet(browser);
}

TEST_CASE("kind, change and file filter together") {
  auto& browser = Show(PlanHtml(SomePlan(20), {.mask = false}));
  auto choose = [&](const std::string& control, const std::string& name) {
    browser.Evaluate("(() => { const c = document.getElementById('" + control +
                     "'); c.value = [...c.options].find(o => o.textContent.startsWith('" + name +
                     "')).value; c.dispatchEvent(new Event('change')); })()");
  };
  choose("kind", "filter");
  CHECK(Status(browser) == "6 of 29 shown");
  choose("what", "delete");
  CHECK(Status(browser) == "1 of 29 shown");
  CHECK(browser.Evaluate("document.querySelector('.item h3').textContent") == "delete Winback");
  browser.Evaluate("document.getElementById('clear').click()");
  choose("file", "config/exclusions/dnc.csv");
  CHECK(Status(browser) == "10 of 29 shown");
  CheckQuiet(browser);
}

TEST_CASE("keys go from change to change, through all sections, and the focus is seen") {
  auto& browser = Show(PlanHtml(SomePlan(3), {.mask = false}));
  const auto focused = [&] {
    return browser.Evaluate("document.activeElement.textContent").get<std::string>();
  };
  browser.Press("j");
  CHECK(focused().find("may be texted again") != std::string::npos);
  browser.Press("j");
  browser.Press("j");
  CHECK(focused().find("HighBalance") != std::string::npos);
  browser.Press("k");
  CHECK(focused().find("jane@example.com") != std::string::npos);
  CHECK(browser.Evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid");
  // The way without our keys: everything that acts is reached with Tab.
  Show(PlanHtml(SomePlan(3), {.mask = false}));
  std::string reached;
  for (int i = 0; i < 9; ++i) {
    browser.Press("Tab");
    reached += browser.Evaluate("document.activeElement.id || document.activeElement.tagName")
                   .get<std::string>() +
               " ";
  }
  CHECK(reached.find("text kind what file clear SUMMARY") != std::string::npos);
  CheckQuiet(browser);
}

TEST_CASE("a screen reader finds names, roles, a status, and how many there are") {
  auto& browser = Show(PlanHtml(SomePlan(120), {.mask = false}));
  CHECK(browser.Evaluate("document.documentElement.lang") == "en");
  CHECK(CountOf(browser, "main") == 1);
  CHECK(browser.Evaluate("[...document.querySelectorAll('input,select')]"
                         ".every(c => c.labels.length === 1)") == true);
  CHECK(browser.Evaluate("document.getElementById('status').role || document.getElementById("
                         "'status').getAttribute('role')") == "status");
  CHECK(browser.Evaluate("[...document.querySelectorAll('details')].at(-3)"
                         ".querySelector('.item').getAttribute('aria-setsize')") == "120");
  CHECK(browser.Evaluate("document.querySelector('.row:not(.heads) .l').textContent") == "who");
  // Nothing is said by colour alone.
  CHECK(browser.Evaluate("[...document.querySelectorAll('.item .b')].every(b => b.textContent)") ==
        true);
}

TEST_CASE("criteria stand side by side with their words marked, conflicts in three columns") {
  auto& browser = Show(PlanHtml(SomePlan(1), {.mask = false}));
  const auto left = [&](const std::string& selector) {
    return browser.Evaluate("[...document.querySelectorAll('" + selector +
                            "')].map(e => Math.round(e.getBoundingClientRect().left))");
  };
  const auto two = left(".two section");
  CHECK(two[0] < two[1]);
  CHECK(browser.Evaluate("document.querySelector('del mark').textContent") == "=");
  CHECK(browser.Evaluate("document.querySelector('ins mark').textContent")
            .get<std::string>()
            .starts_with("IN"));
  const auto three = left(".three section");
  CHECK(three.size() == 3);
  CHECK(three[0] < three[1]);
  CHECK(three[1] < three[2]);
  Picture(browser, "light");
  browser.Evaluate("document.querySelector('.three').scrollIntoView({block: 'center'})");
  Picture(browser, "conflict");
}

TEST_CASE("on a narrow screen nothing is cut off, and columns stand below each other") {
  auto& browser = Show(PlanHtml(SomePlan(40), {.mask = false}));
  browser.Resize(360, 800);
  browser.WaitFor("innerWidth === 360");
  CHECK(browser.Evaluate("document.documentElement.scrollWidth <= innerWidth") == true);
  const auto left = browser.Evaluate(
      "[...document.querySelectorAll('.three section')].map(e => e.getBoundingClientRect().left)");
  CHECK(left[0] == left[2]);
  CHECK(browser.Evaluate("document.querySelector('.item .l').getBoundingClientRect().width > 8") ==
        true);
  Picture(browser, "narrow");
}

TEST_CASE("dark and light follow the reader's wish") {
  auto background = [](Browser& browser) {
    return browser.Evaluate("getComputedStyle(document.body).backgroundColor");
  };
  CHECK(background(Show(PlanHtml(SomePlan(1)))) == "rgb(255, 255, 255)");
  auto& dark = Show(PlanHtml(SomePlan(1)), /*dark=*/true);
  CHECK(background(dark) == "rgb(21, 24, 28)");
  Picture(dark, "dark");
}

TEST_CASE("on paper everything is there, without the controls") {
  auto& browser = Show(PlanHtml(SomePlan(400), {.mask = false}));
  const auto many = browser.PrintedPages();
  CHECK(many > 5);
  browser.Evaluate(
      "document.getElementById('text').value = 'Winback';"
      "document.getElementById('text').dispatchEvent(new Event('input'))");
  browser.WaitFor("document.getElementById('status').textContent.startsWith('1 of')");
  CHECK(browser.PrintedPages() < many / 2);
  browser.Media("print", false);
  CHECK(browser.Evaluate("getComputedStyle(document.getElementById('filters')).display") == "none");
  CHECK(browser.Evaluate("document.getElementById('printed').textContent") ==
        "Filtered: 1 of 409 shown");
  Picture(browser, "print");
}

TEST_CASE("100,000 changes: what is seen is made, the rest waits, and a search finds it") {
  auto& browser = Show(PlanHtml(SomePlan(100'000), {.mask = false, .changes_max = 200'000}));
  CHECK(Status(browser) == "100,009 shown");
  CHECK(CountOf(browser, ".item") < 1'000);
  MESSAGE("ready after ms: " << browser.Evaluate(
              "performance.getEntriesByType('navigation')[0].loadEventEnd"));
  // To the very end, and what is there is made.
  browser.Evaluate("scrollTo(0, document.documentElement.scrollHeight)");
  browser.WaitFor("document.body.textContent.includes('20655599999')");
  CHECK(CountOf(browser, ".item") < 2'000);
  browser.Evaluate("scrollTo(0, 0)");
  const auto start = std::chrono::steady_clock::now();
  browser.Press("/");
  browser.Type("20655577777");
  browser.WaitFor("document.getElementById('status').textContent.startsWith('1 of')");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  MESSAGE("search in 100,000 changes: " << took.count() << " s");
  CHECK(CountOf(browser, ".item") == 1);
  CHECK(browser.Evaluate("document.querySelector('details.danger').hidden") == false);
  Picture(browser, "large");
  CheckQuiet(browser);
}

TEST_CASE("nothing that the org holds becomes more than text") {
  for (const std::string& text :
       {std::string(kHostile[1]), std::string(kHostile[3]),
        std::string("<img src=x onerror=window.bad=1>\"><svg/onload=window.bad=1>"),
        std::string("</script><script>window.bad=1</script><!--"),
        std::string("{{{html}}} {{#k}} &lt;b&gt; &amp;#39;")}) {
    CAPTURE(text);
    auto plan = HostilePlan(text);
    plan::Decisions decisions{
        .changes = plan.changes, .conflicts = plan.conflicts, .unmanaged = plan.unmanaged};
    for (int i = 0; i < 400; ++i) {  // so that the script makes some of them
      auto change = ExclusionCreate(text);
      change.key += std::to_string(i);
      change.source.file = text;
      decisions.changes.push_back(std::move(change));
    }
    Plan header = Header();
    header.environment = header.org = text;
    auto& browser = Show(PlanHtml(plan::MakePlan(header, std::move(decisions)), {.mask = false}));
    browser.Evaluate("scrollTo(0, document.documentElement.scrollHeight)");
    browser.Evaluate("new Promise(done => setTimeout(done, 200))");
    CHECK(browser.Evaluate("window.bad === undefined") == true);
    CHECK(CountOf(browser, "img,svg,iframe,a:not(.skip)") == 0);
    CHECK(CountOf(browser, "script") == 2);
    CHECK(browser.Evaluate("document.querySelector('h1').textContent.includes(" +
                           nlohmann::json(text).dump() + ")") == true);
    CHECK(browser.Evaluate("[...document.querySelectorAll('.item')].at(-1).textContent.includes(" +
                           nlohmann::json(text).dump() + ")") == true);
    browser.Evaluate("(() => { const t = document.getElementById('text'); t.value = " +
                     nlohmann::json(text).dump() + "; t.dispatchEvent(new Event('input')); })()");
    browser.WaitFor("document.getElementById('status').textContent.includes(' of ')");
    CHECK_FALSE(Status(browser).starts_with("0 of"));
    CheckQuiet(browser);
  }
}

TEST_CASE("the policy lets no other script run, and nothing load") {
  auto& browser = Show(PlanHtml(SomePlan(1)));
  browser.Evaluate(
      "(() => { const s = document.createElement('script');"
      " s.textContent = 'window.bad = 1'; document.body.append(s);"
      " const i = new Image(); i.src = 'http://127.0.0.1:1/x'; document.body.append(i);"
      " const b = document.createElement('div');"
      " b.innerHTML = '<p onclick=\"window.bad = 1\">x</p>'; document.body.append(b);"
      " b.firstChild.click(); })()");
  CHECK(browser.Evaluate("window.bad === undefined") == true);
  CHECK_FALSE(browser.complaints().empty());  // the browser says that it refused them
  CHECK(browser.requests().size() == 1);
}

}  // namespace
}  // namespace viasync::report
