// Overlays, order and size: what entries make together.
#include "engine/config/desired.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "engine/base/times.h"
#include "engine/model/fields.h"
#include "tests/config/memory_tree.h"

namespace viasync::config {
namespace {

std::expected<Desired, base::Errors> Load(std::map<std::string, std::string> files,
                                          const model::Manage& manage = {}) {
  MemoryTree tree(std::move(files));
  Project project;
  project.manage = manage;
  project.environments["dev"] = {.name = "dev", .org = "acme", .variables = {{"days", "30"}}};
  project.environments["prod"] = {.name = "prod", .org = "acme"};
  return LoadDesired(project, project.environments.at("dev"), tree);
}

// "name|description|…; …", absent ones with a minus.
template <class R>
std::string Show(const std::vector<model::Declared<R>>& declared) {
  std::string text;
  for (const auto& entry : declared) {
    text += text.empty() ? "" : "; ";
    if (entry.absent) text += "-";
    for (const auto& field : model::Fields<R>()) text += field.text(entry.value) + "|";
    text.pop_back();
  }
  return text;
}

TEST_CASE("an overlay replaces the fields it gives, and only those") {
  auto desired = Load({{"config/a.yaml", R"(filters:
  - {name: A, description: first, schema: S, criteria: "D > ${days}"}
  - {name: B, criteria: 1=1}
  - {name: C, schema: S}
  - {name: D, absent: true}
lists:
  - {name: L, filter: A}
)"},
                       {"environments/dev/x/b.yaml", R"(filters:
  - {name: A, description: ""}
  - {name: B, absent: true}
  - {name: C, criteria: 2=2}
  - {name: D, absent: false, criteria: 3=3}
  - {name: E, criteria: 4=4}
lists:
  - {name: L, filter: C}
)"},
                       {"environments/prod/b.yaml", "filters: [{name: A, criteria: 9=9}]\n"}});
  REQUIRE_MESSAGE(desired.has_value(), Lines(desired.error()));
  CHECK(Show(desired->Of<model::Filter>()) == "A||S|D > 30; -B|||1=1; C||S|2=2; D|||3=3; E|||4=4");
  CHECK(Show(desired->Of<model::List>()) == "L|C");
  CHECK(desired->files == 2);
  CHECK(desired->Of<model::Filter>()[0].source.file.str() == "environments/dev/x/b.yaml");
}

const std::string kJan = "start: 2026-01-01T00:00:00Z";
const std::string kFeb = "start: 2026-02-01T00:00:00Z";

std::string Exclusions(std::vector<std::string> entries) {
  std::string text = "exclusions:\n";
  for (const auto& entry : entries) text += "  - {type: voice, address: \"123\", " + entry + "}\n";
  return text;
}

TEST_CASE("an exclusion's start joins its key only where one key has several entries") {
  struct {
    const char* what;
    std::vector<std::string> base;
    std::vector<std::string> overlay;
    const char* result;  // starts and reasons, or the problem
  } cases[] = {
      {"one over one: the start is a field", {kJan}, {kFeb}, "2026-02-01T00:00:00Z/"},
      {"one over one: fields merge",
       {kJan + ", reason: a"},
       {"reason: b"},
       "2026-01-01T00:00:00Z/b"},
      {"several: the start chooses",
       {kJan + ", reason: a", kFeb + ", reason: b"},
       {kFeb + ", reason: c"},
       "2026-01-01T00:00:00Z/a 2026-02-01T00:00:00Z/c"},
      {"several in the overlay: another is added",
       {kJan + ", reason: a"},
       {kJan + ", reason: b", kFeb + ", reason: c"},
       "2026-01-01T00:00:00Z/b 2026-02-01T00:00:00Z/c"},
      {"several, and none is named", {kJan, kFeb}, {"reason: c"}, "stands for several entries"},
      {"twice without a start", {"reason: a", "reason: b"}, {}, "is declared twice"},
      {"twice, once without a start", {"reason: a", kFeb}, {}, "is declared twice"},
      {"twice with one start", {kJan, kJan}, {}, "is declared twice"},
      {"twice in the overlay", {}, {kJan, kJan}, "is declared twice"},
      {"added beside one without a start", {"reason: a"}, {kJan, kFeb}, "is declared twice"},
      {"a period turned round",
       {"start: 2026-03-01T00:00:00Z"},
       {"end: 2026-02-01T00:00:00Z"},
       "is not after `start`"},
      {"another list is another key",
       {kJan},
       {kFeb + ", list: L"},
       "2026-01-01T00:00:00Z/ 2026-02-01T00:00:00Z/"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.what);
    auto desired = Load({{"config/a.yaml", Exclusions(c.base)},
                         {"environments/dev/b.yaml", Exclusions(c.overlay)}});
    if (!desired) {
      CAPTURE(Lines(desired.error()));
      CHECK(desired.error().size() == 1);
      CHECK(Lines(desired.error()).contains(c.result));
      continue;
    }
    std::string seen;
    for (const auto& entry : desired->Of<model::Exclusion>()) {
      seen += (seen.empty() ? "" : " ") + base::FormatTimeShort(*entry.value.start) + "/" +
              entry.value.reason.str();
    }
    CHECK(seen == c.result);
  }
}

TEST_CASE("a key twice in one layer names both places") {
  auto desired = Load({{"config/a.yaml", "filters:\n  - {name: A, criteria: 1=1}\n"},
                       {"config/b.yaml", "# b\nfilters:\n  - {name: A, criteria: 1=1}\n"}});
  REQUIRE_FALSE(desired.has_value());
  CHECK(Lines(desired.error()) ==
        "config/b.yaml:3:0: filter `A` is declared twice, first in config/a.yaml:2");
}

TEST_CASE("what lies outside manage is refused") {
  model::Manage manage;
  manage.For(model::Kind::kFilter).exclude = {"ADHOC_*"};
  manage.For(model::Kind::kExclusion).include = {"L*"};
  auto desired = Load({{"config/a.yaml", R"(filters:
  - {name: ADHOC_1, absent: true}
exclusions:
  - {type: voice, address: "123", list: L1}
  - {type: voice, address: "123"}
)"}},
                      manage);
  REQUIRE_FALSE(desired.has_value());
  CHECK(Lines(desired.error()) ==
        "config/a.yaml:2:0: filter `ADHOC_1` is outside what viasync manages\n"
        "config/a.yaml:5:0: exclusion `voice:123@*` is outside what viasync manages");
}

TEST_CASE("a file that no environment reads is no silent loss") {
  auto desired = Load({{"config/a.yaml", "filters: []\n"},
                       {"environments/prd/a.yaml", "filters: []\n"},
                       {"environments/a.yaml", "filters: []\n"}});
  REQUIRE_FALSE(desired.has_value());
  CHECK(Lines(desired.error()) ==
        "environments/a.yaml:0:0: the file belongs to no environment\n"
        "environments/prd/a.yaml:0:0: there is no environment `prd` (did you mean `prod`?)");
  CHECK(Load({}).error()[0].message == "there is no YAML file under config/");
}

TEST_CASE("the order of entries and files never changes the result") {
  std::vector<std::string> entries;
  for (int i = 0; i < 60; ++i) {
    std::string n = std::to_string(i % 20);
    entries.push_back("  - {type: " + std::string(i % 2 ? "voice" : "sms") + ", address: \"1" + n +
                      (i / 20 == 1 ? "0" : "00") + "\", list: \"" + (i / 20 == 2 ? "" : "L" + n) +
                      "\", start: 2026-01-" + (i < 10 ? "02" : "01") + "T00:00:00Z}\n");
  }
  std::mt19937 random(7);
  std::string first;
  for (int round = 0; round < 20; ++round) {
    std::ranges::shuffle(entries, random);
    std::string a = "exclusions:\n", b = "exclusions:\n";
    for (std::size_t i = 0; i < entries.size(); ++i) (i % 3 ? a : b) += entries[i];
    auto desired = Load({{"config/a.yaml", a}, {"config/b.yaml", b}});
    REQUIRE_MESSAGE(desired.has_value(), Lines(desired.error()));
    auto shown = Show(desired->Of<model::Exclusion>());
    if (round == 0) first = shown;
    CHECK(shown == first);
  }
}

TEST_CASE("keys are ordered as their texts are") {
  std::vector<model::Exclusion> all;
  for (const char* address : {"12", "123", "12@a.b", "12@", "1", "+12"}) {
    for (const char* list : {"", "*", "A", "a@b", "+"}) {
      for (int type = 0; type < 5; ++type) {
        all.push_back(
            {.type = static_cast<model::ContactType>(type), .address = address, .list = list});
      }
    }
  }
  for (const auto& a : all) {
    for (const auto& b : all) {
      REQUIRE((model::CompareKeys(a, b) <=> 0) == (model::KeyOf(a) <=> model::KeyOf(b)));
    }
  }
}

// A repository that is read, and one more file.
std::string WithFile(const std::string& path, const std::string& text,
                     std::vector<std::string> ignored = {}) {
  MemoryTree tree({{"config/a.yaml", "filters: [{name: A, criteria: 1=1}]\n"}, {path, text}});
  Project project{.ignored_files = std::move(ignored)};
  project.environments["dev"] = {.name = "dev", .org = "acme"};
  project.environments["prod"] = {.name = "prod", .org = "acme"};
  auto desired = LoadDesired(project, project.environments.at("dev"), tree);
  if (!desired) return Lines(desired.error()) + " -> " + desired.error().front().hint;
  std::string seen;
  for (const auto& file : desired->ignored_files) seen += "ignored " + file + "; ";
  return seen + Lines(desired->warnings);
}

TEST_CASE("a file that no rule reads is refused, with what to do") {
  struct {
    const char* path;
    const char* problem;
  } cases[] = {
      {"config/dnc.csv",
       "config/dnc.csv:0:0: no rule reads this file -> add `- from: dnc.csv` under"},
      {"config/x/DNC.YAML",
       "config/x/DNC.YAML:0:0: no rule reads this file -> rename it to `DNC.yaml`"},
      {"config/DNC.CSV", "config/DNC.CSV:0:0: no rule reads this file -> rename it to `DNC.csv`"},
      {"config/a.json", "config/a.json:0:0: no rule reads this file -> viasync reads YAML, which"},
      {"config/a.yaml~", "config/a.yaml~:0:0: no rule reads this file -> viasync reads .yaml"},
      {"config/a.yaml.bak",
       "config/a.yaml.bak:0:0: no rule reads this file -> viasync reads .yaml"},
      {"config/list.txt", "config/list.txt:0:0: no rule reads this file"},
      {"config/README.csv", "config/README.csv:0:0: no rule reads this file -> add `- from"},
      {"config/readme_dnc.CSV", "config/readme_dnc.CSV:0:0: no rule reads this file"},
      {"config/.dnc.csv", "config/.dnc.csv:0:0: no rule reads this file -> names that begin with"},
      {"config/.x/a.csv", "config/.x/a.csv:0:0: no rule reads this file -> names that begin with"},
      {"environments/dev/x.csv", "environments/dev/x.csv:0:0: no rule reads this file"},
      {"environments/x.csv", "environments/x.csv:0:0: no rule reads this file"},
      {"environments/prd/x.csv", "environments/prd/x.csv:0:0: no rule reads this file"},
      {"environments/prd/x.yaml", "there is no environment `prd` (did you mean `prod`?)"},
      {"environments/prod/x.csv", ""},  // a matter of prod
      {"config/README.md", ""},
      {"config/.gitkeep", ""},
      {"docs/dnc.csv", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.path);
    auto seen = WithFile(c.path, "type,address\nvoice,2025550100\n");
    CAPTURE(seen);
    CHECK(seen.contains(c.problem));
    CHECK(seen.empty() == std::string(c.problem).empty());
  }
}

TEST_CASE("a folder with a misspelt name is refused where something is declared in it") {
  const std::string yaml = "exclusions: [{type: voice, address: \"2025550100\"}]\n";
  for (const char* folder :
       {"enviroments/prod", "Environments", "environment", "Config", "configs"}) {
    CAPTURE(folder);
    CHECK(WithFile(folder + std::string("/a.yaml"), yaml).contains("does not read the folder"));
  }
  CHECK(WithFile("configs/a.yaml", "services: [x]\n") == "");
  CHECK(WithFile("deploy/a.yaml", yaml) == "");
  CHECK(WithFile("configs/a.yaml", yaml, {"configs/*"}) == "ignored configs/a.yaml; ");
}

TEST_CASE("a hidden YAML file is refused where something is declared in it") {
  const std::string yaml = "exclusions: [{type: voice, address: \"2025550100\"}]\n";
  for (const char* path : {"config/.a.yaml", "config/.x/a.YML", "environments/dev/.a.yml"}) {
    CAPTURE(path);
    CHECK(WithFile(path, yaml).contains("no rule reads this file -> names that begin with a dot"));
  }
  CHECK(WithFile("config/.yamllint.yaml", "rules: {line-length: disable}\n") == "");
  CHECK(WithFile("config/.a.yaml", yaml, {".*.yaml"}) == "ignored config/.a.yaml; ");
}

TEST_CASE("what is ignored on purpose is told, and a pattern that ignores nothing") {
  CHECK(WithFile("config/a.yaml.bak", "", {"*.bak"}) == "ignored config/a.yaml.bak; ");
  CHECK(WithFile("config/x/notes.txt", "", {"config/x/*"}) == "ignored config/x/notes.txt; ");
  CHECK(WithFile("docs/x", "", {"*.bak"}) ==
        "viasync.yaml:0:0: `files: ignore` names `*.bak`, and there is no such file");
  CHECK(WithFile("docs/x", "", {"a.*"}) ==
        "viasync.yaml:0:0: `files: ignore` names `a.*`, which is read all the same");
}

TEST_CASE("a CSV file that another environment names is read by it") {
  CHECK(Load({{"config/a.yaml", "filters: [{name: A, criteria: 1=1}]\n"},
              {"config/dnc.csv", "type,address\nvoice,2025550100\n"},
              {"environments/prod/a.yaml", "exclusions: [{from: ../../config/dnc.csv}]\n"}})
            .has_value());
}

TEST_CASE("100,000 entries of one file load, sorted and complete") {
  std::string yaml = "exclusions:\n";
  std::string csv = "type,address,list,reason,start,end\n";
  for (int i = 0; i < 50'000; ++i) {
    std::string number = std::to_string(2'000'000'000 + (i * 7919L) % 50'000);
    yaml += "  - type: voice\n    address: \"" + number + "\"\n    list: List" +
            std::to_string(i % 9) + "\n    start: 2026-01-01T00:00:00Z\n";
    csv += "sms," + number + ",,\"Said \"\"no\"\"\",2026-01-01T00:00:00Z,\n";
  }
  yaml += "  - from: dnc.csv\n";
  auto desired = Load({{"config/a.yaml", yaml}, {"config/dnc.csv", csv}});
  REQUIRE(desired.has_value());
  CHECK(desired->Of<model::Exclusion>().size() == 100'000);
  CHECK(std::ranges::is_sorted(desired->Of<model::Exclusion>(), [](const auto& a, const auto& b) {
    return model::CompareKeys(a.value, b.value) < 0;
  }));
  CHECK(desired->Of<model::Exclusion>().front().value.reason.str() == "Said \"no\"");
}

}  // namespace
}  // namespace viasync::config
