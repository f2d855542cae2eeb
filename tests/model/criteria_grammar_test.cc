#include "engine/model/criteria_grammar.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

namespace viasync::model {
namespace {

std::string First(std::string_view text) {
  auto problems = ReadCriteria(text).problems;
  if (problems.empty()) return "";
  return std::to_string(problems[0].offset) + ": " + problems[0].what;
}

TEST_CASE("conditions of many dialects pass") {
  for (const char* text :
       {"1=1",
        "x",
        "a = 1",
        "State = 'AK' ORDER BY Balance",
        "a=-1 AND b<-1 AND -c > +1",
        "NOT a = 1 AND NOT (b = 2 OR c IS NOT NULL)",
        "a IN ('x', 'y') OR b NOT IN (1, 2.5, -3)",
        "a LIKE 'x!%' ESCAPE '!' AND b NOT LIKE '%y'",
        "d BETWEEN 1 AND 2 AND e NOT BETWEEN 'a' AND 'b'",
        "d BETWEEN DATEADD(day, -30, GETDATE()) AND GETDATE() ORDER BY d DESC, e ASC, 3",
        "DATEDIFF(day, CancelDate, GETDATE()) BETWEEN 14 AND 90",
        "CONVERT(varchar(10), d, 120) = 'x'",
        "CAST(a AS DECIMAL(10, 2)) > 1 AND TRIM(BOTH ' ' FROM b) = 'x' AND TRIM(LEADING FROM c) = "
        "''",
        "EXTRACT(YEAR FROM d) = 2026",
        "SUBSTRING(a FROM 1 FOR 2) = 'x'",
        "POSITION('a' IN b) > 0",
        "CASE WHEN a = 1 AND b = 2 THEN 1 ELSE 0 END = 1",
        "CASE a WHEN 1 THEN 'x' END IN ('x')",
        "[Days Late] > 30 AND \"Last Call\" < 1 AND `x` = 1 AND dbo.f(t.[a b], 1) = schema.t.c",
        "COUNT(*) > 1 AND COUNT(DISTINCT a) > 2 AND SUM(a) OVER (PARTITION BY b) > 1",
        "EXISTS (SELECT 1 FROM t WHERE t.a = b) AND NOT EXISTS(SELECT 1 FROM u)",
        "a IN (SELECT x FROM y WHERE z) AND b = ANY (SELECT 1) AND c > ALL(SELECT 2)",
        "a = (SELECT MAX(b) FROM t)",
        "(a, b) IN ((1, 2), (3, 4))",
        "(a + 1) * 2 - b / 3 % 2 > 0",
        "a || 'x' = 'y' AND a & 4 = 4 AND b << 2 > 1",
        "a IS TRUE OR b IS NOT FALSE OR c IS UNKNOWN",
        "a IS NOT DISTINCT FROM b",
        "a ISNULL AND b NOTNULL AND c NOT NULL",
        "a <=> b AND c !< 1",
        "a ILIKE 'x' AND b ~* 'y' AND c !~ 'z' AND d REGEXP '^x' AND e RLIKE 'y' AND f SIMILAR TO "
        "'z'",
        "a::date = DATE '2026-01-01' AND b > TIMESTAMP '2026-01-01 00:00:00'",
        "a = N'x' AND b = E'\\n'",
        "a = 'O\\'Brien Jr' AND c = 'D\\'X'",
        "a = 'O\\'Brien'",
        "a LIKE '50\\%' ESCAPE '\\\\'",
        "a LIKE '50\\%' ESCAPE '\\'",
        "a > NOW() - INTERVAL '30' DAY AND b > CURRENT DATE - 30 DAYS AND c > INTERVAL 1 MONTH + d",
        "a > CURRENT_DATE AND b AT TIME ZONE 'UTC' < c",
        "a = 'x' COLLATE Latin1_General_CI_AS",
        "a = {d '2026-01-01'} AND {fn UCASE(b)} = 'X'",
        "a = @list OR b IN UNNEST(@c)",
        "CONTAINS(Notes, 'vip') AND FREETEXT (Notes, 'x') AND HasTag('vip')",
        "f(x => 1) = 2",
        "MATCH(a) AGAINST ('x' IN BOOLEAN MODE) > 0",
        "a.b.value('x', 'int') = 1 AND arr[1] = 2",
        "GROUP_CONCAT(a ORDER BY b SEPARATOR ',') = 'x'",
        "LEFT(a, 1) = 'x' AND RIGHT(b, 2) = 'y'",
        "a = 1 XOR b = 2",
        "a DIV 2 = 1 AND MOD(b, 2) = 0",
        "End = 1 AND t.Order = 2 AND By.x = 3",
        "a = 1 ORDER BY CASE WHEN b = 1 THEN 0 ELSE 1 END, c DESC NULLS LAST, LEN(d)",
        "a = 1 ORDER BY b = 'x' DESC",
        "a = 1 ORDER BY b OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY",
        "a = 'it''s' AND b = '-- no comment' AND c = '${x}' AND d = 'it’s'",
        "((((a = 1))))",
        "Müller = 1 AND Straße = 'x'",
        "a = $5.00",
        "BINARY a = 'x'",
        "Update = 1 AND Set IN (1)",
        // Oracle
        "a = q'[it's]' AND b = Nq'{x'y}' AND c = q'!it's!'",
        "t.a = u.b(+) AND CONNECT_BY_ROOT a = 1",
        "a IS JSON AND b IS NOT JSON OBJECT AND c IS OF (ONLY t) AND d IS A SET AND e IS NAN",
        "XMLEXISTS('/a' PASSING b)",
        // PostgreSQL
        "a ~~* 'x%' AND b !~~ 'y' AND c ~~ 'z'",
        "tags @> '{\"a\":1}' AND a <@ b AND to_tsvector(n) @@ to_tsquery('x')",
        "a #> '{b}' = '1' AND a #>> '{b,c}' = '1' AND a ? 'b' AND a ?| array['b']",
        "a <-> b < 5 AND inet '1.1.1.1' <<= c",
        "a::timestamp(3) with time zone > b AND c::double precision > 1 AND d::int[] = e",
        "a = $x$it's$x$ AND b = $$it's$$",
        // Snowflake
        "a:b.c::string = 'x' AND t.src:\"First Name\" = 'y' AND PARSE_JSON(d):e[0]:f = 1",
        // MySQL
        "a = _utf8mb4 'x' AND b LIKE BINARY 'x' AND c REGEXP BINARY '^x'",
        "a IN (1, 2) = TRUE",
        // T-SQL
        "a..b = 1 AND db..t.c = 5. AND d = 5.",
        "a LIKE '50!%' {escape '!'} AND b = {guid '1'}",
        "a = 1 ORDER BY ROW_NUMBER() OVER (PARTITION BY b ORDER BY c)",
        "FIRST_VALUE(a) IGNORE NULLS OVER (ORDER BY b) = 1",
        "a = 1 ORDER BY b LIMIT 10 OFFSET 5",
        "a = 1 LIMIT 5, 10",
        "a = 1 OPTION (RECOMPILE)",
        "a = 2026 - 1 - 2 AND b = 10/2",
        "STATUS = 1 and Date > '2026' and Time < 3 and Year = 2 and Day IN (1) ORDER BY Month"}) {
    CAPTURE(std::string(text));
    CHECK(First(text) == "");
  }
}

struct Row {
  const char* text;
  const char* found;  // offset and message, as far as it matters
  const char* remedy;
};

void Check(std::initializer_list<Row> rows) {
  for (const auto& row : rows) {
    CAPTURE(std::string(row.text));
    auto problems = ReadCriteria(row.text).problems;
    CHECK_FALSE(problems.empty());
    if (problems.empty()) continue;
    CHECK(First(row.text).starts_with(row.found));
    CAPTURE(problems[0].remedy);
    CHECK(problems[0].remedy.find(row.remedy) != std::string::npos);
    CHECK_FALSE(problems[0].remedy.empty());
    CAPTURE(First(row.text));
  }
}

TEST_CASE("operators that are doubled, missing or unknown") {
  Check({
      {"a = = 1", "4: `=` follows `=` without a value between them", "remove one"},
      {"a = 1 AND AND b = 2", "10: `AND` follows `AND` without", ""},
      {"a = 1 OR AND b = 2", "9: `AND` follows `OR`", ""},
      {"a = 1 b = 2", "6: an operator is missing between `1` and `b`", "AND or OR"},
      {"State 'AK'", "6: an operator is missing between `State` and `'AK'`", "compare with"},
      {"a = 1 AND", "6: nothing follows `AND`", ""},
      {"a = 1 AND (b = 2 OR)", "17: nothing follows `OR`", ""},
      {"a =", "2: nothing follows `=`", ""},
      {"= 1", "0: `=` stands where a value should be", ""},
      {"a == 1", "2: `==` is not an operator", "write ="},
      {"a => 1", "2: `=>` is not an operator", "write >="},
      {"a =< 1", "2: `=<` is not an operator", "write <="},
      {"a < > 1", "4: `>` follows `<`", ""},
      {"a * / b = 1", "4: `/` follows `*`", ""},
      {"a // b", "3: `/` follows `/`", ""},
      {"a LIKE LIKE 'x'", "7: `LIKE` follows `LIKE`", ""},
      {"a IS IS NULL", "2: `IS` is not followed by NULL", "IS NULL"},
      {"a IS", "2: `IS` is not followed by NULL", ""},
      {"a IS NOT 'x'", "2: `NOT` is not followed by NULL", ""},
      {"NOT NOT a = 1", "4: `NOT` stands twice", ""},
      {"a NOT = 1", "2: `NOT` is not followed by IN, LIKE or BETWEEN", ""},
      {"1 < a < 5", "6: `<` compares what is compared already", "AND or OR"},
      {"a = 1, b = 2", "5: `,` does not join conditions", "AND or OR"},
      {"f(a) g(b)", "5: an operator is missing between `)` and `g`", ""},
      {"a = ?", "4: `?` is a placeholder", ""},
      {"a = :name", "4: `:` is a placeholder", ""},
      {"a = 'x' OR 'y'", "11: `'y'` alone is not a condition", "use IN"},
      {"a = 1 OR 2", "9: `2` alone is not a condition", "use IN"},
      {"a =! 1", "2: `=!` is not an operator", "write <>"},
      {"a IS AK", "2: `IS` is not followed by NULL", "compare values with ="},
      {"'a = 1'", "0: `'a = 1'` alone is not a condition", "no SQL quotes"},
      {"('x') ORDER BY a", "0: `'x'` alone is not", ""},
      {"\"a = 1\"", "0: `\"a = 1\"` alone is not", ""},
      {"[object Object]", "0: `[object Object]` alone is not", ""},
      {"NULL", "0: `NULL` alone is not", ""},
      {"undefined ORDER BY a", "0: `undefined` alone is not", ""},
      {"TODO", "0: `TODO` alone is not", ""},
      {"a > 2026-01-31", "4: a date stands without quotes", "single quotes"},
      {"a > 31/1/2026", "4: a date stands without quotes", "single quotes"},
      {"\\a = 1", "0: ", ""},
      {"State ('AK', 'AL')", "0: an operator is missing between `State` and `(`", "IN"},
  });
}

TEST_CASE("IN, BETWEEN, CASE, ORDER BY and parentheses that are unfinished") {
  Check({
      {"a IN 'x', 'y'", "5: the values of IN stand without parentheses", "IN ('a', 'b')"},
      {"a IN ()", "5: IN () has no values", ""},
      {"a IN ('x' 'y')", "10: a comma is missing between `'x'` and `'y'`", ""},
      {"a IN ('x',)", "10: a value is missing in front of `)`", ""},
      {"a IN ('x',,'y')", "10: a value is missing in front of `,`", ""},
      {"a IN", "2: nothing follows `IN`", ""},
      {"a IN [x]", "5: the values of IN stand without parentheses", "IN ('a', 'b')"},
      {"a IN ['x','y']", "5: the values of IN stand without parentheses", ""},
      {"a IN (SELECT)", "6: nothing follows `SELECT`", "query"},
      {"EXISTS ()", "0: EXISTS () has no query", ""},
      {"a LIKE ('x%', 'y%')", "12: LIKE takes one pattern", "OR"},
      {"a = 1 LIMIT", "6: nothing follows `LIMIT`", ""},
      {"a = 1 LIMIT 5 AND b = 2", "14: `AND` does not fit behind `LIMIT`", "in front of"},
      {"a = 1 ORDER BY b LIMIT 5 OR c = 1", "25: `OR` does not fit behind `LIMIT`", ""},
      {"a NOT IN b = 1 = 2", "11: `=` compares what is compared already", ""},
      {"d BETWEEN 1", "2: BETWEEN has no AND", "low AND high"},
      {"d BETWEEN 1 AND", "2: BETWEEN has no upper bound", ""},
      {"d BETWEEN 1 OR 2", "2: BETWEEN has no AND", ""},
      {"d BETWEEN 1 AND e = 2", "2: BETWEEN is unfinished: `=` follows", ""},
      {"d BETWEEN AND 2", "10: `AND` follows `BETWEEN`", ""},
      {"CASE WHEN a = 1 THEN 2 = 2", "0: CASE has no END", ""},
      {"CASE a END = 1", "0: CASE has no WHEN", ""},
      {"CASE WHEN a = 1 ELSE 2 END = 1", "0: WHEN has no THEN", ""},
      {"a = 1 ORDER b", "6: `ORDER` is not followed by BY", "ORDER BY"},
      {"a = 1 ORDER BY", "12: a column is missing behind `BY`", ""},
      {"a = 1 ORDER BY b,", "16: a column is missing behind `,`", ""},
      {"a = 1 ORDER BY b c", "17: `c` does not fit behind `b`", "comma"},
      {"a = 1 ORDER BY b AND c = 2", "17: `AND` behind ORDER BY does not filter", "in front of"},
      {"ORDER BY a", "0: ORDER BY without a condition", "WHERE"},
      {"()", "0: there is nothing between the parentheses", ""},
      {"(a = 1", "0: `(` is never closed", ""},
      {"a = 1)", "5: `)` closes nothing", ""},
      {"f(a,) = 1", "4: an argument is missing in front of `)`", ""},
      {"f(a b) = 1", "4: an operator is missing between `a` and `b`", ""},
      {"a = 'x", "4: quote ' is never closed", ""},
      {"", "0: the criterion is empty", ""},
  });
}

TEST_CASE("whole queries and other statements") {
  Check({
      {"WHERE a = 1", "0: `WHERE` does not belong into a criterion", "begin with what follows"},
      {"SELECT * FROM t", "0: `SELECT` begins another kind of statement", "condition"},
      {"a = 1 UNION SELECT 1", "6: `UNION` begins another kind", ""},
      {"DROP TABLE Leads", "0: `DROP` begins another kind", ""},
      {"EXEC('x')", "0: `EXEC` begins another kind", ""},
      {"a = 1; DROP TABLE Leads", "5: `;` outside quotes", ""},
      {"a = 1 GROUP BY b", "6: `GROUP` begins another kind", ""},
      {"AND a = 1", "0: a criterion cannot begin with `AND`", ""},
      {"a = 1 WHERE b = 2", "6: `WHERE` begins another kind", ""},
  });
}

TEST_CASE("what only looks like SQL, comments, and placeholders that are left over") {
  Check({
      {"a = ‘x’", "4: there is a typographic quote `‘` outside quotes", "type `'`"},
      {"a ≥ 1", "2: there is a mathematical sign `≥`", "type `>=`"},
      {"a\u00A0= 1", "1: there is a no-break space", "ordinary space"},
      {"a = 1 -- soft", "6: `--` starts a comment", "YAML comment"},
      {"a = 1 /* soft */", "6: `/*` starts a comment", "YAML comment"},
      {"a = 1 # soft", "6: `#` starts a comment in some dialects", "YAML comment"},
      {"a > $min", "4: `$min` is a placeholder", "${name}"},
      {"a > ${min}", "4: `${min}` is a placeholder", "${name}"},
      {"a > {{ min }}", "4: `{{ min }}` is a placeholder", "${name}"},
      {"a > {min}", "4: `{min}` is a placeholder", "${name}"},
      {"a > $(min)", "4: `$(min)` is a placeholder", "${name}"},
      {"a = :min", "4: `:` is a placeholder", "${name}"},
      {"a = 1 …", "6: there is an ellipsis", "write out"},
      {"a\u2005= 1", "1: there is a wide space", "ordinary space"},
      {"a\u200b= 1", "1: there is a character outside quotes that cannot be seen", "remove it"},
  });
  CHECK(ReadCriteria("a = ‘x’ -- y").problems.size() == 2);
}

TEST_CASE("columns are the names that stand for a value") {
  std::vector<std::string> columns;
  for (const auto& column :
       ReadCriteria(
           "t.a = 1 AND f([b c]) = DATEADD(day, -1, d) AND e IN (g, 'x', NULL, TRUE) ORDER BY h")
           .columns) {
    columns.emplace_back(column.text);
  }
  CHECK(columns == std::vector<std::string>{"a", "[b c]", "d", "e", "g", "h"});
}

TEST_CASE("deep nesting ends with a problem, not with the process") {
  CHECK(First(std::string(20'000, '(') + "1" + std::string(20'000, ')')).find("deeply") !=
        std::string::npos);
  std::string words;
  for (int i = 0; i < 20'000; ++i) words += "BINARY ";
  CHECK(First(words + "a").find("deeply") != std::string::npos);
}

// --- properties
// -----------------------------------------------------------------------------------

using Pieces = std::vector<std::string>;

void Add(Pieces& to, const Pieces& more) { to.insert(to.end(), more.begin(), more.end()); }

// An operator that may be dropped or doubled is marked by a blank in front.
Pieces Value(int depth);
Pieces Simple() {
  return {*rc::gen::elementOf(
      Pieces{"a", "Age", "t.b", "[x y]", "'AK'", "'it''s'", "1", "2.5", "x_1"})};
}

Pieces Value(int depth) {
  Pieces value;
  switch (depth > 2 ? 9 : *rc::gen::inRange(0, 10)) {
    case 0:
      Add(value, Value(depth + 1));
      value.push_back(*rc::gen::elementOf(Pieces{" +", " -", " *", " /", " ||", " %"}));
      Add(value, Simple());
      return value;
    case 1:
      Add(value, {"LOWER", "("});
      Add(value, Value(depth + 1));
      value.push_back(")");
      return value;
    case 2:
      Add(value, {"CASE", "WHEN"});
      Add(value, Simple());
      value.push_back(" =");
      Add(value, Value(depth + 1));
      Add(value, {"THEN", "1", "ELSE", "2", "END"});
      return value;
    default:
      return Simple();
  }
}

Pieces Predicate(int depth);
Pieces Condition(int depth) {
  Pieces condition = Predicate(depth);
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    condition.push_back(*rc::gen::elementOf(Pieces{" AND", " OR", " and"}));
    Add(condition, Predicate(depth));
  }
  return condition;
}

Pieces Predicate(int depth) {
  Pieces out;
  if (*rc::gen::inRange(0, 5) == 0) out.push_back("NOT");
  int kind = depth > 2 ? 9 : *rc::gen::inRange(0, 8);
  if (kind == 0) {
    out.push_back("(");
    Add(out, Condition(depth + 1));
    out.push_back(")");
    return out;
  }
  Add(out, kind == 1 ? Simple() : Value(depth + 1));
  bool negated = *rc::gen::inRange(0, 3) == 0;
  switch (kind) {
    case 1:
      if (negated) out.push_back("NOT");
      Add(out, {" IN", "(", "'x'", ",", "2", ")"});
      break;
    case 2:
      if (negated) out.push_back("NOT");
      Add(out, {" LIKE", "'x%'"});
      if (*rc::gen::inRange(0, 2)) Add(out, {" ESCAPE", "'!'"});
      break;
    case 3:
      if (negated) out.push_back("NOT");
      out.push_back(" BETWEEN");
      Add(out, Simple());
      out.push_back(" AND");
      Add(out, Simple());
      break;
    case 4:
      out.push_back(" IS");
      if (negated) out.push_back("NOT");
      out.push_back("NULL");
      break;
    default:
      out.push_back(*rc::gen::elementOf(Pieces{" =", " <>", " <", " >=", " !="}));
      Add(out, Value(depth + 1));
  }
  return out;
}

std::string Joined(const Pieces& pieces) {
  std::string text;
  for (const auto& piece : pieces) {
    bool tight = piece == "(" && text.ends_with("LOWER");
    text += (text.empty() || tight || piece[0] == ' ' ? "" : " ") + piece;
  }
  return text;
}

Pieces Criterion() {
  Pieces all = Condition(0);
  if (*rc::gen::inRange(0, 3) == 0)
    Add(all, {"ORDER", "BY", "a", "DESC", ",", "LOWER", "(", "b", ")"});
  return all;
}

TEST_CASE("law: valid conditions pass") {
  CHECK(rc::check([] {
    auto text = Joined(Criterion());
    RC_LOG() << text << "\n";
    RC_ASSERT(First(text) == "");
  }));
}

std::vector<std::size_t> OperatorsIn(const Pieces& pieces) {
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i][0] == ' ') at.push_back(i);
  }
  return at;
}

