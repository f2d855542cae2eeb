#include "engine/config/edit/variable_edit.h"

#include <algorithm>
#include <utility>

#include "engine/base/strings.h"
#include "engine/config/edit/scalar_text.h"
#include "engine/config/edit/yaml_file.h"
#include "engine/config/yaml_reader.h"

namespace viasync::config {
namespace {

using Type = SpanNode::Type;

template <class Visit>
void ForEachVariable(std::string_view text, Visit visit) {
  for (auto at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 2)) {
    if (at > 0 && text[at - 1] == '$') continue;
    auto close = std::min(text.find('}', at), text.size());
    visit(text.substr(at + 2, close - at - 2));
  }
}

class VariableCounter final : public YamlSink {
 public:
  explicit VariableCounter(std::map<std::string, std::size_t>& counts) : counts_(counts) {}
  void OnSection(const SectionKey&) override {}
  void OnItem(const SectionKey&, NodeRef item) override { Count(item); }
  void OnOther(const SectionKey&, NodeRef value) override { Count(value); }
  void OnRoot(NodeRef root) override { Count(root); }

 private:
  void Count(NodeRef node) {
    if (node.type() == NodeType::kText) {
      ForEachVariable(node.text(), [&](std::string_view name) { ++counts_[std::string(name)]; });
      return;
    }
    for (NodeRef child = node.begin(); child != node.end(); child = child.next()) Count(child);
  }

  std::map<std::string, std::size_t>& counts_;
};

}  // namespace

bool RefersToVariable(std::string_view text) {
  bool refers = false;
  ForEachVariable(text, [&](std::string_view) { refers = true; });
  return refers;
}

std::optional<std::string> OnlyVariable(std::string_view text) {
  text = base::Trim(text);
  if (!text.starts_with("${") || text.find('}') != text.size() - 1) return std::nullopt;
  return std::string(text.substr(2, text.size() - 3));
}

std::map<std::string, std::size_t> CountVariables(std::span<const FileLayer> layers,
                                                  FileTree& files) {
  std::map<std::string, std::size_t> counts;
  Problems problems(files);
  VariableCounter counter(counts);
  for (const auto& file : layers) ReadYaml(file.path, counter, problems);
  return counts;
}

base::Result<Splice> EditVariable(std::string_view project_text, const std::string& environment,
                                  const std::string& variable, const std::string& value,
                                  std::size_t edit) {
  auto file = YamlFile::Read(kProjectFile, project_text);
  if (!file) return base::Fail(std::move(file.error()));
  int line = 1;
  auto fail = [&](const char* why) {
    return base::Fail(
        {.message = "`${" + variable + "}` " + why,
         .hint = "edit its value under `variables` of environment `" + environment + "` by hand",
         .where = base::SourcePos{kProjectFile, line, 0}});
  };
  if (file->spans().documents.size() != 1) return fail("cannot be found in viasync.yaml");
  std::uint32_t node = file->spans().documents.front();
  bool flow = false;
  for (std::string_view key : {std::string_view("environments"), std::string_view(environment),
                               std::string_view("variables"), std::string_view(variable)}) {
    const auto& map = file->node(node);
    auto field = map.type == Type::kMap ? file->Find(map, key) : std::nullopt;
    if (!field) return fail("is not written out in viasync.yaml");
    flow = flow || map.flow;
    node = field->value;
    line = file->node(field->key).line;
    if (file->node(node).anchored) return fail("is shared by an alias");
  }
  const auto& scalar = file->node(node);
  bool one_line = scalar.type == Type::kScalar && !IsBlock(scalar.style) &&
                  !project_text.substr(scalar.begin, scalar.end - scalar.begin).contains('\n');
  if (!one_line) return fail("is not written as a text of one line");
  if (HasVariables(value)) return fail("cannot hold a `${`");
  auto style = scalar.style;
  bool typed = LooksTyped(value) && !LooksTyped(file->TextOf(scalar));
  if (style == ScalarStyle::kPlain && typed) style = ScalarStyle::kDouble;
  if (value.contains('\n')) style = ScalarStyle::kDouble;
  style = FittingStyle(value, style, flow);
  return Splice{scalar.begin, scalar.end - scalar.begin, ScalarLine(value, style), edit};
}

}  // namespace viasync::config
