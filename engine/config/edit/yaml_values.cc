// Values that take the place of others, in the style of what stands there.
#include <algorithm>

#include "engine/base/strings.h"
#include "engine/config/edit/criteria_layout.h"
#include "engine/config/edit/text_lines.h"
#include "engine/config/edit/yaml_editor.h"

namespace viasync::config {
namespace {

using Type = SpanNode::Type;

constexpr std::size_t kNowhere = std::string_view::npos;

bool IsCriteria(model::Kind kind, std::size_t field) {
  return FieldNames(kind)[field] == "criteria";
}

}  // namespace

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

// The text and style that take the place of `node`: its own style, or the nearest that can hold it.
Scalar YamlEditor::Replacement(const SpanNode& node, model::Kind kind, std::size_t field,
                               const NewValue& value, bool flow) const {
  bool criteria = IsCriteria(kind, field);
  std::string text = value.text;
  if (criteria && IsBlock(node.style) && !value.as_written) {
    text = LayOutLike(LayoutOf(node), text);
  }
  auto style = node.style;
  bool typed = LooksTyped(text) && !LooksTyped(file_.TextOf(node)) && !IsTime(kind, field);
  if (style == ScalarStyle::kPlain && typed) style = ScalarStyle::kDouble;
  if (criteria && style == ScalarStyle::kFolded) {
    // Each of its lines stands for a blank; but a comment of SQL ends with its line.
    auto lines = FittingStyle(text, ScalarStyle::kLiteral, flow);
    style = lines == ScalarStyle::kLiteral && !text.contains("--") ? ScalarStyle::kFolded : lines;
  } else {
    style = FittingStyle(text, style, flow);
  }
  if (!IsBlock(style) && !value.as_written) text = value.text;
  return {style, value.as_written ? text : EscapeVariables(text)};
}

base::Result<void> YamlEditor::Rewrite(ItemRef entry, const FieldSpan& at, std::size_t field,
                                       const NewValue& value, std::size_t edit) {
  const auto& node = file_.node(at.value);
  const auto& style = StyleIn(entry.section);
  auto kind = KindOf(entry);
  bool flow = file_.node(file_.item(entry).node).flow ||
              file_.node(file_.sections()[entry.section].field.value).flow;
  if (node.type == Type::kNothing) {
    auto scalar = NewScalar(kind, field, value.text, style, flow);
    if (IsBlock(scalar.style) && PutBlock(at.colon + 1, 0, at, scalar, style, edit)) return {};
    if (IsBlock(scalar.style)) scalar = {ScalarStyle::kDouble, EscapeVariables(value.text)};
    Put(at.colon + 1, 0, " " + ScalarLine(scalar.text, scalar.style), edit);
    return {};
  }
  auto scalar = Replacement(node, kind, field, value, flow);
  bool criteria = IsCriteria(kind, field);
  if (IsBlock(node.style)) {
    RewriteBlock(at, scalar, criteria, edit);
    return {};
  }
  std::size_t size = node.end - node.begin;
  if (IsBlock(scalar.style)) {
    if (PutBlock(node.begin, size, at, scalar, style, edit)) return {};
    scalar = {ScalarStyle::kDouble, EscapeVariables(value.text)};
  }
  if (file_.text().substr(node.begin, size).contains('\n')) {
    RewriteLines(at, std::move(scalar), criteria && !value.text.contains("--"), edit);
  } else {
    Put(node.begin, size, ScalarLine(scalar.text, scalar.style), edit);
  }
  return {};
}

// The longest line on which the node stands.
std::size_t YamlEditor::WidthOf(const SpanNode& node) const {
  std::size_t width = 0;
  std::string_view text = file_.text();
  for (std::size_t line = LineBegin(text, node.begin); line < node.end;
       line = LineEnd(text, line)) {
    width = std::max(width, LineStop(text, line) - line);
  }
  return width;
}

void YamlEditor::RewriteBlock(const FieldSpan& at, const Scalar& scalar, bool criteria,
                              std::size_t edit) {
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
  auto body = BlockBody(scalar.text, scalar.style, {indent, file_.line_break()});
  if (scalar.style == ScalarStyle::kFolded && (criteria || !scalar.text.contains('\n'))) {
    auto lines = criteria ? std::vector{scalar.text}
                          : FoldLines(scalar.text, WidthOf(node) - std::min(WidthOf(node), indent));
    body = BlockBody(base::Join(lines, "\n"), ScalarStyle::kLiteral, {indent, file_.line_break()});
  }
  if (empty) body.insert(0, file_.line_break());
  Put(node.body, node.end - node.body, std::move(body), edit);
}

// The old value stands on several lines, which are read as one.
void YamlEditor::RewriteLines(const FieldSpan& at, Scalar scalar, bool criteria, std::size_t edit) {
  const auto& node = file_.node(at.value);
  std::string_view text = file_.text();
  std::size_t second = LineEnd(text, node.begin);
  while (second < node.end && IsBlankLine(text, second)) second = LineEnd(text, second);
  std::size_t indent = IndentAt(text, second);
  std::vector<std::string> lines = {scalar.text};
  bool foldable = indent > ColumnOf(text, file_.node(at.key).begin) && !scalar.text.contains('\n');
  if (foldable && criteria) {
    lines.clear();
    auto layout = LayOutLike(LayoutOf(node), scalar.text);
    for (auto line : base::Split(layout, '\n')) lines.emplace_back(base::Trim(line));
    auto bad = [](const std::string& line) { return line.empty() || line.front() == '#'; };
    if (std::ranges::any_of(lines, bad)) lines = {scalar.text};
  } else if (foldable) {
    lines = FoldLines(scalar.text, WidthOf(node) - std::min(WidthOf(node), indent));
  }
  Put(node.begin, node.end - node.begin,
      ScalarLines(lines, scalar.style, {indent, file_.line_break()}), edit);
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
          BlockBody(scalar.text, scalar.style, {indent, file_.line_break()}),
      kNoEdit);
  return true;
}

}  // namespace viasync::config
