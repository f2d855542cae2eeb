#include "cli/api_list.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/contract/route.h"
#include "engine/report/style.h"

namespace viasync::cli {
namespace {

// By operationId: what a person runs instead.
const std::map<std::string_view, std::string_view>& Covering() {
  static const std::map<std::string_view, std::string_view> covering = {
      {"listExclusions", "plan"},
      {"createExclusion", "apply"},
      {"getExclusion", "plan"},
      {"updateExclusion", "apply"},
      {"deleteExclusion", "apply"},
      {"checkExclusions", "check"},
      {"reportCallAttempts", "attempts"},
      {"listLists", "plan"},
      {"getList", "plan"},
      {"assignListFilter", "apply"},
      {"insertFastPathRecords", "fastpath"},
      {"listStrategies", "strategies list"},
      {"getStrategy", "strategies show"},
      {"getStrategyStatus", "strategies status"},
      {"insertStrategyRecords", "records insert"},
      {"updateStrategyRecords", "records update"},
      {"findTimeZone", "timezones --v2"},
      {"listTimeZones", "timezones"},
      {"listAutomationScripts", "scripts list"},
      {"getAutomationScript", "scripts show"},
      {"startAutomationScript", "scripts start"},
      {"stopAutomationScript", "scripts stop"},
      {"listPurposes", "reference purposes"},
      {"listGeocodeTemplates", "reference geocodes"},
      {"listDispositions", "reference dispositions"},
      {"listNumberTypes", "reference number-types"},
      {"listFilters", "plan"},
      {"createFilter", "apply"},
      {"getFilter", "apply"},
      {"updateFilter", "apply"},
      {"deleteFilter", "apply"},
      {"listSchemaDefinitions", "reference schemas"},
      {"saveCallback", "callbacks"},
      {"listJobs", "jobs list"},
      {"getJob", "jobs show"},
      {"listExportableItems", "export"},
      {"listImportableItems", "import"},
      {"exportObjects", "export"},
      {"importObjects", "import"},
      {"pauseJob", "jobs pause"},
      {"resumeJob", "jobs resume"},
      {"abortJob", "jobs abort"},
      {"resolveJobConflict", "jobs resolve"}};
  return covering;
}

// `viasync plan`; empty: `api` alone.
std::string CommandOf(const contract::Operation& operation, std::span<const std::string> commands) {
  auto found = Covering().find(operation.id);
  if (found == Covering().end()) return {};
  auto word = found->second.substr(0, found->second.find(' '));
  if (std::ranges::find(commands, word) == commands.end()) return {};
  return "viasync " + std::string(found->second);
}

}  // namespace

std::string ApiListText(std::span<const std::string> commands) {
  std::size_t path = 0, summary = 0;
  for (const auto& operation : contract::Operations()) {
    path = std::max(path, contract::ShortPath(operation).size());
    summary = std::max(summary, operation.summary.size());
  }
  auto line = [&](std::string_view method, std::string_view where, std::string_view what,
                  std::string_view command) {
    std::string text = report::Pad(method, 8) + report::Pad(where, path + 2) +
                       report::Pad(what, summary + 2) + std::string(command);
    return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
  };
  std::string text = line("METHOD", "PATH", "WHAT IT DOES", "COMMAND");
  for (const auto& operation : contract::Operations()) {
    text += line(operation.method, contract::ShortPath(operation), operation.summary,
                 CommandOf(operation, commands));
  }
  return text;
}

std::string ApiListJson(std::span<const std::string> commands) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& operation : contract::Operations()) {
    auto query = nlohmann::ordered_json::array();
    for (const auto& parameter : operation.parameters) {
      if (parameter.in == contract::In::kQuery) query.push_back(parameter.name);
    }
    all.push_back({{"id", operation.id},
                   {"method", operation.method},
                   {"path", operation.path},
                   {"short", contract::ShortPath(operation)},
                   {"group", operation.group},
                   {"summary", operation.summary},
                   {"deprecated", operation.deprecated},
                   {"query", query},
                   {"body", operation.body ? operation.body->name : ""},
                   {"collection", operation.collection},
                   {"command", CommandOf(operation, commands)}});
  }
  return base::DumpJson(all, 2) + "\n";
}

}  // namespace viasync::cli
