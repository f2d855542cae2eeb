// The vocabulary for reading a map of the user's files: its keys against a list of known ones, its
// values as texts, whole numbers or yes/no. Every deviation becomes a problem with its place.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/config/problems.h"
#include "engine/config/variables.h"
#include "engine/config/yaml_tree.h"

namespace viasync::config {

// What all reading of one file has in common.
struct FileContext {
  Problems& problems;
  std::string path;
  std::string environment;  // whose variables a literal secret belongs into; may be empty
  const Variables* variables = nullptr;  // nullptr: texts are taken as they stand

  void Report(int line, int column, std::string message, std::string hint) const {
    problems.Add({path, line, column}, std::move(message), std::move(hint));
  }
  void Report(NodeRef node, std::string message, std::string hint) const {
    Report(node.line(), node.column(), std::move(message), std::move(hint));
  }
};

// "a text", "a list", …: what a node is, for messages.
std::string_view TypeName(NodeType type);

// Finds the values of `keys` in a map: out[i] belongs to keys[i], unset where it is missing.
// Unknown keys and literal secrets are reported. False: the node is no map, which is reported too.
[[nodiscard]] bool ReadMap(const FileContext& context, NodeRef node, std::string_view what,
                           std::span<const std::string_view> keys, std::span<NodeRef> out);

// Reports a key that is not known; names the variable where it is a secret.
void ReportUnknownKey(const FileContext& context, int line, int column, std::string_view key,
                      std::string_view what, std::span<const std::string_view> keys);

// The text of a value after variables; "" for an empty one. nullopt: reported.
std::optional<std::string> ReadText(const FileContext& context, NodeRef node,
                                    std::string_view name);

std::optional<bool> ReadBool(const FileContext& context, NodeRef node, std::string_view name);

// Where a byte of a text stands that ReadText returned, also inside block scalars and behind
// variables.
base::SourcePos PlaceOf(const FileContext& context, NodeRef node, std::size_t offset);

// Reports what is malformed in a pattern for names, or belongs to another dialect of patterns.
void CheckGlob(const FileContext& context, NodeRef node, std::string_view pattern);

// A problem in the middle of a text: at PlaceOf(context, node, offset).
void ReportInText(const FileContext& context, NodeRef node, std::size_t offset, std::string message,
                  std::string hint);

}  // namespace viasync::config
