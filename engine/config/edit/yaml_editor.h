// Edits of one YAML file, collected as splices. Knows how YAML is laid out; what entries mean and
// which of them is to be edited is for the caller to know.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/edit/flow_list.h"
#include "engine/config/edit/section_style.h"
#include "engine/config/edit/splice.h"
#include "engine/config/edit/written_text.h"
#include "engine/config/edit/yaml_file.h"

namespace viasync::config {

// Cheap to copy: a first pull may add a million, and each passes through several hands.
struct NewEntry {
  std::size_t edit;
  model::Kind kind;
  std::string_view key;  // of the edit, which outlives it
  std::shared_ptr<const model::Values> values;
};

class YamlEditor {
 public:
  explicit YamlEditor(const YamlFile& file) : file_(file) {}

  // Each refuses with the place where the value really stands. Fields of one entry are to come in
  // the order of their table, entries that leave before everything else.
  base::Result<void> SetField(ItemRef entry, std::size_t field, const std::string& value,
                              std::size_t edit);
  // A criterion that changes in clauses without variables keeps its variables. False: a token
  // changes that comes from one.
  base::Result<bool> ChangeAround(ItemRef entry, std::size_t field, const std::string& value,
                                  const Variables& variables, std::size_t edit);
  base::Result<void> DropField(ItemRef entry, std::size_t field, std::size_t edit);
  base::Result<void> Remove(ItemRef entry, std::size_t edit);
  // `keys` are those of the entries of this kind, in the order of the file.
  base::Result<void> Add(std::vector<NewEntry> entries, const std::vector<std::string>& keys);

  // The text of a scalar, with its variables; without the final line break of a block scalar.
  std::string TextOf(const FieldSpan& field) const;

  // All of it. Nothing may follow.
  std::vector<Splice> Take();

 private:
  base::Error Refuse(const SpanNode& node, std::string message, std::string hint) const;
  base::Result<void> CheckEntry(ItemRef entry) const;
  base::Result<void> CheckUnshared(std::uint32_t begin, std::uint32_t end) const;
  model::Kind KindOf(ItemRef entry) const { return file_.sections()[entry.section].kind; }
  const SectionStyle& StyleIn(std::size_t section);

  // A scalar with the place of its text in the file.
  struct Written {
    std::size_t begin;
    std::string_view raw;
    Writing writing;
    bool indicated;  // the header of the block scalar says how far it is indented
    WrittenText text;
  };

  base::Result<std::optional<FieldSpan>> Locate(ItemRef entry, std::size_t field) const;
  bool IsFlow(ItemRef entry) const;
  std::optional<Written> Read(const FieldSpan& at) const;
  bool Suits(const Written& old, const WrittenText& changed, std::string_view raw, bool flow,
             bool criteria) const;
  bool ChangeInPlace(ItemRef entry, const FieldSpan& at, std::size_t field,
                     const std::string& value, const Variables& variables, std::size_t edit);
  void Rewrite(ItemRef entry, const FieldSpan& at, std::size_t field, const std::string& value,
               std::size_t edit);
  Scalar Replacement(const FieldSpan& at, model::Kind kind, std::size_t field,
                     const std::string& value, bool flow) const;
  std::size_t WidthOf(const SpanNode& node) const;
  void RewriteBlock(const FieldSpan& at, const Scalar& scalar, bool criteria, std::size_t edit);
  void RewriteLines(const FieldSpan& at, const Scalar& scalar, std::size_t edit);
  bool PutBlock(ItemRef entry, std::size_t at, std::size_t size, const FieldSpan& field,
                const Scalar& scalar, std::size_t edit);
  base::Result<void> Insert(ItemRef entry, std::size_t field, const std::string& value,
                            std::size_t edit);

  void DropLines(std::size_t begin, std::size_t end, std::size_t edit);
  void RemoveBlockItem(std::size_t section, std::size_t item, std::size_t edit);
  bool Stays(std::size_t section, std::size_t item) const;
  std::size_t EndOf(const FieldSpan& field) const;
  FlowList& FieldsOf(std::uint32_t map);
  FlowList& ItemsOf(std::size_t section);
  void AddToSection(std::size_t section, std::vector<NewEntry> entries,
                    const std::vector<std::string>& keys);
  void AddBefore(std::size_t section, std::size_t item, std::span<const NewEntry> entries);
  void Append(std::size_t section, std::span<const NewEntry> entries);
  bool Swallows(ItemRef entry, std::size_t line_begin, std::size_t indent) const;
  void KeepOut(const FieldSpan& above, std::size_t line_begin);
  void FillEmpty(std::size_t section, const std::vector<NewEntry>& entries);
  void FillBrackets(const SpanNode& list, const std::vector<NewEntry>& entries,
                    const SectionStyle& style);
  bool HasComment(const SpanNode& node) const;
  base::Result<void> AddSection(const std::vector<NewEntry>& entries);
  std::string ItemText(const NewEntry& entry, const SectionStyle& style, bool in_flow) const;
  void Put(std::size_t at, std::size_t size, std::string text, std::size_t edit);

  const YamlFile& file_;
  std::vector<Splice> splices_;
  std::map<std::size_t, std::map<std::size_t, std::size_t>> dropped_;  // section, item -> edit
  std::map<std::size_t, FlowList> flow_items_;                         // by section
  std::map<std::uint32_t, FlowList> flow_fields_;                      // by map
  std::set<std::uint32_t> gone_;                                       // keys of fields that leave
  std::map<std::size_t, SectionStyle> styles_;                         // by section
  std::map<std::size_t, bool> filled_;  // sections that get new entries
};

}  // namespace viasync::config
