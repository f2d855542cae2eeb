#include <nlohmann/json.hpp>

#include "engine/base/json.h"
#include "engine/report/ci/formats.h"

namespace viasync::report::ci {
namespace {

using Json = nlohmann::ordered_json;

Json SummaryJson(const plan::Summary& summary) {
  return {{"create", summary.create},      {"update", summary.update},
          {"delete", summary.remove},      {"unprotect", summary.unprotect},
          {"pull", summary.pull},          {"pullUnprotect", summary.pull_unprotect},
          {"conflict", summary.conflict},  {"unchanged", summary.unchanged},
          {"unmanaged", summary.unmanaged}};
}

Json FindingJson(const Finding& finding) {
  Json json = {{"rule", finding.rule},
               {"severity", SeverityName(finding.severity)},
               {"message", finding.message},
               {"fingerprint", finding.fingerprint}};
  if (!finding.hint.empty()) json["hint"] = finding.hint;
  if (!finding.file.empty()) json["file"] = finding.file;
  if (finding.line > 0) json["line"] = finding.line;
  if (finding.column > 0) json["column"] = finding.column;
  return json;
}

}  // namespace

std::string ResultJson(const RunReport& run) {
  Json json = {{"format", "viasync-result/1"},
               {"tool", run.tool},
               {"command", run.command},
               {"exitCode", run.exit_code}};
  if (!run.environment.empty()) json["environment"] = run.environment;
  if (!run.org.empty()) json["org"] = run.org;
  if (!run.plan_id.empty()) json["planId"] = run.plan_id;
  if (run.summary) json["summary"] = SummaryJson(*run.summary);
  json["findings"] = Json::array();
  for (const auto& finding : run.findings) json["findings"].push_back(FindingJson(finding));
  return base::DumpJson(json, 1) + "\n";
}

}  // namespace viasync::report::ci
