#include "engine/workflow/bulk_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/config/csv.h"
#include "engine/config/values.h"
#include "engine/contract/codes.h"
#include "engine/contract/contract.h"

namespace viasync::workflow {
namespace {

using nlohmann::json;

constexpr std::uint64_t kFileBytesMax = std::uint64_t{4} << 30;
constexpr std::size_t kLineBytesMax = 1 << 20;
constexpr std::size_t kDigestDigits = 12;

// What sets the kinds apart, besides how a CSV row becomes an item.
struct Shape {
  const char* operation;             // of the contract
  const char* array;                 // the property that holds the items; "" = the item is the body
  std::vector<std::string> columns;  // "" before the first: any column is a field
  std::vector<std::string> key;      // the properties that people know an item by
};

std::vector<std::string> Numbered(std::vector<std::string> names, const std::string& name,
                                  int count) {
  for (int i = 1; i <= count; ++i) names.push_back(name + std::to_string(i));
  return names;
}

const Shape& ShapeOf(BulkKind kind) {
  static const Shape kShapes[] = {
      {"insertStrategyRecords", "records", {}, {}},
      {"updateStrategyRecords", "records", {}, {"lookupValue"}},
      {"insertFastPathRecords",
       "fastPathRecords",
       Numbered({"record"}, "custom", 3),
       {"fastPathRecord"}},
      {"reportCallAttempts",
       "events",
       {"customer", "phoneDialed", "responseStatus", "timeOfAttempt", "numberType", "geoCode",
        "purposeName", "key"},
       {"phoneDialed", "customer"}},
      {"saveCallback",
       "",
       Numbered({"workTypeId", "memo", "olsonTimeZone", "phoneNumber", "callbackDateTime",
                 "callbackType", "accountNumber", "secondaryServiceNumber", "customer", "userId",
                 "numberType"},
                "userDefinedData", 20),
       {"phoneNumber"}}};
  return kShapes[static_cast<std::size_t>(kind)];
}

// A field of an item as {"field": …, "value": …} with the names that the operation uses.
json FieldOf(const char* name_property, const char* value_property, std::string_view name,
             std::string_view value) {
  json field = json::object();
  field[name_property] = name;
  field[value_property] = value;
  return field;
}

// `home`, `1`: the code; what is neither stays as it is, for the contract to refuse.
json NumberTypeOf(std::string_view text) {
  static const contract::Codes kNumberTypes("NumberType");
  auto code = kNumberTypes.Parse(text);
  return code ? json(*code) : json(std::string(text));
}

void SetProperty(json& item, const std::string& name, std::string_view value) {
  constexpr std::string_view kUserData = "userDefinedData", kCustom = "custom";
  if (name == "numberType") {
    item[name] = NumberTypeOf(value);
  } else if (name.starts_with(kUserData)) {
    item[std::string(kUserData)].push_back(std::string(value));
  } else if (name == "record") {
    item["fastPathRecord"] = value;
  } else if (name.starts_with(kCustom) && name.size() == kCustom.size() + 1) {
    json text = json::object();
    text["string"] = value;
    item["customFieldsStringCollection"].push_back(std::move(text));
  } else {
    item[name] = value;
  }
}

std::string KeyOf(BulkKind kind, const json& item) {
  if (kind == BulkKind::kInsert) {
    auto items = item.find("items");
    if (items == item.end() || !items->is_array() || items->empty()) return {};
    const json* found = &items->front();
    for (const json& field : *items) {
      if (field.is_object() && field.contains("field") && field["field"] == "@ACCOUNT") {
        found = &field;
        break;
      }
    }
    bool text = found->is_object() && found->contains("value") && (*found)["value"].is_string();
    return text ? (*found)["value"].get<std::string>() : std::string();
  }
  for (const auto& name : ShapeOf(kind).key) {
    auto value = item.find(name);
    if (value != item.end() && value->is_string()) return *value;
  }
  return {};
}

// What the contract cannot say, since the reference requires almost nothing.
std::string Missing(BulkKind kind, const json& item) {
  auto lacks = [&](const char* name) {
    auto value = item.find(name);
    return value == item.end() || value->empty() || *value == "";
  };
  switch (kind) {
    case BulkKind::kInsert:
      return lacks("items") ? "has no field with a value" : "";
    case BulkKind::kUpdate:
      if (lacks("lookupKey") || lacks("lookupValue")) return "does not say which record it changes";
      return lacks("fields") ? "changes nothing" : "";
    case BulkKind::kFastPath:
      return lacks("fastPathRecord") ? "has no record" : "";
    case BulkKind::kAttempts:
      if (lacks("phoneDialed") && lacks("customer"))
        return "names neither phoneDialed nor customer";
      return lacks("responseStatus") ? "has no responseStatus" : "";
    case BulkKind::kCallbacks:
      break;
  }
  return "";
}

base::Error At(const std::string& path, int line, int column, std::string message,
               std::string hint) {
  return {.kind = base::ErrorKind::kInvalid,
          .message = std::move(message),
          .hint = std::move(hint),
          .where = base::SourcePos{path, line, column}};
}

// Fills the rest of a row whose item is read.
void Finish(BulkKind kind, const std::string& path, BulkRow& row) {
  static const contract::Operation* const kOperations[] = {
      contract::FindOperation(ShapeOf(BulkKind::kInsert).operation),
      contract::FindOperation(ShapeOf(BulkKind::kUpdate).operation),
      contract::FindOperation(ShapeOf(BulkKind::kFastPath).operation),
      contract::FindOperation(ShapeOf(BulkKind::kAttempts).operation),
      contract::FindOperation(ShapeOf(BulkKind::kCallbacks).operation)};
  const std::string text = row.item.dump(-1, ' ', false, json::error_handler_t::replace);
  row.digest = base::Sha256Hex(text).substr(0, kDigestDigits);
  row.key = KeyOf(kind, row.item);
  auto broken = contract::CheckBody(*kOperations[static_cast<std::size_t>(kind)],
                                    "application/json", BulkBody(kind, row.item).dump());
  if (!broken.empty()) {
    row.problem = At(path, row.line, 0, "the row cannot be sent: " + contract::Describe(broken),
                     "correct it and run again; the rows that were sent are not sent again");
  } else if (auto missing = Missing(kind, row.item); !missing.empty()) {
    row.problem = At(path, row.line, 0, "the row " + missing, "correct it and run again");
  } else if (auto wrong = config::CheckAddress(row.key, {.quoted = false, .hidden = true});
             wrong && !row.key.empty()) {
    row.problem = At(path, row.line, 0, "the key of the row: " + wrong->message, wrong->hint);
  }
}

std::unique_ptr<std::streambuf> OpenFile(const std::string& path) {
  auto file = std::make_unique<std::filebuf>();
  if (!file->open(path, std::ios::in | std::ios::binary)) return nullptr;
  return file;
}

class CsvRows final : public BulkRows {
 public:
  CsvRows(BulkKind kind, std::string path, std::unique_ptr<std::streambuf> file)
      : kind_(kind),
        path_(std::move(path)),
        stream_(std::move(file), kFileBytesMax, config::TextKind::kRows) {}

