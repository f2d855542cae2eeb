// A run in the formats that CI platforms show by themselves: pure functions, one file each. Where a
// format has room for less than there is, the worst comes first, and what is left out is counted.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/plan.h"
#include "engine/report/findings.h"

namespace viasync::report::ci {

// Files without a place are shown at this one, where a format must have a place.
inline constexpr std::string_view kAnyFile = "viasync.yaml";

struct RunReport {
  std::string tool;         // `viasync 0.1.0`
  std::string command;      // `plan`
  std::string environment;  // empty: of none, or of several
  std::string org;          // empty: not known
  std::string prefix;       // in front of files, as FindingCollector has it
  int exit_code = 0;
  std::string plan_id;                   // empty: there was no plan, or nothing is sent
  std::optional<plan::Summary> summary;  // of the plan
  std::string plan_markdown;             // the plan as a comment; empty: there was none
  std::vector<Finding> findings;         // worst first
};

// --- GitLab -------------------------------------------------------------------------------------

// `artifacts:reports:terraform`.
std::string TerraformWidget(const RunReport& run);
// `artifacts:reports:codequality`.
std::string CodeQuality(const RunReport& run);
// `artifacts:reports:junit`.
std::string JUnit(const RunReport& run);
// `artifacts:reports:metrics`: OpenMetrics text.
std::string OpenMetrics(const RunReport& run);
// `artifacts:reports:dotenv`; without VIASYNC_PLAN_ID where there is no plan.
std::string Dotenv(const RunReport& run);
// `artifacts:reports:annotations`: a link to the HTML page, below the job's own address; empty
// where `job_url` is not one of http.
std::string Annotations(const RunReport& run, std::string_view job_url, std::string_view page);

// --- GitHub -------------------------------------------------------------------------------------

// `::error file=…,line=…,col=…,title=…::…`: at most ten of each type, of which the last says how
// many more there are.
std::string WorkflowCommands(const RunReport& run);
// For $GITHUB_OUTPUT: `name=value` lines.
std::string GitHubOutput(const RunReport& run);
// SARIF 2.1.0.
std::string Sarif(const RunReport& run);

// --- anywhere -----------------------------------------------------------------------------------

// The comment, with the hidden marker on its first line by which the next run finds it. At most
// kCommentBytesMax.
inline constexpr std::size_t kCommentBytesMax = 65'000;
inline constexpr std::size_t kPlanInCommentBytesMax = 52'000;
std::string Comment(const RunReport& run);
std::string CommentMarker(const RunReport& run);
// `$GITHUB_STEP_SUMMARY`: the comment without its marker.
std::string StepSummary(const RunReport& run);
// schemas/result.schema.json.
std::string ResultJson(const RunReport& run);

// --- shared -------------------------------------------------------------------------------------

// What lists of findings hold at most, where a platform reads a file whole.
inline constexpr std::size_t kListedMax = 5000;
struct Listed {
  std::vector<Finding> findings;
  std::size_t left = 0;
};
Listed WorstOf(const RunReport& run, std::size_t listed_max = kListedMax);
// `… and 95,000 more findings: result.json has all of them`.
std::string LeftText(std::size_t left);
// Message and hint in one line.
std::string WholeText(const Finding& finding);
// `viasync plan prod`.
std::string TitleOf(const RunReport& run);

}  // namespace viasync::report::ci
