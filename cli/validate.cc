#include <algorithm>
#include <iostream>
#include <memory>
#include <set>
#include <vector>

#include "cli/ci_run.h"
#include "cli/command.h"
#include "cli/console.h"
#include "engine/base/ports.h"
#include "engine/base/strings.h"
#include "engine/config/desired.h"
#include "engine/config/project.h"
#include "engine/report/error_text.h"
#include "engine/workflow/agreed_criteria.h"

namespace viasync::cli {
namespace {

std::string Counts(const config::Desired& desired) {
  std::string text;
  model::ForEachKind([&]<class R> {
    text +=
        (text.empty() ? "" : ", ") + base::Plural(desired.Of<R>().size(), model::InfoOf<R>().name);
  });
  return text;
}

// What is wrong in config/ is wrong in each environment: it is told once.
void AddNew(const base::Errors& found, base::Errors& all) {
  for (const auto& error : found) {
    auto same = [&](const base::Error& known) {
      return known.where == error.where && known.message == error.message;
    };
    if (std::ranges::none_of(all, same)) all.push_back(error);
  }
}

// What the org has taken already is its own matter; what only the files say is an error.
void AddCriteriaFaults(const config::Desired& desired, const config::Project& project,
                       const config::Environment& environment, base::Errors& errors,
                       base::Errors& warnings) {
  if (desired.criteria_faults.empty()) return;
  bool only_warn = project.checks.criteria != config::CheckLevel::kError;
  workflow::AgreedCriteria agreed(environment, base::SystemClock());
  for (const auto& [criteria, error] : desired.criteria_faults) {
    AddNew({error}, only_warn || agreed.Holds(criteria) ? warnings : errors);
  }
}

// Every environment, or the one that was named: an overlay is wrong only where it applies.
ExitCode RunValidate(const Globals& globals, const std::string& format) {
  bool json = format == "json";
  auto project = config::LoadProject(globals.directory);
  if (!project) return Report(project.error(), globals.directory, json);
  if (!globals.environment.empty()) {
    auto named = config::FindEnvironment(*project, globals.environment);
    if (!named) return Report(named.error(), globals.directory, json);
  }
  base::Errors errors, warnings;
  std::string lines;
  std::set<std::string> ignored;
  for (const auto& [name, environment] : project->environments) {
    if (!globals.environment.empty() && name != globals.environment) continue;
    auto desired = config::LoadDesired(*project, environment);
    if (desired) {
      AddCriteriaFaults(*desired, *project, environment, errors, warnings);
      lines += name + ": " + Counts(*desired) + "\n";
      AddNew(desired->warnings, warnings);
      ignored.insert(desired->ignored_files.begin(), desired->ignored_files.end());
    } else {
      AddNew(desired.error(), errors);
    }
  }
  NoteWarnings(warnings);
  Warn(warnings, globals.directory);
  if (!errors.empty()) return Report(errors, globals.directory, json);
  for (const auto& path : ignored) lines += "ignored on purpose: " + base::Printable(path) + "\n";
  if (json) {
    std::cout << report::ErrorsJson({}, warnings);
  } else {
    std::cout << lines << "The files are valid.\n";
  }
  return ExitCode::kDone;
}

}  // namespace

Run DefineValidate(Args& args, const Globals& globals) {
  auto format = std::make_shared<std::string>("text");
  args.Text("--format", *format, "text or json").Choices({"text", "json"});
  auto ci = AddCiFlag(args);
  return [&globals, format, ci] {
    return WithCi(*ci, globals, "validate", [&] { return RunValidate(globals, *format); });
  };
}

}  // namespace viasync::cli
