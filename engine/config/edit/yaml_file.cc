#include "engine/config/edit/yaml_file.h"

#include <algorithm>
#include <utility>

#include "engine/config/edit/text_lines.h"

namespace viasync::config {
namespace {

using Type = SpanNode::Type;

// A carriage return that ends a line by itself: readers do not agree on it.
std::size_t LoneReturn(std::string_view text) {
  for (auto at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1)) {
    if (at + 1 == text.size() || text[at + 1] != '\n') return at;
  }
  return std::string_view::npos;
}

// The `-` of the next item. In front of it may stand what a value without text leaves behind: its
// `:`, an anchor, a tag.
std::size_t DashBehind(std::string_view text, std::size_t at) {
  for (;;) {
    at = SkipSpaceAndComments(text, at);
    if (at >= text.size()) return text.size();
    auto next = text.find_first_of(" \t\r\n", at);
    if (text[at] == '-' && std::min(next, text.size()) == at + 1) return at;
    at = std::min(next, text.size());
  }
}

}  // namespace

base::Result<YamlFile> YamlFile::Read(const std::string& path, std::string_view text) {
  auto fail = [&](base::Error error, int line) {
    error.where = base::SourcePos{path, line, 0};
    return base::Fail(std::move(error));
  };
  if (auto at = LoneReturn(text); at != std::string_view::npos) {
    auto line = static_cast<int>(std::count(text.begin(), text.begin() + at, '\n')) + 1;
    return fail({.message = "a line ends with a carriage return alone, so viasync does not edit "
                            "the file",
                 .hint = "save the file with LF or CRLF line ends, or edit it by hand"},
                line);
  }
  auto spans = ScanYaml(text);
  if (!spans) return fail(std::move(spans.error()), 1);
  return YamlFile(path, text, std::move(*spans));
}

YamlFile::YamlFile(const std::string& path, std::string_view text, YamlSpans spans)
    : path_(path), text_(text), line_break_(LineBreakOf(text)), spans_(std::move(spans)) {
  for (auto root : spans_.documents) {
    if (root < spans_.nodes.size() && node(root).type == Type::kMap) ReadSections(root);
  }
}

FieldSpan YamlFile::Pair(std::uint32_t key) const {
  FieldSpan field{key, node(key).last, std::string_view::npos};
  auto at = text_.find_first_not_of(" \t", node(key).end);
  if (at != std::string_view::npos && text_[at] == ':') field.colon = at;
  return field;
}

std::vector<FieldSpan> YamlFile::Fields(std::uint32_t map) const {
  std::vector<FieldSpan> fields;
  for (std::uint32_t key = map + 1; key < node(map).last; key = node(node(key).last).last) {
    fields.push_back(Pair(key));
  }
  return fields;
}

std::optional<FieldSpan> YamlFile::Find(const SpanNode& map, std::string_view key) const {
  auto index = static_cast<std::uint32_t>(&map - spans_.nodes.data());
  for (std::uint32_t at = index + 1; at < map.last; at = node(node(at).last).last) {
    if (node(at).type == Type::kScalar && TextOf(node(at)) == key) return Pair(at);
  }
  return std::nullopt;
}

void YamlFile::ReadSections(std::uint32_t root) {
  for (const auto& field : Fields(root)) {
    for (auto kind : model::kKinds) {
      if (TextOf(node(field.key)) != model::KindPlural(kind)) continue;
      sections_.push_back({.kind = kind, .field = field, .flow = node(root).flow});
      ReadItems(sections_.back());
    }
  }
}

void YamlFile::ReadItems(SectionSpan& section) {
  const auto& list = node(section.field.value);
  if (list.type != Type::kList) return;
  std::size_t behind = list.begin;
  for (std::uint32_t at = section.field.value + 1; at < list.last; at = node(at).last) {
    ItemSpan item{.node = at};
    if (!list.flow) item.dash = DashBehind(text_, behind);
    behind = std::max<std::size_t>(node(at).end, item.dash + 1);
    ItemRef ref{sections_.size() - 1, section.items.size()};
    bool source =
        model::InfoOf(section.kind).in_csv && node(at).type == Type::kMap && Find(node(at), "from");
    section.items.push_back(item);
    (source ? sources_ : entries_[section.kind]).push_back(ref);
  }
}

}  // namespace viasync::config
