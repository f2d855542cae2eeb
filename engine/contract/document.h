// schemas/openapi.json as read from the binary, once. A mistake in it ends the program: it is part
// of the program.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/contract/contract.h"
#include "engine/contract/schema_pool.h"

namespace viasync::contract {

class Document {
 public:
  static const Document& Get();

  std::span<const Operation> operations() const { return operations_; }
  // A schema of components/schemas; nullptr: there is none.
  const Schema* FindSchema(std::string_view name) const;

 private:
  Document();
  void AddOperation(const std::string& path, const nlohmann::json& item, const char* method);
  Parameter ReadParameter(const nlohmann::json& node);
  const Schema* BodySchema(const nlohmann::json& holder);

  nlohmann::json json_;
  SchemaPool pool_;
  std::vector<Operation> operations_;
  std::map<std::string, const Schema*, std::less<>> schemas_;
};

}  // namespace viasync::contract
