#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "engine/base/strings.h"
#include "engine/config/edit/scalar_text.h"
#include "engine/config/edit/yaml_file.h"
#include "engine/model/fields.h"
#include "tests/config/edit/edit_run.h"

namespace viasync::config {
namespace {

using model::Kind;

ResourceEdit AddExclusion(const std::string& address, const std::string& reason = "") {
  model::Exclusion value{.type = model::ContactType::kVoice, .address = address, .reason = reason};
  return Add(Kind::kExclusion, model::KeyOf(value), model::ValuesOf(value));
}

std::vector<ResourceEdit> SmallOrg() {
  return {Add(Kind::kFilter, "Late",
              {{"name", "Late"},
               {"description", "Days: late"},
               {"schema", "Base"},
               {"criteria", "Days > 30 AND (State = 'AK' OR State = 'TX') ORDER BY Days"}}),
          AddFilter("Early", "Days < 30"),
          Add(Kind::kList, "Calls", {{"name", "Calls"}, {"filter", "Late"}}),
          AddExclusion("0123", "no"), AddExclusion("+456")};
}

TEST_CASE("an org becomes a repository that reads well") {
  auto run = RunEdits({}, SmallOrg());
  CHECK(run.problems == "");
  CHECK(run.refused() == "");
  CHECK(run.files.size() == 4);
  CHECK(run.files["config/filters.yaml"] ==
        "filters:\n"
        "  - name: Early\n"
        "    criteria: |\n"
        "      Days < 30\n"
        "\n"
        "  - name: Late\n"
        "    description: \"Days: late\"\n"
        "    schema: Base\n"
        "    criteria: |\n"
        "      Days > 30\n"
        "      AND (State = 'AK' OR State = 'TX')\n"
        "      ORDER BY Days\n");
  CHECK(run.files["config/lists.yaml"] == "lists:\n  - name: Calls\n    filter: Late\n");
  CHECK(run.files["config/exclusions.yaml"] ==
        "exclusions:\n"
        "  - type: voice\n"
        "    address: \"+456\"\n"
        "  - type: voice\n"
        "    address: \"0123\"\n"
        "    reason: \"no\"\n");
}

TEST_CASE("each resource gets a file of its own where that is asked for") {
  auto run = RunEdits({}, SmallOrg(), {.per_resource = true});
  CHECK(run.refused() == "");
  CHECK(run.files.contains("config/filters/Early.yaml"));
  CHECK(run.files.contains("config/filters/Late.yaml"));
  CHECK(run.files.contains("config/lists/Calls.yaml"));
  CHECK(run.files.contains("config/exclusions.yaml"));
}

TEST_CASE("names that share a file name keep files of their own") {
  auto run = RunEdits({}, {AddFilter("a/b", "x"), AddFilter("a:b", "x"), AddFilter("..", "x")},
                      {.per_resource = true});
  CHECK(run.refused() == "");
  CHECK(run.edited.files.size() == 3);
}

TEST_CASE("many exclusions become a CSV, but for what it cannot hold") {
  std::vector<ResourceEdit> edits = {AddExclusion("333", "bell\x07"), AddExclusion("222", "a,b"),
                                     AddExclusion("111")};
  auto run = RunEdits({}, edits, {.csv_threshold = 2});
  CHECK(run.refused() == "");
  CHECK(run.files["config/exclusions/all.csv"] ==
        "type,address,list,reason,start,end\nvoice,111,,,,\nvoice,222,,\"a,b\",,\n");
  CHECK(run.files["config/exclusions.yaml"] ==
        "exclusions:\n  - from: exclusions/all.csv\n  - type: voice\n    address: \"333\"\n    "
        "reason: \"bell\\x07\"\n");
  CHECK(run.edited.places[1] == std::vector<base::SourcePos>{{"config/exclusions/all.csv", 3, 0}});
}

TEST_CASE("viasync.yaml says where new entries go") {
  const std::string project =
      std::string(kTestProject) + "files: {filters: config/x/new.yml, exclusions: config/b.csv}\n";
  auto run = RunEdits(
      {{"viasync.yaml", project}, {"config/a.yaml", "filters:\n- name: A\n  criteria: x\n"}},
      {AddFilter("B", "x"), AddExclusion("111")});
  CHECK(run.refused() == "");
  CHECK(run.files.contains("config/x/new.yml"));
  CHECK(run.files["config/b.csv"].ends_with("voice,111,,,,\n"));
  CHECK(run.files["config/exclusions.yaml"] == "exclusions:\n  - from: b.csv\n");
}

TEST_CASE("any text reads back as it was, in every style") {
  const char* values[] = {"#",
                          "# a",
                          "a # b",
                          "a: b",
                          "a:",
                          "-",
                          "- a",
                          "-a",
                          "null",
                          "~",
                          "yes",
                          "007",
                          "1e3",
                          "0x1F",
                          "2025-01-01",
                          "=",
                          "<<",
                          "&a",
                          "*a",
                          "!a",
                          "|",
                          ">",
                          "%a",
                          "@a",
                          "`a`",
                          "[a",
                          "]",
                          "{a}",
                          ",",
                          "a, b",
                          "?",
                          "? a",
                          "a?",
                          "a?b",
                          "$?*",
                          "x?#",
                          "x? y",
                          "'",
                          "\"",
                          "\\",
                          "''",
                          "a'b\"c\\d",
                          "${x}",
                          "$${x}",
                          "$$${x}",
                          "${",
                          "$",
                          "a\nb",
                          "a\n\nb",
                          "a\n  b",
                          "a \nb",
                          "a\tb",
                          "a\n\tb",
                          "\xF0\x9F\x98\x80",
                          "a\xE2\x80\xA8"
                          "b",
                          "a\xC2\x85"
                          "b",
                          "\xEF\xBB\xBF"
                          "a",
                          "a\x01"
                          "b",
                          "a\x7F",
                          "a\rb",
                          "a\r\nb",
                          "---",
                          "...",
                          "--- a",
                          "a --- b",
                          "true: x",
                          "a  b",
                          "é",
                          "\xC2\xA0",
                          "a\n---\nb",
                          "a\n#b",
                          "a\n- b"};
  const std::string shapes[] = {"filters:\n- name: A\n  description: %\n  criteria: x\n",
                                "filters: [{name: A, description: %, criteria: x}]\n"};
  const std::string olds[] = {"old",          "'old'",          "\"old\"",
                              "|\n    old",   ">-\n    old",    "old\n    text",
                              "'old\n    t'", "\"old\n    t\"", ""};
  for (const auto& shape : shapes) {
    for (const auto& old : olds) {
      bool flow = shape.contains('[');
      if (flow && (old.starts_with('|') || old.starts_with('>'))) continue;
      auto text = shape;
      text.replace(text.find('%'), 1, old);
      for (const char* value : values) {
        CAPTURE(text);
        CAPTURE(value);
        auto run = RunEdit(text, {UpdateFilter("A", {{"description", value}})});
        CHECK(run.problems == "");
        CHECK(run.refused() == "");
      }
    }
  }
  for (const char* value : values) {
    CAPTURE(value);
    auto run = RunEdits(
        {}, {Add(Kind::kFilter, "A", {{"name", "A"}, {"description", value}, {"criteria", "x"}})});
    CHECK(run.refused() == "");
  }
}

// Texts of the characters that mean something to YAML, to CSV or to variables.
rc::Gen<std::string> HostileText() {
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                          "a", "b", " ", "  ", "\n", "\t", ":", "#", "-", "'", "\"", "\\", "$", "{",
                          "}", "[", "]", ",", "&", "*", "|", ">", "%", "?", "é", "\xF0\x9F\x98\x80",
                          "\xE2\x80\xA8", "\xC2\x85", "\x01", "0", "AND", "~", "null", "\r")),
                      [](const std::vector<std::string>& parts) {
                        std::string text;
                        for (const auto& part : parts) text += part;
                        return text;
                      });
}

