#include "engine/report/findings.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>
#include <utility>

#include "engine/base/strings.h"
#include "engine/plan/limits.h"
#include "engine/report/mask_text.h"
#include "engine/report/plan_words.h"

namespace viasync::report {
namespace {

using reconcile::Action;
using reconcile::Change;
using reconcile::Direction;

constexpr std::array kRules = {
    FindingRule{"allows-contact-again", "Somebody may be contacted again", true},
    FindingRule{"conflict", "Changed differently in the files and in the org", true},
    FindingRule{"over-limit", "A limit of the project is exceeded", true},
    FindingRule{"stale-plan", "The reviewed plan no longer matches the org", false},
    FindingRule{"not-applied", "A change was not applied", false},
    FindingRule{"run-failed", "The run could not go on", false},
    FindingRule{"invalid-file", "A file is not valid", false},
    FindingRule{"look-at", "Somebody should look at it", true},
    FindingRule{"drift", "Changed in the org alone", true},
    FindingRule{"difference", "Two orgs are different", true},
};

std::string_view RuleOf(const base::Error& error) {
  switch (error.kind) {
    case base::ErrorKind::kLimit:
      return "over-limit";
    case base::ErrorKind::kStale:
      return "stale-plan";
    default:
      return error.where && !error.where->file.empty() ? "invalid-file" : "run-failed";
  }
}

std::string Shown(std::string_view text) { return MaskText(base::Printable(text)); }

// What a change is about, masked: `filter Promo`.
std::string NameOf(const Change& change) {
  return std::string(model::KindName(change.kind)) + " `" +
         Shown(KeyText(change.kind, change.key, true)) + "`";
}

// Without numbers that follow `:` or `line `: they move when a line is added above.
std::string WithoutLines(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] != ':' && !out.ends_with("line ")) continue;
    while (i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9') ++i;
  }
  return out;
}

std::string UnprotectMessage(const Change& change) {
  if (change.kind != model::Kind::kExclusion) return NameOf(change) + " allows contact again";
  const auto view = ViewExclusion(change, true);
  std::string what(reconcile::ActionName(change.action));
  if (change.direction == Direction::kPull) what += " in the files";
  std::string message = what + " exclusion " + view.type + " " + view.address + " (" + view.list +
                        "): " + (view.effect.empty() ? "it protects less" : view.effect);
  if (change.action == Action::kUpdate) message += "; " + UpdateText(change);
  return Shown(message);
}

}  // namespace

std::string_view SeverityName(Severity severity) {
  constexpr std::string_view kNames[] = {"error", "warning", "note"};
  return kNames[static_cast<std::size_t>(severity)];
}

std::span<const FindingRule> FindingRules() { return kRules; }

std::size_t RuleIndex(std::string_view name) {
  const auto found = std::ranges::find(kRules, name, &FindingRule::name);
  return static_cast<std::size_t>(std::distance(kRules.begin(), found));
}

std::string FindingCollector::FileOf(std::string_view file) const {
  if (file.empty() || file.starts_with('/')) return base::Printable(file);
  return base::Printable(prefix_ + std::string(file));
}

void FindingCollector::Add(Finding finding, std::string identity) {
  identity.insert(0, finding.rule + "\n" + finding.file + "\n");
  entries_.push_back({std::move(finding), std::move(identity), false});
}

void FindingCollector::AddError(const base::Error& error, Severity severity,
                                std::string_view rule) {
  Finding finding{.rule = std::string(rule),
                  .severity = severity,
                  .file = {},
                  .message = Shown(error.message),
                  .hint = Shown(error.hint)};
  if (error.where) {
    finding.file = FileOf(error.where->file);
    finding.line = std::max(error.where->line, 0);
    finding.column = std::max(error.where->column, 0);
  }
  std::string identity = WithoutLines(finding.message);
  Add(std::move(finding), std::move(identity));
  entries_.back().is_message = true;
}

void FindingCollector::AddErrors(const base::Errors& errors) {
  for (const auto& error : errors) AddError(error, Severity::kError, RuleOf(error));
}

void FindingCollector::AddWarnings(const base::Errors& warnings) {
  for (const auto& warning : warnings) AddError(warning, Severity::kWarning, "look-at");
}

void FindingCollector::AddChange(const Change& change, Purpose purpose) {
  Finding finding{.file = FileOf(change.source.file.str()),
                  .line = std::max(change.source.line, 0)};
  std::string identity = NameOf(change);
  if (change.unprotects && purpose != Purpose::kDiff) {
    finding.rule = "allows-contact-again";
    finding.severity = Severity::kWarning;
    finding.message = UnprotectMessage(change);
    finding.hint = "let somebody who may decide it confirm it";
  } else if (purpose == Purpose::kDiff) {
    constexpr std::string_view kWords[] = {"is missing", "is different", "is extra"};
    finding.rule = "difference";
    finding.severity = Severity::kNote;
    finding.message = identity + " " + std::string(kWords[static_cast<std::size_t>(change.action)]);
  } else if (change.direction == Direction::kPull || change.reverts_drift) {
    finding.rule = "drift";
    finding.severity = change.reverts_drift ? Severity::kWarning : Severity::kNote;
    const std::string note = DriftNote(change, purpose);
    finding.message = identity + ": " + (note.empty() ? "changed in the org" : Shown(note));
  } else {
    return;
  }
  Add(std::move(finding), std::move(identity));
}

