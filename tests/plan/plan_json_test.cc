#include "engine/plan/plan_json.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <nlohmann/json.hpp>
#include <string>

#include "engine/base/json.h"
#include "engine/plan/signature.h"
#include "tests/plan/plans.h"

namespace viasync::plan {
namespace {

using Json = nlohmann::ordered_json;

Plan Sample() {
  auto create = PushOf(Kind::kExclusion, "voice:1@*", Action::kCreate, true);
  create.fields = {{.name = "address", .local = "1"}};
  auto update = PushOf(Kind::kFilter, "F", Action::kUpdate);
  update.fields[0].merged = "m";
  update.modified_by = "ann";
  update.modified_at = base::UtcTime{base::Millis{1'600'000'000'000}};
  update.reverts_drift = true;
  auto pull = PushOf(Kind::kList, "L", Action::kUpdate);
  pull.direction = Direction::kPull;
  auto header = Header();
  header.options = {.prune = true,
                    .revert_drift = true,
                    .skip_conflicts = true,
                    .prefer = "local",
                    .prefer_key = {{"F", "remote"}},
                    .limits = {{"filters.delete", "7"}}};
  header.exceeded = {{"exclusions.unprotect", "0", 0, 1, 1000}};
  header.warnings = {{.message = "`2` and `+12` are the same number",
                      .hint = "write one",
                      .where = base::SourcePos{"config/a.yaml", 3, 9},
                      .type = "sms",
                      .addresses = {"2", "+12"}},
                     {.message = "no such column"}};
  auto gone = PushOf(Kind::kExclusion, "sms:2@*", Action::kDelete);
  gone.protected_until = base::UtcTime{base::Millis{2'000'000'000'000}};
  return MakePlan(header, {.changes = {create, update, gone, pull},
                           .conflicts = {{reconcile::ConflictKind::kAmbiguous,
                                          PushOf(Kind::kFilter, "G", Action::kUpdate), "why"}},
                           .unmanaged = {{Kind::kFilter, "U", "9"}},
                           .unchanged = 214});
}

TEST_CASE("the JSON is the interface that was promised") {
  auto text = PlanToJson(Sample());
  CHECK(text.ends_with("}\n"));
  auto json = Json::parse(text);
  CHECK(json["format"] == "viasync-plan/1");
  CHECK(json["id"] == Sample().id);
  CHECK(json["created"] == "2023-11-14T22:13:20.123Z");
  CHECK(json["summary"] == Json{{"create", 1},
                                {"update", 1},
                                {"delete", 1},
                                {"unprotect", 1},
                                {"pull", 1},
                                {"pullUnprotect", 0},
                                {"conflict", 1},
                                {"unchanged", 214},
                                {"unmanaged", 1}});
  CHECK(json["exceeded"] == Json::array({Json{{"limit", "exclusions.unprotect"},
                                              {"value", "0"},
                                              {"allowed", 0},
                                              {"count", 1},
                                              {"population", 1000}}}));
  CHECK(json["unprotecting"] ==
        Json::array({Json{{"key", "sms:2@*"}, {"action", "delete"}, {"direction", "push"}}}));
  CHECK(json["warnings"] ==
        Json::array({Json{{"message", "`2` and `+12` are the same number"},
                          {"hint", "write one"},
                          {"type", "sms"},
                          {"addresses", {"2", "+12"}},
                          {"source", {{"file", "config/a.yaml"}, {"line", 3}, {"column", 9}}}},
                     Json{{"message", "no such column"}}}));
  const auto& gone = json["changes"][2];
  CHECK(gone["protects"] == false);
  CHECK(gone["protectedUntil"] == "2033-05-18T03:33:20.000Z");
  CHECK(gone["unprotects"] == true);
  const auto& create = json["changes"][0];
  CHECK_FALSE(create.contains("unprotects"));
  CHECK(create["kind"] == "exclusion");
  CHECK(create["key"] == "voice:1@*");
  CHECK(create["id"].is_null());
  CHECK(create["version"].is_null());
  CHECK(create["action"] == "create");
  CHECK(create["direction"] == "push");
  CHECK(create["fields"][0] ==
        Json{{"name", "address"}, {"base", nullptr}, {"local", "1"}, {"remote", nullptr}});
  CHECK(json["changes"][1]["source"] == Json{{"file", "config/a.yaml"}, {"line", 3}});
  CHECK(json["changes"][3]["direction"] == "pull");
  CHECK(json["conflicts"][0]["conflict"] == "ambiguous");
}

void CheckSame(const Plan& read, const Plan& plan) {
  RC_ASSERT(read.id == plan.id);
  RC_ASSERT(read.tool == plan.tool && read.environment == plan.environment);
  RC_ASSERT(read.org == plan.org && read.base_from == plan.base_from);
  RC_ASSERT(read.created == plan.created && read.options == plan.options);
  RC_ASSERT(read.summary == plan.summary && read.population == plan.population);
  RC_ASSERT(read.exceeded == plan.exceeded && read.renames == plan.renames);
  RC_ASSERT(read.warnings == plan.warnings);
  RC_ASSERT(read.changes == plan.changes);
  for (std::size_t i = 0; i < plan.changes.size(); ++i) {
    const auto &a = read.changes[i], &b = plan.changes[i];
    RC_ASSERT(a.protects == b.protects && a.reverts_drift == b.reverts_drift);
    RC_ASSERT(a.protected_until == b.protected_until && a.unprotects == b.unprotects);
    RC_ASSERT(a.source.file == b.source.file && a.source.line == b.source.line);
    RC_ASSERT(a.modified_by == b.modified_by && a.modified_at == b.modified_at);
  }
  RC_ASSERT(PlanToJson(read) == PlanToJson(plan));
}

TEST_CASE("any plan reads back as it was written, whatever the strings hold") {
  CHECK(rc::check([] {
    auto header = Header();
    header.environment = AnyText();
    header.options.prefer_key[AnyText()] = "local";
    auto plan = MakePlan(header, AnyDecisions());
    const auto text = PlanToJson(plan);
    auto read = PlanFromJson(text);
    RC_ASSERT(read.has_value());
    CheckSame(*read, plan);
    // Written change by change, and yet byte for byte as the whole document.
    RC_ASSERT(base::DumpJson(base::ParseOrderedJson(text), 2) + "\n" == text);
  }));
}

// Calls `each` with the whole document for every leaf, after the leaf was changed.
template <class Each>
void WithEachLeafChanged(Json& whole, Json& node, const std::string& pointer, const Each& each) {
  if (node.is_structured()) {
    for (auto& [key, child] : node.items()) {
      WithEachLeafChanged(whole, child, pointer + "/" + key, each);
    }
    return;
  }
  Json before = node;
  if (node.is_string())
    node = node.get<std::string>() + "x";
  else if (node.is_number())
    node = node.get<std::int64_t>() + 1;
  else if (node.is_boolean())
    node = !node.get<bool>();
  else
    node = "x";
  each(pointer);
  node = before;
}

TEST_CASE("a plan that was edited in any single place is refused") {
  auto json = Json::parse(PlanToJson(Sample()));
  REQUIRE(PlanFromJson(json.dump()).has_value());  // the layout is no edit
  int leaves = 0;
  WithEachLeafChanged(json, json, "", [&](const std::string& pointer) {
    CAPTURE(pointer);
    ++leaves;
    auto read = PlanFromJson(json.dump(2));
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().kind == base::ErrorKind::kInvalid);
    CHECK_FALSE(read.error().hint.empty());
  });
  CHECK(leaves > 50);
}

TEST_CASE("a signed plan reads back with its key alone, and with every edit it is refused") {
  auto key = NewKey();
  REQUIRE(key.has_value());
  CHECK(CheckKey(*key).has_value());
  CHECK(*NewKey() != *key);
  const std::string text = PlanToJson(Sample(), *key);
  CHECK(PlanFromJson(text, *key).has_value());
  CHECK(PlanFromJson(text).has_value());  // without a key there is nothing to check
  CHECK(PlanFromJson(text, *NewKey()).error().message.contains("does not match"));
  CHECK(PlanFromJson(PlanToJson(Sample()), *key).error().message.contains("is not signed"));
  auto json = Json::parse(text);
  CHECK(PlanFromJson(json.dump(), *key).has_value());  // the layout is no edit
  // Somebody who edits a plan can make its checksum anew, but not its signature.
  auto forged = Json::parse(PlanToJson(MakePlan(Header(), {})));
  forged["signature"] = json["signature"];
  CHECK_FALSE(PlanFromJson(forged.dump(), *key).has_value());
  for (const char* bad : {"", "x", "0123456789abcdef"}) CHECK_FALSE(CheckKey(bad).has_value());
}

TEST_CASE("a plan with a change more or less is refused") {
  auto json = Json::parse(PlanToJson(Sample()));
  auto less = json, more = json, extra = json;
  less["changes"].erase(0);
  more["changes"].push_back(json["changes"][0]);
  extra["note"] = "x";
  for (const auto* edited : {&less, &more, &extra}) {
    auto read = PlanFromJson(edited->dump());
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().message.find("was edited") != std::string::npos);
  }
}

