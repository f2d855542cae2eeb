#include "engine/contract/schema_pool.h"

#include <stdexcept>

namespace viasync::contract {
namespace {

using Json = nlohmann::json;

bool IsAnnotation(const std::string& key) {
  return key == "description" || key == "title" || key == "example" || key == "examples" ||
         key == "default" || key == "deprecated";
}

// The keywords that hold plain values. False: not one of them.
bool TakePlain(const std::string& key, const Json& value, Schema& schema) {
  if (key == "type") {
    schema.types = value.is_array() ? value.get<std::vector<std::string>>()
                                    : std::vector<std::string>{value.get<std::string>()};
  } else if (key == "enum") {
    schema.values = value.get<std::vector<Json>>();
  } else if (key == "const") {
    schema.values = {value};
  } else if (key == "x-words") {
    schema.words = value.get<std::vector<std::string>>();
  } else if (key == "required") {
    schema.required = value.get<std::vector<std::string>>();
  } else if (key == "minItems") {
    schema.items_min = value.get<std::size_t>();
  } else if (key == "maxItems") {
    schema.items_max = value.get<std::size_t>();
  } else if (key == "minimum") {
    schema.minimum = value.get<std::int64_t>();
  } else if (key == "format" && value == "date-time") {
    schema.is_time = true;
  } else if (key == "pattern") {
    schema.pattern_text = value.get<std::string>();
    schema.pattern.emplace(schema.pattern_text);
  } else if (key == "additionalProperties" && value.is_boolean()) {
    schema.closed = !value.get<bool>();
  } else {
    return false;
  }
  return true;
}

}  // namespace

const Json& Resolve(const Json& document, const Json& node) {
  auto reference = node.find("$ref");
  if (reference == node.end()) return node;
  return document.at(Json::json_pointer(reference->get<std::string>().substr(1)));
}

const Schema* SchemaPool::Read(const Json& node) {
  auto reference = node.find("$ref");
  if (reference == node.end()) {
    Schema& schema = schemas_.emplace_back();
    Fill(node, schema);
    return &schema;
  }
  const auto name = reference->get<std::string>();
  if (auto known = by_reference_.find(name); known != by_reference_.end()) return known->second;
  Schema& schema = schemas_.emplace_back();
  by_reference_[name] = &schema;  // before it is filled: it may speak of itself
  schema.name = name.substr(name.rfind('/') + 1);
  Fill(Resolve(document_, node), schema);
  return &schema;
}

void SchemaPool::Fill(const Json& node, Schema& schema) {
  for (const auto& [key, value] : node.items()) {
    if (IsAnnotation(key) || TakePlain(key, value, schema)) continue;
    if (key == "properties") {
      for (const auto& [name, property] : value.items()) schema.properties[name] = Read(property);
    } else if (key == "items") {
      schema.items = Read(value);
    } else if (key == "oneOf") {
      for (const Json& branch : value) schema.one_of.push_back(Read(branch));
    } else if (key == "if") {
      schema.condition = Read(value);
    } else if (key == "then") {
      schema.consequence = Read(value);
    } else {
      throw std::runtime_error("the OpenAPI document uses `" + key + "`, which nobody checks");
    }
  }
  if (schema.condition && !schema.consequence) {
    throw std::runtime_error("the OpenAPI document has an `if` without a `then`");
  }
}

}  // namespace viasync::contract
