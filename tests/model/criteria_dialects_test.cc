// Whenever two texts are said to be the same, lexers of five dialects, written here and apart from
// our own, must each see the same tokens in both.
#include "engine/model/criteria_dialects.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

#include "engine/model/criteria.h"
#include "tests/model/sql_lexers.h"

namespace viasync::model {
namespace {

bool Agreed(std::string_view text) { return DialectsAgree(text, Tokenize(text).list); }

TEST_CASE("what people write, every dialect reads alike") {
  for (const char* text :
       {"1=1", "a = 1 AND b='x y' or c IN (1,2)", "a=-1 AND b<-1 AND c <> -1",
        "d BETWEEN 1 AND 2.5", "DATEADD(day, -3, GETDATE()) > t.LastCall",
        "n = 'O''Brien' AND m = ''", "[Days Late] > 30 AND \"it's\" = 1", "a LIKE 'x!%' ESCAPE '!'",
        "a LIKE'x'", "CASE WHEN a = 1 THEN 2 ELSE 3 END = 2 ORDER BY a DESC, b",
        "NOT EXISTS (SELECT 1 FROM t)", "a IS NOT NULL", "a||b = 'x'", "COUNT(*) > 1e5",
        "name = 'Müller' AND d = DATE '2020-01-01'"}) {
    CAPTURE(text);
    CHECK(Agreed(text));
  }
}

TEST_CASE("what some dialect reads differently") {
  for (const char* text : {"a = 1 # soft",
                           "a = 1 // soft",
                           "a = 1 -- soft",
                           "a = b --1",
                           "a = 1 /* x */",
                           "a = 1 /* x /* y */ it's */",
                           "a = 'O\\'Brien'",
                           "a LIKE '50\\%' ESCAPE '\\'",
                           "a = $$x$$",
                           "a = $tag$ x $tag$",
                           "a = $1",
                           "a = U&'d\\0061ta'",
                           "a = U & 'x'",
                           "a = N'x'",
                           "a = E'x'",
                           "a = x'AB'",
                           "a = _utf8'x'",
                           "a = 'x' 'y'",
                           "a = 'x'\n'y'",
                           "a = \"x\" 'y'",
                           "a = '''x'",
                           "a = 'x'''",
                           "t.LEFT = 1 AND t.Order = 2",
                           "Order.x = 1",
                           "a = CAST(b AS In)",
                           "[it's] = 1 AND n = 'p'",
                           "`a b` = 1",
                           "[a]]b] = 1",
                           "Stra\xc3\x9f"
                           "e = 1",
                           "a LI\xe2\x84\xaa"
                           "E 'x'",
                           "a\xe3\x80\x80= 1",
                           "a = 1AND b = 2",
                           "a = 'x'AND b = 1",

                           "t . a = 1",
                           "t.5 = 1",
                           "a > .5",
                           "a = 1.",
                           "a == 1",
                           "a !< 1",
                           "a !=-1",
                           "a %-1 = 0",
                           "a *-1 = 0",
                           "a <=> b",
                           "a => b",
                           "a & b",
                           "a = @x",
                           "a = :x",
                           "a = ?",
                           "End = 1",
                           "between = 1",
                           "a.Escape = 'x'",
                           "Exists = 1",
                           "By = 1",
                           "a = 1;",
                           "{a} = 1",
                           "a\f= 1",
                           "a EXCEPT b",
                           "Case = 1",
                           "a = 1 AND Then > 2",
                           "Desc = 1",
                           "1 < On",
                           "f(a, All * 2)",
                           "CASE WHEN a = 1 THEN 2"}) {
    CAPTURE(text);
    CHECK_FALSE(Agreed(text));
  }
}

// Where our lexer or a rule of DialectsAgree were wrong, these would be the same.
struct Pair {
  const char* a;
  const char* b;
};

TEST_CASE("texts that only one dialect tells apart are not the same") {
  for (const auto& [a, b] : {
           Pair{"a = 1 # soft AND Dnc = 'N'", "a = 1 # soft\nAND Dnc = 'N'"},
           {"a = 1 // x AND b = 1", "a = 1 // x\nAND b = 1"},
           {"a = 'O\\'Brien Jr' AND c = 'D\\'X'", "a = 'O\\'Brien  Jr' AND c = 'D\\'X'"},
           {"a = 1 /* x /* y */ it's */ AND n = 'p q' -- it's",
            "a = 1 /* x /* y */ it's */ AND n = 'p  q' -- it's"},
           {"a = U & 'd\\0061ta'", "a = U&'d\\0061ta'"},
           {"t.[Order] = 1 AND t.LEFT = 2", "t.[Order] = 1 AND t.Left = 2"},
           {"a = $$it's x$$ AND b = 'it'", "a = $$it's  x$$ AND b = 'it'"},
           {"a = '''x' AND b = 'y z'", "a = '''x'  AND b = 'y z'"},
           {"a = 'x' 'y'", "a = 'x'\n'y'"},
           {"[it's] = 1 AND n = 'p q' OR m = 'it''s'", "[it's] = 1  AND n = 'p q' OR m = 'it''s'"},
           {"COUNT(a) > 1", "COUNT (a) > 1"},
           {"t .5 > 1", "t.5 > 1"},
           {"a %-1 = 0", "a % -1 = 0"},
           {"LEFT(a, 1) = 'x'", "left(a, 1) = 'x'"},
           {"End = 1 AND a = 1", "END = 1 AND a = 1"},
           {"Case = 1 AND a = 1", "CASE = 1 AND a = 1"},
           {"a = 1 AND When > 2", "a = 1 AND WHEN > 2"},
           {"\v$a = \\1", "\v $a = \\1"},
           {"\fa = 1", "a = 1"},
           {"a = 1 -- x", "a = 1 -- x\n"},
           {"a = 1 -- x\nAND b = 2", "a=1 -- x\nAND b = 2"},
       }) {
    CAPTURE(a);
    CAPTURE(b);
    CHECK_FALSE(SameCriteria(a, b));
  }
}

TEST_CASE("blanks at the ends mean nothing, save behind what may be a line comment") {
  CHECK(SameCriteria("a = '\\d+' ", "a = '\\d+'\n"));
  CHECK(SameCriteria("a = 1 /* why */", "\na = 1 /* why */ \n"));
  CHECK_FALSE(SameCriteria("a = 1 # why", "a = 1 # why\n"));
}

// --- the property
// ---------------------------------------------------------------------------------

using Pieces = std::vector<std::string>;

const Pieces& Plain() {
  static const Pieces kPlain = {
      "a",    "Days", "1",  "15",    "1.5",     "'x y'", "''",      "(",    ")",
      ",",    "<",    "=",  ">",     "<=",      "<>",    "-",       "*",    "f(",
      "AND",  "or",   "in", "like",  "BETWEEN", "not",   "IS",      "null", "||",
      "case", "end",  "by", "ORDER", "escape",  "when",  "'O''B c'"};
  return kPlain;
}
const Pieces& Nasty() {
  static const Pieces kNasty = {"#",        "//",
                                "--",       "/*",
                                "*/",       "\\'",
                                "'a\\' b'", "$$",
                                "$t$",      "U&",
                                "N",        "E",
                                "x",        "'",
                                "'''",      "\"",
                                "`",        "[",
                                "]",        "[b c]",
                                "`b c`",    "\"it's\"",
                                "[it's]",   ".",
                                ".5",       "t.",
                                "Left",     "END",
                                "!",        "%",
                                "+",        "&",
                                "|",        ":",
                                "?",        "\xc3\xa9",
                                "@v",       "1e",
                                "e-5",      "_utf8",
                                "r",        "\n",
                                "exists",   "'x'",
                                "'y'",      "\xe3\x80\x80",
                                "as",       "By",
                                "between"};
  return kNasty;
}

std::string Blanks() {
  return *rc::gen::elementOf(Pieces{"", "", " ", " ", "  ", "\n", "\t ", "\r\n"});
}

std::string SomeText() {
  std::string text;
  auto count = *rc::gen::inRange(1, 12);
  auto nasty = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    bool plain = *rc::gen::inRange(0, 10) >= nasty;
    text += *rc::gen::elementOf(plain ? Plain() : Nasty()) + Blanks();
  }
  return text;
}

// Other blanks and another letter case at a few places, in and out of quotes.
std::string Varied(std::string text) {
  for (int i = *rc::gen::inRange(1, 4); i > 0 && !text.empty(); --i) {
    auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    char& c = text[at];
    bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (blank) {
      text.replace(at, 1, Blanks());
    } else if (*rc::gen::inRange(0, 2)) {
      if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) c = static_cast<char>(c ^ 0x20);
      // The rest of the word, too: else it would hardly be a key word again.
      for (auto j = at + 1; j < text.size() && std::isalpha(static_cast<unsigned char>(text[j]));
           ++j)
        text[j] = static_cast<char>(text[j] ^ 0x20);
    } else {
      text.insert(at, Blanks());
    }
  }
  return text;
}