struct Bad {
  const char* pointer;
  Json value;
  const char* message;
};

TEST_CASE("what is wrong in a plan is named with its place") {
  for (const auto& [pointer, value, message] : {
           Bad{"/format", "viasync-plan/2", "has the format `viasync-plan/2`"},
           {"/format", "\x1b[2J", "has the format `\\x1b[2J`"},
           {"/format", 1, "`format` has the wrong type"},
           {"/created", "yesterday", "`created` is not a valid time"},
           {"/changes", 7, "`changes` is not an array"},
           {"/changes/1", 7, "`kind` is missing at /changes/1"},
           {"/changes/1/kind", "job", "`kind` is none of filter, exclusion, list at /changes/1"},
           {"/changes/1/action", "drop",
            "`action` is none of create, update, delete at /changes/1"},
           {"/changes/0/direction", "up", "`direction` is neither push nor pull at /changes/0"},
           {"/changes/1/fields/0/name", nullptr,
            "`name` has the wrong type at /changes/1/fields/0"},
           {"/changes/1/revertsDrift", "yes", "a value has the wrong type at /changes/1"},
           {"/conflicts/0/conflict", "x", "`conflict` is none that is known at /conflicts/0"},
           {"/options", 7, "this is not a plan"},
       }) {
    CAPTURE(std::string(pointer));
    auto json = Json::parse(PlanToJson(Sample()));
    json[Json::json_pointer(pointer)] = value;
    auto read = PlanFromJson(json.dump());
    REQUIRE_FALSE(read.has_value());
    CAPTURE(read.error().message);
    CHECK(read.error().message.find(message) != std::string::npos);
  }
}

TEST_CASE("what is no plan at all is refused with a hint, never with a crash") {
  std::string deep(200'000, '[');
  std::string nested = "{\"x\":" + deep + std::string(200'000, ']') + "}";
  for (const std::string& text :
       {std::string(), std::string("null"), std::string("[]"), std::string("{}"),
        std::string("<html>"), std::string("{\"format\": "), std::string("\xff\xfe"), deep, nested,
        PlanToJson(Sample()).substr(0, 300)}) {
    auto read = PlanFromJson(text);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().kind == base::ErrorKind::kInvalid);
    CHECK_FALSE(read.error().hint.empty());
  }
}

TEST_CASE("every shorter file is refused") {
  auto text = PlanToJson(PlanOf({PushOf(Kind::kFilter, "F", Action::kUpdate)}));
  for (std::size_t n = 0; n + 2 < text.size(); ++n) CHECK_FALSE(PlanFromJson(text.substr(0, n)));
}

}  // namespace
}  // namespace viasync::plan
