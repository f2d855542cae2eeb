#include "engine/config/policy_decoder.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "engine/base/strings.h"
#include "engine/config/layer_files.h"
#include "engine/model/fields.h"

namespace viasync::config {
namespace {

// The kinds, and behind them what belongs to none.
constexpr auto kFilesKeys = [] {
  std::array<std::string_view, model::kKindCount + 1> keys{};
  std::ranges::copy(model::kKindPlurals, keys.begin());
  keys.back() = "ignore";
  return keys;
}();
constexpr std::array<std::string_view, 3> kRuleKeys = {"include", "exclude", "ignore"};
// Of a kind that protects; the other kinds have all but the last.
constexpr std::array<std::string_view, 4> kLimitKeys = {"create", "update", "delete",
                                                        plan::kUnprotect};

// Calls `decode(kind, node)` for each kind that stands in the map.
template <class Decode>
void ForEachKindIn(const FileContext& context, NodeRef node, std::string_view what, Decode decode) {
  if (node.type() == NodeType::kNull) return;
  model::ByKind<NodeRef> kinds;
  if (!ReadMap(context, node, what, model::kKindPlurals, kinds.all)) return;
  for (auto kind : model::kKinds) {
    NodeRef inner = kinds[kind];
    if (inner && inner.type() != NodeType::kNull) decode(kind, inner);
  }
}

void ReadTexts(const FileContext& context, NodeRef node, std::string_view name,
               std::vector<std::string>& texts) {
  if (node.type() != NodeType::kList) {
    context.Report(node,
                   Quoted(name) + " must be a list, found " + std::string(TypeName(node.type())),
                   "write `" + std::string(name) + ": [\"…\", \"…\"]`");
    return;
  }
  texts.clear();
  for (NodeRef item = node.begin(); item != node.end(); item = item.next()) {
    auto text = ReadText(context, item, name);
    if (!text) continue;
    if (text->empty()) {
      context.Report(item, Quoted(name) + " holds an empty text", "remove it");
    }
    texts.push_back(std::move(*text));
  }
}

void ReadGlobs(const FileContext& context, NodeRef node, std::string_view name,
               std::vector<std::string>& globs) {
  ReadTexts(context, node, name, globs);
  if (node.type() != NodeType::kList) return;
  for (NodeRef item = node.begin(); item != node.end(); item = item.next()) {
    if (item.type() == NodeType::kText) CheckGlob(context, item, item.text());
  }
}

void ReadIgnored(const FileContext& context, NodeRef node, model::Kind kind,
                 std::vector<std::string>& ignored) {
  ReadTexts(context, node, "ignore", ignored);
  if (node.type() != NodeType::kList) return;
  auto writable = model::WritableFieldNames(kind);
  for (NodeRef item = node.begin(); item != node.end(); item = item.next()) {
    if (item.type() != NodeType::kText) continue;
    if (std::ranges::find(writable, item.text()) != writable.end()) continue;
    context.Report(item,
                   Quoted(item.text()) + " is not a field of " +
                       std::string(model::KindPlural(kind)) + " that can be ignored" +
                       DidYouMean(item.text(), writable),
                   "use " + OneOf(writable));
  }
}

void ReadNewEntryFile(const FileContext& context, NodeRef node, model::Kind kind,
                      NewEntryFiles& files) {
  auto text = ReadText(context, node, model::KindPlural(kind));
  if (!text) return;
  auto path = std::filesystem::path(base::Trim(*text)).lexically_normal();
  bool csv = path.extension() == ".csv" && model::InfoOf(kind).in_csv;
  bool seen =
      std::ranges::none_of(path, [](const auto& part) { return part.string().starts_with('.'); });
  bool file = IsYamlPath(path.generic_string()) || csv;
  if (file && seen && path.is_relative() && *path.begin() == kBaseFolder) {
    files[kind] = path.generic_string();
    return;
  }
  context.Report(node,
                 Quoted(*text) + " is not a place for new " + std::string(model::KindPlural(kind)),
                 "name a .yaml file under config/; for exclusions also a .csv file that a "
                 "`from:` names");
}

}  // namespace

void DecodeManage(const FileContext& context, NodeRef node, model::Manage& manage) {
  ForEachKindIn(context, node, "`manage`", [&](model::Kind kind, NodeRef inner) {
    std::array<NodeRef, kRuleKeys.size()> nodes;
    std::string what = "`manage: " + std::string(model::KindPlural(kind)) + "`";
    if (!ReadMap(context, inner, what, kRuleKeys, nodes)) return;
    auto& rule = manage.For(kind);
    if (nodes[0]) ReadGlobs(context, nodes[0], "include", rule.include);
    if (nodes[1]) ReadGlobs(context, nodes[1], "exclude", rule.exclude);
    if (nodes[2]) ReadIgnored(context, nodes[2], kind, rule.ignore);
  });
}

void DecodeLimits(const FileContext& context, NodeRef node, plan::Limits& limits) {
  ForEachKindIn(context, node, "`limits`", [&](model::Kind kind, NodeRef inner) {
    std::array<NodeRef, kLimitKeys.size()> nodes;
    std::string plural(model::KindPlural(kind));
    const auto keys =
        std::span(kLimitKeys).first(kLimitKeys.size() - (model::InfoOf(kind).protects ? 0 : 1));
    if (!ReadMap(context, inner, "`limits: " + plural + "`", keys,
                 std::span(nodes).first(keys.size()))) {
      return;
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (!nodes[i]) continue;
      auto text = ReadText(context, nodes[i], keys[i]);
      if (!text) continue;
      auto limit = plan::ParseLimit(base::Trim(*text));
      if (!limit) {
        context.Report(nodes[i], "`" + std::string(keys[i]) + "` cannot be " + Quoted(*text),
                       "write a number like 5, or a share from 0% to 100%");
        continue;
      }
      *plan::FindLimit(limits, plural + "." + std::string(keys[i])) = limit;
    }
  });
}

void DecodeFiles(const FileContext& context, NodeRef node, Project& project) {
  if (node.type() == NodeType::kNull) return;
  std::array<NodeRef, kFilesKeys.size()> nodes;
  if (!ReadMap(context, node, "`files`", kFilesKeys, nodes)) return;
  for (auto kind : model::kKinds) {
    NodeRef inner = nodes[static_cast<std::size_t>(kind)];
    if (!inner || inner.type() == NodeType::kNull) continue;
    ReadNewEntryFile(context, inner, kind, project.new_entry_files);
  }
  if (nodes.back()) ReadGlobs(context, nodes.back(), "ignore", project.ignored_files);
}

void DecodeChecks(const FileContext& context, NodeRef node, Checks& checks) {
  if (node.type() == NodeType::kNull) return;
  constexpr std::array<std::string_view, 1> kKeys = {"criteria"};
  constexpr std::array<std::string_view, 3> kLevels = {"error", "warn", "off"};
  std::array<NodeRef, kKeys.size()> nodes;
  if (!ReadMap(context, node, "`checks`", kKeys, nodes) || !nodes[0]) return;
  auto text = ReadText(context, nodes[0], kKeys[0]);
  if (!text) return;
  auto level = std::ranges::find(kLevels, *text);
  if (level == kLevels.end()) {
    context.Report(nodes[0], "`criteria` cannot be " + Quoted(*text) + DidYouMean(*text, kLevels),
                   "write " + OneOf(kLevels));
    return;
  }
  checks.criteria = static_cast<CheckLevel>(level - kLevels.begin());
}

}  // namespace viasync::config
