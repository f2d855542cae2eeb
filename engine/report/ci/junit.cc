#include <algorithm>

#include "engine/base/strings.h"
#include "engine/report/ci/formats.h"

namespace viasync::report::ci {
namespace {

// Printable text has no control characters left; of what XML 1.0 cannot hold, that leaves U+FFFE
// and U+FFFF.
std::string Xml(std::string_view raw) {
  const std::string text = base::Printable(raw);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = std::string_view(text).substr(i);
    if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {
      out += "\xEF\xBF\xBD";
      i += 2;
      continue;
    }
    switch (text[i]) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        out += text[i];
    }
  }
  return out;
}

std::string PlaceText(const Finding& finding) {
  std::string place = finding.file;
  if (!place.empty() && finding.line > 0) place += ":" + std::to_string(finding.line);
  if (!place.empty() && finding.column > 0) place += ":" + std::to_string(finding.column);
  return place;
}

std::string Case(const RunReport& run, const Finding& finding) {
  const std::string place = PlaceText(finding);
  std::string open = "    <testcase classname=\"" + Xml(TitleOf(run) + "." + finding.rule) +
                     "\" name=\"" + Xml(finding.message) + "\"";
  if (!finding.file.empty()) open += " file=\"" + Xml(finding.file) + "\"";
  std::string body = (place.empty() ? "" : place + ": ") + WholeText(finding);
  if (finding.severity != Severity::kError) {
    return open + ">\n      <system-out>" + Xml(body) + "</system-out>\n    </testcase>\n";
  }
  return open + ">\n      <failure type=\"" + Xml(finding.rule) + "\" message=\"" +
         Xml(finding.message) + "\">" + Xml(body) + "</failure>\n    </testcase>\n";
}

}  // namespace

std::string JUnit(const RunReport& run) {
  const auto [findings, left] = WorstOf(run);
  std::string cases;
  std::size_t failures = 0;
  for (const auto& finding : findings) {
    if (finding.severity == Severity::kError) ++failures;
    cases += Case(run, finding);
  }
  // The run itself, so that the report is never empty; where nothing else says why it failed, this
  // does. Code 2 only says that something differs.
  const bool failed = run.exit_code != 0 && run.exit_code != 2 && failures == 0;
  Finding whole{.rule = "run",
                .severity = failed ? Severity::kError : Severity::kNote,
                .file = {},
                .message = TitleOf(run) + " ended with exit code " + std::to_string(run.exit_code)};
  if (left > 0) whole.hint = LeftText(left);
  if (failed) ++failures;
  cases += Case(run, whole);
  const std::string counts = " tests=\"" + std::to_string(findings.size() + 1) + "\" failures=\"" +
                             std::to_string(failures) + "\" errors=\"0\"";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts +
         ">\n  <testsuite name=\"" + Xml(TitleOf(run)) + "\"" + counts + ">\n" + cases +
         "  </testsuite>\n</testsuites>\n";
}

}  // namespace viasync::report::ci