// Another reader of YAML sees the descriptions that were meant.
void ReadsAlike(const std::string& path, const std::string& text,
                const std::vector<std::string>& descriptions) {
  auto file = YamlFile::Read(path, text);
  RC_ASSERT(file.has_value());
  for (const auto& ref : file->entries(Kind::kFilter)) {
    const auto& item = file->node(file->item(ref).node);
    auto name = file->Find(item, "name");
    RC_ASSERT(name.has_value());
    auto number = std::stoul(std::string(file->TextOf(file->node(name->value)).substr(1)));
    auto description = file->Find(item, "description");
    auto meant = EscapeVariables(base::Trim(descriptions.at(number - 100)));
    if (meant.contains("''")) continue;  // libfyaml misreads doubled quotes in quotes
    auto read = description ? base::Trim(file->TextOf(file->node(description->value))) : "";
    RC_ASSERT(read == meant);
  }
}

TEST_CASE("a first pull reads back as the org, whatever it holds") {
  auto good = rc::check([] {
    auto texts = *rc::gen::container<std::vector<std::string>>(HostileText());
    std::vector<ResourceEdit> edits;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      std::string number = std::to_string(100 + i);
      std::string quoted = "x = '";
      for (char c : texts[i]) quoted += c == '\'' ? "''" : std::string(1, c);
      edits.push_back(Add(Kind::kFilter, "F" + number,
                          {{"name", "F" + number},
                           {"description", texts[i]},
                           {"criteria", quoted + "' AND y = 1"}}));
      edits.push_back(AddExclusion(number, texts[i]));
    }
    Layout layout{.per_resource = *rc::gen::arbitrary<bool>(),
                  .csv_threshold = *rc::gen::inRange<std::size_t>(0, 8)};
    auto run = RunEdits({}, edits, layout);
    RC_ASSERT(run.problems == "");
    RC_ASSERT(run.refused() == "");
    for (const auto& [path, edit] : run.edited.files) {
      if (path.ends_with(".yaml")) ReadsAlike(path, *edit.after, texts);
    }
  });
  CHECK(good);
}

