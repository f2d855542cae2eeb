// Fields and entries that leave, entries that come.
#include <algorithm>

#include "engine/config/edit/text_lines.h"
#include "engine/config/edit/yaml_editor.h"

namespace viasync::config {
namespace {

using Type = SpanNode::Type;

constexpr std::size_t kNowhere = std::string_view::npos;

// What goes with the node at [begin, end) of a list or map in brackets: the comma behind it, or,
// of the last one, that in front. Comments stay.
struct FlowCut {
  std::size_t begin;
  std::size_t end;
};

FlowCut CutFlow(std::string_view text, std::size_t begin, std::size_t end, std::size_t next_begin,
                std::size_t previous_end) {
  auto has_comment = [&](std::size_t from, std::size_t to) {
    return text.substr(from, to - from).contains('#');
  };
  if (next_begin != kNowhere && !has_comment(end, next_begin)) return {begin, next_begin};
  if (next_begin == kNowhere && previous_end != kNowhere && !has_comment(previous_end, begin)) {
    return {previous_end, end};
  }
  auto comma = text.find_first_not_of(" \t\r\n", end);
  bool behind = comma != kNowhere && text[comma] == ',';
  return {begin, behind ? comma + 1 : end};
}

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
    return file_.TextOf(file_.node(at.key)) == FieldNames(KindOf(entry))[field];
  });
  if (found == fields.end()) return {};
  if (auto good = CheckUnshared(found->key, file_.node(found->value).last); !good) return good;
  std::string_view text = file_.text();
  std::size_t begin = file_.node(found->key).outer_begin;
  std::size_t end = std::max<std::size_t>(file_.node(found->value).end, found->colon + 1);
  auto begin_of = [&](auto it) -> std::size_t { return file_.node(it->key).outer_begin; };
  if (found->colon == kNowhere || fields.size() == 1) {
    return base::Fail(Refuse(map,
                             "`" + std::string(FieldNames(KindOf(entry))[field]) +
                                 "` is written in a way that cannot be taken out safely",
                             "remove it by hand"));
  }
  if (map.flow || file_.node(file_.sections()[entry.section].field.value).flow) {
    bool last = found + 1 == fields.end();
    bool first = found == fields.begin();
    std::size_t previous =
        first ? kNowhere
              : std::max<std::size_t>(file_.node((found - 1)->value).end, (found - 1)->colon + 1);
    auto cut = CutFlow(text, begin, end, last ? kNowhere : begin_of(found + 1), previous);
    Put(cut.begin, cut.end - cut.begin, "", edit);
    return {};
  }
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
  return {};
}

base::Result<void> YamlEditor::Remove(ItemRef entry, std::size_t edit) {
  std::uint32_t index = file_.item(entry).node;
  if (auto good = CheckUnshared(index, file_.node(index).last); !good) return good;
  dropped_[entry.section].push_back({entry.item, edit});
  return {};
}

void YamlEditor::RemoveBlockItem(const SectionSpan& section, std::size_t item, std::size_t edit) {
  std::string_view text = file_.text();
  const auto& span = section.items[item];
  const auto& node = file_.node(span.node);
  std::size_t line = LineBegin(text, span.dash);
  std::size_t column = span.dash - line;
  std::size_t floor =
      LineEnd(text, item == 0 ? section.field.colon : file_.node(section.items[item - 1].node).end);
  std::size_t begin = CommentBegin(text, line, floor, 0, column);
  std::size_t end = LineEnd(text, std::max<std::size_t>(node.end, span.dash + 1));
  // Comments below that are indented like its fields are its own.
  while (end < text.size() && IsCommentLine(text, end) && IndentAt(text, end) > column) {
    end = LineEnd(text, end);
  }
  bool blank_below = end < text.size() && IsBlankLine(text, end);
  bool last = item + 1 == section.items.size();
  if (!last && blank_below) {
    while (end < text.size() && IsBlankLine(text, end)) end = LineEnd(text, end);
  }
  if (last && item > 0) {
    while (begin > floor && IsBlankLine(text, LineBegin(text, begin - 1))) {
      begin = LineBegin(text, begin - 1);
    }
  }
  DropLines(begin, end, edit);
}

void YamlEditor::TakeRemoved(std::size_t index, const std::vector<Dropped>& dropped) {
  const auto& section = file_.sections()[index];
  const auto& list = file_.node(section.field.value);
  bool all = dropped.size() == section.items.size() && !filled_.contains(index);
  auto outer = [&](std::size_t item) -> std::size_t {
    return file_.node(section.items[item].node).outer_begin;
  };
  if (list.flow && all) {
    for (const auto& item : dropped) Put(list.begin + 1, 0, "", item.edit);
    Put(list.begin + 1, list.end - list.begin - 2, "", kNoEdit);
    return;
  }
  if (all) Put(section.field.colon + 1, 0, " []", kNoEdit);
  for (const auto& [item, edit] : dropped) {
    if (!list.flow) {
      RemoveBlockItem(section, item, edit);
      continue;
    }
    bool last = item + 1 == section.items.size();
    auto cut = CutFlow(file_.text(), outer(item), file_.node(section.items[item].node).end,
                       last ? kNowhere : outer(item + 1),
                       item == 0 ? kNowhere : file_.node(section.items[item - 1].node).end);
    Put(cut.begin, cut.end - cut.begin, "", edit);
  }
}

