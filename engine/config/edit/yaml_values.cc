// Values that take the place of others, in the style of what stands there.
#include <algorithm>
#include <utility>

#include "engine/base/strings.h"
#include "engine/config/edit/criteria_layout.h"
#include "engine/config/edit/text_lines.h"
#include "engine/config/edit/yaml_editor.h"
#include "engine/model/criteria.h"

namespace viasync::config {
namespace {

using Type = SpanNode::Type;

constexpr std::size_t kNowhere = std::string_view::npos;

constexpr std::size_t kLineMax = 100;  // of a folded text, unless it has longer lines already

std::size_t LongestLine(std::string_view text) {
  std::size_t longest = 0;
  for (auto line : base::Split(text, '\n')) longest = std::max(longest, line.size());
  return longest;
}

}  // namespace

std::optional<YamlEditor::Written> YamlEditor::Read(const FieldSpan& at) const {
  const auto& node = file_.node(at.value);
  if (node.type != Type::kScalar) return std::nullopt;
  std::string_view text = file_.text();
  std::size_t begin = node.begin, end = node.end;
  Writing writing{.style = node.style, .line_break = file_.line_break()};
  bool indicated = false;
  if (IsBlock(node.style)) {
    auto header_end = std::min(text.find_first_of(" \t\r\n", node.begin), text.size());
    auto digit = text.substr(node.begin, header_end - node.begin).find_first_of("123456789");
    indicated = digit != kNowhere;
    writing.indent = IndentAt(text, node.body);
    if (indicated) {
      writing.indent = ColumnOf(text, file_.node(at.key).outer_begin) +
                       static_cast<std::size_t>(text[node.begin + digit] - '0');
    }
    begin = std::min<std::size_t>(node.body, node.end);
  } else if (node.style != ScalarStyle::kPlain) {
    ++begin;
    --end;
  }
  std::string_view raw = text.substr(begin, end - begin);
  auto read = WrittenText::Read(raw, writing);
  if (!read) return std::nullopt;
  return Written{begin, raw, writing, indicated, std::move(*read)};
}

std::string YamlEditor::TextOf(const FieldSpan& field) const {
  if (auto written = Read(field)) return written->text.text();
  return std::string(file_.TextOf(file_.node(field.value)));
}

// True when the changed text can stand in the style of the old one.
bool YamlEditor::Suits(const Written& old, const WrittenText& changed, std::string_view raw,
                       bool flow, bool criteria) const {
  std::string text = changed.text();
  auto style = old.writing.style;
  if (IsBlock(style)) {
    std::string_view body = text;
    if (old.indicated) body.remove_prefix(std::min(body.find_first_not_of(" \t"), body.size()));
    if (FittingStyle(body, ScalarStyle::kLiteral, flow) != ScalarStyle::kLiteral) return false;
  } else {
    // Line breaks that an empty line stands for.
    if (style != ScalarStyle::kDouble) std::ranges::replace(text, '\n', ' ');
    if (FittingStyle(text, style, flow) != style) return false;
  }
  bool folded = style == ScalarStyle::kFolded || (!IsBlock(style) && old.raw.contains('\n'));
  return criteria || !folded || LongestLine(raw) <= std::max(LongestLine(old.raw), kLineMax);
}

// Changes the bytes of what changes, and no other; false: the style of the value cannot hold it.
bool YamlEditor::ChangeInPlace(ItemRef entry, const FieldSpan& at, std::size_t field,
                               const std::string& value, const Variables& variables,
                               std::size_t edit) {
  auto kind = KindOf(entry);
  bool criteria = IsCriteria(kind, field);
  auto written = Read(at);
  auto old = written ? written->text.Expanded(variables) : std::nullopt;
  if (!old || (!criteria && !old->variables().empty())) return false;
  std::vector<TextEdit> edits;
  if (!criteria) {
    edits = LeastEdit(*old, value);
  } else if (auto woven = WeaveCriteria(old->text(), value, IsBlock(written->writing.style))) {
    edits = std::move(*woven);
  }
  if (edits.empty()) return false;
  for (auto& change : edits) {
    for (auto& piece : change.pieces) piece.text = EscapeVariables(piece.text);
  }
  auto raw = old->Edited(written->raw, written->writing, edits);
  auto read = WrittenText::Read(raw, written->writing);
  auto again = read ? read->Expanded(variables) : std::nullopt;
  if (!again || again->variables() != old->variables()) return false;
  bool same = criteria ? model::SameCriteria(again->text(), value) : again->text() == value;
  bool typed = written->writing.style == ScalarStyle::kPlain && LooksTyped(value) &&
               !LooksTyped(old->text()) && !IsTime(kind, field);
  if (!same || typed || !Suits(*written, *read, raw, IsFlow(entry), criteria)) return false;
  auto front = static_cast<std::size_t>(std::ranges::mismatch(raw, written->raw).in1 - raw.begin());
  std::size_t most = std::min(raw.size(), written->raw.size()) - front, back = 0;
  while (back < most &&
         raw[raw.size() - 1 - back] == written->raw[written->raw.size() - 1 - back]) {
    ++back;
  }
  Put(written->begin + front, written->raw.size() - front - back,
      raw.substr(front, raw.size() - front - back), edit);
  return true;
}

// The text and style that take the place of the value: its own style, or the nearest that can hold
// it.
Scalar YamlEditor::Replacement(const FieldSpan& at, model::Kind kind, std::size_t field,
                               const std::string& value, bool flow) const {
  const auto& node = file_.node(at.value);
  bool criteria = IsCriteria(kind, field);
  std::string text = value;
  if (criteria && IsBlock(node.style)) text = LayOutLike(TextOf(at), text);
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
  if (IsBlock(style) && !MayHaveLines(kind, field)) style = ScalarStyle::kDouble;
  if (!IsBlock(style)) text = value;
  return {style, EscapeVariables(text)};
}

void YamlEditor::Rewrite(ItemRef entry, const FieldSpan& at, std::size_t field,
                         const std::string& value, std::size_t edit) {
  const auto& node = file_.node(at.value);
  const auto& style = StyleIn(entry.section);
  auto kind = KindOf(entry);
  bool flow = IsFlow(entry);
  if (node.type == Type::kNothing) {
    auto scalar = NewScalar(kind, field, value, style, flow);
    if (IsBlock(scalar.style) && PutBlock(entry, at.colon + 1, 0, at, scalar, edit)) return;
    if (IsBlock(scalar.style)) scalar = {ScalarStyle::kDouble, EscapeVariables(value)};
    Put(at.colon + 1, 0, " " + ScalarLine(scalar.text, scalar.style), edit);
    return;
  }
  auto scalar = Replacement(at, kind, field, value, flow);
  if (IsBlock(node.style)) {
    RewriteBlock(at, scalar, IsCriteria(kind, field), edit);
    return;
  }
  std::size_t size = node.end - node.begin;
  if (IsBlock(scalar.style)) {
    if (PutBlock(entry, node.begin, size, at, scalar, edit)) return;
    scalar = {ScalarStyle::kDouble, EscapeVariables(value)};
  }
  if (file_.text().substr(node.begin, size).contains('\n')) {
    RewriteLines(at, scalar, edit);
  } else {
    Put(node.begin, size, ScalarLine(scalar.text, scalar.style), edit);
  }
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
void YamlEditor::RewriteLines(const FieldSpan& at, const Scalar& scalar, std::size_t edit) {
  const auto& node = file_.node(at.value);
  std::string_view text = file_.text();
  std::size_t second = LineEnd(text, node.begin);
  while (second < node.end && IsBlankLine(text, second)) second = LineEnd(text, second);
  std::size_t indent = IndentAt(text, second);
  std::vector<std::string> lines = {scalar.text};
  bool foldable = indent > ColumnOf(text, file_.node(at.key).begin) && !scalar.text.contains('\n');
  if (foldable) lines = FoldLines(scalar.text, WidthOf(node) - std::min(WidthOf(node), indent));
  Put(node.begin, node.end - node.begin,
      ScalarLines(lines, scalar.style, {indent, file_.line_break()}), edit);
}

// Puts the header in place of `size` bytes at `at`, and the lines below; false: something else than
// a comment follows on the line.
bool YamlEditor::PutBlock(ItemRef entry, std::size_t at, std::size_t size, const FieldSpan& field,
                          const Scalar& scalar, std::size_t edit) {
  const auto& style = StyleIn(entry.section);
  std::string_view text = file_.text();
  auto next = text.find_first_not_of(" \t", at + size);
  bool free = next == kNowhere || text[next] == '\n' || text[next] == '\r' || text[next] == '#';
  std::size_t indent = ColumnOf(text, file_.node(field.key).begin) + style.body_offset;
  if (!free || Swallows(entry, LineEnd(text, at + size), indent)) return false;
  std::string header = scalar.style == ScalarStyle::kLiteral ? "|" : ">";
  header += style.block_header.substr(1);
  Put(at, size, size == 0 ? " " + header : header, edit);
  Put(LineStop(text, at + size), 0,
      std::string(file_.line_break()) +
          BlockBody(scalar.text, scalar.style, {indent, file_.line_break()}),
      kNoEdit);
  return true;
}

}  // namespace viasync::config