  base::Result<void> ReadHeader() {
    if (!reader_.Next()) {
      if (reader_.problem()) return base::Fail(Broken());
      return base::Fail(At(path_, 1, 0, "the file is empty", "begin it with a line of columns"));
    }
    const auto& known = ShapeOf(kind_).columns;
    for (std::size_t i = 0; i < reader_.size(); ++i) {
      std::string name(base::Trim(reader_.field(i)));
      bool twice = std::ranges::find(columns_, name) != columns_.end();
      bool fits = known.empty() ? !name.empty() : std::ranges::find(known, name) != known.end();
      if (twice || !fits) return base::Fail(BadColumn(name, reader_.column(i), twice));
      columns_.push_back(std::move(name));
    }
    if (kind_ == BulkKind::kUpdate && columns_.size() < 2) {
      return base::Fail(At(path_, 1, 0, "the header names one column alone",
                           "the first column finds the record, the others are changed"));
    }
    return {};
  }

  base::Result<bool> Next(BulkRow& row) override {
    if (!reader_.Next()) {
      if (reader_.problem()) return base::Fail(Broken());
      return false;
    }
    row = BulkRow{.line = reader_.line(), .item = json::object()};
    if (reader_.size() != columns_.size()) {
      row.problem = At(path_, row.line, 0,
                       fmt::format("the row has {}, the header {}",
                                   base::Plural(reader_.size(), "field"), columns_.size()),
                       "every row has as many commas as the header; a field that contains a comma "
                       "goes into quotes");
      return true;
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) Add(row.item, i, reader_.field(i));
    Finish(kind_, path_, row);
    return true;
  }

