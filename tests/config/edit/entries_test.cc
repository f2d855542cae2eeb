#include <doctest/doctest.h>

#include "tests/config/edit/edit_run.h"

namespace viasync::config {
namespace {

TEST_CASE("a new entry looks like its neighbours") {
  struct {
    const char* fact;
    std::string before;
    std::string after;
  } cases[] = {
      {"at the end, with their indentation and blank lines",
       "filters:\n    -   name: Z\n        criteria: x = 1\n\n    -   name: A\n        criteria: x "
       "= "
       "1\n# end\n",
       "filters:\n    -   name: Z\n        criteria: x = 1\n\n    -   name: A\n        criteria: x "
       "= "
       "1\n\n    -   name: M\n        criteria: a = 1 AND b = 2\n# end\n"},
      {"in its place where they are sorted, in front of the comment of the next",
       "filters:\n- name: A\n  criteria: 'x'\n# about Z\n- name: Z\n  criteria: 'x'\n",
       "filters:\n- name: A\n  criteria: 'x'\n- name: M\n  criteria: 'a = 1 AND b = 2'\n# about "
       "Z\n- name: Z\n  criteria: 'x'\n"},
      {"block scalars",
       "filters:\n  - name: A\n    criteria: |-\n        x\n  - name: B\n    criteria: |-\n        "
       "x",
       "filters:\n  - name: A\n    criteria: |-\n        x\n  - name: B\n    criteria: |-\n        "
       "x\n  - name: M\n    criteria: |-\n        a = 1\n        AND b = 2"},
      {"their order and quotes of keys", "filters:\n- \"criteria\": \"x\"\n  \"name\": \"Z\"\n",
       "filters:\n- \"criteria\": \"x\"\n  \"name\": \"Z\"\n\n- \"criteria\": \"a = 1 AND b = "
       "2\"\n  "
       "\"name\": \"M\"\n"},
      {"brackets in a list of lines",
       "filters:\n  - {name: A, criteria: x}\n  - {name: B, criteria: x}\n",
       "filters:\n  - {name: A, criteria: x}\n  - {name: B, criteria: x}\n  - {name: M, criteria: "
       "a = "
       "1 AND b = 2}\n"},
      {"brackets", "filters: [{name: Z, criteria: x}]\n",
       "filters: [{name: Z, criteria: x}, {name: M, criteria: a = 1 AND b = 2}]\n"},
      {"brackets over lines",
       "filters: [\n  {name: A, criteria: x}, # a\n  {name: Z, criteria: x}\n]\n",
       "filters: [\n  {name: A, criteria: x}, # a\n  {name: M, criteria: a = 1 AND b = 2},\n  "
       "{name: "
       "Z, criteria: x}\n]\n"},
      {"an empty section", "lists: []\nfilters: # none yet\n",
       "lists: []\nfilters: # none yet\n  - name: M\n    criteria: |\n      a = 1\n      AND b = "
       "2\n"},
      {"an empty list", "filters: []  # none\nlists: []\n",
       "filters:  # none\n  - name: M\n    criteria: |\n      a = 1\n      AND b = 2\nlists: []\n"},
      {"a file of brackets", "{filters: []}\n",
       "{filters: [{name: M, criteria: a = 1 AND b = 2}]}\n"},
      {"CRLF", "filters:\r\n- name: A\r\n  criteria: x\r\n",
       "filters:\r\n- name: A\r\n  criteria: x\r\n\r\n- name: M\r\n  criteria: a = 1 AND b = "
       "2\r\n"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.fact);
    auto run = RunEdit(c.before, {AddFilter("M", "a = 1 AND b = 2")});
    CHECK(run.problems == "");
    CHECK(run.refused() == "");
    CHECK(run.files["config/a.yaml"] == c.after);
    CHECK(run.edited.places[0].size() == 1);
  }
}

TEST_CASE("a new entry tells its line") {
  auto run = RunEdit("filters:\n- name: A\n  criteria: x\n- name: Z\n  criteria: x\n",
                     {AddFilter("M", "y"), UpdateFilter("Z", {{"criteria", "z"}})});
  CHECK(run.edited.places[0] == std::vector<base::SourcePos>{{"config/a.yaml", 4, 0}});
  CHECK(run.edited.places[1] == std::vector<base::SourcePos>{{"config/a.yaml", 7, 0}});
}

TEST_CASE("an entry leaves with its own comment") {
  struct {
    const char* fact;
    std::string before;
    std::string after;
  } cases[] = {
      {"from the middle",
       "filters:\n  - name: A\n    criteria: x\n\n  # about M\n  # more\n  - name: M\n    "
       "criteria: |\n  "
       "    x\n      y\n    # inside\n\n  # about Z\n  - name: Z\n    criteria: x\n",
       "filters:\n  - name: A\n    criteria: x\n\n  # about Z\n  - name: Z\n    criteria: x\n"},
      {"from the end",
       "filters:\n- name: A\n  criteria: x\n\n- name: M\n  criteria: x\n\n# the end\n",
       "filters:\n- name: A\n  criteria: x\n\n# the end\n"},
      {"from the end of a file without a line break",
       "filters:\n- name: A\n  criteria: x\n- name: M\n  criteria: x",
       "filters:\n- name: A\n  criteria: x"},
      {"the last one", "# all\nfilters: # some\n\n  # M\n  - name: M\n    criteria: x\nlists: []\n",
       "# all\nfilters: [] # some\n\nlists: []\n"},
      {"from brackets", "filters: [{name: A, criteria: x}, {name: M, criteria: x}]\n",
       "filters: [{name: A, criteria: x}]\n"},
      {"from the front of brackets", "filters: [{name: M, criteria: x}, {name: A, criteria: x}]\n",
       "filters: [{name: A, criteria: x}]\n"},
      {"and leaves that of the next, however it is indented",
       "filters:\n    # <M> one\n  - name: M\n    criteria: x\n    # <A> two\n    # (more)\n  - "
       "name: A\n"
       "    criteria: x\n",
       "filters:\n    # <A> two\n    # (more)\n  - name: A\n    criteria: x\n"},
      {"between comments of both neighbours",
       "filters:\n  - name: A\n    criteria: x\n    # A's\n  # M's\n  - name: M\n    criteria: x\n "
       "   # "
       "Z's\n  - name: Z\n    criteria: x\n",
       "filters:\n  - name: A\n    criteria: x\n    # A's\n\n    # Z's\n  - name: Z\n    criteria: "
       "x\n"},
      {"in front of the comment of the next section",
       "filters:\n- name: A\n  criteria: x\n- name: M\n  criteria: x\n  # M's\n# lists\nlists: "
       "[]\n",
       "filters:\n- name: A\n  criteria: x\n# lists\nlists: []\n"},
      {"from lines in brackets",
       "filters: [ # all\n  {name: M, criteria: x}, # M's\n  # A's\n  {name: A, criteria: x}, # "
       "one\n]\n",
       "filters: [ # all\n  # A's\n  {name: A, criteria: x}, # one\n]\n"},
      {"from the end of lines in brackets",
       "filters: [\n  {name: A, criteria: x}, # A's\n  # M's\n  {name: M, criteria: x}  # M's\n  # "
       "end\n]\n",
       "filters: [\n  {name: A, criteria: x} # A's\n  # end\n]\n"},
      {"the only one of lines in brackets",
       "filters: [ # all\n  {name: M, criteria: x}, # M's\n]\n", "filters: [ # all\n]\n"},
      {"the last one in brackets", "filters: [{name: M, criteria: x}] # c\n", "filters: [] # c\n"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.fact);
    auto run = RunEdit(c.before, {RemoveFilter("M")});
    CHECK(run.problems == "");
    CHECK(run.refused() == "");
    CHECK(run.files["config/a.yaml"] == c.after);
  }
}

TEST_CASE("one entry comes while others leave") {
  struct {
    const char* fact;
    std::string before;
    std::string after;
  } cases[] = {
      {"for the only one", "filters:\n  # M\n  - name: M\n    criteria: x\nlists: []\n",
       "filters:\n  - name: N\n    criteria: y\nlists: []\n"},
      {"for the only one, at the end of a file without a line break",
       "filters:\n- name: M\n  criteria: x", "filters:\n- name: N\n  criteria: y"},
      {"for the last one", "filters:\n- name: Z\n  criteria: x\n- name: M\n  criteria: x\n",
       "filters:\n- name: Z\n  criteria: x\n- name: N\n  criteria: y\n"},
      {"in brackets", "filters: [{name: M, criteria: x}]\n", "filters: [{name: N, criteria: y}]\n"},
      {"at the end of brackets", "filters: [{name: A, criteria: x}, {name: M, criteria: x}]\n",
       "filters: [{name: A, criteria: x}, {name: N, criteria: y}]\n"},
      {"in lines in brackets",
       "filters: [\n  {name: A, criteria: x}, # A's\n  {name: M, criteria: x} # M's\n]\n",
       "filters: [\n  {name: A, criteria: x}, # A's\n  {name: N, criteria: y}\n]\n"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.fact);
    auto run = RunEdit(c.before, {AddFilter("N", "y"), RemoveFilter("M")});
    CHECK(run.problems == "");
    CHECK(run.refused() == "");
    CHECK(run.files["config/a.yaml"] == c.after);
  }
  auto run = RunEdit("filters: [ # none\n]\n", {AddFilter("N", "y")});
  CHECK(run.files["config/a.yaml"] == "filters: [{name: N, criteria: y} # none\n]\n");
}

// Counts how often it is looked whether a section waits for new entries.
class CountingTree final : public FileTree {
 public:
  explicit CountingTree(Files files) : files_(std::move(files)) {}
  int opened = 0;
  base::Result<std::vector<std::string>> List(const std::string& dir) override {
    return files_.List(dir);
  }
  base::Result<std::unique_ptr<std::streambuf>> Open(const std::string& path) override {
    opened += path == "config/a.yaml";
    return files_.Open(path);
  }

