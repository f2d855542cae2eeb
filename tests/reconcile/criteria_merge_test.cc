#include "engine/reconcile/criteria_merge.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/model/criteria.h"

namespace viasync::reconcile {
namespace {

struct Case {
  const char* sentence;
  const char* base;
  const char* local;
  const char* remote;
  const char* merged;  // nullptr: a conflict
};

void Check(const Case& c) {
  CAPTURE(std::string(c.sentence));
  for (auto merged :
       {MergeCriteria(c.base, c.local, c.remote), MergeCriteria(c.base, c.remote, c.local)}) {
    CHECK(merged.has_value() == (c.merged != nullptr));
    if (!merged || !c.merged) continue;
    CAPTURE(*merged);
    CHECK(model::SameCriteria(*merged, c.merged));
  }
}

TEST_CASE("clauses of a conjunction") {
  for (const Case& c : {
           Case{"different clauses", "a=1 AND b=1", "a=2 AND b=1", "a=1 AND b=2", "a=2 AND b=2"},
           {"the same clause", "a=1 AND b=1", "a=2 AND b=1", "a=3 AND b=1", nullptr},
           {"the same edit on both sides", "a=1 AND b=1", "a=2 AND b=1", "a=2 AND b=1",
            "a=2 AND b=1"},
           {"the same edit, and one more on each side", "a=1 AND b=1 AND c=1",
            "a=2 AND b=2 AND c=1", "a=2 AND b=1 AND c=2", nullptr},  // a and b are one run of edits
           {"the same edit, and one more apart from it", "a=1 AND x=0 AND b=1 AND c=1",
            "a=2 AND x=0 AND b=2 AND c=1", "a=2 AND x=0 AND b=1 AND c=2",
            "a=2 AND x=0 AND b=2 AND c=2"},
           {"added here, changed there", "a=1 AND b=1", "a=1 AND b=1 AND c=1", "a=2 AND b=1",
            "a=2 AND b=1 AND c=1"},
           {"added in front, changed there", "a=1", "n=1 AND a=1", "a=2", "n=1 AND a=2"},
           {"added in different gaps", "a=1 AND b=1", "a=1 AND n=1 AND b=1", "a=1 AND b=1 AND m=1",
            "a=1 AND n=1 AND b=1 AND m=1"},
           {"both append", "a=1", "a=1 AND b=1", "a=1 AND c=1", nullptr},
           {"both append the same", "a=1 AND x=1", "a=1 AND x=1 AND b=1", "a=1 AND x=1 AND b=1",
            "a=1 AND x=1 AND b=1"},
           {"added here, removed there", "a=1 AND b=1", "a=1 AND b=1 AND n=1", "a=1",
            "a=1 AND n=1"},
           {"the first removed, the last added", "a=1 AND b=1", "b=1", "a=1 AND b=1 AND n=1",
            "b=1 AND n=1"},
           {"an IN list grows here, another clause there", "a IN (1,2) AND b=1",
            "a IN (1,2,3) AND b=1", "a IN (1,2) AND b=2", "a IN (1,2,3) AND b=2"},
           {"one IN list grows on both sides", "a IN (1,2)", "a IN (1,2,3)", "a IN (0,1,2)",
            nullptr},
           {"an OR in parentheses", "(a=1 OR b=1) AND c=1", "(a=1 OR b=1 OR d=1) AND c=1",
            "(a=1 OR b=1) AND c=2", "(a=1 OR b=1 OR d=1) AND c=2"},
           {"both ends of one BETWEEN", "d BETWEEN 1 AND 9 AND b=1", "d BETWEEN 2 AND 9 AND b=1",
            "d BETWEEN 1 AND 8 AND b=1", nullptr},
           {"BETWEEN here, its neighbour there", "d BETWEEN 1 AND 9 AND b=1",
            "d BETWEEN 2 AND 9 AND b=1", "d BETWEEN 1 AND 9 AND b=2", "d BETWEEN 2 AND 9 AND b=2"},
           {"two places of one CASE", "CASE WHEN a=1 AND b=1 THEN 1 END = 1 AND c=1",
            "CASE WHEN a=2 AND b=1 THEN 1 END = 1 AND c=1",
            "CASE WHEN a=1 AND b=2 THEN 1 END = 1 AND c=1", nullptr},
           {"quoted AND is no connective", "a='x AND y' AND b=1", "a='x AND z' AND b=1",
            "a='w AND y' AND b=1", nullptr},
       }) {
    Check(c);
  }
}

TEST_CASE("what might dial somebody whom neither side meant is a conflict") {
  for (const Case& c : {
           Case{"each drops the restriction that the other relies on",
                "Days>60 AND Days>30 AND s=1", "Days>30 AND s=1", "Days>60 AND s=1", nullptr},
           {"one loosens what the other's removal relied on", "Days>60 AND Days>30",
            "Days>10 AND Days>30", "Days>60", nullptr},
           {"one column in two clauses", "Days>30 AND Days<90", "Days>20 AND Days<90",
            "Days>30 AND Days<120", nullptr},
           {"the column under other names", "[Days]>30 AND s=1 AND t.days<90",
            "[Days]>20 AND s=1 AND t.days<90", "[Days]>30 AND s=1 AND t.days<99", nullptr},
           {"both remove a clause", "a=1 AND b=1 AND x=1 AND c=1", "b=1 AND x=1 AND c=1",
            "a=1 AND b=1 AND x=1", nullptr},
           {"one removes, the other changes", "a=1 AND b=1 AND c=1", "a=1 AND b=1",
            "a=2 AND b=1 AND c=1", nullptr},
           {"one replaces a clause by another column's", "hold=0 AND b=1 AND c=1",
            "z=1 AND b=1 AND c=1", "hold=0 AND b=1 AND c=2", nullptr},
           {"one moves a clause, the other removes one", "a=1 AND b=1 AND c=1",
            "c=1 AND a=1 AND b=1", "a=1 AND c=1", nullptr},
           {"one moves the clause that the other removes", "a=1 AND b=1 AND c=1",
            "b=1 AND a=1 AND c=1", "b=1 AND c=1", nullptr},
           {"OR added outside parentheses", "a=1 AND b=1", "a=1 AND b=1 OR d=1", "a=2 AND b=1",
            nullptr},
           {"OR added in front", "a=1 AND b=1", "d=1 OR a=1 AND b=1", "a=1 AND b=2", nullptr},
           {"AND became OR", "a=1 AND b=1", "a=1 OR b=1", "a=1 AND b=2", nullptr},
           {"an alternative removed", "a=1 OR b=1", "b=1", "a=1 OR b=2", nullptr},
           {"AND added beside an OR", "a=1 OR b=1", "a=1 OR b=1 AND n=1", "a=2 OR b=1", nullptr},
           {"parentheses around two clauses", "a=1 AND b=1 OR c=1", "a=1 AND (b=1 OR c=1)",
            "a=2 AND b=1 OR c=1", nullptr},
           {"|| may be an OR", "a=1 AND b=1", "a=1 || z=1 AND b=1 AND n=1", "a=1 AND b=2", nullptr},
       }) {
    Check(c);
  }
}

TEST_CASE("what dialects read differently is a conflict") {
  for (const Case& c : {
           Case{"a line comment here", "a = 1 AND b = 2", "a = 1 -- why\nAND b = 2",
                "a = 1 AND n = 3 AND b = 2", nullptr},
           {"a line comment that is there already", "a=1 -- x\nAND b=1", "a=2 -- x\nAND b=1",
            "a=1 -- x\nAND b=2", nullptr},
           {"# there", "a=1 AND b=1", "a=2 AND b=1", "a=1 AND b=1 # AND c=1", nullptr},
           {"a backslash before a quote", "a='\\'' AND b='x'", "a='\\'' AND b='y'",
            "a='\\'' AND b='x' AND c=1", nullptr},
           {"$$ in the base", "a=$$x$$ AND b=1", "a=1 AND b=1", "a=$$x$$ AND b=2", nullptr},
           {"literals side by side", "a='x' 'y' AND b=1", "a='x' 'y' AND b=2", "a='z' 'y' AND b=1",
            nullptr},
           {"a key word as a name", "t.Left=1 AND b=1", "t.Left=2 AND b=1", "t.Left=1 AND b=2",
            "t.Left=2 AND b=2"},
           {"one that every dialect reserves", "t.Order=1 AND b=1", "t.Order=2 AND b=1",
            "t.Order=1 AND b=2", nullptr},
       }) {
    Check(c);
  }
}

TEST_CASE("with an OR outside parentheses clauses merge in their places") {
  for (const Case& c : {
           Case{"different clauses", "a=1 AND b=1 OR c=1", "a=2 AND b=1 OR c=1",
                "a=1 AND b=1 OR c=2", "a=2 AND b=1 OR c=2"},
           {"the same clause", "a=1 OR b=1", "a=2 OR b=1", "a=3 OR b=1", nullptr},
           {"ORDER BY beside it", "a=1 OR b=1", "a=1 OR b=1 ORDER BY a", "a=1 OR b=2",
            "a=1 OR b=2 ORDER BY a"},
       }) {
    Check(c);
  }
}

TEST_CASE("ORDER BY") {
  for (const Case& c : {
           Case{"a clause here, a term there", "a=1 ORDER BY x, y", "a=2 ORDER BY x, y",
                "a=1 ORDER BY x, y DESC", "a=2 ORDER BY x, y DESC"},
           {"different terms", "a=1 ORDER BY x, y", "a=1 ORDER BY x DESC, y",
            "a=1 ORDER BY x, y DESC", "a=1 ORDER BY x DESC, y DESC"},
           {"the same term", "a=1 ORDER BY x", "a=1 ORDER BY x DESC", "a=1 ORDER BY y", nullptr},
           {"a term added here, another changed there", "a=1 ORDER BY x", "a=1 ORDER BY x, y",
            "a=1 ORDER BY x DESC", nullptr},
           {"added here, a clause added there", "a=1", "a=1 ORDER BY x", "a=1 AND b=1",
            "a=1 AND b=1 ORDER BY x"},
           {"added on both sides", "a=1", "a=1 ORDER BY x", "a=1 ORDER BY y", nullptr},
           {"removed here, a clause changed there", "a=1 ORDER BY x", "a=1", "a=2 ORDER BY x",
            "a=2"},
           {"a clause removed here, a term changed there", "a=1 AND b=1 ORDER BY x",
            "a=1 ORDER BY x", "a=1 AND b=1 ORDER BY y", "a=1 ORDER BY y"},
       }) {
    Check(c);
  }
}

TEST_CASE("what cannot be read or checked is a conflict") {
  for (const Case& c : {
           Case{"a quote here", "a=1 AND b=1", "a='1 AND b=1", "a=1 AND b=2", nullptr},
           {"a parenthesis there", "a=1 AND b=1", "a=2 AND b=1", "(a=1 AND b=2", nullptr},
           {"a broken base", "a=1 AND (b=1", "a=2 AND b=1", "a=1 AND b=2", nullptr},
           {"a broken side and an untouched one", "a=1", "a=1;", "a=1", nullptr},
           {"an AND too many", "a=1 AND b=1", "a=2 AND b=1 AND", "a=1 AND b=2", nullptr},
           {"a whole query", "a=1 AND b=1", "a=2 AND b=1 UNION SELECT 1", "a=1 AND b=2", nullptr},
           {"a condition behind ORDER BY", "a=1 AND b=1", "a=1 AND b=1 ORDER BY x AND c=1",
            "a=1 AND b=2", nullptr},
       }) {
    Check(c);
  }
}

TEST_CASE("each side's layout is kept") {
  CHECK(MergeCriteria("a = 1 AND b = 1", "a = 1\n  AND b = 2\n", "a=3 AND b=1") ==
        "a=3\n  AND b = 2\n");
  CHECK(MergeCriteria("a=1 AND b=1", "a=1 AND b=1\nORDER BY\n  x", "n = 9 AND a=1 AND b=1") ==
        "n = 9 AND a=1 AND b=1\nORDER BY\n  x");
}

// --- laws ---------------------------------------------------------------------------------------

const std::vector<std::string> kColumns = {"a", "b", "c", "d", "e"};

std::string Clause(const std::string& column) {
  auto value = std::to_string(*rc::gen::inRange(0, 3));
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      return column + " BETWEEN " + value + " AND 9";
    case 1:
      return "(" + column + " = " + value + " OR " + column + " IS NULL)";
    case 2:
      return column + " IN (" + value + ", 7)";
    default:
      return column + " = " + value;
  }
}

std::vector<std::string> SomeClauses() {
  std::vector<std::string> clauses;
  for (const auto& column : kColumns) {
    if (*rc::gen::inRange(0, 4)) clauses.push_back(Clause(column));
  }
  if (clauses.empty()) clauses.push_back("1 = 1");
  return clauses;
}

// Changes, removes and adds clauses here and there.
std::vector<std::string> Edited(std::vector<std::string> clauses) {
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
    auto at = *rc::gen::inRange<std::size_t>(0, clauses.size());
    auto where = clauses.begin() + static_cast<std::ptrdiff_t>(at);
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        if (clauses.size() > 1) clauses.erase(where);
        break;
      case 1:
        clauses.insert(where, Clause(*rc::gen::elementOf(kColumns)));
        break;
      default:
        *where = Clause(where->substr(where->front() == '(' ? 1 : 0, 1));
    }
  }
  return clauses;
}

