#include <doctest/doctest.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>

#include "engine/plan/plan_json.h"
#include "schemas/embedded.h"
#include "tests/report/json_schema.h"
#include "tests/report/plans.h"

namespace viasync {
namespace {

using Json = nlohmann::json;
using test::JsonSchema;

JsonSchema Schema(std::string_view name) { return JsonSchema(Json::parse(*schemas::Find(name))); }

// As an editor reads it: the core schema of YAML 1.2.
Json ToJson(const YAML::Node& node) {
  if (node.IsNull()) return nullptr;
  if (node.IsSequence()) {
    Json list = Json::array();
    for (const auto& item : node) list.push_back(ToJson(item));
    return list;
  }
  if (node.IsMap()) {
    Json map = Json::object();
    for (const auto& item : node) map[item.first.as<std::string>()] = ToJson(item.second);
    return map;
  }
  const auto& text = node.Scalar();
  if (node.Tag() == "!") return text;
  if (text == "true" || text == "false") return text == "true";
  bool digits = text.size() < 18 && text.find_first_not_of("0123456789") == std::string::npos;
  return digits && !text.empty() ? Json(std::stoll(text)) : Json(text);
}

std::vector<std::string> CheckFile(const std::filesystem::path& file) {
  if (file.parent_path().filename() == "migrations") {  // holds a section of viasync.yaml
    auto project =
        Json::parse(R"({"version": 1, "environments": {"dev": {"org": "o", "region": "us"}}})");
    project.update(ToJson(YAML::LoadFile(file.string())));
    return Schema("project").Check(project);
  }
  auto schema = Schema(file.filename() == "viasync.yaml" ? "project" : "config");
  return schema.Check(ToJson(YAML::LoadFile(file.string())));
}

std::vector<std::string> CheckFolder(const std::string& folder) {
  std::vector<std::string> all;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".yaml") continue;
    for (const auto& problem : CheckFile(file.path())) {
      all.push_back(file.path().string() + problem);
    }
  }
  return all;
}

Json PlanJson() {
  auto plan = report::test::SamplePlan();
  plan.warnings = report::test::Warnings();
  return Json::parse(plan::PlanToJson(plan));
}

TEST_CASE("the binary carries five schemas, each of them JSON with a title") {
  CHECK(schemas::All().size() == 5);
  for (const auto& schema : schemas::All()) {
    auto json = Json::parse(schema.text);
    CHECK((json.contains("openapi") ? json["info"] : json).contains("title"));
  }
  CHECK_FALSE(schemas::Find("nonsense"));
}

TEST_CASE("a plan with one of everything is valid by the plan's schema") {
  CHECK(Schema("plan").Check(PlanJson()) == std::vector<std::string>{});
}

TEST_CASE("the plan's schema refuses what a plan never holds") {
  auto broken = [](auto edit) {
    Json plan = PlanJson();
    edit(plan);
    return Schema("plan").Check(plan);
  };
  CHECK_FALSE(broken([](Json& p) { p["format"] = "viasync-plan/2"; }).empty());
  CHECK_FALSE(broken([](Json& p) { p.erase("org"); }).empty());
  CHECK_FALSE(broken([](Json& p) { p["more"] = 1; }).empty());
  CHECK_FALSE(broken([](Json& p) { p["summary"]["create"] = -1; }).empty());
  CHECK_FALSE(broken([](Json& p) { p["changes"][0]["kind"] = "user"; }).empty());
  CHECK_FALSE(broken([](Json& p) { p["changes"][0]["fields"][0].erase("base"); }).empty());
  CHECK_FALSE(broken([](Json& p) { p["changes"][0]["fields"][0]["local"] = 7; }).empty());
  CHECK_FALSE(broken([](Json& p) { p["created"] = "yesterday"; }).empty());
}

TEST_CASE("the files of a whole customer are valid by the schemas of the user's files") {
  CHECK(CheckFolder("testdata/acme") == std::vector<std::string>{});
}

TEST_CASE("what editors can see in a broken repository, the schemas refuse") {
  for (std::string name : {"unknown-key", "unknown-section", "missing-name", "empty-name",
                           "list-absent", "exclusion-unknown-type", "exclusion-date-without-zone",
                           "wrong-type-section", "wrong-type-entry", "project-unknown-key",
                           "project-bad-limit", "project-missing-org", "project-unknown-region",
                           "project-version-too-new", "project-bad-files", "literal-secret"}) {
    CAPTURE(name);
    CHECK_FALSE(CheckFolder("testdata/broken/" + name).empty());
  }
}

}  // namespace
}  // namespace viasync
