#include "engine/contract/document.h"

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "engine/base/strings.h"
#include "schemas/embedded.h"

namespace viasync::contract {
namespace {

// Keeps the order of the file, in which the operations are shown.
using OrderedJson = nlohmann::ordered_json;

In PlaceOf(const std::string& in) {
  if (in == "path") return In::kPath;
  return in == "header" ? In::kHeader : In::kQuery;
}

// The array that a page's answer holds: the one beside totalItems.
std::string CollectionOf(const Operation& operation) {
  auto answer = operation.answers.find(200);
  if (answer == operation.answers.end() || !answer->second) return {};
  const auto& properties = answer->second->properties;
  if (!properties.contains("totalItems") || properties.contains("detailStatuses")) return {};
  for (const auto& [name, schema] : properties) {
    if (schema->items) return name;
  }
  return {};
}

}  // namespace

const Document& Document::Get() {
  static const Document* const document = [] {
    try {
      return new Document();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "schemas/openapi.json: %s\n", error.what());
      std::abort();
    }
  }();
  return *document;
}

Document::Document()
    : json_(nlohmann::json::parse(schemas::Find("openapi").value_or(""))), pool_(json_) {
  const auto ordered = OrderedJson::parse(*schemas::Find("openapi"));
  for (const auto& [path, unused] : ordered.at("paths").items()) {
    const nlohmann::json& item = json_.at("paths").at(path);
    for (const char* method : {"get", "post", "put", "patch", "delete"}) {
      if (item.contains(method)) AddOperation(path, item, method);
    }
  }
  for (const auto& [name, unused] : json_.at("components").at("schemas").items()) {
    schemas_[name] = pool_.Read({{"$ref", "#/components/schemas/" + name}});
  }
}

const Schema* Document::FindSchema(std::string_view name) const {
  auto found = schemas_.find(name);
  return found == schemas_.end() ? nullptr : found->second;
}

Parameter Document::ReadParameter(const nlohmann::json& node) {
  const nlohmann::json& described = Resolve(json_, node);
  return {.name = described.at("name"),
          .in = PlaceOf(described.at("in")),
          .required = described.value("required", false),
          .description = described.value("description", ""),
          .schema = pool_.Read(described.at("schema"))};
}

const Schema* Document::BodySchema(const nlohmann::json& holder) {
  if (!holder.contains("content")) return nullptr;
  return pool_.Read(holder.at("content").at("application/json").at("schema"));
}

void Document::AddOperation(const std::string& path, const nlohmann::json& item,
                            const char* method) {
  const nlohmann::json& described = item.at(method);
  Operation operation;
  operation.id = described.at("operationId");
  operation.method = base::ToUpper(method);
  operation.path = path;
  operation.summary = described.at("summary");
  operation.group = described.at("tags").at(0);
  operation.deprecated = described.value("deprecated", false);
  if (item.contains("x-also-at")) operation.also_at = item.at("x-also-at").at(0);
  for (const nlohmann::json* holder : {&item, &described}) {
    if (!holder->contains("parameters")) continue;
    for (const auto& node : holder->at("parameters")) {
      operation.parameters.push_back(ReadParameter(node));
    }
  }
  if (described.contains("x-parameter-rules")) {
    const auto& rules = described.at("x-parameter-rules");
    operation.together = rules.value("together", operation.together);
    operation.any_of = rules.value("anyOf", operation.any_of);
  }
  if (described.contains("requestBody")) operation.body = BodySchema(described.at("requestBody"));
  for (const auto& [status, answer] : described.at("responses").items()) {
    operation.answers[std::stoi(status)] = BodySchema(Resolve(json_, answer));
  }
  operation.collection = CollectionOf(operation);
  operations_.push_back(std::move(operation));
}

}  // namespace viasync::contract
