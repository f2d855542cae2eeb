#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/json.h"
#include "engine/report/ci/formats.h"

namespace viasync::report::ci {
namespace {

using Json = nlohmann::ordered_json;

std::string_view LevelOf(Severity severity) {
  return severity == Severity::kNote ? "note" : SeverityName(severity);
}

// A path as a relative reference of RFC 3986.
std::string Uri(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF", kFree = "-._~/";
  std::string out;
  for (char c : path) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       kFree.find(c) != std::string_view::npos;
    const auto byte = static_cast<unsigned char>(c);
    if (plain)
      out += c;
    else
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return out;
}

Json Result(const RunReport& run, const Finding& finding) {
  const std::string path = finding.file.empty() ? run.prefix + std::string(kAnyFile) : finding.file;
  Json region = {{"startLine", std::max(finding.line, 1)}};
  if (finding.line > 0 && finding.column > 0) region["startColumn"] = finding.column;
  Json place = {{"artifactLocation", {{"uri", Uri(path)}}}, {"region", std::move(region)}};
  Json result = {{"ruleId", finding.rule},
                 {"ruleIndex", RuleIndex(finding.rule)},
                 {"level", LevelOf(finding.severity)},
                 {"message", {{"text", WholeText(finding)}}}};
  result["locations"] = Json::array({Json{{"physicalLocation", std::move(place)}}});
  result["partialFingerprints"] = {{"viasync/v1", finding.fingerprint}};
  return result;
}

Json Driver(const RunReport& run) {
  Json rules = Json::array();
  for (const auto& rule : FindingRules()) {
    rules.push_back({{"id", rule.name}, {"shortDescription", {{"text", rule.title}}}});
  }
  const auto blank = std::min(run.tool.find(' '), run.tool.size());
  return {{"name", run.tool.substr(0, blank)},
          {"version", run.tool.substr(std::min(blank + 1, run.tool.size()))},
          {"rules", std::move(rules)}};
}

}  // namespace

std::string Sarif(const RunReport& run) {
  const auto [findings, left] = WorstOf(run);
  Json results = Json::array();
  for (const auto& finding : findings) results.push_back(Result(run, finding));
  Json invocation = {{"executionSuccessful", run.exit_code == 0 || run.exit_code == 2},
                     {"exitCode", run.exit_code}};
  if (left > 0) {
    invocation["toolExecutionNotifications"] =
        Json::array({Json{{"level", "warning"}, {"message", {{"text", LeftText(left)}}}}});
  }
  Json one = {{"tool", {{"driver", Driver(run)}}}};
  one["invocations"] = Json::array({std::move(invocation)});
  one["automationDetails"] = {{"id", run.command + "/" + run.environment + "/"}};
  one["results"] = std::move(results);
  Json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}};
  log["runs"] = Json::array({std::move(one)});
  return base::DumpJson(log, 1) + "\n";
}

}  // namespace viasync::report::ci
