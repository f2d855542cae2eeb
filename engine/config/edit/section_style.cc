#include "engine/config/edit/section_style.h"

#include <algorithm>

#include "engine/config/edit/criteria_layout.h"
#include "engine/config/edit/text_lines.h"
#include "engine/config/values.h"

namespace viasync::config {
namespace {

using Type = SpanNode::Type;
using model::FieldNames;

constexpr std::size_t kSampled = 256;  // entries that are looked at

// Counts what the entries do, and takes what most of them do.
class Survey {
 public:
  Survey(const YamlFile& file, const SectionSpan& section)
      : file_(file), section_(section), names_(FieldNames(section.kind)) {}

  SectionStyle Take() {
    SectionStyle style = DefaultStyle(section_.kind);
    std::size_t count = std::min(section_.items.size(), kSampled);
    for (std::size_t i = 0; i < count; ++i) AddItem(section_.items[i], i);
    if (maps_ == 0) return style;
    style.flow_items = flow_ * 2 > maps_;
    if (maps_ > 1) style.blank_between = blanks_ * 2 > maps_ - 1;
    if (!file_.node(section_.field.value).flow) {
      style.dash_indent = ColumnOf(file_.text(), section_.items.front().dash);
    }
    if (key_offset_ > 0) style.key_offset = key_offset_;
    if (body_offset_ > 0) style.body_offset = body_offset_;
    if (!header_.empty()) style.block_header = header_;
    style.key_quote = key_quote_;
    for (std::size_t f = 0; f < names_.size(); ++f) {
      auto most = std::ranges::max_element(counts_[f]);
      if (*most > 0) style.styles[f] = static_cast<ScalarStyle>(most - counts_[f].begin());
      style.plain_typed[f] = typed_[f];
    }
    style.order = MergedOrder();
    return style;
  }

 private:
  void AddItem(const ItemSpan& item, std::size_t index) {
    const auto& map = file_.node(item.node);
    if (map.type != Type::kMap) return;
    ++maps_;
    flow_ += map.flow;
    if (index > 0 && !file_.node(section_.field.value).flow) {
      const auto& above = file_.node(section_.items[index - 1].node);
      auto next = LineEnd(file_.text(), above.end);
      blanks_ += next < item.dash && IsBlankLine(file_.text(), next);
    }
    std::vector<std::size_t> order;
    for (const auto& field : file_.Fields(item.node)) {
      auto found = std::ranges::find(names_, file_.TextOf(file_.node(field.key)));
      if (found == names_.end()) continue;
      order.push_back(static_cast<std::size_t>(found - names_.begin()));
      AddField(map, item, field, order.back());
    }
    if (order.size() > longest_.size()) longest_ = std::move(order);
  }

  void AddField(const SpanNode& map, const ItemSpan& item, const FieldSpan& field,
                std::size_t index) {
    const auto& key = file_.node(field.key);
    const auto& value = file_.node(field.value);
    std::string_view text = file_.text();
    char quote = text[key.begin];
    key_quote_ = quote == '"' || quote == '\'' ? std::string(1, quote) : "";
    std::size_t column = ColumnOf(text, key.begin);
    if (!map.flow && !file_.node(section_.field.value).flow &&
        LineBegin(text, item.dash) == LineBegin(text, map.begin)) {
      key_offset_ = ColumnOf(text, map.begin) - ColumnOf(text, item.dash);
    }
    if (value.type != Type::kScalar) return;
    ++counts_[index][static_cast<std::size_t>(value.style)];
    typed_[index] |= value.style == ScalarStyle::kPlain && LooksTyped(file_.TextOf(value));
    if (!IsBlock(value.style) || value.body >= value.end) return;
    std::size_t indent = IndentAt(text, value.body);
    if (indent > column) body_offset_ = indent - column;
    header_ = text.substr(value.begin, text.find_first_of(" \t\r\n#", value.begin) - value.begin);
    // An indentation indicator is for a body that starts with blanks.
    std::erase_if(header_, [](char c) { return c >= '0' && c <= '9'; });
  }

  // The order of the entry that gives most, the other fields where their table has them.
  std::vector<std::size_t> MergedOrder() const {
    auto order = longest_;
    for (std::size_t f = 0; f < names_.size(); ++f) {
      if (std::ranges::find(order, f) != order.end()) continue;
      auto above = order.end();
      for (std::size_t g = f; g-- > 0 && above == order.end();) above = std::ranges::find(order, g);
      order.insert(above == order.end() ? order.begin() : above + 1, f);
    }
    return order;
  }

