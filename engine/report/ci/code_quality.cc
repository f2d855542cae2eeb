#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/report/ci/formats.h"

namespace viasync::report::ci {
namespace {

using Json = nlohmann::ordered_json;

std::string_view SeverityOf(const Finding& finding) {
  if (finding.severity == Severity::kError) return "critical";
  if (finding.severity == Severity::kNote) return "info";
  return finding.rule == "allows-contact-again" ? "major" : "minor";
}

Json Issue(const RunReport& run, const Finding& finding) {
  const std::string path = finding.file.empty() ? run.prefix + std::string(kAnyFile) : finding.file;
  return {{"description", WholeText(finding)},
          {"check_name", finding.rule},
          {"fingerprint", finding.fingerprint},
          {"severity", SeverityOf(finding)},
          {"location", {{"path", path}, {"lines", {{"begin", std::max(finding.line, 1)}}}}}};
}

}  // namespace

std::string CodeQuality(const RunReport& run) {
  const auto [findings, left] = WorstOf(run);
  Json issues = Json::array();
  for (const auto& finding : findings) issues.push_back(Issue(run, finding));
  if (left > 0) {
    const auto text = LeftText(left);
    const auto severity = run.findings[findings.size()].severity;
    issues.push_back(Issue(run, {.rule = "look-at",
                                 .severity = severity,
                                 .file = {},
                                 .message = text,
                                 .fingerprint = base::Sha256Hex("more findings")}));
  }
  return base::DumpJson(issues, 1) + "\n";
}

}  // namespace viasync::report::ci
