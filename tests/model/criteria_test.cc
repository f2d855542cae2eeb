#include "engine/model/criteria.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace viasync::model {
namespace {

std::vector<std::string> Texts(std::string_view text) {
  std::vector<std::string> texts;
  for (const auto& token : Tokenize(text).list) texts.emplace_back(token.text);
  return texts;
}

TEST_CASE("tokens: words, numbers, strings, identifiers, symbols, comments") {
  struct Row {
    const char* text;
    std::vector<std::string> tokens;
  };
  for (const auto& [text, tokens] : {
           Row{"a=1", {"a", "=", "1"}},
           {"a<=1.5 OR b<>2", {"a", "<=", "1.5", "OR", "b", "<>", "2"}},
           {"a >.5", {"a", ">", ".5"}},
           {"x>1e-5", {"x", ">", "1e-5"}},
           {"x>1.5E+10", {"x", ">", "1.5E+10"}},
           {"x>1e -5", {"x", ">", "1e", "-", "5"}},
           {"x=0x1e-3", {"x", "=", "0x1e", "-", "3"}},
           {"t.a = 1.", {"t", ".", "a", "=", "1", "."}},
           {"n='O''Brien'", {"n", "=", "'O''Brien'"}},
           {"n=N'é'", {"n", "=", "N'é'"}},
           {"n=x'AB'", {"n", "=", "x'AB'"}},
           {"n = N 'a'", {"n", "=", "N", "'a'"}},
           {"n LIKE'a'", {"n", "LIKE", "'a'"}},
           {"[Days  Late]>1", {"[Days  Late]", ">", "1"}},
           {"[a]]b]=1", {"[a]]b]", "=", "1"}},
           {"\"a \"\"b\"=1", {"\"a \"\"b\"", "=", "1"}},
           {"`a b`=1", {"`a b`", "=", "1"}},
           {"a=1 -- why\nAND b=2", {"a", "=", "1", "-- why", "AND", "b", "=", "2"}},
           {"a=1 -- why \r\n", {"a", "=", "1", "-- why"}},
           {"a/* x */=1", {"a", "/* x */", "=", "1"}},
           {"'a' 'b'", {"'a'", "'b'"}},
           {"f(a,b)||'c'", {"f", "(", "a", ",", "b", ")", "||", "'c'"}},
           {"\t\r\n ", {}},
       }) {
    CAPTURE(text);
    CHECK(Texts(text) == tokens);
  }
}

TEST_CASE("a quote or comment that is never closed is a problem at its first byte") {
  struct Row {
    const char* text;
    std::size_t offset;
    const char* what;
  };
  for (const auto& [text, offset, what] : {
           Row{"a = 'x", 4, "quote ' is never closed"},
           {"a = 'x''", 4, "quote ' is never closed"},
           {"a = N'x", 4, "quote ' is never closed"},
           {"a = b'x", 4, "quote ' is never closed"},
           {"\"a = 1", 0, "quote \" is never closed"},
           {"b=1 AND [a = 1", 8, "quote [ is never closed"},
           {"`a", 0, "quote ` is never closed"},
           {"a = 1 /* b", 6, "comment /* is never closed"},
           {"a = 1 /*/", 6, "comment /* is never closed"},
       }) {
    CAPTURE(text);
    auto problem = Tokenize(text).problem;
    REQUIRE(problem.has_value());
    CHECK(problem->offset == offset);
    CHECK(problem->what == what);
    CHECK(CheckCriteria(text)->offset == offset);
  }
}

struct Pair {
  const char* a;
  const char* b;
};

TEST_CASE("the same criteria: white space outside quotes, letter case of key words") {
  for (const auto& [a, b] : {
           Pair{"1=1", "1 = 1"},
           {"", "  \n"},
           {"a = 1 AND b = 2", "a=1\n  and b=2"},
           {"State IN ('AK','AL')", "State in ( 'AK' , 'AL' )"},
           {"a LIKE 'x%' Order By b Desc", "a like 'x%' ORDER BY b DESC"},
           {"a BETWEEN 1 AND 2", "a between 1 and 2"},
           {"a LIKE'x'", "a LIKE 'x'"},
           {"COUNT(x)>1", "COUNT( x ) > 1"},
           {"t.a = 1", "t.a=1"},
           {"a = 'broken", "a = 'broken"},
       }) {
    CAPTURE(a);
    CAPTURE(b);
    CHECK(SameCriteria(a, b));
    CHECK(SameCriteria(b, a));
  }
}

TEST_CASE("other criteria: everything else counts") {
  for (const auto& [a, b] : {
           Pair{"a = 'x y'", "a = 'x  y'"},
           {"a = 'AK'", "a = 'ak'"},
           {"State = 1", "STATE = 1"},
           {"f(a) = 1", "F(a) = 1"},
           {"COUNT(x) > 1", "COUNT (x) > 1"},
           {"t . a = 1", "t.a = 1"},
           {"a = 1 -- note\nAND b = 2", "a=1 -- note \r\n AND b=2"},
           {"a = 'and'", "a = 'AND'"},
           {"[Days Late] > 1", "[Days  Late] > 1"},
           {"[And] > 1", "[AND] > 1"},
           {"`a  b` = 1", "`a b` = 1"},
           {"a = 1", "a = 1.0"},
           {"a = 15", "a = 1 5"},
           {"a = 1.5", "a = 1 . 5"},
           {"a = 1e-5", "a = 1e - 5"},
           {"a <= 1", "a < = 1"},
           {"a = 'x''y'", "a = 'x' 'y'"},
           {"a = N'x'", "a = 'x'"},
           {"a = N'x'", "a = N 'x'"},
           {"a = x'AB'", "a = x 'AB'"},
           {"a = b - -1", "a = b --1"},
           {"a = 1 AND b = 2", "b = 2 AND a = 1"},
           {"a = 1", "a = 1 -- note"},
           {"a = 1 -- x\nAND b = 2", "a = 1 -- x AND b = 2"},
           {"(a = 1)", "a = 1"},
           {"a = 'broken", "a  = 'broken"},
           {"a = 1", ""},
       }) {
    CAPTURE(a);
    CAPTURE(b);
    CHECK_FALSE(SameCriteria(a, b));
    CHECK_FALSE(SameCriteria(b, a));
  }
}

TEST_CASE("CheckCriteria names what an org would refuse, and where") {
  struct Row {
    const char* text;
    std::size_t offset;
    const char* what;
  };
  for (const auto& [text, offset, what] : {
           Row{"", 0, "the criterion is empty"},
           {" \n ", 0, "the criterion is empty"},
           {"-- only a note", 0, "the criterion is empty"},
           {"(a = 1", 0, "`(` is never closed"},
           {"a = 1 AND (b = 2 OR (c = 3)", 10, "`(` is never closed"},
           {"a = 1)", 5, "`)` closes nothing"},
           {")(", 0, "`)` closes nothing"},
           {"a = 1; DROP", 5, "`;` outside quotes: a criterion is one condition"},
           {"ORDER BY a", 0, "ORDER BY without a condition in front of it"},
           {"/* x */ order by a", 8, "ORDER BY without a condition in front of it"},
       }) {
    CAPTURE(text);
    auto problem = CheckCriteria(text);
    REQUIRE(problem.has_value());
    CHECK(problem->offset == offset);
    CHECK(problem->what == what);
  }
}

TEST_CASE("CheckCriteria takes what is balanced, whatever stands in quotes") {
  for (const char* text : {"1=1", "a = ';'", "a = '('", "a = ')' AND [b)] = 1", "a = 1 -- (;",
                           "a = 1 /* ' */", "a = 1 ORDER BY a", "((a = 1))", "a = 'it''s'"}) {
    CAPTURE(text);
    CHECK_FALSE(CheckCriteria(text).has_value());
  }
}

}  // namespace
}  // namespace viasync::model
