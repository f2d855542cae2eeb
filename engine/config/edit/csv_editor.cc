#include "engine/config/edit/csv_editor.h"

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/config/edit/text_lines.h"
#include "engine/config/problems.h"
#include "engine/config/unseen.h"
#include "engine/config/values.h"

namespace viasync::config {
namespace {

constexpr auto kKind = model::Kind::kExclusion;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool NeedsQuotes(std::string_view value) {
  if (value.find_first_of(",\"\r\n") != std::string_view::npos || IsSpoilt(value)) return true;
  return !value.empty() && (value.front() == ' ' || value.back() == ' ');
}

std::string Written(std::string_view value, bool quoted) {
  if (!quoted && !NeedsQuotes(value)) return std::string(value);
  std::string out = "\"";
  for (char c : value) {
    out += c;
    if (c == '"') out += c;
  }
  return out + '"';
}

std::string_view ValueOf(const NewEntry& entry, std::string_view name) {
  for (const auto& [field, value] : *entry.values) {
    if (field == name) return value;
  }
  return {};
}

base::Error Unwritable(std::string_view name) {
  return {.message = "a CSV file cannot hold the characters of `" + std::string(name) + "`",
          .hint = "correct the value in the org, or move the entry from the CSV into a YAML file"};
}

}  // namespace

bool FitsCsv(std::string_view field, std::string_view value) {
  bool name = field == "address" || field == "list";
  // A comma needs its quotes anyway: they do not say that somebody meant the number.
  if (name && (HoldsUnseen(value) || (IsSpoilt(value) && value.contains(',')))) return false;
  auto control = [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\t' && c != '\n';
  };
  return base::IsValidUtf8(value) && std::ranges::none_of(value, control) &&
         !HoldsUnwritable(value);
}

CsvEditor::CsvEditor(const std::string& path, std::string_view text)
    : path_(path), text_(text), line_break_(LineBreakOf(text)) {
  std::size_t at = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  int line = 1;
  header_ = NextRow(at, line);
  auto names = model::FieldNames(kKind);
  for (const auto& field : FieldsOf(header_)) {
    auto name = base::Trim(text.substr(field.begin, field.end - field.begin));
    if (field.quoted) name = base::Trim(name.substr(1, name.size() - 2));
    auto found = std::ranges::find(names, name);
    columns_.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  while (at < text.size()) {
    auto row = NextRow(at, line);
    if (row.end > row.begin) rows_.push_back(row);
  }
}

// The row at `at`, empty lines passed over; empty at the end of the file.
CsvEditor::Row CsvEditor::NextRow(std::size_t& at, int& line) const {
  while (at < text_.size() && LineStop(text_, at) == at) {
    at = LineEnd(text_, at);
    ++line;
  }
  Row row{at, at, line};
  bool quoted = false;
  for (; at < text_.size(); ++at) {
    if (text_[at] == '"') quoted = !quoted;
    if (text_[at] != '\n') continue;
    ++line;
    if (quoted) continue;
    ++at;
    break;
  }
  row.end = at;
  return row;
}

std::vector<CsvEditor::Field> CsvEditor::FieldsOf(const Row& row) const {
  std::vector<Field> fields;
  std::size_t stop = row.end;
  while (stop > row.begin && (text_[stop - 1] == '\n' || text_[stop - 1] == '\r')) --stop;
  bool quoted = false;
  std::size_t begin = row.begin;
  for (std::size_t at = row.begin; at <= stop; ++at) {
    if (at < stop && text_[at] == '"') quoted = !quoted;
    if (at < stop && (quoted || text_[at] != ',')) continue;
    fields.push_back({begin, at, begin < at && text_[begin] == '"'});
    begin = at + 1;
  }
  return fields;
}

base::Error CsvEditor::Refuse(int line, std::string message, std::string hint) const {
  return {.message = std::move(message),
          .hint = std::move(hint),
          .where = base::SourcePos{path_, line, 1}};
}

base::Result<void> CsvEditor::SetField(std::size_t row, std::size_t field, const std::string& value,
                                       std::size_t edit) {
  auto column = static_cast<std::size_t>(std::ranges::find(columns_, field) - columns_.begin());
  std::string name(model::FieldNames(kKind)[field]);
  if (column == columns_.size()) {
    return base::Fail(Refuse(header_.line, "the CSV has no column `" + name + "`",
                             "add the column to its header and its rows"));
  }
  if (!FitsCsv(name, value)) {
    auto error = Unwritable(name);
    error.where = base::SourcePos{path_, rows_[row].line, 1};
    return base::Fail(std::move(error));
  }
  auto at = FieldsOf(rows_[row])[column];
  splices_.push_back({at.begin, at.end - at.begin, Written(value, at.quoted), edit});
  return {};
}

void CsvEditor::Remove(std::size_t row, std::size_t edit) {
  auto [begin, end, line] = rows_[row];
  // Where the file ends without a line break, it does so afterwards too.
  bool cut_end = end == text_.size() && !text_.ends_with('\n') && begin > 0;
  if (cut_end) begin = LineStop(text_, LineBegin(text_, begin - 1));
  splices_.push_back({begin, end - begin, "", edit});
  ++removed_;
}

std::string CsvEditor::RowText(const NewEntry& entry, const std::vector<Field>& like) const {
  std::string row;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) row += ',';
    bool quoted = i < like.size() && like[i].quoted;
    row += Written(ValueOf(entry, model::FieldNames(kKind)[columns_[i]]), quoted);
  }
  return row;
}

