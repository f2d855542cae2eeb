#include "cli/table.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/console.h"
#include "engine/base/csv_cell.h"
#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/report/style.h"

namespace viasync::cli {
namespace {

using report::Colour;

// `lastBuild` -> `LAST BUILD`.
std::string Heading(const std::string& name) {
  std::string heading;
  for (char c : name) {
    if (c >= 'A' && c <= 'Z') heading += ' ';
    heading += c;
  }
  return base::ToUpper(heading);
}

nlohmann::ordered_json ToJson(const Table& table, std::size_t row) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    object[table.columns[i]] = table.rows[row][i];
  }
  return object;
}

std::string Dump(const nlohmann::ordered_json& json) { return base::DumpJson(json, 2) + "\n"; }

std::string Csv(const Table& table) {
  std::string out = base::Join(table.columns, ",") + "\n";
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += (i ? "," : "") + base::CsvCell(row[i]);
    }
    out += "\n";
  }
  return out;
}

std::string Text(const Table& table) {
  const report::Style style = StdoutStyle();
  constexpr std::size_t kWidest = 60;
  std::vector<std::size_t> widths;
  for (const auto& name : table.columns) widths.push_back(Heading(name).size());
  auto cell = [](const std::string& raw) { return report::Clip(base::Printable(raw), kWidest); };
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], report::Columns(cell(row[i])));
    }
  }
  auto line = [&](auto text_of) {
    std::string text;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      bool last = i + 1 == widths.size();
      text += last ? text_of(i) : report::Pad(text_of(i), widths[i] + 2);
    }
    while (text.ends_with(' ')) text.pop_back();
    return text;
  };
  std::string out = report::Paint(style, Colour::kDim,
                                  line([&](std::size_t i) { return Heading(table.columns[i]); })) +
                    "\n";
  for (const auto& row : table.rows) {
    // The last column may be as long as it likes.
    out += line([&](std::size_t i) {
             return i + 1 == row.size() ? base::Printable(row[i]) : cell(row[i]);
           }) +
           "\n";
  }
  return out;
}

}  // namespace

std::string RenderTable(const Table& table, const std::string& format, const std::string& nothing) {
  if (format == "csv") return Csv(table);
  if (format == "json") {
    auto all = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < table.rows.size(); ++i) all.push_back(ToJson(table, i));
    return Dump(all);
  }
  return table.rows.empty() ? nothing + "\n" : Text(table);
}

std::string RenderItem(const Table& table, const std::string& format) {
  if (format == "csv") return Csv(table);
  if (format == "json") return Dump(ToJson(table, 0));
  std::size_t width = 0;
  for (const auto& name : table.columns) width = std::max(width, Heading(name).size());
  std::string out;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.rows[0][i].empty()) continue;
    out += report::Paint(StdoutStyle(), Colour::kDim,
                         report::Pad(base::ToLower(Heading(table.columns[i])), width + 2)) +
           base::Printable(table.rows[0][i]) + "\n";
  }
  return out;
}

std::string MomentOf(const std::optional<base::UtcTime>& time) {
  return time ? base::FormatTimeShort(std::chrono::floor<std::chrono::seconds>(*time))
              : std::string();
}

void AddFormat(Args& args, std::string& format) {
  args.Text("--format", format, "text, json or csv").Choices({"text", "json", "csv"}).ShowDefault();
}

}  // namespace viasync::cli
