#include <algorithm>

#include "engine/base/ci_commands.h"
#include "engine/base/strings.h"
#include "engine/report/ci/formats.h"
#include "engine/report/style.h"

namespace viasync::report::ci {
namespace {

// GitHub shows ten annotations of each type for a step, and drops the others unseen.
constexpr std::size_t kOfTypeMax = 10;
constexpr std::size_t kMessageMax = 1500;  // columns

std::string_view TypeOf(Severity severity) {
  constexpr std::string_view kTypes[] = {"error", "warning", "notice"};
  return kTypes[static_cast<std::size_t>(severity)];
}

// As the runner takes it apart again: `%` and line breaks of a message; of a property `:` and `,`,
// too.
std::string Escape(std::string_view raw, bool property) {
  std::string out;
  for (char c : base::BreakUpCommands(base::Printable(raw), /*at_line_start=*/false)) {
    if (c == '%')
      out += "%25";
    else if (property && c == ':')
      out += "%3A";
    else if (property && c == ',')
      out += "%2C";
    else
      out += c;
  }
  return out;
}

std::string Command(const Finding& finding, std::string_view title) {
  std::string properties;
  auto add = [&](std::string_view name, std::string_view value) {
    properties += (properties.empty() ? " " : ",") + std::string(name) + "=" + Escape(value, true);
  };
  if (!finding.file.empty()) {
    add("file", finding.file);
    if (finding.line > 0) add("line", std::to_string(finding.line));
    if (finding.line > 0 && finding.column > 0) add("col", std::to_string(finding.column));
  }
  add("title", title);
  return "::" + std::string(TypeOf(finding.severity)) + properties +
         "::" + Escape(Clip(WholeText(finding), kMessageMax), false) + "\n";
}

}  // namespace

std::string WorkflowCommands(const RunReport& run) {
  std::string text;
  for (auto severity : {Severity::kError, Severity::kWarning, Severity::kNote}) {
    std::vector<const Finding*> all;
    for (const auto& finding : run.findings) {
      if (finding.severity == severity) all.push_back(&finding);
    }
    const std::size_t shown = all.size() > kOfTypeMax ? kOfTypeMax - 1 : all.size();
    for (std::size_t i = 0; i < shown; ++i) {
      const auto& rule =
          FindingRules()[std::min(RuleIndex(all[i]->rule), FindingRules().size() - 1)];
      text += Command(*all[i], "viasync: " + std::string(rule.title));
    }
    if (shown == all.size()) continue;
    const std::string more = base::Thousands(all.size() - shown) +
                             " more like these are in the job's summary and in result.json";
    text += Command({.rule = {}, .severity = severity, .file = {}, .message = more},
                    TitleOf(run) + ": " + base::Thousands(all.size() - shown) + " more");
  }
  return text;
}

}  // namespace viasync::report::ci
