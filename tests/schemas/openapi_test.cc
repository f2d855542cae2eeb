// The OpenAPI document against operations.txt, which was written from the reference.
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "schemas/embedded.h"

namespace viasync {
namespace {

using nlohmann::json;
using Names = std::set<std::string>;
// "query", "body" and so on -> the names, as operations.txt has them.
using Operation = std::map<std::string, Names>;
using Operations = std::map<std::string, Operation>;

const json& Document() {
  static const json document = json::parse(*schemas::Find("openapi"));
  return document;
}

const json& Resolve(const json& node) {
  if (!node.contains("$ref")) return node;
  return Document().at(json::json_pointer(node["$ref"].get<std::string>().substr(1)));
}

Operations ReadList() {
  std::ifstream file("tests/schemas/operations.txt");
  Operations operations;
  std::string line, operation;
  while (std::getline(file, line)) {
    if (line.empty() || line.starts_with('#')) continue;
    if (!line.starts_with("  ")) {
      operation = line;
      operations[operation];
      continue;
    }
    std::istringstream words(line);
    std::string label, word;
    words >> label;
    while (words >> word) operations[operation][label].insert(word);
  }
  return operations;
}

// `prefix` + the properties of `schema` and of what they hold.
void Collect(const json& schema, const std::string& prefix, Names& names) {
  const json& object = Resolve(schema);
  if (object.contains("items")) return Collect(object["items"], prefix, names);
  if (!object.contains("properties")) return;
  Names required = object.value("required", Names());
  for (const auto& [name, property] : object["properties"].items()) {
    names.insert(prefix + name + (required.contains(name) ? "!" : ""));
    Collect(property, prefix + name + ".", names);
  }
}

const json* BodySchema(const json& holder) {
  return holder.contains("content") ? &holder["content"]["application/json"]["schema"] : nullptr;
}

void AddParameters(const json& holder, Operation& operation) {
  if (!holder.contains("parameters")) return;
  for (const json& entry : holder["parameters"]) {
    const json& parameter = Resolve(entry);
    operation[parameter["in"]].insert(parameter["name"].get<std::string>() +
                                      (parameter.value("required", false) ? "!" : ""));
  }
}

Operation ReadOperation(const json& path_item, const json& described) {
  Operation operation;
  AddParameters(path_item, operation);
  AddParameters(described, operation);
  // OpenAPI names these two as security schemes.
  for (const auto& [name, unused] : Document()["security"][0].items()) {
    const json& scheme = Document()["components"]["securitySchemes"][name];
    operation["header"].insert(scheme.value("name", "Authorization") + "!");
  }
  if (described.contains("requestBody")) {
    Collect(*BodySchema(described["requestBody"]), "", operation["body"]);
  }
  for (const auto& [status, entry] : described["responses"].items()) {
    const json* schema = BodySchema(Resolve(entry));
    operation["status"].insert(status + (schema ? "*" : ""));
    if (schema && status.starts_with('2')) Collect(*schema, "", operation["answer"]);
  }
  return operation;
}

Operations ReadDocument() {
  Operations operations;
  for (const auto& [path, item] : Document()["paths"].items()) {
    for (const char* method : {"get", "post", "put", "patch", "delete"}) {
      if (!item.contains(method)) continue;
      std::string name = method;
      for (char& letter : name) letter = static_cast<char>(std::toupper(letter));
      operations[name + " " + path] = ReadOperation(item, item[method]);
    }
  }
  return operations;
}

TEST_CASE("the document has the 43 operations of the reference") {
  auto listed = ReadList();
  CHECK(listed.size() == 43);
  for (const auto& [name, unused] : ReadDocument()) CHECK_MESSAGE(listed.contains(name), name);
  CHECK(ReadDocument().size() == listed.size());
}

TEST_CASE("each operation has the parameters, properties and answers of the reference") {
  auto described = ReadDocument();
  for (const auto& [name, operation] : ReadList()) {
    for (const char* label : {"path", "query", "header", "body", "answer", "status"}) {
      CAPTURE(name);
      CAPTURE(label);
      auto found = operation.find(label);
      Names wanted = found == operation.end() ? Names() : found->second;
      const Names& given = described[name][label];
      for (const auto& word : wanted) CHECK_MESSAGE(given.contains(word), "is missing: " << word);
      for (const auto& word : given) CHECK_MESSAGE(wanted.contains(word), "is too much: " << word);
    }
  }
}

TEST_CASE("operations have ids of their own") {
  Names ids;
  for (const auto& [path, item] : Document()["paths"].items()) {
    for (const auto& [method, described] : item.items()) {
      if (described.is_object()) ids.insert(described["operationId"]);
    }
  }
  CHECK(ids.size() == 43);
}

TEST_CASE("each code has one word, and no two have the same") {
  const std::map<std::string, std::size_t> wanted = {
      {"ContactType", 5},     {"EndPattern", 2},      {"ListStatus", 6},  {"ListType", 4},
      {"StrategyStatus", 62}, {"ScriptStatus", 3},    {"CheckResult", 3}, {"ScriptStatusQuery", 3},
      {"ExclusionType", 10},  {"PlayMessageType", 3}, {"NumberType", 4},  {"LocallyTerminated", 2}};
  const json& schemas = Document()["components"]["schemas"];
  std::size_t found = 0;
  for (const auto& [name, schema] : schemas.items()) {
    if (!schema.contains("x-words")) continue;
    ++found;
    CAPTURE(name);
    REQUIRE(wanted.contains(name));
    CHECK(schema["enum"].size() == wanted.at(name));
    CHECK(schema["x-words"].size() == wanted.at(name));
    CHECK(schema["x-words"].get<Names>().size() == wanted.at(name));
  }
  CHECK(found == wanted.size());
  CHECK(schemas["ObjectType"]["enum"].size() == 24);
  CHECK(schemas["StrategyStatus"]["enum"].back() == 71);
  CHECK(schemas["StrategyStatus"]["x-words"].back() == "update records complete with warnings");
}

}  // namespace
}  // namespace viasync