TEST_CASE("law: an operator that is doubled or dropped is found") {
  CHECK(rc::check([] {
    auto pieces = Criterion();
    auto operators = OperatorsIn(pieces);
    if (operators.empty()) return;
    auto at = *rc::gen::elementOf(operators);
    auto where = pieces.begin() + static_cast<std::ptrdiff_t>(at);
    std::string op = *where;
    bool sign = op == " -" || op == " +";  // `a - - 1` is a value, and so is `-1`
    if (sign) return;
    if (*rc::gen::inRange(0, 2)) {
      pieces.insert(where, op);
    } else {
      // `a (b)` may be a function, `a NOT NULL` is SQLite's.
      bool call = at + 1 < pieces.size() && pieces[at + 1] == "(" && op != " IN";
      if (call || (op == " IS" && pieces[at + 1] == "NOT")) return;
      pieces.erase(where);
    }
    RC_LOG() << Joined(pieces) << "\n";
    RC_ASSERT(First(Joined(pieces)) != "");
  }));
}

TEST_CASE("law: whatever comes, it ends, and a problem lies within the text") {
  CHECK(rc::check([](const std::vector<std::string>& soup) {
    auto word = rc::gen::elementOf(Pieces{
        "a",    "(",    ")",   ",",   "=",  "AND",  "IN",    "BETWEEN", "'x'",      "1",   "CASE",
        "WHEN", "THEN", "END", "NOT", "IS", "NULL", "ORDER", "BY",      ".",        "{",   "}",
        "$",    "-",    "<",   ">",   ":",  "[b]",  "f(",    "::",      "INTERVAL", "LIKE"});
    std::string text;
    for (std::size_t i = 0; i < soup.size() * 2; ++i)
      text += *word + (*rc::gen::inRange(0, 2) ? " " : "");
    for (const auto& problem : ReadCriteria(text).problems) {
      RC_ASSERT(problem.offset <= text.size());
      RC_ASSERT(!problem.what.empty());
    }
  }));
}

}  // namespace
}  // namespace viasync::model
