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
