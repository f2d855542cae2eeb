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
  if (!desired) return Lines(desired.error());
  base::Errors faults;
  for (const auto& fault : desired->criteria_faults) faults.push_back(fault.error);
  return Lines(faults);
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
      {"filters:\n  - {name: a, criteria: }\n", "config/a.yaml:2:23: `criteria` is empty"},
      {"filters:\n  - {name: a, criteria: [x]}\n",
       "config/a.yaml:2:25: `criteria` must be a text, found a list"},
      {"filters:\n  - {name: a, critera: x}\n",
       "config/a.yaml:2:15: the entry under `filters` has no key `critera` (did you mean "
       "`criteria`?)"},
      {"filters:\n  - {name: a, absent: yes}\n",
       "config/a.yaml:2:23: `absent` must be true or false, found `yes`"},
      {"filters:\n  - {name: a, criteria: 1=1, password: x}\n",
       "config/a.yaml:2:30: `password` must not stand in a file"},
      {"filters:\n  - {name: \"a\xE2\x80\xAE"
       "b\", criteria: 1=1}\n",
       "config/a.yaml:2:12: `name` holds characters that cannot be seen, or blanks that are not "
       "plain ones: `a\\u202eb`"},
      {"filters:\n  - {name: a\xC2\xA0"
       "b, criteria: 1=1}\n",
       "config/a.yaml:2:12: `name` holds characters that cannot be seen, or blanks that are not "
       "plain ones: `a\\u00a0b`"},
      {"lists:\n  - {name: a, filter: \"\xE3\x80\x80x\"}\n",
       "config/a.yaml:2:23: `filter` holds characters that cannot be seen"},
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
            .starts_with("config/a.yaml:6:11: `criteria` is not a condition: `(` is never closed"));
  CHECK(Problem("filters:\n  - name: a\n    criteria: >\n      A = ${days}\n      AND B = 2;\n")
            .starts_with("config/a.yaml:5:16: `criteria` is not a condition: `;`"));
  CHECK(Problem("filters:\n  - name: a\n    criteria: |\n      A = 1 AND\n      B = ${dayz}\n")
            .starts_with("config/a.yaml:5:11: variable `dayz` is not defined"));
}

TEST_CASE("each fault of a criterion is told at its token, with the line and a remedy") {
  auto desired =
      Load({{"config/a.yaml",
             "filters:\n  - name: a\n    criteria: |\n      A = ${days}\n"
             "      AND State IN 'AK', 'AL'\n"
             "  - name: b\n    criteria: A = ‘x’ -- soft\n"},
            {"environments/dev/b.yaml", "filters:\n  - {name: c, criteria: \"A = = 1\"}\n"}});
  REQUIRE(desired.has_value());
  std::vector<std::string> places;
  for (const auto& [criteria, error] : desired->criteria_faults) {
    places.push_back(Lines({error}));
    CHECK_FALSE(error.hint.empty());
    CHECK_FALSE(error.excerpt.empty());
    CHECK_FALSE(criteria.empty());
  }
  REQUIRE(places.size() == 4);
  CHECK(places[0] ==
        "config/a.yaml:5:20: `criteria` is not a condition: the values of IN stand without "
        "parentheses");
  CHECK(
      places[1].starts_with("config/a.yaml:7:19: `criteria` is not a condition: there is a "
                            "typographic quote"));
  CHECK(places[2].contains("`--` starts a comment"));
  CHECK(places[3].starts_with("environments/dev/b.yaml:2:30: "));
}

TEST_CASE("what the criteria of an org look like is off where the project says so") {
  MemoryTree tree(
      Files{{"config/a.yaml", "filters:\n  - {name: a, criteria: \"A = 'O\\\\'Brien' # x\"}\n"}});
  auto project = MakeProject();
  auto load = [&] { return LoadDesired(project, project.environments.at("dev"), tree); };
  CHECK_FALSE(load()->criteria_faults.empty());
  project.checks.criteria = CheckLevel::kOff;
  CHECK(load()->criteria_faults.empty());
}