std::string Joined(const std::vector<std::string>& clauses, const char* connective) {
  std::string text;
  for (const auto& clause : clauses) text += (text.empty() ? "" : connective) + clause;
  return text;
}

TEST_CASE("laws: an untouched side changes nothing, swapping changes nothing, all can be read") {
  CHECK(rc::check([] {
    const char* connective =
        *rc::gen::elementOf(std::vector<const char*>{" AND ", "\nand ", " OR "});
    auto clauses = SomeClauses();
    auto b = Joined(clauses, connective), l = Joined(Edited(clauses), connective),
         r = Joined(Edited(clauses), connective);
    RC_ASSERT(model::SameCriteria(MergeCriteria(b, l, b).value(), l));
    RC_ASSERT(model::SameCriteria(MergeCriteria(b, b, r).value(), r));
    RC_ASSERT(model::SameCriteria(MergeCriteria(b, l, l).value(), l));
    auto one = MergeCriteria(b, l, r), two = MergeCriteria(b, r, l);
    RC_ASSERT(one.has_value() == two.has_value());
    RC_CLASSIFY(one.has_value(), "merged");
    if (!one) return;
    RC_ASSERT(model::SameCriteria(*one, *two));
    RC_ASSERT(!model::CheckCriteria(*one));
  }));
}

