// Fields and entries that leave.
#include <algorithm>
#include <iterator>

#include "engine/config/edit/entry_extent.h"
#include "engine/config/edit/text_lines.h"
#include "engine/config/edit/yaml_editor.h"

namespace viasync::config {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

}  // namespace

// Takes whole lines away; where the file ends without a line break, it does so afterwards too.
void YamlEditor::DropLines(std::size_t begin, std::size_t end, std::size_t edit) {
  std::string_view text = file_.text();
  bool cut_end = end == text.size() && !text.ends_with('\n');
  if (cut_end && begin > 0) begin = LineStop(text, LineBegin(text, begin - 1));
  Put(begin, end - begin, "", edit);
}

base::Result<void> YamlEditor::DropField(ItemRef entry, std::size_t field, std::size_t edit) {
  if (auto good = CheckEntry(entry); !good) return good;
  std::uint32_t index = file_.item(entry).node;
  const auto& map = file_.node(index);
  auto fields = file_.Fields(index);
  auto found = std::ranges::find_if(fields, [&](const FieldSpan& at) {
    return file_.TextOf(file_.node(at.key)) == model::FieldNames(KindOf(entry))[field];
  });
  if (found == fields.end()) return {};
  if (auto good = CheckUnshared(found->key, file_.node(found->value).last); !good) return good;
  if (found->colon == kNowhere || fields.size() == 1) {
    return base::Fail(Refuse(map,
                             "`" + std::string(model::FieldNames(KindOf(entry))[field]) +
                                 "` is written in a way that cannot be taken out safely",
                             "remove it by hand"));
  }
  gone_.insert(found->key);
  if (IsFlow(entry)) {
    FieldsOf(index).Remove(static_cast<std::size_t>(found - fields.begin()), edit);
    return {};
  }
  std::string_view text = file_.text();
  std::size_t begin = file_.node(found->key).outer_begin;
  std::size_t end = EndOf(*found);
  std::size_t line = LineBegin(text, begin);
  if (IndentAt(text, line) != begin - line) {
    // Behind the `-`: the next line moves up.
    std::size_t next = std::min(text.find_first_not_of(" \t\r\n", LineEnd(text, end)), text.size());
    Put(begin, next - begin, "", edit);
    return {};
  }
  std::size_t column = begin - line;
  std::size_t comment = CommentBegin(text, line, map.begin, column, column);
  DropLines(comment, LineEnd(text, end), edit);
  bool below_another = found != fields.begin() && LineEnd(text, EndOf(*(found - 1))) == comment;
  if (below_another) KeepOut(*(found - 1), LineEnd(text, end));
  return {};
}

// A comment that follows a block scalar once what was between is gone must not become its text.
void YamlEditor::KeepOut(const FieldSpan& above, std::size_t line_begin) {
  auto written = Read(above);
  if (!written || !IsBlock(written->writing.style)) return;
  std::size_t indent = written->writing.indent;
  auto comment = SwallowedComment(file_.text(), line_begin, indent);
  if (comment == kNowhere || indent == 0) return;
  Put(comment, IndentAt(file_.text(), comment) - (indent - 1), "", kNoEdit);
}

std::size_t YamlEditor::EndOf(const FieldSpan& field) const {
  return std::max<std::size_t>(file_.node(field.value).end, field.colon + 1);
}

// The fields of a map in brackets.
FlowList& YamlEditor::FieldsOf(std::uint32_t map) {
  auto known = flow_fields_.find(map);
  if (known != flow_fields_.end()) return known->second;
  std::vector<FlowList::Item> items;
  for (const auto& field : file_.Fields(map)) {
    items.push_back({file_.node(field.key).outer_begin, EndOf(field)});
  }
  return flow_fields_
      .emplace(map, FlowList(file_.text(), file_.line_break(), file_.node(map).begin + 1,
                             std::move(items)))
      .first->second;
}

FlowList& YamlEditor::ItemsOf(std::size_t section) {
  auto known = flow_items_.find(section);
  if (known != flow_items_.end()) return known->second;
  const auto& span = file_.sections()[section];
  std::vector<FlowList::Item> items;
  for (const auto& item : span.items) {
    items.push_back({file_.node(item.node).outer_begin, file_.node(item.node).end});
  }
  return flow_items_
      .emplace(section, FlowList(file_.text(), file_.line_break(),
                                 file_.node(span.field.value).begin + 1, std::move(items)))
      .first->second;
}

base::Result<void> YamlEditor::Remove(ItemRef entry, std::size_t edit) {
  std::uint32_t index = file_.item(entry).node;
  if (auto good = CheckUnshared(index, file_.node(index).last); !good) return good;
  if (file_.node(file_.sections()[entry.section].field.value).flow) {
    ItemsOf(entry.section).Remove(entry.item, edit);
  }
  dropped_[entry.section][entry.item] = edit;
  return {};
}

bool YamlEditor::Stays(std::size_t section, std::size_t item) const {
  auto dropped = dropped_.find(section);
  return dropped == dropped_.end() || !dropped->second.contains(item);
}

void YamlEditor::RemoveBlockItem(std::size_t index, std::size_t item, std::size_t edit) {
  std::string_view text = file_.text();
  const auto& section = file_.sections()[index];
  auto [begin, end] = ExtentOf(file_, section, item);
  std::size_t floor = LineEnd(text, section.field.colon);
  if (item > 0) floor = ExtentOf(file_, section, item - 1).end;
  auto blank_above = [&] { return begin > floor && IsBlankLine(text, LineAbove(text, begin)); };
  bool stays_below = false;
  for (std::size_t i = item + 1; i < section.items.size(); ++i) stays_below |= Stays(index, i);
  if (stays_below && (item == 0 || blank_above())) {
    while (end < text.size() && IsBlankLine(text, end)) end = LineEnd(text, end);
  } else if (!stays_below && item > 0) {
    while (blank_above()) begin = LineAbove(text, begin);
  }
  std::size_t above = item;
  while (above > 0 && !Stays(index, above - 1)) --above;
  if (above > 0) {
    std::uint32_t map = section.items[above - 1].node;
    auto fields =
        file_.node(map).type == SpanNode::Type::kMap ? file_.Fields(map) : std::vector<FieldSpan>();
    if (!fields.empty()) KeepOut(fields.back(), end);
  }
  // Comments of two entries must not run into each other.
  bool between = begin > 0 && IsCommentLine(text, LineAbove(text, begin)) && end < text.size() &&
                 IsCommentLine(text, end);
  if (between) {
    Put(begin, end - begin, std::string(file_.line_break()), edit);
  } else {
    DropLines(begin, end, edit);
  }
}

std::vector<Splice> YamlEditor::Take() {
  for (const auto& [section, dropped] : dropped_) {
    const auto& span = file_.sections()[section];
    if (file_.node(span.field.value).flow) continue;
    bool all = dropped.size() == span.items.size() && !filled_.contains(section);
    if (all) Put(span.field.colon + 1, 0, " []", kNoEdit);
    for (const auto& [item, edit] : dropped) RemoveBlockItem(section, item, edit);
  }
  auto take = [&](auto& lists) {
    for (auto& [index, list] : lists) {
      auto splices = list.Take();
      std::ranges::move(splices, std::back_inserter(splices_));
    }
  };
  take(flow_items_);
  take(flow_fields_);
  return std::move(splices_);
}

}  // namespace viasync::config