TEST_CASE("law: what is said to be the same, five dialects read alike") {
  CHECK(rc::check([] {
    auto a = SomeText(), b = Varied(a);
    bool same = SameCriteria(a, b);
    RC_CLASSIFY(same && a != b, "the same, though written differently");
    if (!same) return;
    RC_LOG() << a << "\n---\n" << b << "\n";
    RC_ASSERT(Dissenter(a, b) == "");
  }));
}

TEST_CASE("law: wrapping changes nothing for any of them") {
  CHECK(rc::check([] {
    auto text = SomeText();
    RC_LOG() << text << "\n---\n" << WrapCriteria(text) << "\n";
    RC_ASSERT(Dissenter(text, WrapCriteria(text)) == "");
  }));
}

TEST_CASE("the lexers tell apart what was found to differ") {
  CHECK(Dissenter("a = 1 # x AND b", "a = 1 # x\nAND b") == "MySQL");
  CHECK(Dissenter("a = 'O\\'B J' AND c = 'D\\'X'", "a = 'O\\'B  J' AND c = 'D\\'X'") == "MySQL");
  CHECK(Dissenter("/* /* */ it's */ 'p q' --'", "/* /* */ it's */ 'p  q' --'") == "PostgreSQL");
  CHECK(Dissenter("a = U & 'x'", "a = U&'x'") == "ANSI");
  CHECK(Dissenter("t.LEFT = 1", "t.Left = 1") == "ANSI");
  CHECK(Dissenter("f(x)", "f (x)") == "MySQL");
  CHECK(Dissenter("a = '''x' b 'y  z'", "a = '''x' b 'y z'") == "ANSI");
  CHECK(Dissenter("a AND b", "a  and\nb") == "");
}

}  // namespace
}  // namespace viasync::model