  const YamlFile& file_;
  const SectionSpan& section_;
  std::span<const std::string_view> names_;
  std::size_t maps_ = 0, flow_ = 0, blanks_ = 0, key_offset_ = 0, body_offset_ = 0;
  std::string header_, key_quote_;
  std::array<std::array<std::size_t, 5>, model::kFieldsMax> counts_{};
  std::array<bool, model::kFieldsMax> typed_{};
  std::vector<std::size_t> longest_;
};

std::string Key(model::Kind kind, std::size_t field, const SectionStyle& style) {
  return style.key_quote + std::string(FieldNames(kind)[field]) + style.key_quote + ":";
}

}  // namespace

bool IsCriteria(model::Kind kind, std::size_t field) {
  return model::ShapeOf(kind, FieldNames(kind)[field]) == model::Shape::kCriteria;
}

bool IsTime(model::Kind kind, std::size_t field) {
  return model::ShapeOf(kind, FieldNames(kind)[field]) == model::Shape::kTime;
}

bool MayHaveLines(model::Kind kind, std::size_t field) {
  auto shape = model::ShapeOf(kind, FieldNames(kind)[field]);
  return shape == model::Shape::kText || shape == model::Shape::kCriteria;
}

SectionStyle DefaultStyle(model::Kind kind) {
  SectionStyle style;
  style.blank_between = model::InfoOf(kind).layout == model::Layout::kParagraph;
  for (std::size_t f = 0; f < FieldNames(kind).size(); ++f) {
    style.order.push_back(f);
    if (IsCriteria(kind, f)) style.styles[f] = ScalarStyle::kLiteral;
  }
  return style;
}

SectionStyle SectionStyle::WithoutBlocks() const {
  auto style = *this;
  for (auto& wanted : style.styles) {
    if (wanted && IsBlock(*wanted)) wanted = ScalarStyle::kDouble;
    if (!wanted) wanted = ScalarStyle::kPlain;
  }
  style.blocks = false;
  return style;
}

SectionStyle StyleOf(const YamlFile& file, const SectionSpan& section) {
  return Survey(file, section).Take();
}

Scalar NewScalar(model::Kind kind, std::size_t field, std::string_view value,
                 const SectionStyle& style, bool flow) {
  auto wanted = style.styles[field].value_or(ScalarStyle::kPlain);
  if (flow && IsBlock(wanted)) wanted = ScalarStyle::kPlain;
  flow = flow || !style.blocks;
  bool typed = (LooksTyped(value) && !style.plain_typed[field] && !IsTime(kind, field)) ||
               IsSpoilt(value);
  if (wanted == ScalarStyle::kPlain && typed) wanted = ScalarStyle::kDouble;
  std::string text =
      IsBlock(wanted) && IsCriteria(kind, field) ? LayOutNew(value) : std::string(value);
  // A laid-out text is for lines as they stand.
  if (wanted == ScalarStyle::kFolded && text.find('\n') != std::string::npos) {
    wanted = ScalarStyle::kLiteral;
  }
  auto fitting = FittingStyle(text, wanted, flow);
  if (IsBlock(fitting) && !MayHaveLines(kind, field)) fitting = ScalarStyle::kDouble;
  if (IsBlock(wanted) && !IsBlock(fitting)) text = value;
  return {fitting, EscapeVariables(text)};
}

std::string FieldText(model::Kind kind, std::size_t field, std::string_view value,
                      const SectionStyle& style, std::size_t indent, std::string_view line_break) {
  auto scalar = NewScalar(kind, field, value, style, false);
  std::string out = Key(kind, field, style) + " ";
  if (!IsBlock(scalar.style)) return out + ScalarLine(scalar.text, scalar.style);
  out += scalar.style == ScalarStyle::kLiteral ? "|" : ">";
  out.append(style.block_header, 1).append(line_break);
  return out + BlockBody(scalar.text, scalar.style, {indent + style.body_offset, line_break});
}

std::string FlowFieldText(model::Kind kind, std::size_t field, std::string_view value,
                          const SectionStyle& style) {
  auto scalar = NewScalar(kind, field, value, style, true);
  return Key(kind, field, style) + " " + ScalarLine(scalar.text, scalar.style);
}

std::string EntryText(model::Kind kind, const model::Values& values, const SectionStyle& style,
                      bool flow, std::size_t indent, std::string_view line_break) {
  std::string out = flow ? "{" : "";
  if (values.size() == 1 && values.front().first == "from") {
    const auto& path = values.front().second;
    out += "from: " + ScalarLine(path, FittingStyle(path, ScalarStyle::kPlain, flow));
    return flow ? out + "}" : out;
  }
  bool first = true;
  for (auto field : style.order) {
    auto given =
        std::ranges::find(values, FieldNames(kind)[field], &model::Values::value_type::first);
    if (given == values.end()) continue;
    if (!first)
      out += flow ? std::string(", ") : std::string(line_break) + std::string(indent, ' ');
    first = false;
    out += flow ? FlowFieldText(kind, field, given->second, style)
                : FieldText(kind, field, given->second, style, indent, line_break);
  }
  return flow ? out + "}" : out;
}

}  // namespace viasync::config
