// What a run has to say to a reviewer, in one model for all platforms: what is wrong in the files,
// what allows contact again, conflicts, limits, drift, steps that failed. Formats print it
// (report/ci); none adds a finding of its own.
//
// All texts are printable (base::Printable), and numbers and mail addresses in them are masked.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/apply/result.h"
#include "engine/base/result.h"
#include "engine/plan/plan.h"
#include "engine/report/words.h"

namespace viasync::report {

enum class Severity { kError, kWarning, kNote };
std::string_view SeverityName(Severity severity);  // error | warning | note

struct Finding {
  std::string rule;  // the name of one of Rules()
  Severity severity = Severity::kError;
  std::string file;          // as the platform knows it; empty = nowhere
  int line = 0, column = 0;  // from 1; 0 = not known
  std::string message, hint;
  // Hex digits: the same for the same finding in the next run, even where lines have moved.
  std::string fingerprint{};
};

struct FindingRule {
  std::string_view name, title;
  bool in_plan;  // the plan's own text shows it
};
// In the order in which they matter.
std::span<const FindingRule> FindingRules();
std::size_t RuleIndex(std::string_view name);

// Collects what a run finds. `prefix` goes in front of each file: `outbound/` where the user's
// repository is a folder of the platform's.
class FindingCollector {
 public:
  explicit FindingCollector(std::string prefix = {}) : prefix_(std::move(prefix)) {}

  void AddErrors(const base::Errors& errors);
  void AddWarnings(const base::Errors& warnings);
  void AddPlan(const plan::Plan& plan, Purpose purpose);
  void AddResult(const apply::ApplyResult& result);

  // Takes over what another one holds.
  void Merge(FindingCollector other);
  // All of them once, worst first.
  std::vector<Finding> Take();

 private:
  void Add(Finding finding, std::string identity);
  void AddChange(const reconcile::Change& change, Purpose purpose);
  void AddConflict(const reconcile::Conflict& conflict, bool left_out, Purpose purpose);
  void AddError(const base::Error& error, Severity severity, std::string_view rule);
  std::string FileOf(std::string_view file) const;

  struct Entry {
    Finding finding;
    std::string identity;
    bool is_message;  // an error or a warning, not a change
  };
  std::string prefix_;
  std::vector<Entry> entries_;
};

// How many there are of each severity.
struct SeverityCounts {
  std::size_t errors = 0, warnings = 0, notes = 0;
};
SeverityCounts CountSeverities(std::span<const Finding> findings);

}  // namespace viasync::report