TEST_CASE("names and addresses are pulled exactly, whatever they hold") {
  auto good = rc::check([] {
    auto texts = *rc::gen::container<std::vector<std::string>>(HostileText());
    std::vector<ResourceEdit> edits;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      std::string number = std::to_string(100 + i);
      std::string text = *rc::gen::arbitrary<bool>() ? texts[i] + number : number + texts[i];
      edits.push_back(Add(Kind::kFilter, text, {{"name", text}, {"criteria", "y = 1"}}));
      edits.push_back(Add(Kind::kList, text, {{"name", text}, {"filter", text}}));
      edits.push_back(AddExclusion(text));
    }
    Layout layout{.per_resource = *rc::gen::arbitrary<bool>(),
                  .csv_threshold = *rc::gen::inRange<std::size_t>(0, 8)};
    auto run = RunEdits({}, edits, layout);
    RC_ASSERT(run.problems == "");
    RC_ASSERT(run.refused() == "");
  });
  CHECK(good);
}

TEST_CASE("a spoilt number of the org is quoted where others stand plain") {
  auto run = RunEdit("exclusions:\n  - type: voice\n    address: 2025550111\n",
                     {AddExclusion("9.12E+09"), AddExclusion("26-Mar"), AddExclusion("a\nb")});
  CHECK(run.refused() == "");
  CHECK(run.files["config/a.yaml"].contains("address: \"9.12E+09\"\n"));
  CHECK(run.files["config/a.yaml"].contains("address: \"26-Mar\"\n"));
  CHECK(run.files["config/a.yaml"].contains("address: \"a\\nb\"\n"));
}

TEST_CASE("random edits of random entries are done or refused, and others stay") {
  auto good = rc::check([] {
    auto texts = *rc::gen::container<std::vector<std::string>>(3, HostileText());
    auto style = *rc::gen::element<std::string>("plain", "'single'", "\"double\"", "|\n      lit",
                                                ">-\n      fold\n      ed", "pl\n      ain");
    std::string text = "# top\nfilters:\n  - name: A\n    description: " + style +
                       "\n    criteria: x  # c\n\n  # B\n  - {name: B, criteria: \"y\"}\n";
    auto run = RunEdit(text, {UpdateFilter("A", {{"description", texts[0]}}),
                              UpdateFilter("B", {{"description", texts[1]}}),
                              Add(Kind::kFilter, "C",
                                  {{"name", "C"}, {"description", texts[2]}, {"criteria", "z"}})});
    RC_ASSERT(run.problems == "");
    RC_ASSERT(run.refused() == "");
    RC_ASSERT(run.files["config/a.yaml"].starts_with("# top\nfilters:\n  - name: A\n"));
    RC_ASSERT(run.files["config/a.yaml"].contains("criteria: x  # c\n\n  # B\n  - {name: B"));
  });
  CHECK(good);
}

}  // namespace
}  // namespace viasync::config
