#include <doctest/doctest.h>

#include "tests/config/edit/edit_run.h"

namespace viasync::config {
namespace {

TEST_CASE("a value changes in its own style, and nothing else does") {
  struct {
    const char* fact;
    std::string before;
    model::Values values;
    std::string after;
  } cases[] = {
      {"plain",
       "filters:\n  - name: A  # the first\n    description: old # why\n    criteria: x = 1\n",
       {{"description", "new text"}},
       "filters:\n  - name: A  # the first\n    description: new text # why\n    criteria: x = "
       "1\n"},
      {"single quotes",
       "filters:\n- name: A\n  criteria: 'a = ''x'''\n",
       {{"criteria", "a = 'y'"}},
       "filters:\n- name: A\n  criteria: 'a = ''y'''\n"},
      {"double quotes",
       "filters:\n- name: A\n  criteria: \"a = 'x'\"\n",
       {{"criteria", "a = 'y\\z'"}},
       "filters:\n- name: A\n  criteria: \"a = 'y\\\\z'\"\n"},
      {"a literal keeps its header, its indentation and what did not change",
       "filters:\n- name: A\n  criteria: |- # c\n      a = 1\n        AND b = 2\n\n  description: "
       "x\n",
       {{"criteria", "a = 1 AND b = 3"}},
       "filters:\n- name: A\n  criteria: |- # c\n      a = 1\n        AND b = 3\n\n  description: "
       "x\n"},
      {"a new clause gets a line like the others",
       "filters:\n- name: A\n  criteria: |\n    a = 1\n      AND b = 2\n    ORDER BY a\n",
       {{"criteria", "a = 1 AND b = 2 AND c = 3 ORDER BY a"}},
       "filters:\n- name: A\n  criteria: |\n    a = 1\n      AND b = 2\n      AND c = 3\n    ORDER "
       "BY a\n"},
      {"folded",
       "filters:\n- name: A\n  criteria: >\n    a = 1\n    AND b = 2\n",
       {{"criteria", "a = 1 AND b = 4"}},
       "filters:\n- name: A\n  criteria: >\n    a = 1\n    AND b = 4\n"},
      {"CRLF",
       "filters:\r\n- name: A\r\n  criteria: |\r\n    a = 1\r\n    AND b = 2\r\n",
       {{"criteria", "a = 1 AND b = 3 AND c = 4"}},
       "filters:\r\n- name: A\r\n  criteria: |\r\n    a = 1\r\n    AND b = 3\r\n    AND c = 4\r\n"},
      {"flow",
       "filters: [{name: A, criteria: a = 1}]\n",
       {{"criteria", "a IN (1, 2)"}},
       "filters: [{name: A, criteria: \"a IN (1, 2)\"}]\n"},
      {"no final line break",
       "filters:\n- name: A\n  criteria: a = 1",
       {{"criteria", "a = 2"}},
       "filters:\n- name: A\n  criteria: a = 2"},
      {"a byte order mark",
       "\xEF\xBB\xBF"
       "filters:\n- {name: A, criteria: a = 1}\n",
       {{"criteria", "a = 2"}},
       "\xEF\xBB\xBF"
       "filters:\n- {name: A, criteria: a = 2}\n"},
      {"`${` is escaped",
       "filters:\n- name: A\n  criteria: a = 1\n",
       {{"criteria", "a = '${x}'"}},
       "filters:\n- name: A\n  criteria: a = '$${x}'\n"},
      {"plain text that would be cut gets quotes",
       "filters:\n- name: A\n  description: x\n  criteria: a = 1\n",
       {{"description", "a #b: c"}},
       "filters:\n- name: A\n  description: \"a #b: c\"\n  criteria: a = 1\n"},
      {"a missing field comes in its place",
       "filters:\n- name: A\n  criteria: a = 1\n- name: B\n  description: 'b'\n  criteria: a = 1\n",
       {{"description", "new"}},
       "filters:\n- name: A\n  description: 'new'\n  criteria: a = 1\n- name: B\n  description: "
       "'b'\n  criteria: a = 1\n"},
      {"a missing field in brackets",
       "filters: [{name: A, criteria: a = 1}]\n",
       {{"description", "d"}},
       "filters: [{name: A, description: d, criteria: a = 1}]\n"},
      {"a field without a value takes it",
       "filters:\n- name: A\n  description:   # none\n  criteria: a = 1\n",
       {{"description", "d"}},
       "filters:\n- name: A\n  description: d   # none\n  criteria: a = 1\n"},
      {"a field that goes takes its comment along",
       "filters:\n- name: A\n  # about A\n\n  # the text\n  description: d\n  criteria: a = 1\n",
       {{"description", ""}},
       "filters:\n- name: A\n  # about A\n\n  criteria: a = 1\n"},
      {"a field that goes from the front",
       "filters:\n- description: d\n  name: A\n  criteria: a = 1\n",
       {{"description", ""}},
       "filters:\n- name: A\n  criteria: a = 1\n"},
      {"a field that goes from brackets",
       "filters: [{description: d, name: A, criteria: a = 1, schema: S}]\n",
       {{"description", ""}, {"schema", ""}},
       "filters: [{name: A, criteria: a = 1}]\n"},
      {"quotes in quotes",
       "filters:\n- name: A\n  criteria: 'Dnc <> '''' AND x = 1'\n",
       {{"criteria", "Dnc <> '' AND x = 2"}},
       "filters:\n- name: A\n  criteria: 'Dnc <> '''' AND x = 2'\n"},
      {"line breaks that a browser sends",
       "filters:\n- name: A\n  criteria: |\n    x = 1\n    AND y = 2\n    ORDER BY x\n",
       {{"criteria", "x = 1\r\nAND y = 3\r\nORDER BY x"}},
       "filters:\n- name: A\n  criteria: |\n    x = 1\n    AND y = 3\n    ORDER BY x\n"},
      {"a clause in front, between and at the end",
       "filters:\n- name: A\n  criteria: |\n    S IN ('AK','AL')\n      AND D > 30\n",
       {{"criteria", "Dnc = 1 AND S IN ('AK', 'AL', 'TX') AND E = 1 AND D > 30 AND F = 2"}},
       "filters:\n- name: A\n  criteria: |\n    Dnc = 1\n      AND S IN ('AK','AL','TX')\n      "
       "AND E "
       "= 1\n      AND D > 30\n      AND F = 2\n"},
      {"a clause that leaves from the front, with AND at the ends of lines",
       "filters:\n- name: A\n  criteria: |\n    a = 1 AND\n    b  =  2 AND\n    c = 3\n",
       {{"criteria", "b = 2 AND c = 3"}},
       "filters:\n- name: A\n  criteria: |\n    b  =  2 AND\n    c = 3\n"},
      {"quotes over several lines",
       "filters:\n- name: A\n  criteria: 'x = ''a''\n    AND y = 2'\n",
       {{"criteria", "x = 'a' AND y = 3 AND z = 4"}},
       "filters:\n- name: A\n  criteria: 'x = ''a''\n    AND y = 3\n    AND z = 4'\n"},
      {"a plain text over several lines",
       "filters:\n- name: A\n  description: one\n    two\n\n    three\n  criteria: x\n",
       {{"description", "one 2\nthree"}},
       "filters:\n- name: A\n  description: one\n    2\n\n    three\n  criteria: x\n"},
      {"escapes and continued lines",
       "filters:\n- name: A\n  criteria: \"x = '\\u00e9' \\\n    AND y = '\\x41'\\\n    AND z = "
       "1\"\n",
       {{"criteria", "x = '\xC3\xA9' AND y = 'A'AND z = 2"}},
       "filters:\n- name: A\n  criteria: \"x = '\\u00e9' \\\n    AND y = '\\x41'\\\n    AND z = "
       "2\"\n"},
      {"a block whose first line is indented more",
       "filters:\n- name: A\n  criteria: |2- # on purpose\n      x = 1\n     AND y = 2\n",
       {{"criteria", "x = 1 AND y = 3"}},
       "filters:\n- name: A\n  criteria: |2- # on purpose\n      x = 1\n     AND y = 3\n"},
      {"a folded block with lines of its own",
       "filters:\n- name: A\n  description: >\n    one\n    two\n\n    three\n      - four\n  "
       "criteria: "
       "x\n",
       {{"description", "one two\n3\n  - four"}},
       "filters:\n- name: A\n  description: >\n    one\n    two\n\n    3\n      - four\n  "
       "criteria: x\n"},
      {"a literal that keeps its final lines",
       "filters:\n- name: A\n  criteria: |+\n    x = 1\n    -- why\n    AND y = 2\n\n\n  schema: "
       "S\n",
       {{"criteria", "x = 1\n-- why\nAND y = 3"}},
       "filters:\n- name: A\n  criteria: |+\n    x = 1\n    -- why\n    AND y = 3\n\n\n  schema: "
       "S\n"},
      {"behind an anchor and a tag",
       "filters:\n- name: A\n  description: &d !!str  'old text'\n  criteria: x\n",
       {{"description", "new text"}},
       "filters:\n- name: A\n  description: &d !!str  'new text'\n  criteria: x\n"},
      {"one field goes, its neighbour comes",
       "filters:\n- name: A\n  description: d\n  criteria: x\n- {name: B, criteria: x}\n",
       {{"description", ""}, {"schema", "S"}},
       "filters:\n- name: A\n  schema: S\n  criteria: x\n- {name: B, criteria: x}\n"},
      {"the same in brackets, with comments",
       "filters: [{name: A, # n\n  description: d, # d\n  # c\n  criteria: x}]\n",
       {{"description", ""}, {"schema", "S"}},
       "filters: [{name: A, # n\n  schema: S,\n  # c\n  criteria: x}]\n"},
      {"several at once",
       "filters:\n- name: A\n  criteria: a = 1\n",
       {{"criteria", "a = 2"}, {"description", "d"}, {"schema", "S"}},
       "filters:\n- name: A\n  description: d\n  schema: S\n  criteria: a = 2\n"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.fact);
    auto run = RunEdit(c.before, {UpdateFilter("A", c.values)});
    CHECK(run.problems == "");
    CHECK(run.refused() == "");
    CHECK(run.files["config/a.yaml"] == c.after);
  }
}

TEST_CASE("what changes nothing touches no byte") {
  auto run = RunEdit("filters:\n- name: A\n  criteria: a=1  and b = 2\n",
                     {UpdateFilter("A", {{"criteria", "a = 1 AND b = 2"}, {"description", ""}})});
  CHECK(run.edited.files.empty());
  CHECK(run.edited.refused.empty());
}

}  // namespace
}  // namespace viasync::config
