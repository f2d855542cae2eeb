#include <utility>

#include "engine/base/strings.h"
#include "engine/report/ci/formats.h"

namespace viasync::report::ci {
namespace {

std::string Label(std::string_view value) {
  std::string out;
  for (char c : base::Printable(value)) {
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return '"' + out + '"';
}

using Sample = std::pair<std::string_view, std::size_t>;  // the label's value, and the number

class Metrics {
 public:
  explicit Metrics(const RunReport& run)
      : labels_("command=" + Label(run.command) + ",environment=" + Label(run.environment)) {}

  void Gauge(const std::string& name, const std::string& help, const std::string& label,
             std::initializer_list<Sample> samples) {
    text_ += "# TYPE " + name + " gauge\n# HELP " + name + " " + help + "\n";
    for (const auto& [value, number] : samples) {
      text_ += name + "{" + labels_;
      if (!label.empty()) text_ += "," + label + "=" + Label(value);
      text_ += "} " + std::to_string(number) + "\n";
    }
  }
  std::string Take() { return std::move(text_) + "# EOF\n"; }

 private:
  std::string labels_, text_;
};

}  // namespace

std::string OpenMetrics(const RunReport& run) {
  Metrics metrics(run);
  const auto counts = CountSeverities(run.findings);
  if (const auto& summary = run.summary) {
    metrics.Gauge(
        "viasync_changes", "Changes that the plan would make in the org.", "action",
        {{"create", summary->create}, {"update", summary->update}, {"delete", summary->remove}});
    metrics.Gauge("viasync_changes_allowing_contact",
                  "Of these, changes that allow contact with somebody again.", "",
                  {{"", summary->unprotect}});
    metrics.Gauge("viasync_drifted", "Objects that changed only in the org.", "",
                  {{"", summary->pull}});
    metrics.Gauge("viasync_conflicts", "Objects that changed differently on both sides.", "",
                  {{"", summary->conflict}});
    metrics.Gauge("viasync_unmanaged", "Objects that no file declares.", "",
                  {{"", summary->unmanaged}});
  }
  metrics.Gauge("viasync_findings", "What the run found, by severity.", "severity",
                {{"error", counts.errors}, {"warning", counts.warnings}, {"note", counts.notes}});
  metrics.Gauge("viasync_exit_code", "The exit code of the run.", "",
                {{"", static_cast<std::size_t>(run.exit_code)}});
  return metrics.Take();
}

}  // namespace viasync::report::ci
