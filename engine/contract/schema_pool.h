// The schemas of the document, read once and kept as long as the program runs.
#pragma once

#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/contract/schema.h"

namespace viasync::contract {

class SchemaPool {
 public:
  explicit SchemaPool(const nlohmann::json& document) : document_(document) {}

  // The schema that `node` of the document is or refers to. Throws std::runtime_error for a keyword
  // that is not in the subset: a mistake in the document.
  const Schema* Read(const nlohmann::json& node);

 private:
  void Fill(const nlohmann::json& node, Schema& schema);

  const nlohmann::json& document_;
  std::deque<Schema> schemas_;
  std::map<std::string, const Schema*> by_reference_;
};

// The node that a `$ref` names; any other node is itself.
const nlohmann::json& Resolve(const nlohmann::json& document, const nlohmann::json& node);

}  // namespace viasync::contract
