#include "engine/config/edit/variable_edit.h"

#include <algorithm>
#include <utility>

#include "engine/base/strings.h"
#include "engine/config/edit/criteria_layout.h"
#include "engine/config/edit/scalar_text.h"
#include "engine/config/edit/text_lines.h"
#include "engine/config/edit/yaml_file.h"
#include "engine/config/yaml_reader.h"
#include "engine/model/criteria.h"

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

// How many bytes in front and at the end hold the same tokens, written alike.
std::pair<std::size_t, std::size_t> SameEnds(std::string_view old, std::string_view changed) {
  auto a = model::Tokenize(old);
  auto b = model::Tokenize(changed);
  std::size_t most = std::min(a.list.size(), b.list.size());
  std::size_t front = 0, back = 0;
  auto same = [](const model::Token& x, const model::Token& y) { return x.text == y.text; };
  while (front < most && same(a.list[front], b.list[front])) ++front;
  while (back < most - front &&
         same(a.list[a.list.size() - 1 - back], b.list[b.list.size() - 1 - back])) {
    ++back;
  }
  std::size_t head = 0, tail = 0;
  if (front > 0) head = a.list[front - 1].offset + a.list[front - 1].text.size();
  if (back > 0) tail = old.size() - a.list[a.list.size() - back].offset;
  bool alike = old.substr(0, head) == changed.substr(0, head) &&
               old.substr(old.size() - tail) == changed.substr(changed.size() - tail);
  return alike ? std::pair(head, tail) : std::pair<std::size_t, std::size_t>();
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

std::optional<std::string> KeepVariables(std::string_view raw, const Variables& variables,
                                         std::string_view value) {
  std::size_t offset = 0;
  auto old = Expand(raw, variables, offset);
  if (!old) return std::nullopt;
  std::string changed = LayOutLike(*old, value);
  auto [head, tail] = SameEnds(*old, changed);
  bool touched = false;
  ForEachVariable(raw, [&](std::string_view name) {
    auto mark = static_cast<std::size_t>(name.data() - raw.data()) - 2;
    auto front = Expand(raw.substr(0, mark), variables, offset);
    auto known = variables.find(std::string(name));
    if (!front || known == variables.end()) {
      touched = true;
      return;
    }
    std::size_t end = front->size() + known->second.size();
    touched = touched || (end > head && front->size() < old->size() - tail);
  });
  if (touched) return std::nullopt;
  std::string kept(raw.substr(0, OriginalOffset(raw, variables, head)));
  kept += EscapeVariables(std::string_view(changed).substr(head, changed.size() - head - tail));
  kept += raw.substr(OriginalOffset(raw, variables, old->size() - tail));
  auto again = Expand(kept, variables, offset);
  return again && *again == changed ? std::optional(kept) : std::nullopt;
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
