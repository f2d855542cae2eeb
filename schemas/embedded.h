// The JSON Schemas of the user's files and of the plan, and the OpenAPI document of the API, inside
// the binary.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace viasync::schemas {

struct Schema {
  std::string_view name;  // "config", "openapi", "plan", "project", "result"
  std::string_view text;
};

// Sorted by name.
std::span<const Schema> All();

inline std::optional<std::string_view> Find(std::string_view name) {
  for (const auto& schema : All()) {
    if (schema.name == name) return schema.text;
  }
  return std::nullopt;
}

}  // namespace viasync::schemas
