// One document, three printers: whatever a document says, each of its formats says.
#include "engine/report/document.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/report/plan_document.h"
#include "engine/report/print_html.h"
#include "engine/report/print_markdown.h"
#include "engine/report/print_text.h"
#include "tests/report/plans.h"

namespace viasync::report {
namespace {

using namespace test;

// Words that occur once: where one is missing in a format, so is its fact.
class Facts {
 public:
  std::string New(const std::string& what = "w") {
    all_.push_back(what + "x" + std::to_string(1'000'000 + all_.size()) + "x");
    return all_.back();
  }
  const std::vector<std::string>& all() const { return all_; }

 private:
  std::vector<std::string> all_;
};

std::size_t UpTo(std::size_t most) { return *rc::gen::inRange<std::size_t>(0, most + 1); }
bool Maybe() { return *rc::gen::arbitrary<bool>(); }

std::vector<std::string> AnyLines(Facts& facts, std::size_t least) {
  std::vector<std::string> lines;
  for (std::size_t i = UpTo(2) + least; i > 0; --i) lines.push_back("A = " + facts.New());
  return lines;
}

Field AnyField(Facts& facts) {
  const std::string name = facts.New("field");
  switch (UpTo(2)) {
    case 0: {
      Value value{.name = name};
      const auto sides = UpTo(2);
      if (sides != 1) value.was = facts.New();
      if (sides != 0) value.becomes = facts.New();
      return value;
    }
    case 1: {
      Clauses clauses{.name = name, .compared = Maybe()};
      for (auto& line : AnyLines(facts, 1)) {
        const char sign = clauses.compared ? " +-"[UpTo(2)] : ' ';
        clauses.lines.push_back({sign, std::move(line)});
      }
      return clauses;
    }
    default:
      return Terms{name, AnyLines(facts, 1), AnyLines(facts, 1), AnyLines(facts, 1)};
  }
}

Item AnyItem(Facts& facts, const Section& section) {
  const bool conflict = section.role == Section::Role::kConflicts;
  constexpr Act kActs[] = {Act::kCreate, Act::kUpdate, Act::kDelete, Act::kMoved};
  // Which format has which mark for an act is its own business: the word is not looked for.
  Item item{.act = conflict ? Act::kConflict : kActs[UpTo(3)], .word = "word", .kind = "kind"};
  if (section.role == Section::Role::kWarnings) {
    item = {.name = {facts.New("warning ")}};
    return item;
  }
  if (section.role == Section::Role::kAside) {
    item.act = Act::kNone;
    item.kind = facts.New("kind");
    item.name = {facts.New()};
    item.detail = {facts.New()};
    return item;
  }
  if (conflict) item.kind = facts.New("kind");
  item.name = {facts.New()};
  if (!section.columns.empty()) {
    for (std::size_t i = 1; i < section.columns.size(); ++i) {
      (i < section.columns.size() / 2 ? item.name : item.detail).push_back(facts.New());
    }
    if (Maybe()) item.warning = {facts.New("may be called "), false, Tone::kDanger};
  } else {
    for (std::size_t i = UpTo(3); i > 0; --i) item.fields.push_back(AnyField(facts));
  }
  if (Maybe()) {
    item.file = facts.New("file");
    item.line = 12;
  }
  for (std::size_t i = UpTo(2); i > 0; --i) {
    item.notes.push_back({{facts.New("note "), Maybe(), Tone::kMoved}, {" "}, {facts.New(), true}});
  }
  return item;
}

Section AnySection(Facts& facts, Section::Role role) {
  Section section{.role = role, .title = facts.New("title ")};
  if (Maybe()) section.detail = facts.New("1 to ");
  if (Maybe()) section.remark = facts.New("remark ");
  const bool rows = role == Section::Role::kDanger || (role == Section::Role::kKind && Maybe());
  if (rows)
    section.columns = Maybe() ? std::vector<std::string>{"who", "list", "what", "reason"}
                              : std::vector<std::string>{"list", "what"};
  for (std::size_t i = UpTo(4); i > 0; --i) section.parts.emplace_back(AnyItem(facts, section));
  if (role != Section::Role::kDanger && !section.parts.empty() && Maybe()) {
    section.parts.emplace_back(More{{{facts.New("… and 7 more ")}, {facts.New("file"), true}}});
  }
  return section;
}

// Not the titles of numbers and the numbers: a terminal has them in its headings.
Document AnyDocument(Facts& facts) {
  Document document{.title = {{"Plan for "}, {facts.New(), true}, {" of "}, {facts.New(), true}}};
  for (const char* name : {"base", "plan", "made", "by"}) {
    document.origin.push_back({name, facts.New()});
  }
  if (Maybe()) document.caution = facts.New("caution ") + "\n" + facts.New("and ");
  document.summary = {{facts.New("summary "), false, Tone::kStrong}, {" "}, {facts.New(), true}};
  for (std::size_t i = UpTo(2); i > 0; --i) {
    document.notices.push_back({facts.New("limit "), AnyLines(facts, 1)});
  }
  if (Maybe()) {
    document.next_sentence = facts.New("next ");
    document.command = facts.New("viasync");
  }
  using Role = Section::Role;
  for (auto role :
       {Role::kDanger, Role::kWarnings, Role::kConflicts, Role::kKind, Role::kKind, Role::kAside}) {
    if (Maybe()) document.sections.push_back(AnySection(facts, role));
  }
  document.see_all = "viasync --full";
  return document;
}

void SaysAll(const Facts& facts, const std::string& printed, const char* format) {
  for (const auto& fact : facts.all()) {
    // The first letter of a title is a capital in text, and a line may break at its blanks.
    const auto number = fact.substr(fact.size() - 9);
    if (printed.find(number) == std::string::npos) {
      RC_FAIL(std::string(format) + " does not say `" + fact + "`: " + printed);
    }
  }
}

TEST_CASE("every fact of any document is in the text, in the Markdown and on the page") {
  CHECK(rc::check([] {
    Facts facts;
    const auto document = AnyDocument(facts);
    const Style style{.width = *rc::gen::elementOf(std::vector<int>{0, 60, 80, 140})};
    SaysAll(facts, PrintText(document, style, /*full=*/true), "text");
    const MarkdownBounds all{.lines = 100, .chars = 1000, .bytes_max = 1'000'000};
    SaysAll(facts, *PrintMarkdown(document, all), "Markdown");
    SaysAll(facts, PrintHtml(document), "HTML");
  }));
}

// How often `word` occurs.
std::size_t Count(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

TEST_CASE("what is left out is counted, and each format says how to see it") {
  auto plan = LargePlan(500);
  const auto document = PlanDocument(plan, {.changes_max = 10});
  CHECK(document.changes_cut == 491);
  const auto text = PrintText(document, {});
  const auto markdown = *PrintMarkdown(document, {});
  const auto html = PrintHtml(document);
  for (const auto* printed : {&text, &markdown, &html}) {
    CAPTURE(*printed);
    CHECK(printed->find("… and 491 more exclusions to create, in ") != std::string::npos);
  }
  CHECK(text.find("(--full lists them)") != std::string::npos);
  CHECK(Count(markdown, "`viasync plan -e dev --full` lists them") == 1);
  CHECK(Count(html, "<code>viasync plan -e dev --full</code> lists them") >= 1);
}

TEST_CASE("conflicts that are left out of a plan are said to be so in every format") {
  auto plan = SamplePlan();
  plan.options.skip_conflicts = true;
  const auto document = PlanDocument(plan, {});
  CHECK(PrintText(document, {}).find("Conflicts: 1, left out of this plan") != std::string::npos);
  CHECK(PrintMarkdown(document, {})->find("1, left out of this plan") != std::string::npos);
  CHECK(PrintHtml(document).find("1, left out of this plan") != std::string::npos);
}

TEST_CASE("what to do next stands in every format, and so does where the plan comes from") {
  const auto document =
      PlanDocument(plan::MakePlan(Header(), {.changes = {FilterCreate()}, .unchanged = 1}), {});
  const auto text = PrintText(document, {}, /*full=*/true);
  const auto markdown = *PrintMarkdown(document, {});
  const auto html = PrintHtml(document);
  for (const auto* printed : {&text, &markdown, &html}) {
    CAPTURE(*printed);
    for (const char* fact : {"Apply with:", "viasync apply -e dev", "24 Nov 2026 08:07 UTC",
                             "viasync 0.1.0", "store"}) {
      CAPTURE(fact);
      CHECK(printed->find(fact) != std::string::npos);
    }
  }
}

TEST_CASE("what drifted away shows what it was in every format") {
  auto gone = FilterDrift();
  gone.action = Action::kDelete;
  gone.fields = {{"criteria", "Lost = 1", "Lost = 1", {}}};
  const auto document = PlanDocument(plan::MakePlan(Header(), {.changes = {gone}}), {});
  CHECK(PrintText(document, {}).find("Lost = 1") != std::string::npos);
  CHECK(PrintMarkdown(document, {})->find("Lost = 1") != std::string::npos);
  CHECK(PrintHtml(document).find("Lost = 1") != std::string::npos);
}

}  // namespace
}  // namespace viasync::report