void FindingCollector::AddConflict(const reconcile::Conflict& conflict, bool left_out,
                                   Purpose purpose) {
  const auto& change = conflict.change;
  std::string identity = NameOf(change);
  std::string message = identity + " is in conflict: " + Shown(conflict.reason);
  if (const auto who = WhoChanged(change); !who.empty()) {
    message += " (in the org " + Shown(who) + ")";
  }
  const bool stops = !left_out && purpose != Purpose::kDiff;
  Add({.rule = "conflict",
       .severity = stops ? Severity::kError : Severity::kWarning,
       .file = FileOf(change.source.file.str()),
       .line = std::max(change.source.line, 0),
       .message = std::move(message),
       .hint = stops ? "--prefer local or --prefer remote takes a side, --skip-conflicts leaves it "
                       "as it is"
                     : ""},
      std::move(identity));
}

void FindingCollector::AddPlan(const plan::Plan& plan, Purpose purpose) {
  for (const auto& change : plan.changes) AddChange(change, purpose);
  for (const auto& conflict : plan.conflicts) {
    AddConflict(conflict, plan.options.skip_conflicts, purpose);
  }
  if (purpose != Purpose::kDiff) AddErrors(plan::LimitErrors(plan.exceeded));
  for (const auto& warning : MaskedWarnings(plan)) {
    AddError({.message = warning.message, .hint = warning.hint, .where = warning.where},
             Severity::kWarning, "look-at");
  }
}

void FindingCollector::AddResult(const apply::ApplyResult& result) {
  using Step = apply::StepResult;
  for (const auto& step : result.steps) {
    if (step.state == Step::kDone) continue;
    constexpr std::string_view kWords[] = {
        "",
        "failed",
        "was not tried, since something it needs failed",
        "was sent, and its outcome is not known",
        "was left as it is in the org, where somebody changed it since the plan",
        "was left as it is in the org, where somebody changed it since the review",
        "was not reached"};
    std::string identity = NameOf(step.change);
    std::string message = std::string(reconcile::ActionName(step.change.action)) + " " + identity +
                          " " + std::string(kWords[static_cast<std::size_t>(step.state)]);
    if (!step.note.empty()) message += ": " + Shown(step.note);
    Add({.rule = step.state == Step::kStale ? "stale-plan" : "not-applied",
         .severity = Severity::kError,
         .file = FileOf(step.change.source.file.str()),
         .line = std::max(step.change.source.line, 0),
         .message = std::move(message),
         .hint = step.state == Step::kStale ? "plan again, review, and apply that"
                                            : "run the same command again to go on"},
        std::move(identity));
  }
  if (!result.stopped.empty()) {
    AddError({.message = result.stopped}, Severity::kError, "run-failed");
  }
}

void FindingCollector::Merge(FindingCollector other) {
  entries_.insert(entries_.end(), std::make_move_iterator(other.entries_.begin()),
                  std::make_move_iterator(other.entries_.end()));
}

std::vector<Finding> FindingCollector::Take() {
  auto order = [](const Entry& entry) {
    const auto& f = entry.finding;
    return std::tuple(f.severity, RuleIndex(f.rule), std::string_view(f.file), f.line, f.column,
                      std::string_view(f.message), std::string_view(entry.identity));
  };
  std::ranges::stable_sort(entries_, {}, order);
  // The same limit is an error of the plan and of the run that refuses it. Changes stay: two that
  // are alike once they are masked are two people.
  auto [last, end] = std::ranges::unique(entries_, [&](const Entry& a, const Entry& b) {
    return a.is_message && b.is_message && order(a) == order(b);
  });
  entries_.erase(last, end);
  std::vector<Finding> findings;
  findings.reserve(entries_.size());
  std::map<std::string, std::size_t> seen;
  for (auto& [finding, identity, is_message] : entries_) {
    const std::size_t count = ++seen[identity];  // alike in one file: told apart by their order
    if (count > 1) identity += "\n" + std::to_string(count);
    finding.fingerprint = base::Sha256Hex(identity);
    findings.push_back(std::move(finding));
  }
  entries_.clear();
  return findings;
}

SeverityCounts CountSeverities(std::span<const Finding> findings) {
  SeverityCounts counts;
  for (const auto& finding : findings) {
    ++(finding.severity == Severity::kError     ? counts.errors
       : finding.severity == Severity::kWarning ? counts.warnings
                                                : counts.notes);
  }
  return counts;
}

}  // namespace viasync::report