 private:
  MemoryTree files_;
};

TEST_CASE("many that cannot be written are found at once") {
  std::vector<ResourceEdit> edits;
  for (int i = 0; i < 400; ++i) {
    bool bad = i % 4 == 0;
    edits.push_back(AddFilter("F" + std::to_string(i), bad ? "" : "a = 1"));
  }
  CountingTree tree(Files{{"viasync.yaml", kTestProject}, {"config/a.yaml", "lists: []\n"}});
  auto project = LoadProject("/repo", tree);
  REQUIRE(project.has_value());
  auto edited = EditRepository(tree, *project, project->environments.at("dev"), edits, {});
  REQUIRE(edited.has_value());
  REQUIRE(edited->refused.size() == 100);
  CHECK(edited->refused[1].edit == 4);
  CHECK(tree.opened < 20);
}

TEST_CASE("an entry that has its file for itself takes it along") {
  auto run = RunEdits({{"config/filters/M.yaml", "filters:\n- name: M\n  criteria: x\n"},
                       {"config/filters/A.yaml", "filters:\n- name: A\n  criteria: x\n"}},
                      {RemoveFilter("M"), AddFilter("a/b", "x = 1")});
  CHECK(run.refused() == "");
  CHECK_FALSE(run.files.contains("config/filters/M.yaml"));
  auto last = RunEdits({{"config/filters/M.yaml", "filters:\n- name: M\n  criteria: x\n"}},
                       {RemoveFilter("M")});
  CHECK(last.files["config/filters/M.yaml"] == "filters: []\n");
  REQUIRE(run.edited.files.size() == 2);
  CHECK(run.edited.files.rbegin()->first.starts_with("config/filters/a_b-"));
  CHECK(run.edited.files.rbegin()->second.after ==
        "filters:\n  - name: a/b\n    criteria: |\n      x = 1\n");
}

TEST_CASE("a value changes in the layer it comes from") {
  const std::string base = "filters:\n- name: A\n  description: d\n  criteria: x\n";
  const std::string overlay = "filters:\n- name: A\n  criteria: y\n- name: B\n  criteria: y\n";
  auto run =
      RunEdits({{"config/a.yaml", base}, {"environments/dev/a.yaml", overlay}},
               {UpdateFilter("A", {{"criteria", "z"}, {"description", "e"}, {"schema", "S"}}),
                UpdateFilter("B", {{"description", "b"}})});
  CHECK(run.refused() == "");
  CHECK(run.files["config/a.yaml"] ==
        "filters:\n- name: A\n  description: e\n  schema: S\n  criteria: x\n");
  CHECK(run.files["environments/dev/a.yaml"] ==
        "filters:\n- name: A\n  criteria: z\n- name: B\n  description: b\n  criteria: y\n");

  auto gone = RunEdits({{"config/a.yaml", base}, {"environments/dev/a.yaml", overlay}},
                       {RemoveFilter("A")});
  CHECK(gone.files["config/a.yaml"] == "filters: []\n");
  CHECK(gone.files["environments/dev/a.yaml"] == "filters:\n- name: B\n  criteria: y\n");

  auto hidden = RunEdits({{"config/a.yaml", base},
                          {"environments/dev/a.yaml", "filters:\n- name: A\n  description: o\n"}},
                         {UpdateFilter("A", {{"description", ""}})});
  CHECK(hidden.files["environments/dev/a.yaml"] == "filters:\n- name: A\n  description: \"\"\n");
}

TEST_CASE("a variable changes where it is all of one value, and is never written over") {
  const std::string text =
      "filters:\n- name: A\n  description: ${min_days}\n  criteria: State = '${state}'\n";
  auto run = RunEdit(text, {UpdateFilter("A", {{"description", "45"}})});
  CHECK(run.refused() == "");
  CHECK(run.files["config/a.yaml"] == text);
  CHECK(run.files["viasync.yaml"].contains("{min_days: 45, state: AK}"));
  CHECK(run.edited.places[0] == std::vector<base::SourcePos>{{"viasync.yaml", 3, 0}});

  auto part = RunEdit(text, {UpdateFilter("A", {{"criteria", "State = 'TX'"}})});
  CHECK(part.refused() == "config/a.yaml:4:13: the value comes from `State = '${state}'`");
  CHECK(part.edited.files.empty());

  auto around =
      RunEdit("filters:\n- name: A\n  criteria: |\n    x > ${min_days}\n      AND s = 1\n",
              {UpdateFilter("A", {{"criteria", "x > 30 AND s = '${y}' AND t = 2"}})});
  CHECK(around.refused() == "");
  CHECK(
      around.files["config/a.yaml"] ==
      "filters:\n- name: A\n  criteria: |\n    x > ${min_days}\n      AND s = '$${y}'\n      AND t "
      "= 2\n");
  auto longer = RunEdit("filters:\n- name: A\n  criteria: x > ${min_days}\n",
                        {UpdateFilter("A", {{"criteria", "x > 300"}})});
  CHECK(longer.refused() == "config/a.yaml:3:13: the value comes from `x > ${min_days}`");

  auto shared = RunEdit(text + "- name: B\n  criteria: x > ${min_days}\n",
                        {UpdateFilter("A", {{"description", "45"}})});
  CHECK(shared.refused() ==
        "config/a.yaml:3:16: the value comes from `${min_days}`, which other values use too");
}

TEST_CASE("what an alias repeats is left alone") {
  const std::string text =
      "filters:\n- name: A\n  description: &d text\n  criteria: &c x\n- name: B\n  description: "
      "*d\n  "
      "criteria: y\n- &e\n  name: C\n  criteria: y\n";
  auto edit = [&](const char* key, const char* field) {
    return RunEdit(text, {UpdateFilter(key, {{field, "new"}})});
  };
  CHECK(edit("A", "description").refused().contains(":3:19: an alias repeats this value"));
  CHECK(edit("B", "description").refused().contains(":6:16: the value comes from the alias `*d`"));
  CHECK(edit("A", "criteria").files["config/a.yaml"].contains("criteria: &c new\n"));
  CHECK(
      edit("C", "criteria").files["config/a.yaml"].contains("- &e\n  name: C\n  criteria: new\n"));
  auto removed = RunEdit(text, {RemoveFilter("A"), RemoveFilter("B")});
  CHECK(removed.edited.refused.size() == 1);
  CHECK(removed.refused().contains("an alias repeats what stands here"));
  CHECK_FALSE(removed.files["config/a.yaml"].contains("name: B"));
}

TEST_CASE("an edit that would break the repository is refused alone") {
  auto run = RunEdit(
      "filters:\n- name: A\n  criteria: x\n- name: B\n  criteria: x\n",
      {UpdateFilter("A", {{"criteria", "y"}}), AddFilter("A", "x"), AddFilter("C", "quote '"),
       UpdateFilter("B", {{"criteria", ""}}), UpdateFilter("D", {{"criteria", "x"}}),
       UpdateFilter("B", {{"description", "bad \xFF"}}), AddFilter("E", "x")});
  std::vector<std::size_t> refused;
  for (const auto& refusal : run.edited.refused) {
    refused.push_back(refusal.edit);
    CHECK_FALSE(refusal.error.hint.empty());
  }
  // A criterion that the org holds is taken as it is, whatever it says.
  CHECK(refused == std::vector<std::size_t>{1, 3, 4, 5});
  CHECK(run.files["config/a.yaml"] ==
        "filters:\n- name: A\n  criteria: y\n- name: B\n  criteria: x\n- name: C\n  criteria: "
        "quote '\n- name: E\n  criteria: x\n");
}

TEST_CASE("a list without a filter says so") {
  auto run = RunEdits({{"config/a.yaml", "lists:\n- name: L\n  filter: F\n"}},
                      {Update(model::Kind::kList, "L", {{"filter", ""}}),
                       Add(model::Kind::kList, "M", {{"name", "M"}})});
  CHECK(run.refused() == "");
  CHECK(run.files["config/a.yaml"] ==
        "lists:\n- name: L\n  filter: \"\"\n- name: M\n  filter: \"\"\n");
}

}  // namespace
}  // namespace viasync::config
