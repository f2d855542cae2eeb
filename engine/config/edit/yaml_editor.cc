#include "engine/config/edit/yaml_editor.h"

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/config/edit/criteria_layout.h"
#include "engine/config/edit/text_lines.h"
#include "engine/config/problems.h"
#include "engine/model/criteria.h"

namespace viasync::config {
namespace {

using Type = SpanNode::Type;

constexpr std::size_t kNowhere = std::string_view::npos;

bool IsCriteria(model::Kind kind, std::size_t field) {
  return FieldNames(kind)[field] == "criteria";
}

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

base::Result<void> YamlEditor::SetField(ItemRef entry, std::size_t field, const std::string& value,
                                        std::size_t edit) {
  if (auto good = CheckEntry(entry); !good) return good;
  const auto& item = file_.node(file_.item(entry).node);
  auto at = file_.Find(item, FieldNames(KindOf(entry))[field]);
  if (!at) return Insert(entry, field, value, edit);
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
  return Rewrite(entry, *at, field, value, edit);
}

// The text of a criterion in the lines in which the user wrote it.
std::string YamlEditor::LayoutOf(const SpanNode& value) const {
  if (!IsBlock(value.style)) {
    std::string_view inside = file_.text().substr(value.begin, value.end - value.begin);
    if (value.style == ScalarStyle::kPlain) return std::string(inside);
    return std::string(file_.TextOf(value));
  }
  std::string layout;
  std::size_t indent = IndentAt(file_.text(), value.body);
  for (std::size_t at = value.body; at < value.end; at = LineEnd(file_.text(), at)) {
    std::size_t stop = std::min<std::size_t>(LineStop(file_.text(), at), value.end);
    std::size_t begin = std::min(at + std::min(indent, IndentAt(file_.text(), at)), stop);
    if (!layout.empty()) layout += '\n';
    layout += file_.text().substr(begin, stop - begin);
  }
  return layout;
}

base::Result<void> YamlEditor::Rewrite(ItemRef entry, const FieldSpan& at, std::size_t field,
                                       const std::string& value, std::size_t edit) {
  const auto& node = file_.node(at.value);
  const auto& style = StyleIn(entry.section);
  bool flow = file_.node(file_.item(entry).node).flow ||
              file_.node(file_.sections()[entry.section].field.value).flow;
  bool criteria = IsCriteria(KindOf(entry), field);
  if (node.type == Type::kNothing) {
    auto scalar = NewScalar(KindOf(entry), field, value, style, flow);
    if (IsBlock(scalar.style) && PutBlock(at.colon + 1, 0, at, scalar, style, edit)) return {};
    if (IsBlock(scalar.style)) scalar = {ScalarStyle::kDouble, EscapeVariables(value)};
    Put(at.colon + 1, 0, " " + ScalarLine(scalar.text, scalar.style), edit);
    return {};
  }
  bool several = file_.text().substr(node.begin, node.end - node.begin).contains('\n');
  std::string text = value;
  if (criteria && IsBlock(node.style)) text = LayOutLike(LayoutOf(node), value);
  auto wanted = node.style;
  bool typed = LooksTyped(value) && !LooksTyped(file_.TextOf(node));
  if (wanted == ScalarStyle::kPlain && typed && !IsTime(KindOf(entry), field)) {
    wanted = ScalarStyle::kDouble;
  }
  // A comment of SQL ends with its line, so lines that are folded into one would change it.
  bool folds = !criteria || !text.contains("--");
  if (wanted == ScalarStyle::kFolded && !folds) wanted = ScalarStyle::kLiteral;
  if (criteria && wanted == ScalarStyle::kFolded) {
    wanted = FittingStyle(text, ScalarStyle::kLiteral, flow) == ScalarStyle::kLiteral
                 ? ScalarStyle::kFolded
                 : ScalarStyle::kDouble;
  } else {
    wanted = FittingStyle(text, wanted, flow);
  }
  if (!IsBlock(wanted)) text = value;
  Scalar scalar{wanted, EscapeVariables(text)};
  if (IsBlock(node.style)) {
    if (criteria && wanted == ScalarStyle::kFolded) {
      // Its lines are a layout: each stands for a blank.
      std::size_t indent = node.body < node.end ? IndentAt(file_.text(), node.body) : 0;
      if (indent > 0) {
        Put(node.body, node.end - node.body,
            BlockBody(scalar.text, ScalarStyle::kLiteral,
                      {.indent = indent, .line_break = file_.line_break()}),
            edit);
        return {};
      }
    }
    RewriteBlock(at, scalar, edit);
    return {};
  }
  if (IsBlock(scalar.style)) {
    if (PutBlock(node.begin, node.end - node.begin, at, scalar, style, edit)) return {};
    scalar = {ScalarStyle::kDouble, EscapeVariables(value)};
  }
  if (several) {
    RewriteLines(at, std::move(scalar), criteria && folds, edit);
  } else {
    Put(node.begin, node.end - node.begin, ScalarLine(scalar.text, scalar.style), edit);
  }
  return {};
}

void YamlEditor::RewriteBlock(const FieldSpan& at, const Scalar& scalar, std::size_t edit) {
  const auto& node = file_.node(at.value);
  std::string_view text = file_.text();
  std::size_t header_stop = LineStop(text, node.begin);
  std::size_t header_end = std::min(text.find_first_of(" \t\r\n", node.begin), header_stop);
  bool empty = node.body >= node.end;
  if (!IsBlock(scalar.style)) {
    Put(node.begin, header_end - node.begin, ScalarLine(scalar.text, scalar.style), edit);
    if (!empty) Put(header_stop, node.end - header_stop, "", edit);
    return;
  }
  std::size_t column = ColumnOf(text, file_.node(at.key).begin);
  std::size_t indent = empty ? column + 2 : IndentAt(text, node.body);
  auto digit = text.substr(node.begin, header_end - node.begin).find_first_of("123456789");
  if (digit != kNowhere) indent = column + static_cast<std::size_t>(text[node.begin + digit] - '0');
  if (scalar.style != node.style) {
    Put(node.begin, 1, scalar.style == ScalarStyle::kLiteral ? "|" : ">", edit);
  }
  std::string body;
  ScalarPlace place{.indent = indent, .line_break = file_.line_break()};
  bool one_line = !scalar.text.contains('\n');
  if (scalar.style == ScalarStyle::kFolded && one_line && !empty) {
    std::size_t width = 0;
    for (std::size_t line = node.body; line < node.end; line = LineEnd(text, line)) {
      width = std::max(width, LineStop(text, line) - line);
    }
    auto lines = FoldLines(scalar.text, width - std::min(width, indent));
    body = BlockBody(base::Join(lines, "\n"), ScalarStyle::kLiteral, place);
  } else {
    body = BlockBody(scalar.text, scalar.style, place);
  }
  if (empty) body.insert(0, file_.line_break());
  Put(node.body, node.end - node.body, std::move(body), edit);
}

// The old value stands on several lines, which are read as one.
void YamlEditor::RewriteLines(const FieldSpan& at, Scalar scalar, bool criteria, std::size_t edit) {
  const auto& node = file_.node(at.value);
  std::string_view text = file_.text();
  std::size_t width = 0;
  std::size_t indent = 0;
  for (std::size_t line = LineEnd(text, node.begin); line < node.end; line = LineEnd(text, line)) {
    if (indent == 0 && !IsBlankLine(text, line)) indent = IndentAt(text, line);
    width = std::max(width, LineStop(text, line) - line);
  }
  width = std::max(width, LineStop(text, node.begin) - LineBegin(text, node.begin));
  std::vector<std::string> lines = {scalar.text};
  bool foldable = indent > ColumnOf(text, file_.node(at.key).begin) && !scalar.text.contains('\n');
  if (foldable && criteria) {
    lines.clear();
    auto layout = LayOutLike(LayoutOf(node), scalar.text);
    for (auto line : base::Split(layout, '\n')) lines.emplace_back(base::Trim(line));
    auto bad = [](const std::string& line) { return line.empty() || line.front() == '#'; };
    if (std::ranges::any_of(lines, bad)) lines = {scalar.text};
  } else if (foldable) {
    lines = FoldLines(scalar.text, width - indent);
  }
  Put(node.begin, node.end - node.begin,
      ScalarLines(lines, scalar.style, {.indent = indent, .line_break = file_.line_break()}), edit);
}

// Puts the header in place of `size` bytes at `at`, and the lines below; false: something else than
// a comment follows on the line.
bool YamlEditor::PutBlock(std::size_t at, std::size_t size, const FieldSpan& field,
                          const Scalar& scalar, const SectionStyle& style, std::size_t edit) {
  std::string_view text = file_.text();
  auto next = text.find_first_not_of(" \t", at + size);
  bool free = next == kNowhere || text[next] == '\n' || text[next] == '\r' || text[next] == '#';
  if (!free) return false;
  std::string header = scalar.style == ScalarStyle::kLiteral ? "|" : ">";
  header += style.block_header.substr(1);
  std::size_t indent = ColumnOf(text, file_.node(field.key).begin) + style.body_offset;
  Put(at, size, size == 0 ? " " + header : header, edit);
  Put(LineStop(text, at + size), 0,
      std::string(file_.line_break()) +
          BlockBody(scalar.text, scalar.style,
                    {.indent = indent, .line_break = file_.line_break()}),
      kNoEdit);
  return true;
}

base::Result<void> YamlEditor::Insert(ItemRef entry, std::size_t field, const std::string& value,
                                      std::size_t edit) {
  auto kind = KindOf(entry);
  const auto& map = file_.node(file_.item(entry).node);
  const FieldSpan* above = nullptr;
  auto fields = file_.Fields(file_.item(entry).node);
  std::size_t best = 0;
  for (const auto& other : fields) {
    auto names = FieldNames(kind);
    auto found = std::ranges::find(names, file_.TextOf(file_.node(other.key)));
    auto index = static_cast<std::size_t>(found - names.begin());
    if (index < field && (!above || index >= best)) {
      above = &other;
      best = index;
    }
  }
  if (!above && !fields.empty()) above = &fields.back();
  if (!above || above->colon == kNowhere) {
    return base::Fail(Refuse(map, "the entry is written in a way that takes no new line",
                             "add `" + std::string(FieldNames(kind)[field]) + "` by hand"));
  }
  const auto& style = StyleIn(entry.section);
  bool flow_list = file_.node(file_.sections()[entry.section].field.value).flow;
  if (map.flow || flow_list) {
    InsertFlow(*above, FlowFieldText(kind, field, value, style), edit);
    return {};
  }
  const auto& key = file_.node(above->key);
  std::size_t indent = ColumnOf(file_.text(), key.begin);
  std::size_t end = std::max<std::size_t>(file_.node(above->value).end, above->colon + 1);
  Put(LineStop(file_.text(), end), 0,
      std::string(file_.line_break()) + std::string(indent, ' ') +
          FieldText(kind, field, value, style, indent, file_.line_break()),
      edit);
  return {};
}

void YamlEditor::InsertFlow(const FieldSpan& above, const std::string& text, std::size_t edit) {
  const auto& key = file_.node(above.key);
  std::size_t end = std::max<std::size_t>(file_.node(above.value).end, above.colon + 1);
  std::size_t line = LineBegin(file_.text(), key.begin);
  bool own_line = IndentAt(file_.text(), line) == key.begin - line;
  if (own_line) {
    Put(end, 0, "," + std::string(file_.line_break()) + std::string(key.begin - line, ' ') + text,
        edit);
  } else {
    Put(end, 0, ", " + text, edit);
  }
}

}  // namespace viasync::config