 private:
  void Add(json& item, std::size_t column, std::string_view value) {
    if (kind_ != BulkKind::kFastPath) value = base::Trim(value);
    const std::string& name = columns_[column];
    if (value.empty()) return;
    if (kind_ == BulkKind::kInsert) {
      item["items"].push_back(FieldOf("field", "value", name, value));
    } else if (kind_ == BulkKind::kUpdate && column == 0) {
      item["lookupKey"] = name;
      item["lookupValue"] = value;
    } else if (kind_ == BulkKind::kUpdate) {
      item["fields"].push_back(FieldOf("fieldKey", "fieldValue", name, value));
    } else {
      SetProperty(item, name, value);
    }
  }

  base::Error Broken() const {
    const auto& problem = *reader_.problem();
    return At(path_, problem.line, problem.column, problem.message, problem.hint);
  }

  base::Error BadColumn(const std::string& name, int column, bool twice) const {
    const auto& known = ShapeOf(kind_).columns;
    std::string shown = "`" + base::Printable(name) + "`";
    if (twice) return At(path_, 1, column, "column " + shown + " is named twice", "keep one");
    if (known.empty()) return At(path_, 1, column, "a column has no name", "name it");
    auto nearest = base::Nearest(name, known);
    return At(path_, 1, column, "there is no column " + shown,
              (nearest ? "did you mean `" + *nearest + "`? " : "") + "known columns are " +
                  base::Join(known, ", "));
  }

  const BulkKind kind_;
  const std::string path_;
  config::TextStream stream_;
  config::CsvReader reader_{stream_};
  std::vector<std::string> columns_;
};

class JsonRows final : public BulkRows {
 public:
  JsonRows(BulkKind kind, std::string path, std::unique_ptr<std::streambuf> file)
      : kind_(kind),
        path_(std::move(path)),
        stream_(std::move(file), kFileBytesMax, config::TextKind::kRows) {}

  base::Result<bool> Next(BulkRow& row) override {
    std::string text;
    do {
      auto more = ReadLine(text);
      if (!more || !*more) return more;
    } while (base::Trim(text).empty());
    row = BulkRow{.line = line_, .item = base::ParseJson(text)};
    if (!row.item.is_object()) {
      row.item = json::object();
      row.problem = At(path_, line_, 0, "the line is not a JSON object",
                       "write one object a line, without a comma behind it");
      return true;
    }
    if (kind_ == BulkKind::kInsert && !row.item.contains("items")) SpreadFields(row.item);
    Finish(kind_, path_, row);
    return true;
  }

 private:
  // {"@ACCOUNT": "1"} as the API has it. What is no text stays, and is refused.
  static void SpreadFields(json& item) {
    json fields = json::array();
    for (const auto& [name, value] : item.items()) {
      json field = json::object();
      field["field"] = name;
      field["value"] = value;
      fields.push_back(std::move(field));
    }
    item = json::object();
    item["items"] = std::move(fields);
  }

  base::Result<bool> ReadLine(std::string& text) {
    text.clear();
    constexpr int kEnd = config::TextStream::traits_type::eof();
    int c = stream_.sbumpc();
    ++line_;
    for (; c != kEnd && c != '\n'; c = stream_.sbumpc()) {
      if (text.size() >= kLineBytesMax) {
        return base::Fail(At(path_, line_, 0, "the line is longer than 1 MB",
                             "write one object a line, as JSON Lines are"));
      }
      text += static_cast<char>(c);
    }
    if (stream_.problem()) {
      const auto& problem = *stream_.problem();
      return base::Fail(At(path_, problem.line, problem.column, problem.message, problem.hint));
    }
    return c != kEnd || !text.empty();
  }

  const BulkKind kind_;
  const std::string path_;
  config::TextStream stream_;
  int line_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<BulkRows>> BulkRows::Open(BulkKind kind, const std::string& path) {
  auto file = OpenFile(path);
  if (!file) {
    return base::Fail(
        base::ErrorKind::kIo,
        fmt::format("{} cannot be read: {}", base::Printable(path), base::SystemReason(errno)),
        "name a CSV file, or JSON Lines that end in .jsonl");
  }
  if (path.ends_with(".jsonl") || path.ends_with(".ndjson") || path.ends_with(".json")) {
    return std::make_unique<JsonRows>(kind, path, std::move(file));
  }
  auto rows = std::make_unique<CsvRows>(kind, path, std::move(file));
  auto header = rows->ReadHeader();
  if (!header) return base::Fail(std::move(header.error()));
  return rows;
}

json BulkBody(BulkKind kind, json item) {
  const std::string array = ShapeOf(kind).array;
  if (array.empty()) return item;
  json body = json::object();
  body[array].push_back(std::move(item));
  return body;
}

}  // namespace viasync::workflow
