// What is wrong within one entry, from YAML and from CSV.
#include <doctest/doctest.h>

#include "engine/config/desired.h"
#include "tests/config/memory_tree.h"

namespace viasync::config {
namespace {

Project MakeProject() {
  Project project;
  project.environments["dev"] = {.name = "dev", .org = "acme", .variables = {{"days", "30"}}};
  return project;
}

std::expected<Desired, base::Errors> Load(std::map<std::string, std::string> files) {
  MemoryTree tree(std::move(files));
  auto project = MakeProject();
  return LoadDesired(project, project.environments.at("dev"), tree);
}

std::string Problem(const std::string& yaml) {
  auto desired = Load({{"config/a.yaml", yaml}});
  return desired ? "" : Lines(desired.error());
}

std::string CsvProblem(const std::string& csv) {
  auto desired =
      Load({{"config/a.yaml", "exclusions:\n  - from: x/d.csv\n"}, {"config/x/d.csv", csv}});
  return desired ? "" : Lines(desired.error());
}

TEST_CASE("a wrong filter or list is refused with its place") {
  struct {
    const char* yaml;
    const char* problem;
  } cases[] = {
      {"filters:\n  - criteria: 1=1\n", "config/a.yaml:2:5: the entry has no `name`"},
      {"filters:\n  - {name: \" \", criteria: 1=1}\n", "config/a.yaml:2:12: `name` is empty"},
      {"filters:\n  - {name: a}\n", "config/a.yaml:2:0: filter `a` has no `criteria`"},
      {"filters:\n  - {name: a, criteria: }\n", "config/a.yaml:2:25: `criteria` is no condition: "},
      {"filters:\n  - {name: a, criteria: [x]}\n",
       "config/a.yaml:2:25: `criteria` must be a text, found a list"},
      {"filters:\n  - {name: a, critera: x}\n",
       "config/a.yaml:2:15: the entry under `filters` has no key `critera` (did you mean "
       "`criteria`?)"},
      {"filters:\n  - {name: a, absent: yes}\n",
       "config/a.yaml:2:23: `absent` must be true or false, found `yes`"},
      {"filters:\n  - {name: a, criteria: 1=1, password: x}\n",
       "config/a.yaml:2:30: `password` must not stand in a file"},
      {"filters:\n  - {name: \"a\\u202eb\", criteria: 1=1}\n",
       "holds characters that cannot be seen"},
      {"filters: {name: a}\n", "config/a.yaml:1:10: `filters` must be a list, found a map"},
      {"filter: []\n",
       "config/a.yaml:1:1: a file of the configuration has no key `filter` (did you mean "
       "`filters`?)"},
      {"- name: a\n", "config/a.yaml:1:1: the file must be a map, found a list"},
      {"lists:\n  - {name: a}\n", "config/a.yaml:2:0: list `a` has no `filter`"},
      {"lists:\n  - {name: a, absent: true}\n", "config/a.yaml:2:23: a list cannot be `absent`"},
      {"filters: [{name: f, absent: true}]\nlists: [{name: l, filter: f}]\n",
       "config/a.yaml:2:27: list `l` takes filter `f`, which is declared absent in "
       "config/a.yaml:1"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.yaml);
    auto problem = Problem(c.yaml);
    CAPTURE(problem);
    CHECK(problem.contains(c.problem));
    CHECK(problem.find('\n') == std::string::npos);
  }
}

TEST_CASE("a problem inside criteria is found on its own line") {
  CHECK(Problem("filters:\n  - name: a\n    criteria: |\n      A = 1\n\n      AND (B = ${days}\n")
            .starts_with("config/a.yaml:6:11: `criteria` is no condition: `(` is never closed"));
  CHECK(Problem("filters:\n  - name: a\n    criteria: >\n      A = ${days}\n      AND B = 2;\n")
            .starts_with("config/a.yaml:5:16: `criteria` is no condition: `;`"));
  CHECK(Problem("filters:\n  - name: a\n    criteria: |\n      A = 1 AND\n      B = ${dayz}\n")
            .starts_with("config/a.yaml:5:11: variable `dayz` is not defined"));
}

TEST_CASE("a wrong exclusion is refused, in YAML and in CSV") {
  struct {
    const char* type;
    const char* address;
    const char* rest;  // list,reason,start,end
    const char* problem;
  } cases[] = {
      {"fax", "123456", ",,,", "`fax` is no type of address"},
      {"voice", "", ",,,", "`address` is empty"},
      {"voice", "12", ",,,", "`12` is no address of type `voice`"},
      {"voice", "123456789012345678901", ",,,", "is no address of type `voice`"},
      {"sms", "(206) 555-0142", ",,,", "`(206) 555-0142` is no address of type `sms`"},
      {"voice", "206+555", ",,,", "is no address"},
      {"voice", "2.06555E+09", ",,,", "is no address"},
      {"email", "2065550142", ",,,", "`2065550142` is no mail address"},
      {"email", "a@b", ",,,", "is no mail address"},
      {"email", "a b@c.de", ",,,", "is no mail address"},
      {"email", "a@b@c.de", ",,,", "is no mail address"},
      {"voice", "2065550142", "*,,,", "`list` names one list, not a pattern"},
      {"voice", "2065550142", ",,05.01.2026,", "`start` is no moment in time: `05.01.2026`"},
      {"voice", "2065550142", ",,2026-02-30T00:00:00Z,", "`start` is no moment in time"},
      {"voice", "2065550142", ",,2026-01-01T00:00:00,", "`start` is no moment in time"},
      {"voice", "2065550142", ",,2026-01-02T00:00:00Z,2026-01-02T00:00:00Z",
       "`end` 2026-01-02T00:00:00Z does not lie behind `start`"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.problem);
    std::vector<std::string> values(1);
    for (const char* at = c.rest; *at; ++at) {
      if (*at == ',')
        values.emplace_back();
      else
        values.back() += *at;
    }
    auto yaml = Problem("exclusions:\n  - {type: " + std::string(c.type) + ", address: \"" +
                        c.address + "\", list: \"" + values[0] + "\", start: \"" + values[2] +
                        "\", end: \"" + values[3] + "\"}\n");
    CAPTURE(yaml);
    CHECK(yaml.starts_with("config/a.yaml:2:"));
    CHECK(yaml.contains(c.problem));
    auto csv = CsvProblem("type,address,list,reason,start,end\n\n" + std::string(c.type) + "," +
                          c.address + "," + c.rest + "\n");
    CAPTURE(csv);
    CHECK(csv.starts_with("config/x/d.csv:3:"));
    CHECK(csv.contains(c.problem));
  }
  CHECK(Problem("exclusions: [{address: \"123\"}]\n").contains("the entry has no `type`"));
  CHECK(Problem("exclusions: [{type: voice}]\n").contains("the entry has no `address`"));
}

TEST_CASE("a CSV file that is not what it seems is refused") {
  struct {
    const char* csv;
    const char* problem;
  } cases[] = {
      {"", "config/x/d.csv:1:1: the file is empty"},
      {"type,address\n", "config/x/d.csv:1:1: the file lists nobody"},
      {"voice,123456\n", "config/x/d.csv:1:1: the first row is no header"},
      {"type;address\nvoice;123456\n", "config/x/d.csv:1:1: the first row is no header"},
      {"type,adress\nvoice,123456\n",
       "config/x/d.csv:1:6: there is no column `adress` (did you mean `address`?)"},
      {"type,list\nvoice,x\n", "config/x/d.csv:1:1: the header names no column `address`"},
      {"type,address,type\nvoice,1,x\n", "config/x/d.csv:1:14: column `type` is named twice"},
      {"type,address\nvoice\n", "config/x/d.csv:2:1: the row has 1 field, the header 2"},
      {"type,address\nvoice,123456,x\n", "config/x/d.csv:2:1: the row has 3 fields, the header 2"},
      {"type,address\nvoice,\"123456\n", "config/x/d.csv:2:7: this quote is never closed"},
      {"type,address\nvoice,123456\nvoice,123456\n",
       "config/x/d.csv:3:0: exclusion `voice:123456@*` is declared twice, first in "
       "config/x/d.csv:2"},
      {"type,address\nvoice,\xFF\n", "config/x/d.csv:2:7: the file is not UTF-8"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.csv);
    auto problem = CsvProblem(c.csv);
    CAPTURE(problem);
    CHECK(problem.starts_with(c.problem));
    CHECK(problem.find('\n') == std::string::npos);
  }
}

TEST_CASE("columns stand in any order, and variables mean nothing in CSV") {
  auto desired = Load(
      {{"config/a.yaml", "exclusions: [{from: d.csv}]\n"},
       {"config/d.csv", "\xEF\xBB\xBFreason,end,address,type\r\n\"a, ${days}\",,+123456,sms\r\n"}});
  REQUIRE(desired.has_value());
  const auto& entry = desired->exclusions.at(0);
  CHECK(model::KeyOf(entry.value) == "sms:+123456@*");
  CHECK(entry.value.reason.str() == "a, ${days}");
  CHECK(entry.source.file.str() == "config/d.csv");
  CHECK(entry.source.line == 2);
}

TEST_CASE("a CSV source must exist, once, inside the repository") {
  CHECK(Problem("exclusions: [{from: d.csv}]\n").starts_with("config/a.yaml:1:21: no file"));
  CHECK(Problem("exclusions: [{from: ../../d.csv}]\n").contains("leads out of the repository"));
  CHECK(Problem("exclusions: [{from: /etc/d.csv}]\n").contains("leads out of the repository"));
  CHECK(Problem("exclusions: [{from: \"\"}]\n").contains("`from` is empty"));
  CHECK(Problem("exclusions: [{from: d.csv, list: x}]\n").contains("has no key `list`"));
  auto twice = Load({{"config/a.yaml", "exclusions: [{from: d.csv}, {from: ./d.csv}]\n"},
                     {"config/d.csv", "type,address\nvoice,123456\n"}});
  REQUIRE_FALSE(twice.has_value());
  CHECK(Lines(twice.error()) ==
        "config/a.yaml:1:36: `config/d.csv` is read twice, first in config/a.yaml:1");
}

}  // namespace
}  // namespace viasync::config
