#include "engine/config/edit/yaml_editor.h"

#include <algorithm>

#include "engine/config/edit/text_lines.h"

namespace viasync::config {
namespace {

using Type = SpanNode::Type;

constexpr std::size_t kNowhere = std::string_view::npos;

}  // namespace

base::Error YamlEditor::Refuse(const SpanNode& node, std::string message, std::string hint) const {
  auto column = static_cast<int>(ColumnOf(file_.text(), node.begin)) + 1;
  return {.message = std::move(message),
          .hint = std::move(hint),
          .where = base::SourcePos{file_.path(), node.line, column}};
}

const SectionStyle& YamlEditor::StyleIn(std::size_t section) {
  auto known = styles_.find(section);
  if (known == styles_.end()) {
    known = styles_.emplace(section, StyleOf(file_, file_.sections()[section])).first;
  }
  return known->second;
}

void YamlEditor::Put(std::size_t at, std::size_t size, std::string text, std::size_t edit) {
  bool breaks = text.starts_with('\n') || text.starts_with("\r\n");
  splices_.push_back({at, size, std::move(text), edit, breaks});
}

// Nothing that an alias repeats may change with the entry.
base::Result<void> YamlEditor::CheckEntry(ItemRef entry) const {
  const auto& item = file_.node(file_.item(entry).node);
  if (item.type == Type::kAlias) {
    return base::Fail(
        Refuse(item, "the entry is written by the alias `*" + std::string(file_.TextOf(item)) + "`",
               "edit the entry with its anchor, or write this one out"));
  }
  if (item.anchored) {
    return base::Fail(Refuse(item, "an alias repeats this entry, so a change would reach further",
                             "edit it by hand, here or where the alias stands"));
  }
  return {};
}

base::Result<void> YamlEditor::CheckUnshared(std::uint32_t begin, std::uint32_t end) const {
  for (auto i = begin; i < end; ++i) {
    if (!file_.node(i).anchored) continue;
    return base::Fail(
        Refuse(file_.node(i), "an alias repeats what stands here, so it cannot leave",
               "move the anchor to where the alias stands, then remove this by hand"));
  }
  return {};
}

// Where the field of the entry stands, if it may change there; nullopt: it does not stand there.
base::Result<std::optional<FieldSpan>> YamlEditor::Locate(ItemRef entry, std::size_t field) const {
  if (auto good = CheckEntry(entry); !good) return base::Fail(std::move(good.error()));
  const auto& item = file_.node(file_.item(entry).node);
  auto at = file_.Find(item, model::FieldNames(KindOf(entry))[field]);
  if (!at) return std::nullopt;
  const auto& node = file_.node(at->value);
  if (at->colon == kNowhere) {
    return base::Fail(Refuse(file_.node(at->key), "the key is not followed by its `:`",
                             "write it as `key: value`, or edit it by hand"));
  }
  if (node.type == Type::kAlias) {
    return base::Fail(
        Refuse(node, "the value comes from the alias `*" + std::string(file_.TextOf(node)) + "`",
               "edit the value with its anchor, or write this one out"));
  }
  if (node.anchored) {
    return base::Fail(Refuse(node, "an alias repeats this value, so a change would reach further",
                             "edit it by hand, here or where the alias stands"));
  }
  return at;
}

base::Result<void> YamlEditor::SetField(ItemRef entry, std::size_t field, const std::string& value,
                                        std::size_t edit) {
  auto at = Locate(entry, field);
  if (!at) return base::Fail(std::move(at.error()));
  if (!*at) return Insert(entry, field, value, edit);
  if (!ChangeInPlace(entry, **at, field, value, {}, edit)) Rewrite(entry, **at, field, value, edit);
  return {};
}

base::Result<bool> YamlEditor::ChangeAround(ItemRef entry, std::size_t field,
                                            const std::string& value, const Variables& variables,
                                            std::size_t edit) {
  auto at = Locate(entry, field);
  if (!at) return base::Fail(std::move(at.error()));
  return *at && ChangeInPlace(entry, **at, field, value, variables, edit);
}

bool YamlEditor::IsFlow(ItemRef entry) const {
  return file_.node(file_.item(entry).node).flow ||
         file_.node(file_.sections()[entry.section].field.value).flow;
}

base::Result<void> YamlEditor::Insert(ItemRef entry, std::size_t field, const std::string& value,
                                      std::size_t edit) {
  auto kind = KindOf(entry);
  const auto& map = file_.node(file_.item(entry).node);
  const FieldSpan* above = nullptr;
  auto fields = file_.Fields(file_.item(entry).node);
  std::size_t best = 0;
  for (const auto& other : fields) {
    auto names = model::FieldNames(kind);
    auto found = std::ranges::find(names, file_.TextOf(file_.node(other.key)));
    auto index = static_cast<std::size_t>(found - names.begin());
    if (index < field && (!above || index >= best) && !gone_.contains(other.key)) {
      above = &other;
      best = index;
    }
  }
  if (!above && !fields.empty()) above = &fields.back();
  if (!above || above->colon == kNowhere) {
    return base::Fail(Refuse(map, "the entry is written in a way that takes no new line",
                             "add `" + std::string(model::FieldNames(kind)[field]) + "` by hand"));
  }
  const auto& style = StyleIn(entry.section);
  if (IsFlow(entry)) {
    FieldsOf(file_.item(entry).node)
        .Insert(static_cast<std::size_t>(above - fields.data()) + 1,
                FlowFieldText(kind, field, value, style), edit);
    return {};
  }
  const auto& key = file_.node(above->key);
  std::size_t indent = ColumnOf(file_.text(), key.begin);
  bool swallows = Swallows(entry, LineEnd(file_.text(), EndOf(*above)), indent + style.body_offset);
  Put(LineStop(file_.text(), EndOf(*above)), 0,
      std::string(file_.line_break()) + std::string(indent, ' ') +
          FieldText(kind, field, value, swallows ? style.WithoutBlocks() : style, indent,
                    file_.line_break()),
      edit);
  return {};
}

}  // namespace viasync::config