TEST_CASE("a wrong exclusion is refused, in YAML and in CSV") {
  struct {
    const char* type;
    const char* address;
    const char* rest;  // list,reason,start,end
    const char* problem;
  } cases[] = {
      {"fax", "123456", ",,,", "`fax` is not a type of address"},
      {"voice", "", ",,,", "`address` is empty"},
      {"email", "mia@example.com\xC2\xA0", ",,,",
       "holds characters that cannot be seen, or blanks"},
      {"account",
       "7\xE2\x80\x8A"
       "7",
       ",,,", "`7\\u200a7`"},
      {"secondary", "7\xE1\x9A\x80", ",,,", "`7\\u1680`"},
      {"voice", "2065550142", "L1\xE2\x80\xAF,,,", "`L1\\u202f`"},
      {"voice", "2065550142", "L1\xE2\x81\x9F,,,", "`L1\\u205f`"},
      {"voice", "2065550142", "*,,,", "`list` names one list, not a pattern"},
      {"voice", "2065550142", ",,05.01.2026,", "`start` is not a valid time: `05.01.2026`"},
      {"voice", "2065550142", ",,2026-02-30T00:00:00Z,", "`start` is not a valid time"},
      {"voice", "2065550142", ",,2026-01-01T00:00:00,", "`start` is not a valid time"},
      {"voice", "2065550142", ",,2026-01-02T00:00:00Z,2026-01-02T00:00:00Z",
       "`end` 2026-01-02T00:00:00Z is not after `start`"},
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

// What is warned of in a file that declares one exclusion, in YAML and in CSV.
std::string Warnings(const std::string& type, const std::string& address) {
  auto yaml = Load(
      {{"config/a.yaml", "exclusions: [{type: " + type + ", address: \"" + address + "\"}]\n"}});
  auto csv = Load({{"config/a.yaml", "exclusions: [{from: a.csv}]\n"},
                   {"config/a.csv", "type,address\n" + type + ",\"" + address + "\"\n"}});
  REQUIRE(yaml.has_value());
  REQUIRE(csv.has_value());
  CHECK(yaml->Of<model::Exclusion>().at(0).value.address == address);
  CHECK(csv->Of<model::Exclusion>().at(0).value.address == address);
  REQUIRE(yaml->warnings.size() == csv->warnings.size());
  if (yaml->warnings.empty()) return "";
  CHECK(yaml->warnings.front().message == csv->warnings.front().message);
  return yaml->warnings.front().message;
}

TEST_CASE("an address that a new entry may not have is warned of: the org may hold it") {
  struct {
    const char* type;
    const char* address;
    const char* warning;
  } cases[] = {
      {"voice", "12", "`12` is not a valid address of type `voice`"},
      {"voice", "123456789012345678901",
       "`123456789012345678901` is not a valid address of type `voice`"},
      {"sms", "(206) 555-0142", "`(206) 555-0142` is not a valid address of type `sms`"},
      {"voice", "206+555", "`206+555` is not a valid address of type `voice`"},
      {"voice", "1-800-FLOWERS", "`1-800-FLOWERS` is not a valid address of type `voice`"},
      {"email", "2065550142", "`2065550142` is not a valid mail address"},
      {"email", "a@b", "`a@b` is not a valid mail address"},
      {"email", "root@localhost", "`root@localhost` is not a valid mail address"},
      {"email", "a b@c.de", "`a b@c.de` is not a valid mail address"},
      {"email", "a@b@c.de", "`a@b@c.de` is not a valid mail address"},
      {"account", " ACC 1", "`address` begins or ends with a blank: ` ACC 1`"},
      {"voice", "2065550142 ", "`address` begins or ends with a blank: `2065550142 `"},
      {"account", "9.12E+09", "`address` is a value that a spreadsheet has spoilt: `9.12E+09`"},
      {"account", "ACC 1", ""},
      {"voice", "+2065550142", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.address);
    CHECK(Warnings(c.type, c.address) == c.warning);
  }
  std::string longer(256, 'x');
  CHECK(Warnings("account", longer) == "`address` is longer than 255 bytes");
}

TEST_CASE("a formula in a CSV is warned of, and taken as it stands") {
  auto desired = Load({{"config/a.yaml", "exclusions: [{from: a.csv}]\n"},
                       {"config/a.csv",
                        "type,address,reason\n"
                        "voice,+2065550142,asked\n"
                        "voice,2065550143,=1+1\n"
                        "account,@SUM(A1),\n"
                        "account,7,- by letter\n"}});
  REQUIRE(desired.has_value());
  CHECK(Lines(desired->warnings) ==
        "config/a.csv:3:0: `reason` begins like a formula\n"
        "config/a.csv:4:0: `address` begins like a formula\n"
        "config/a.csv:5:0: `reason` begins like a formula");
  std::string reasons;
  for (const auto& exclusion : desired->Of<model::Exclusion>())
    reasons += exclusion.value.reason.str() + ";";
  CHECK(reasons.contains("=1+1;"));
}

TEST_CASE("a number that a spreadsheet has spoilt is refused for every type, unless in quotes") {
  for (const char* number : {"9.12E+09", "1.23457E+15", "9.12e9", "9E+09", "2025550111.0",
                             "2025550111.00", "-2.5E+3", "#NAME?", "#####", "+4.4E+11", ".9E+10",
                             "9.12 E+09", "26-Mar", "Mar-26"}) {
    for (const char* type : {"account", "voice", "sms", "secondary", "email"}) {
      CAPTURE(number);
      CAPTURE(type);
      const std::string message =
          "`address` is a value that a spreadsheet has spoilt: `" + std::string(number) + "`";
      CHECK(CsvProblem("type,address\n" + std::string(type) + "," + number + "\n") ==
            "config/x/d.csv:2:" + std::to_string(std::string(type).size() + 2) + ": " + message);
      if (*number == '#') continue;  // a comment to YAML
      CHECK(Problem("exclusions:\n  - type: " + std::string(type) + "\n    address: " + number +
                    "\n") == "config/a.yaml:3:14: " + message);
    }
  }
  // The comma needs its quotes anyway.
  CHECK(CsvProblem("type,address\naccount,\"9,12E+09\"\n").contains("spreadsheet has spoilt"));
  CHECK(CsvProblem("type,address\naccount, 9.12E+09 \n").contains("spreadsheet has spoilt"));
  for (const char* account : {"1E5", "E+05", ".E+05", "Mar-126", "MAR-2", "3-26", "10.0", "1.2.3", "12345", "3.5", "A1E+05"}) {
    CAPTURE(account);
    CHECK(CsvProblem("type,address\naccount," + std::string(account) + "\n") == "");
  }
}

TEST_CASE("escapes and quotes say exactly what the org holds") {
  auto desired = Load({{"config/a.yaml",
                        "filters:\n"
                        "  - {name: \"Night calls \", description: \" x \", criteria: 1=1}\n"
                        "  - {name: \"a\\u200db\", criteria: \" 1=1 \"}\n"
                        "  - name: '\ttab'\n    criteria: |\n      A = 1\n"
                        "lists:\n"
                        "  - {name: \" L\", filter: \"Night calls \"}\n"}});
  // A tab in quotes cannot be seen.
  REQUIRE_FALSE(desired.has_value());
  CHECK(Lines(desired.error()).starts_with("config/a.yaml:4:11: `name` holds characters"));
  desired = Load({{"config/a.yaml",
                   "filters:\n"
                   "  - {name: \"Night calls \", description: \" x \", criteria: 1=1}\n"
                   "  - {name: \"a\\u200db\", criteria: \" 1=1 \"}\n"
                   "  - name: \"\\ttab\"\n    criteria: |\n      A = 1\n"
                   "lists:\n"
                   "  - {name: \" L\", filter: \"Night calls \"}\n"}});
  REQUIRE(desired.has_value());
  CHECK(desired->Of<model::Filter>().at(0).value.name == "\ttab");
  CHECK(desired->Of<model::Filter>().at(0).value.criteria == "A = 1");
  CHECK(desired->Of<model::Filter>().at(1).value.name == "Night calls ");
  CHECK(desired->Of<model::Filter>().at(1).value.description == " x ");
  CHECK(desired->Of<model::Filter>().at(2).value.name ==
        "a\xE2\x80\x8D"
        "b");
  CHECK(desired->Of<model::Filter>().at(2).value.criteria == "1=1");
  CHECK(desired->Of<model::List>().at(0).value.name == " L");
  CHECK(desired->Of<model::List>().at(0).value.filter == "Night calls ");
  CHECK(desired->warnings.size() == 3);
}

TEST_CASE("a CSV file that is not what it seems is refused") {
  struct {
    const char* csv;
    const char* problem;
  } cases[] = {
      {"", "config/x/d.csv:1:1: the file is empty"},
      {"type,address\n", "config/x/d.csv:1:1: the file lists nobody"},
      {"voice,123456\n", "config/x/d.csv:1:1: the first row is not a header"},
      {"type;address\nvoice;123456\n", "config/x/d.csv:1:1: the first row is not a header"},
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
  const auto& entry = desired->Of<model::Exclusion>().at(0);
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
