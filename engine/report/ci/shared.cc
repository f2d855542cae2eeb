#include <algorithm>

#include "engine/base/strings.h"
#include "engine/report/ci/formats.h"

namespace viasync::report::ci {

Listed WorstOf(const RunReport& run, std::size_t listed_max) {
  const std::size_t listed = std::min(listed_max, run.findings.size());
  return {{run.findings.begin(), run.findings.begin() + static_cast<std::ptrdiff_t>(listed)},
          run.findings.size() - listed};
}

std::string LeftText(std::size_t left) {
  return "… and " + base::Plural(left, "more finding") + ": result.json has all of them";
}

std::string WholeText(const Finding& finding) {
  return finding.hint.empty() ? finding.message : finding.message + " → " + finding.hint;
}

std::string TitleOf(const RunReport& run) {
  return "viasync " + run.command + (run.environment.empty() ? "" : " " + run.environment);
}

}  // namespace viasync::report::ci