std::vector<Splice> YamlEditor::Take() {
  for (const auto& [section, dropped] : dropped_) TakeRemoved(section, dropped);
  return std::move(splices_);
}

base::Result<void> YamlEditor::Add(std::vector<NewEntry> entries,
                                   const std::vector<std::string>& keys) {
  std::ranges::stable_sort(entries, {}, &NewEntry::key);
  auto kind = entries.front().kind;
  const auto& sections = file_.sections();
  std::size_t chosen = sections.size();
  for (std::size_t i = 0; i < sections.size(); ++i) {
    if (sections[i].kind != kind) continue;
    bool fuller =
        chosen == sections.size() || sections[i].items.size() > sections[chosen].items.size();
    if (fuller) chosen = i;
  }
  if (chosen == sections.size()) return AddSection(entries);
  const auto& section = sections[chosen];
  const auto& value = file_.node(section.field.value);
  if (section.field.colon == kNowhere || value.type == Type::kAlias || value.anchored) {
    return base::Fail(Refuse(file_.node(section.field.key),
                             "the section is written in a way that takes no new entry",
                             "add the entry by hand, or name another file under `files:` in "
                             "viasync.yaml"));
  }
  filled_[chosen] = true;
  if (section.items.empty()) {
    FillEmpty(chosen, entries);
  } else {
    AddToSection(chosen, std::move(entries), keys);
  }
  return {};
}

void YamlEditor::AddToSection(std::size_t index, std::vector<NewEntry> entries,
                              const std::vector<std::string>& keys) {
  // The keys of this section's entries, in the order of the file.
  const auto& refs = file_.entries(entries.front().kind);
  auto in_section = [&](const ItemRef& ref) { return ref.section == index; };
  auto first = static_cast<std::size_t>(std::ranges::find_if(refs, in_section) - refs.begin());
  std::size_t count = static_cast<std::size_t>(std::ranges::count_if(refs, in_section));
  auto own = std::span(keys).subspan(std::min(first, keys.size()), count);
  bool sorted = own.size() > 1 && std::ranges::is_sorted(own);
  std::size_t done = 0;
  while (sorted && done < entries.size()) {
    auto above =
        static_cast<std::size_t>(std::ranges::lower_bound(own, entries[done].key) - own.begin());
    if (above == own.size()) break;
    std::size_t end = done;
    while (end < entries.size() && entries[end].key <= own[above]) ++end;
    AddBefore(index, refs[first + above].item, entries, done, std::max(end, done + 1));
    done = std::max(end, done + 1);
  }
  if (done < entries.size()) Append(index, entries, done);
}

std::string YamlEditor::ItemText(const NewEntry& entry, const SectionStyle& style,
                                 bool in_flow) const {
  bool flow = in_flow || style.flow_items;
  std::string text = EntryText(entry.kind, entry.values, style, flow,
                               style.dash_indent + style.key_offset, file_.line_break());
  if (in_flow) return text;
  return std::string(style.dash_indent, ' ') + "-" + std::string(style.key_offset - 1, ' ') + text;
}

void YamlEditor::AddBefore(std::size_t index, std::size_t item,
                           const std::vector<NewEntry>& entries, std::size_t first,
                           std::size_t last) {
  const auto& section = file_.sections()[index];
  const auto& style = StyleIn(index);
  std::string_view text = file_.text();
  const auto& span = section.items[item];
  const auto& node = file_.node(span.node);
  if (file_.node(section.field.value).flow) {
    std::size_t line = LineBegin(text, node.outer_begin);
    bool own_line = IndentAt(text, line) == node.outer_begin - line;
    for (std::size_t i = first; i < last; ++i) {
      std::string gap =
          own_line ? std::string(file_.line_break()) + std::string(node.outer_begin - line, ' ')
                   : " ";
      Put(node.outer_begin, 0, ItemText(entries[i], style, true) + "," + gap, entries[i].edit);
    }
    return;
  }
  std::size_t line = LineBegin(text, span.dash);
  std::size_t floor =
      LineEnd(text, item == 0 ? section.field.colon : file_.node(section.items[item - 1].node).end);
  std::size_t at = CommentBegin(text, line, floor, 0, span.dash - line);
  std::string gap(file_.line_break());
  if (style.blank_between) gap += file_.line_break();
  for (std::size_t i = first; i < last; ++i) {
    Put(at, 0, ItemText(entries[i], style, false) + gap, entries[i].edit);
  }
}