base::Result<void> CsvEditor::Add(std::vector<NewEntry> entries,
                                  const std::function<std::string(std::size_t)>& key_of) {
  for (const auto& entry : entries) {
    for (const auto& [name, value] : *entry.values) {
      if (!FitsCsv(name, value)) return base::Fail(Unwritable(name));
      auto names = model::FieldNames(kKind);
      auto field = static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
      if (std::ranges::find(columns_, field) != columns_.end()) continue;
      return base::Fail(Refuse(header_.line, "the CSV has no column `" + name + "`",
                               "add the column to its header and its rows"));
    }
  }
  std::ranges::stable_sort(entries, {}, &NewEntry::key);
  bool sorted = rows_.size() > 1;
  std::string previous;
  for (std::size_t i = 0; sorted && i < rows_.size(); ++i) {
    auto key = key_of(i);
    sorted = previous <= key;
    previous = std::move(key);
  }
  auto like = FieldsOf(rows_.back());
  std::size_t row = sorted ? 0 : rows_.size();
  for (const auto& entry : entries) {
    std::size_t end = rows_.size();
    while (row < end) {  // the first row whose key comes behind
      std::size_t middle = row + (end - row) / 2;
      if (key_of(middle) < entry.key) {
        row = middle + 1;
      } else {
        end = middle;
      }
    }
    auto text = RowText(entry, like);
    if (row < rows_.size()) {
      splices_.push_back({rows_[row].begin, 0, text + std::string(line_break_), entry.edit});
    } else {
      std::size_t stop = rows_.back().end;
      while (text_[stop - 1] == '\n' || text_[stop - 1] == '\r') --stop;
      splices_.push_back({stop, 0, std::string(line_break_) + text, entry.edit, true});
    }
    ++added_;
  }
  return {};
}

base::Result<std::vector<Splice>> CsvEditor::Take() {
  if (removed_ == rows_.size() && added_ == 0) {
    return base::Fail(Refuse(header_.line, "no row would be left in the CSV, which reads as broken",
                             "remove the file's `from:` by hand, if nobody is to be excluded by it "
                             "any more"));
  }
  return std::move(splices_);
}

std::string NewCsv(std::vector<NewEntry> entries, EditLines& lines) {
  std::ranges::stable_sort(entries, {}, &NewEntry::key);
  std::string text;
  for (auto name : model::FieldNames(kKind)) text.append(text.empty() ? "" : ",").append(name);
  text += '\n';
  int line = 2;
  for (const auto& entry : entries) {
    auto& range = lines[entry.edit];
    range.first = line;
    std::size_t begin = text.size();
    for (auto name : model::FieldNames(kKind)) {
      if (text.size() > begin || name != model::FieldNames(kKind).front()) text += ',';
      text += Written(ValueOf(entry, name), false);
    }
    text += '\n';
    line += static_cast<int>(
        std::count(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end(), '\n'));
    range.last = line - 1;
  }
  return text;
}

}  // namespace viasync::config
