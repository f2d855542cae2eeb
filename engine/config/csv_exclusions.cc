#include <algorithm>
#include <optional>
#include <vector>

#include "engine/base/strings.h"
#include "engine/config/csv.h"
#include "engine/config/layer_reader.h"
#include "engine/config/values.h"

namespace viasync::config {
namespace {

using model::Exclusion;

constexpr std::uint64_t kFileBytesMax = std::uint64_t{4} << 30;
constexpr std::string_view kHeaderHint =
    "start the file with the line type,address,list,reason,start,end";

class CsvExclusions {
 public:
  CsvExclusions(const std::string& path, CsvReader& reader, Layer& layer, Problems& problems)
      : path_(path), file_(path), reader_(reader), layer_(layer), problems_(problems) {}

  // False: without its columns known, nothing of the file can be read.
  bool ReadHeader() {
    if (!reader_.Next()) {
      if (reader_.problem()) return false;
      Report(1, 1, "the file is empty", "write the header and a row, or remove its `from:`");
      return false;
    }
    std::vector<std::string_view> names;
    for (const auto& field : fields_) names.push_back(field.name);
    auto is_name = [&](std::size_t i) {
      return std::ranges::find(names, base::Trim(reader_.field(i))) != names.end();
    };
    bool any = false;
    for (std::size_t i = 0; i < reader_.size(); ++i) any = any || is_name(i);
    if (!any) {
      bool semicolons = reader_.size() == 1 && reader_.field(0).contains(';');
      Report(reader_.line(), 1, "the first row is not a header: it names no known column",
             semicolons ? "separate the fields with commas, not semicolons"
                        : std::string(kHeaderHint));
      return false;
    }
    bool good = true;
    for (std::size_t i = 0; i < reader_.size(); ++i) good = AddColumn(i, names) && good;
    return good && HasColumn("type") && HasColumn("address");
  }

  void ReadRows() {
    std::size_t rows = 0;
    for (; reader_.Next(); ++rows) {
      if (reader_.size() == columns_.size()) {
        ReadRow();
        continue;
      }
      Report(reader_.line(), 1,
             "the row has " + base::Plural(reader_.size(), "field") + ", the header " +
                 std::to_string(columns_.size()),
             "every row has as many commas as the header; a field that contains a comma goes into "
             "quotes");
    }
    if (rows == 0 && !reader_.problem()) {
      Report(1, 1, "the file lists nobody: it has no row behind its header",
             "if that is intended, remove its `from:`");
    }
  }

 private:
  void Report(int line, int column, std::string message, std::string hint) {
    problems_.Add({path_, line, column}, std::move(message), std::move(hint));
  }

  bool AddColumn(std::size_t i, const std::vector<std::string_view>& names) {
    std::string_view name = base::Trim(reader_.field(i));
    auto found = std::ranges::find(names, name);
    auto index = static_cast<std::size_t>(found - names.begin());
    if (found == names.end()) {
      Report(reader_.line(), reader_.column(i),
             "there is no column " + Quoted(name) + DidYouMean(name, std::span(names)),
             "known columns are " + OneOf(names));
    } else if (std::ranges::find(columns_, index) != columns_.end()) {
      Report(reader_.line(), reader_.column(i), "column " + Quoted(name) + " is named twice",
             "keep one of the two");
      return false;
    }
    columns_.push_back(index);
    return found != names.end();
  }

  bool HasColumn(std::string_view name) {
    for (auto column : columns_) {
      if (fields_[column].name == name) return true;
    }
    Report(reader_.line(), 1, "the header names no column `" + std::string(name) + "`",
           std::string(kHeaderHint));
    return false;
  }

  std::optional<std::size_t> ColumnOf(std::string_view field) const {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (fields_[columns_[i]].name == field) return i;
    }
    return std::nullopt;
  }

  void Reject(std::string_view field, ValueProblem problem) {
    auto column = ColumnOf(field);
    Report(reader_.line(), column ? reader_.column(*column) : 1, std::move(problem.message),
           std::move(problem.hint));
  }

  // CSV has no escapes. Quotes around a field with a comma are not a choice.
  TextMarks MarksOf(std::string_view field) const {
    auto column = ColumnOf(field);
    if (!column) return {};
    bool chosen = reader_.quoted(*column) && !reader_.field(*column).contains(',');
    return {.quoted = chosen, .hidden = true};
  }

  void ReadRow() {
    Entry<Exclusion> entry;
    entry.source = {file_, reader_.line()};
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto& field = fields_[columns_[i]];
      std::string_view text = AsRead(field, reader_.field(i), true);
      if (!field.parse(entry.value, text)) {
        return Reject(field.name, Misread(field.shape, field.name, text));
      }
      // An empty start says as much as none; every other empty field says "none".
      if (field.org_fills_in && text.empty()) continue;
      entry.given.Add(columns_[i]);
    }
    const auto& value = entry.value;
    if (auto problem = CheckAddress(value.address, MarksOf("address"))) {
      return Reject("address", *problem);
    }
    if (auto problem = CheckListName(value.list.str(), MarksOf("list"))) {
      return Reject("list", *problem);
    }
    if (auto problem = CheckPeriod(value)) return Reject("end", *problem);
    layer_.Of<Exclusion>().push_back(std::move(entry));
  }

  const std::string& path_;
  base::Interned file_;
  CsvReader& reader_;
  Layer& layer_;
  Problems& problems_;
  std::span<const model::Field<Exclusion>> fields_ = model::Fields<Exclusion>();
  std::vector<std::size_t> columns_;  // of the file: index of the field
};

}  // namespace

void ReadExclusionsCsv(const std::string& path, const base::SourcePos& named_at, Layer& layer,
                       Problems& problems) {
  auto file = problems.files().Open(path);
  if (!file) {
    file.error().where = named_at;
    return problems.Add(std::move(file.error()));
  }
  TextStream stream(std::move(*file), kFileBytesMax);
  CsvReader reader(stream);
  CsvExclusions rows(path, reader, layer, problems);
  if (rows.ReadHeader()) rows.ReadRows();
  if (auto problem = reader.problem()) {
    problems.Add({path, problem->line, problem->column}, problem->message, problem->hint);
  }
}

}  // namespace viasync::config