std::size_t Count(const std::vector<std::string>& clauses, const std::string& clause) {
  return static_cast<std::size_t>(std::ranges::count(clauses, clause));
}

std::vector<std::string> ClausesOf(const std::string& text) {
  std::vector<std::string> clauses;
  std::string rest = text;
  for (;;) {
    auto at = rest.find(" & ");
    clauses.push_back(rest.substr(0, at));
    if (at == std::string::npos) return clauses;
    rest = rest.substr(at + 3);
  }
}

TEST_CASE("law: a merged conjunction holds both edits and nothing else") {
  CHECK(rc::check([] {
    auto b = SomeClauses();
    auto l = Edited(b), r = Edited(b);
    auto merged = MergeCriteria(Joined(b, " AND "), Joined(l, " AND "), Joined(r, " AND "));
    if (!merged) return;
    RC_LOG() << Joined(b, " AND ") << "\n"
             << Joined(l, " AND ") << "\n"
             << Joined(r, " AND ") << "\n"
             << *merged << "\n";
    // The AND between clauses, told from that of a BETWEEN by its layout.
    auto text = model::WrapCriteria(*merged);
    for (std::size_t at; (at = text.find("\nAND ")) != std::string::npos;)
      text.replace(at, 5, " & ");
    auto m = ClausesOf(text);
    for (const auto* side : {&l, &r}) {
      for (const auto& clause : *side) {
        if (Count(*side, clause) > Count(b, clause)) RC_ASSERT(Count(m, clause) > 0);  // added
      }
      for (const auto& clause : b) {
        if (Count(*side, clause) == 0) RC_ASSERT(Count(m, clause) == 0);  // removed
      }
    }
    for (const auto& clause : m) RC_ASSERT(Count(l, clause) + Count(r, clause) > 0);
  }));
}

}  // namespace
}  // namespace viasync::reconcile
