// A YAML file of the configuration as the editor sees it: its sections, their entries, and where
// everything stands.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/edit/yaml_spans.h"
#include "engine/model/resources.h"

namespace viasync::config {

// A key with its value, by their nodes.
struct FieldSpan {
  std::uint32_t key = 0;
  std::uint32_t value = 0;
  std::size_t colon = 0;  // npos: the pair is written in another way than `key: value`
};

struct ItemSpan {
  std::uint32_t node = 0;
  std::size_t dash = 0;  // of a block list
};

struct SectionSpan {
  model::Kind kind;
  FieldSpan field;
  bool flow = false;  // the section stands inside {}
  std::vector<ItemSpan> items{};
};

struct ItemRef {
  std::size_t section = 0;
  std::size_t item = 0;
};

class YamlFile {
 public:
  // Errors: kInvalid, with the place, for what cannot be edited safely.
  static base::Result<YamlFile> Read(const std::string& path, std::string_view text);

  const std::string& path() const { return path_; }
  std::string_view text() const { return text_; }
  const std::vector<SectionSpan>& sections() const { return sections_; }
  const YamlSpans& spans() const { return spans_; }
  const SpanNode& node(std::uint32_t index) const { return spans_.nodes[index]; }
  std::string_view TextOf(const SpanNode& node) const { return spans_.TextOf(node); }
  std::string_view line_break() const { return line_break_; }

  // The entries of a kind in the order of the file; a `from:` is none.
  const std::vector<ItemRef>& entries(model::Kind kind) const { return entries_[kind]; }
  // The `from:` items, with their section.
  const std::vector<ItemRef>& sources() const { return sources_; }

  const ItemSpan& item(ItemRef ref) const { return sections_[ref.section].items[ref.item]; }
  std::optional<FieldSpan> Find(const SpanNode& map, std::string_view key) const;
  std::vector<FieldSpan> Fields(std::uint32_t map) const;

 private:
  YamlFile(const std::string& path, std::string_view text, YamlSpans spans);
  void ReadSections(std::uint32_t root);
  void ReadItems(SectionSpan& section);
  FieldSpan Pair(std::uint32_t key) const;

  std::string path_;
  std::string_view text_;
  std::string_view line_break_;
  YamlSpans spans_;
  std::vector<SectionSpan> sections_;
  model::ByKind<std::vector<ItemRef>> entries_;
  std::vector<ItemRef> sources_;
};

}  // namespace viasync::config
