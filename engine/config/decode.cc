#include "engine/config/decode.h"

#include <algorithm>

#include "engine/base/globs.h"
#include "engine/base/strings.h"
#include "engine/config/secrets.h"
#include "engine/config/text_place.h"

namespace viasync::config {
namespace {

base::SourcePos Place(const FileContext& context, NodeRef node, std::size_t offset) {
  base::SourcePos start{context.path, node.line(), node.column()};
  // Finding out costs a look into the file; nobody will see it where problems are only counted.
  if (context.problems.full()) return start;
  return PlaceInText(context.problems.files(), start, node.text(), offset);
}

}  // namespace

std::string_view TypeName(NodeType type) {
  switch (type) {
    case NodeType::kNull:
      return "nothing";
    case NodeType::kText:
      return "a text";
    case NodeType::kList:
      return "a list";
    case NodeType::kMap:
      return "a map";
  }
  return "";
}

bool ReadMap(const FileContext& context, NodeRef node, std::string_view what,
             std::span<const std::string_view> keys, std::span<NodeRef> out) {
  if (node.type() != NodeType::kMap) {
    context.Report(
        node, std::string(what) + " must be a map, found " + std::string(TypeName(node.type())),
        "write `key: value` lines; known keys are " + OneOf(keys));
    return false;
  }
  for (NodeRef key = node.begin(); key != node.end(); key = key.next().next()) {
    if (key.type() != NodeType::kText || key.text() == "<<") continue;  // reported while reading
    auto found = std::ranges::find(keys, key.text());
    if (found == keys.end()) {
      ReportUnknownKey(context, key.line(), key.column(), key.text(), what, keys);
    } else {
      out[static_cast<std::size_t>(found - keys.begin())] = key.next();
    }
  }
  return true;
}

void ReportUnknownKey(const FileContext& context, int line, int column, std::string_view key,
                      std::string_view what, std::span<const std::string_view> keys) {
  if (IsSecretKey(key)) {
    context.Report(line, column, Quoted(key) + " must not stand in a file",
                   "remove it from the file and from Git's history, and set the environment "
                   "variable " +
                       SecretVariable(context.environment, key) + " or use `credential_command`");
    return;
  }
  context.Report(line, column,
                 std::string(what) + " has no key " + Quoted(key) + DidYouMean(key, keys),
                 "known keys are " + OneOf(keys));
}

std::optional<std::string> ReadText(const FileContext& context, NodeRef node,
                                    std::string_view name) {
  if (node.type() == NodeType::kNull) return std::string();
  if (node.type() != NodeType::kText) {
    context.Report(node,
                   Quoted(name) + " must be a text, found " + std::string(TypeName(node.type())),
                   "a text that starts with `[` or `{` goes into quotes");
    return std::nullopt;
  }
  if (!context.variables || !HasVariables(node.text())) return std::string(node.text());
  std::size_t offset = 0;
  auto text = Expand(node.text(), *context.variables, offset);
  if (text) return std::move(*text);
  auto error = std::move(text.error());
  error.where = Place(context, node, offset);
  context.problems.Add(std::move(error));
  return std::nullopt;
}

std::optional<bool> ReadBool(const FileContext& context, NodeRef node, std::string_view name) {
  auto text = ReadText(context, node, name);
  if (!text) return std::nullopt;
  if (*text == "true") return true;
  if (*text == "false") return false;
  context.Report(node, Quoted(name) + " must be true or false, found " + Quoted(*text),
                 "write `true` or `false`");
  return std::nullopt;
}

base::SourcePos PlaceOf(const FileContext& context, NodeRef node, std::size_t offset) {
  if (context.variables) offset = OriginalOffset(node.text(), *context.variables, offset);
  return Place(context, node, offset);
}

void CheckGlob(const FileContext& context, NodeRef node, std::string_view pattern) {
  auto fault = base::GlobFault(pattern);
  if (!fault) return;
  ReportInText(context, node, fault->offset, "pattern " + Quoted(pattern) + ": " + fault->what,
               std::move(fault->remedy));
}

void ReportInText(const FileContext& context, NodeRef node, std::size_t offset, std::string message,
                  std::string hint) {
  context.problems.Add(PlaceOf(context, node, offset), std::move(message), std::move(hint));
}

}  // namespace viasync::config
