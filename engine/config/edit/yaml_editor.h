// Edits of one YAML file, collected as splices. Knows how YAML is laid out; what entries mean and
// which of them is to be edited is for the caller to know.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/edit/section_style.h"
#include "engine/config/edit/splice.h"
#include "engine/config/edit/yaml_file.h"

namespace viasync::config {

struct NewEntry {
  std::size_t edit;
  model::Kind kind;
  std::string key;
  model::Values values;
};

// The new value of a field.
struct NewValue {
  std::string text;
  bool as_written = false;  // with its variables, laid out: only quotes are missing
};

class YamlEditor {
 public:
  explicit YamlEditor(const YamlFile& file) : file_(file) {}

  // Each refuses with the place where the value really stands. Fields of one entry are to come in
  // the order of their table.
  base::Result<void> SetField(ItemRef entry, std::size_t field, const NewValue& value,
                              std::size_t edit);
  base::Result<void> DropField(ItemRef entry, std::size_t field, std::size_t edit);
  base::Result<void> Remove(ItemRef entry, std::size_t edit);
  // `keys` are those of the entries of this kind, in the order of the file.
  base::Result<void> Add(std::vector<NewEntry> entries, const std::vector<std::string>& keys);

  // A scalar as the user wrote it, in its lines but without quotes and indentation.
  std::string LayoutOf(const SpanNode& value) const;

  // All of it. Nothing may follow.
  std::vector<Splice> Take();

 private:
  struct Dropped {
    std::size_t item;
    std::size_t edit;
  };

  base::Error Refuse(const SpanNode& node, std::string message, std::string hint) const;
  base::Result<void> CheckEntry(ItemRef entry) const;
  base::Result<void> CheckUnshared(std::uint32_t begin, std::uint32_t end) const;
  model::Kind KindOf(ItemRef entry) const { return file_.sections()[entry.section].kind; }
  const SectionStyle& StyleIn(std::size_t section);

  base::Result<void> Rewrite(ItemRef entry, const FieldSpan& at, std::size_t field,
                             const NewValue& value, std::size_t edit);
  Scalar Replacement(const SpanNode& node, model::Kind kind, std::size_t field,
                     const NewValue& value, bool flow) const;
  std::size_t WidthOf(const SpanNode& node) const;
  void RewriteBlock(const FieldSpan& at, const Scalar& scalar, bool criteria, std::size_t edit);
  void RewriteLines(const FieldSpan& at, Scalar scalar, bool criteria, std::size_t edit);
  bool PutBlock(std::size_t at, std::size_t size, const FieldSpan& field, const Scalar& scalar,
                const SectionStyle& style, std::size_t edit);
  base::Result<void> Insert(ItemRef entry, std::size_t field, const std::string& value,
                            std::size_t edit);
  void InsertFlow(const FieldSpan& above, const std::string& text, std::size_t edit);

  void DropLines(std::size_t begin, std::size_t end, std::size_t edit);
  void TakeRemoved(std::size_t section, const std::vector<Dropped>& dropped);
  void RemoveBlockItem(const SectionSpan& section, std::size_t item, std::size_t edit);
  void AddToSection(std::size_t section, std::vector<NewEntry> entries,
                    const std::vector<std::string>& keys);
  void AddBefore(std::size_t section, std::size_t item, const std::vector<NewEntry>& entries,
                 std::size_t first, std::size_t last);
  void Append(std::size_t section, const std::vector<NewEntry>& entries, std::size_t first);
  void FillEmpty(std::size_t section, const std::vector<NewEntry>& entries);
  base::Result<void> AddSection(const std::vector<NewEntry>& entries);
  std::string ItemText(const NewEntry& entry, const SectionStyle& style, bool in_flow) const;
  void Put(std::size_t at, std::size_t size, std::string text, std::size_t edit);

  const YamlFile& file_;
  std::vector<Splice> splices_;
  std::map<std::size_t, std::vector<Dropped>> dropped_;  // by section
  std::map<std::size_t, SectionStyle> styles_;           // by section
  std::map<std::size_t, bool> filled_;                   // sections that get new entries
};

}  // namespace viasync::config
