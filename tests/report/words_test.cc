#include "engine/report/words.h"

#include <doctest/doctest.h>

#include "engine/base/strings.h"
#include "engine/report/criteria_diff.h"
#include "engine/report/outline.h"
#include "engine/report/plan_text.h"
#include "engine/report/plan_words.h"
#include "engine/report/style.h"
#include "engine/report/word_diff.h"
#include "tests/report/plans.h"

namespace viasync::report {
namespace {

using namespace test;

TEST_CASE("a mask leaves enough to recognise an address, and hides at least three characters") {
  struct Case {
    const char *type, *address, *masked;
  };
  for (const auto& c : {
           Case{"voice", "09876322222", "0987•••2222"},
           Case{"voice", "2065550142", "20•••42"},
           Case{"voice", "12345", "•••"},
           Case{"account", "0040850204", "00•••04"},
           Case{"email", "j@example.com", "j•••@example.com"},
           Case{"email", "jane.doe@example.com", "j•••@example.com"},
           Case{"email", "nonsense", "n•••"},
           Case{"voice", "\x1b[2J09876322222", "\\x1b•••2222"},
           Case{"voice", "٠٩٨٧٦٣٢٢٢٢٢", "•••"},
           Case{"voice", "", "•••"},
       }) {
    CAPTURE(c.address);
    CHECK(MaskAddress(c.type, c.address) == c.masked);
  }
}

TEST_CASE("keys are taken apart by their type") {
  struct Case {
    const char *key, *type, *address, *list, *start;
  };
  for (const auto& c : {
           Case{"voice:0987@L1", "voice", "0987", "L1", ""},
           Case{"voice:0987@*", "voice", "0987", "", ""},
           Case{"voice:0987@a@b", "voice", "0987", "a@b", ""},
           Case{"email:j@x.com@L1", "email", "j@x.com", "L1", ""},
           Case{"sms:1@L#1", "sms", "1", "L#1", ""},
           Case{"sms:1@L#2017-11-03T23:20:50Z", "sms", "1", "L", "2017-11-03T23:20:50Z"},
       }) {
    CAPTURE(c.key);
    auto key = model::ParseExclusionKey(c.key);
    CHECK(key.type == c.type);
    CHECK(key.address == c.address);
    CHECK(key.list == c.list);
    CHECK(key.start == c.start);
  }
}

TEST_CASE("only the address of a key is masked") {
  CHECK(KeyText(Kind::kExclusion, "email:jane@x.com@L1", true) == "email:j•••@x.com@L1");
  CHECK(KeyText(Kind::kExclusion, "email:jane@x.com@L1", false) == "email:jane@x.com@L1");
  CHECK(KeyText(Kind::kFilter, "voice:09876322222@L1", true) == "voice:09876322222@L1");
}

TEST_CASE("who loses protection is said in words") {
  auto effect = [](Change change) {
    auto plan = plan::MakePlan(Header(), {.changes = {std::move(change)}});
    return ViewExclusion(plan.changes[0], false).effect;
  };
  CHECK(effect(ExclusionDelete()) == "may be texted again");
  CHECK(effect(ExclusionUpdate()) == "less protection");
  CHECK(effect(ExclusionLost()) == "may be called already");
  CHECK(effect(ExclusionCreate()).empty());
  auto ended = ExclusionDelete();
  ended.protected_until = Header().created;
  CHECK(effect(ended).empty());
}

TEST_CASE("times for people have no milliseconds, unless nothing else tells two apart") {
  CHECK(MomentText("2017-11-03T23:20:50.525Z") == "3 Nov 2017 23:20:50");
  CHECK(MomentText("2017-11-03T23:20:00.525Z") == "3 Nov 2017 23:20");
  auto time = base::ParseTime("2017-11-03T23:20:50.525Z");
  CHECK(MomentColumn(*time) == "3 Nov 2017 23:20:50 UTC ");
  CHECK(MomentColumn(*base::ParseTime("2017-11-23T23:20:50Z")).size() == kMomentColumns);
  auto change = ExclusionUpdate();
  change.fields = {{"end", {}, "2026-12-31T00:00:00.100Z", "2026-12-31T00:00:00.200Z"}};
  CHECK(UpdateText(change) == "end: 2026-12-31T00:00:00.200Z → 2026-12-31T00:00:00.100Z");
}

TEST_CASE("a diff shows meaning only, with one clause around each change") {
  auto text = [](const std::vector<DiffLine>& diff) {
    std::string all;
    for (const auto& line : diff) all += std::string(1, line.sign) + line.text + "\n";
    return all;
  };
  CHECK(text(DiffCriteria("A = 1 and B = 2 AND C = 3 AND D = 4",
                          "A=1 AND B = 2 AND C = 3 AND D = 5")) ==
        "@…\n AND C = 3\n-AND D = 4\n+AND D = 5\n");
  CHECK(text(DiffCriteria("A=1", "A = 1")) == "-A=1\n+A = 1\n");
  CHECK(text(DiffCriteria("A = 'x\ny'", "A = 'x\nz'")) == " A = 'x\n-y'\n+z'\n");
  std::string many, more;
  for (int i = 0; i < 3000; ++i) many += "A = " + std::to_string(i) + " AND ";
  more = many + "B = 2";
  many += "B = 1";
  CHECK(DiffCriteria(many, more).size() == 4);
}

template <class Quote>
std::string CutText(const Block& block, Purpose purpose, Quote quote) {
  std::string text;
  for (const auto& span : CutLine(block, purpose))
    text += span.value ? quote(span.text) : span.text;
  return text;
}

TEST_CASE("of two lines the words that differ are marked, unless most of them do") {
  const auto [was, becomes] = DiffWords("AND State = 'AK'", "AND State IN ('AK', 'WA')");
  CHECK(was == Pieces{{"AND State "}, {"=", true}, {" 'AK'"}});
  CHECK(becomes ==
        Pieces{{"AND State "}, {"IN", true}, {" "}, {"(", true}, {"'AK'"}, {", 'WA')", true}});
  CHECK(DiffWords("A = 1", "Balance > 2500").first == Pieces{{"A = 1"}});
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "a ";
  CHECK(DiffWords(many, many + "b").second == Pieces{{many + "b"}});
}

TEST_CASE("an outline shares its room between what is unlike, and counts the rest by file") {
  auto plan = LargePlan(100);
  auto outline = MakeOutline(plan, 11);
  CHECK(outline.sections[model::Kind::kFilter].blocks.at(0).shown.size() == 1);
  const auto& block = outline.sections[model::Kind::kExclusion].blocks.at(0);
  CHECK(block.shown.size() == 10);
  REQUIRE(block.cut.size() == 1);
  CHECK(block.cut[0] == std::pair(std::string("config/exclusions/dnc.csv"), std::size_t{90}));
  auto quote = [](const std::string& file) { return "<" + file + ">"; };
  CHECK(CutText(block, Purpose::kApply, quote) ==
        "… and 90 more exclusions to create, in <config/exclusions/dnc.csv>");
  CHECK(outline.changes_cut == 90);
  CHECK(MakeOutline(plan, 101).changes_cut == 0);
}

TEST_CASE("what is cut is counted by file, and the counts add up") {
  auto one = ExclusionCreate();
  Block block{{&one}, {{"a", 9}, {"b", 8}, {"c", 7}, {"", 6}, {"d", 5}}};
  auto plain = [](const std::string& file) { return file; };
  CHECK(CutText(block, Purpose::kApply, plain) ==
        "… and 35 more exclusions to create: 9 in a, 8 in b, 7 in c, 11 in 2 other files");
  block.cut.pop_back();
  CHECK(CutText(block, Purpose::kApply, plain) ==
        "… and 30 more exclusions to create: 9 in a, 8 in b, 7 in c, 6 in no file");
  block.cut = {{"", 6}};
  CHECK(CutText(block, Purpose::kPull, plain) == "… and 6 more exclusions to create");
  block.cut.clear();
  CHECK(CutText(block, Purpose::kApply, plain).empty());
}

TEST_CASE("the command to go on is safe to copy, whatever the environment is called") {
  auto plan = plan::MakePlan(Header(), {.changes = {FilterCreate()}});
  CHECK(WhatNext(plan).command == "viasync apply -e dev");
  plan.environment = "a; rm -rf '$HOME'";
  CHECK(WhatNext(plan).command == "viasync apply -e 'a; rm -rf '\\''$HOME'\\'''");
  plan.environment = "dev";
  plan.options = {.prune = true, .prefer = "local"};
  CHECK(WhatNext(plan).command == "viasync apply -e dev --prune --prefer local");
  CHECK(WhatNext(plan, Purpose::kApply, " -C config").command ==
        "viasync -C config apply -e dev --prune --prefer local");
}

TEST_CASE("text is broken at blanks only, and parts stay whole where they fit") {
  const Style narrow{.width = 12};
  CHECK(Wrap(narrow, "  one two three", 4) == "  one two\n    three");
  CHECK(Wrap(narrow, "  one incomprehensibilities two", 4) ==
        "  one\n    incomprehensibilities\n    two");
  CHECK(Wrap({.width = 0}, "  one two three four", 4) == "  one two three four");
  CHECK(Wrap(narrow, "\x1b[31mone two\x1b[0m 3456", 4) == "\x1b[31mone two\x1b[0m 3456");
  CHECK(Columns("\x1b[31mone\x1b[0m") == 3);
  const std::vector<std::string> parts = {"a b", "c d", "e f g", "h i j k l m"};
  CHECK(WrapParts(narrow, parts, 2) == "  a b · c d\n  e f g\n  h i j k l\n    m");
  CHECK(WrapParts({.width = 0}, parts, 2) == "  a b · c d · e f g · h i j k l m");
}

TEST_CASE("text is cut and filled up by characters, not by bytes") {
  CHECK(Columns("a•→") == 3);
  CHECK(Pad("•", 3) == "•  ");
  CHECK(Clip("••••", 3) == "••…");
  CHECK(Clip("•••", 3) == "•••");
}

TEST_CASE("wide letters, accents and emoji take the columns that a terminal gives them") {
  CHECK(Columns("日本語") == 6);
  CHECK(Columns("e\u0301") == 1);
  CHECK(Columns("\x1b[31m👩🏽\x1b[0m!") == 3);
  CHECK(Pad("日", 4) == "日  ");
  CHECK(Clip("日本語", 5) == "日本…");
  CHECK(Clip("日本語", 4) == "日…");
  CHECK(Clip("e\u0301e\u0301e\u0301", 2) == "e\u0301…");
  // Accents without end take no column, and yet no room.
  std::string accents = "e";
  for (int i = 0; i < 1000; ++i) accents += "\u0301";
  CHECK(Clip(accents, 10) == "…");
}

TEST_CASE("rows stay in columns, whatever letters a name has") {
  std::vector<Change> changes;
  for (const char* name :
       {"Latin", "日本語リスト", "Ze\u0301le\u0301", "👩🏽 VIP 🇩🇪", "قائمة"}) {
    changes.push_back(ListUpdate());
    changes.back().key = name;
  }
  auto text = PlanText(plan::MakePlan(Header(), {.changes = changes}), {.width = 0});
  std::vector<std::size_t> places;
  for (auto line : base::Split(text, '\n')) {
    if (auto at = line.find("filter: "); at != line.npos) {
      places.push_back(Columns(line.substr(0, at)));
    }
  }
  REQUIRE(places.size() == changes.size());
  for (auto place : places) CHECK(place == places[0]);
  CHECK(places[0] == std::string_view("  ~ twelve-wide-  ").size());
}

}  // namespace
}  // namespace viasync::report
