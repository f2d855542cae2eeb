// Edits of one CSV file of exclusions, collected as splices: rows keep their order, their quotes
// and their line ends.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/edit/splice.h"
#include "engine/config/edit/yaml_editor.h"

namespace viasync::config {

class CsvEditor {
 public:
  // Requires: `text` was read by ReadExclusionsCsv without a problem.
  CsvEditor(const std::string& path, std::string_view text);

  std::size_t rows() const { return rows_.size(); }
  int line(std::size_t row) const { return rows_[row].line; }

  base::Result<void> SetField(std::size_t row, std::size_t field, const std::string& value,
                              std::size_t edit);
  void Remove(std::size_t row, std::size_t edit);
  // `key_of` tells the key of a row.
  base::Result<void> Add(std::vector<NewEntry> entries,
                         const std::function<std::string(std::size_t)>& key_of);
  // Errors: no row is left. Nothing may follow.
  base::Result<std::vector<Splice>> Take();

 private:
  struct Row {
    std::size_t begin;
    std::size_t end;  // behind its line break
    int line;
  };
  struct Field {
    std::size_t begin;
    std::size_t end;
    bool quoted;
  };

  Row NextRow(std::size_t& at, int& line) const;
  std::vector<Field> FieldsOf(const Row& row) const;
  std::string RowText(const NewEntry& entry, const std::vector<Field>& like) const;
  base::Error Refuse(int line, std::string message, std::string hint) const;

  std::string path_;
  std::string_view text_;
  std::string_view line_break_;
  std::vector<std::size_t> columns_;  // index of the field in the kind's table
  Row header_{};
  std::vector<Row> rows_;
  std::size_t removed_ = 0;
  std::size_t added_ = 0;
  std::vector<Splice> splices_;
};

// False: CSV has no way to write the value of the field so that it is read again.
bool FitsCsv(std::string_view field, std::string_view value);

// A whole file for new exclusions, sorted by key.
std::string NewCsv(std::vector<NewEntry> entries, EditLines& lines);

}  // namespace viasync::config
