#include <algorithm>

#include "engine/base/strings.h"
#include "engine/report/ci/formats.h"
#include "engine/report/markdown.h"
#include "engine/report/style.h"

namespace viasync::report::ci {
namespace {

constexpr std::size_t kFindingColumnsMax = 400;
constexpr std::size_t kLinesBytesMax = 12'000;

std::string LineOf(const Finding& finding) {
  std::string place = finding.file;
  if (!place.empty() && finding.line > 0) place += ":" + std::to_string(finding.line);
  std::string line = "- " + std::string(finding.severity == Severity::kError     ? "⛔"
                                        : finding.severity == Severity::kWarning ? "⚠"
                                                                                 : "ℹ");
  line += " ";
  if (!place.empty()) line += CodeSpan(Clip(place, kNameMax)) + " ";
  line += CodeSpan(Clip(finding.message, kFindingColumnsMax));
  if (!finding.hint.empty()) line += " → " + CodeSpan(Clip(finding.hint, kFindingColumnsMax));
  return line + "\n";
}

// What the plan does not say, or all where there is none.
std::string Lines(const RunReport& run) {
  std::string lines;
  std::size_t left = 0;
  for (const auto& finding : run.findings) {
    const auto rule = RuleIndex(finding.rule);
    const bool said = rule < FindingRules().size() && FindingRules()[rule].in_plan;
    if (said && !run.plan_markdown.empty()) continue;
    const auto line = LineOf(finding);
    if (left > 0 || lines.size() + line.size() > kLinesBytesMax)
      ++left;
    else
      lines += line;
  }
  if (left > 0) lines += "\n" + LeftText(left) + "\n";
  return lines;
}

std::string Sentence(const RunReport& run) {
  const auto counts = CountSeverities(run.findings);
  if (counts.errors + counts.warnings == 0) {
    return run.exit_code == 0 || run.exit_code == 2
               ? "Nothing is wrong."
               : "It ended with exit code " + std::to_string(run.exit_code) + ".";
  }
  return "**" + base::Plural(counts.errors, "error") + ", " +
         base::Plural(counts.warnings, "warning") + "** (exit code " +
         std::to_string(run.exit_code) + ")";
}

}  // namespace

std::string CommentMarker(const RunReport& run) {
  std::string name = run.command + ":" + run.environment;
  for (char& c : name) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == ':' || c == '_';
    if (!plain) c = '.';
  }
  return "<!-- viasync:" + name + " -->";
}

std::string StepSummary(const RunReport& run) {
  const std::string lines = Lines(run);
  if (run.plan_markdown.empty()) {
    std::string title = CodeSpan(Clip(TitleOf(run), kNameMax));
    return "### " + title + "\n\n" + Sentence(run) + "\n" + (lines.empty() ? "" : "\n" + lines);
  }
  return (lines.empty() ? "" : lines + "\n") + run.plan_markdown;
}

std::string Comment(const RunReport& run) { return CommentMarker(run) + "\n" + StepSummary(run); }

}  // namespace viasync::report::ci