void YamlEditor::Append(std::size_t index, const std::vector<NewEntry>& entries,
                        std::size_t first) {
  const auto& section = file_.sections()[index];
  const auto& style = StyleIn(index);
  std::string_view text = file_.text();
  const auto& last = section.items.back();
  const auto& node = file_.node(last.node);
  if (file_.node(section.field.value).flow) {
    std::size_t line = LineBegin(text, node.outer_begin);
    bool own_line = IndentAt(text, line) == node.outer_begin - line;
    for (std::size_t i = first; i < entries.size(); ++i) {
      std::string gap =
          own_line ? std::string(file_.line_break()) + std::string(node.outer_begin - line, ' ')
                   : " ";
      Put(node.end, 0, "," + gap + ItemText(entries[i], style, true), entries[i].edit);
    }
    return;
  }
  std::size_t end = std::max<std::size_t>(node.end, last.dash + 1);
  std::size_t below = LineEnd(text, end);
  // Comments that are indented like the last entry's fields are its own.
  while (below < text.size() && IsCommentLine(text, below) &&
         IndentAt(text, below) > style.dash_indent) {
    end = below;
    below = LineEnd(text, end);
  }
  std::string gap(file_.line_break());
  if (style.blank_between) gap += file_.line_break();
  for (std::size_t i = first; i < entries.size(); ++i) {
    Put(LineStop(text, end), 0, gap + ItemText(entries[i], style, false), entries[i].edit);
  }
}

void YamlEditor::FillEmpty(std::size_t index, const std::vector<NewEntry>& entries) {
  const auto& section = file_.sections()[index];
  const auto& value = file_.node(section.field.value);
  const auto& style = StyleIn(index);
  std::string_view text = file_.text();
  if (section.flow) {
    std::string list = "[";
    for (std::size_t i = 0; i < entries.size(); ++i) {
      list += (i > 0 ? ", " : "") + ItemText(entries[i], style, true);
    }
    bool nothing = value.type == Type::kNothing;
    std::size_t at = nothing ? section.field.colon + 1 : value.begin;
    Put(at, nothing ? 0 : value.end - value.begin, (nothing ? " " : "") + list + "]",
        entries.front().edit);
    for (const auto& entry : entries) Put(at, 0, "", entry.edit);
    return;
  }
  std::size_t end = section.field.colon + 1;
  if (value.type != Type::kNothing) {
    std::size_t gap = value.begin > 0 && text[value.begin - 1] == ' ' ? 1 : 0;
    Put(value.begin - gap, value.end - value.begin + gap, "", kNoEdit);
    end = value.end;
  }
  std::string gap(file_.line_break());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    bool blank = i > 0 && style.blank_between;
    Put(LineStop(text, end), 0, gap + (blank ? gap : "") + ItemText(entries[i], style, false),
        entries[i].edit);
  }
}

// The file has no section of the kind: it comes below what there is.
base::Result<void> YamlEditor::AddSection(const std::vector<NewEntry>& entries) {
  auto kind = entries.front().kind;
  std::string_view text = file_.text();
  std::string name(model::KindPlural(kind));
  SectionStyle style = DefaultStyle(kind);
  const SpanNode* root = nullptr;
  for (auto document : file_.spans().documents) {
    if (document < file_.spans().nodes.size()) root = &file_.node(document);
  }
  bool map = root && root->type == Type::kMap;
  std::string eol(file_.line_break());
  if (map && root->flow) {
    std::string list = ", " + name + ": [";
    for (std::size_t i = 0; i < entries.size(); ++i) {
      list += (i > 0 ? ", " : "") + ItemText(entries[i], style, true);
    }
    if (root->last == static_cast<std::uint32_t>(root - file_.spans().nodes.data()) + 1) {
      list.erase(0, 2);
    }
    auto end = text.find_last_not_of(" \t\r\n,", root->end - 2);
    Put(end + 1, 0, list + "]", entries.front().edit);
    for (const auto& entry : entries) Put(end + 1, 0, "", entry.edit);
    return {};
  }
  for (const auto& section : file_.sections()) {
    if (section.items.empty() || file_.node(section.field.value).flow) continue;
    style.dash_indent = StyleOf(file_, section).dash_indent;
  }
  std::size_t end = map ? LineStop(text, root->end) : text.size();
  bool at_break = !map && (text.empty() || text.ends_with('\n'));
  std::string head = (map ? eol + eol : at_break ? "" : eol) + name + ":";
  Put(end, 0, head, kNoEdit);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    bool blank = i > 0 && style.blank_between;
    Put(end, 0, eol + (blank ? eol : "") + ItemText(entries[i], style, false), entries[i].edit);
  }
  if (!map) Put(end, 0, eol, kNoEdit);
  return {};
}

}  // namespace viasync::config
