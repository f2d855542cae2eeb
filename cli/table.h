// Rows of text for people (aligned columns), for spreadsheets (CSV) and for programs (JSON).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/args.h"
#include "cli/exit_code.h"
#include "engine/base/ports.h"

namespace viasync::cli {

struct Table {
  // Names as JSON has them: `lastBuild`. People see `LAST BUILD`.
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // raw
};

// `text`, `json` or `csv`. `nothing`: what is said in text where there is no row.
std::string RenderTable(const Table& table, const std::string& format, const std::string& nothing);
// One row as `name  value` lines, or as one JSON object, or as CSV.
std::string RenderItem(const Table& table, const std::string& format);

// `2017-11-03T23:20:50Z`; nothing where there is none.
std::string MomentOf(const std::optional<base::UtcTime>& time);

// --format text|json|csv
void AddFormat(Args& args, std::string& format);

}  // namespace viasync::cli
