// Entries that come.
#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "engine/config/edit/entry_extent.h"
#include "engine/config/edit/text_lines.h"
#include "engine/config/edit/yaml_editor.h"

namespace viasync::config {
namespace {

using Type = SpanNode::Type;

constexpr std::size_t kNowhere = std::string_view::npos;

}  // namespace

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
  // The keys of this section's entries that stay, in the order of the file.
  const auto& refs = file_.entries(entries.front().kind);
  std::vector<std::string> own;
  std::vector<std::size_t> items;
  for (std::size_t i = 0; i < refs.size() && i < keys.size(); ++i) {
    if (refs[i].section != index || !Stays(index, refs[i].item)) continue;
    own.push_back(keys[i]);
    items.push_back(refs[i].item);
  }
  bool sorted = own.size() > 1 && std::ranges::is_sorted(own);
  std::size_t done = 0;
  while (sorted && done < entries.size()) {
    auto above =
        static_cast<std::size_t>(std::ranges::lower_bound(own, entries[done].key) - own.begin());
    if (above == own.size()) break;
    std::size_t end = done;
    while (end < entries.size() && entries[end].key <= own[above]) ++end;
    end = std::max(end, done + 1);
    AddBefore(index, items[above], std::span(entries).subspan(done, end - done));
    done = end;
  }
  if (done < entries.size()) Append(index, std::span(entries).subspan(done));
}

std::string YamlEditor::ItemText(const NewEntry& entry, const SectionStyle& style,
                                 bool in_flow) const {
  bool flow = in_flow || style.flow_items;
  std::string text = EntryText(entry.kind, *entry.values, style, flow,
                               style.dash_indent + style.key_offset, file_.line_break());
  if (in_flow) return text;
  return std::string(style.dash_indent, ' ') + "-" + std::string(style.key_offset - 1, ' ') + text;
}

void YamlEditor::AddBefore(std::size_t index, std::size_t item, std::span<const NewEntry> entries) {
  const auto& section = file_.sections()[index];
  const auto& style = StyleIn(index);
  if (file_.node(section.field.value).flow) {
    for (const auto& entry : entries) {
      ItemsOf(index).Insert(item, ItemText(entry, style, true), entry.edit);
    }
    return;
  }
  std::size_t at = ExtentOf(file_, section, item).begin;
  std::string gap(file_.line_break());
  if (style.blank_between) gap += file_.line_break();
  std::size_t body = style.dash_indent + style.key_offset + style.body_offset;
  auto safe = SwallowedComment(file_.text(), at, body) == kNowhere ? style : style.WithoutBlocks();
  for (const auto& entry : entries) Put(at, 0, ItemText(entry, safe, false) + gap, entry.edit);
}

// Behind the last entry that stays; where none does, in the place of the first.
void YamlEditor::Append(std::size_t index, std::span<const NewEntry> entries) {
  const auto& section = file_.sections()[index];
  const auto& style = StyleIn(index);
  if (file_.node(section.field.value).flow) {
    for (const auto& entry : entries) {
      ItemsOf(index).Insert(section.items.size(), ItemText(entry, style, true), entry.edit);
    }
    return;
  }
  std::string_view text = file_.text();
  std::size_t last = section.items.size();
  while (last > 0 && !Stays(index, last - 1)) --last;
  auto extent = ExtentOf(file_, section, last == 0 ? 0 : last - 1);
  std::size_t below = last == 0 ? extent.begin : extent.end;
  bool open_end = below == text.size() && !text.ends_with('\n');
  std::size_t at = open_end ? below : LineStop(text, LineAbove(text, below));
  const std::string eol(file_.line_break());
  std::size_t body = style.dash_indent + style.key_offset + style.body_offset;
  bool swallows = Swallows({index, last == 0 ? 0 : last - 1}, last == 0 ? extent.end : below, body);
  auto safe = swallows ? style.WithoutBlocks() : style;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    bool blank = style.blank_between && (last > 0 || i > 0);
    Put(at, 0, eol + (blank ? eol : "") + ItemText(entries[i], safe, false), entries[i].edit);
  }
}

// True when a block scalar that ends above the line, in the entry, would take a comment for its own
// once the fields and entries below that leave are gone.
bool YamlEditor::Swallows(ItemRef entry, std::size_t line_begin, std::size_t indent) const {
  std::string_view text = file_.text();
  const auto& section = file_.sections()[entry.section];
  const auto map = section.items[entry.item].node;
  bool fields = file_.node(map).type == SpanNode::Type::kMap;
  for (const auto& field : fields ? file_.Fields(map) : std::vector<FieldSpan>()) {
    auto next = SkipSpaceAndComments(text, line_begin);
    if (!gone_.contains(field.key) || next != file_.node(field.key).outer_begin) continue;
    // A comment between may stay, too.
    if (SwallowedComment(text, line_begin, indent) != kNowhere) return true;
    line_begin = LineEnd(text, EndOf(field));
  }
  for (auto item = entry.item + 1; item < section.items.size(); ++item) {
    if (Stays(entry.section, item)) break;
    auto extent = ExtentOf(file_, section, item);
    while (line_begin < extent.begin && IsBlankLine(text, line_begin)) {
      line_begin = LineEnd(text, line_begin);
    }
    if (line_begin != extent.begin) break;
    line_begin = extent.end;
  }
  return SwallowedComment(text, line_begin, indent) != kNowhere;
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
    if (!nothing && HasComment(value)) return FillBrackets(value, entries, style);
    std::size_t at = nothing ? section.field.colon + 1 : value.begin;
    Put(at, nothing ? 0 : value.end - value.begin, (nothing ? " " : "") + list + "]",
        entries.front().edit);
    for (const auto& entry : entries) Put(at, 0, "", entry.edit);
    return;
  }
  std::size_t end = section.field.colon + 1;
  if (value.type != Type::kNothing && HasComment(value)) {
    return FillBrackets(value, entries, style);
  }
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

bool YamlEditor::HasComment(const SpanNode& node) const {
  return file_.text().substr(node.begin, node.end - node.begin).contains('#');
}

// Brackets with nothing but comments in them.
void YamlEditor::FillBrackets(const SpanNode& list, const std::vector<NewEntry>& entries,
                              const SectionStyle& style) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Put(list.begin + 1, 0, (i > 0 ? ", " : "") + ItemText(entries[i], style, true),
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
  std::size_t end = text.size();
  if (map) {
    // Comments that are indented are of what is above.
    std::size_t below = LineEnd(text, root->end);
    end = LineStop(text, root->end);
    for (; below < text.size() && IsCommentLine(text, below) && IndentAt(text, below) > 0;
         below = LineEnd(text, below)) {
      end = LineStop(text, below);
    }
  }
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
