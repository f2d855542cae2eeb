#include <iostream>
#include <memory>
#include <vector>

#include "cli/command.h"
#include "cli/console.h"
#include "engine/base/strings.h"
#include "engine/config/desired.h"
#include "engine/config/project.h"

namespace viasync::cli {
namespace {

std::string Counts(const config::Desired& desired) {
  return base::Plural(desired.filters.size(), "filter") + ", " +
         base::Plural(desired.exclusions.size(), "exclusion") + ", " +
         base::Plural(desired.lists.size(), "list");
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
  base::Errors errors;
  std::string lines;
  for (const auto& [name, environment] : project->environments) {
    if (!globals.environment.empty() && name != globals.environment) continue;
    auto desired = config::LoadDesired(*project, environment);
    if (desired) {
      lines += name + ": " + Counts(*desired) + "\n";
      continue;
    }
    for (auto& error : desired.error()) {  // what is wrong in config/ is wrong in each: told once
      bool told = false;
      for (const auto& known : errors) {
        told |= known.where == error.where && known.message == error.message;
      }
      if (!told) errors.push_back(std::move(error));
    }
  }
  if (!errors.empty()) return Report(errors, globals.directory, json);
  if (json)
    std::cout << "{\"errors\": []}\n";
  else
    std::cout << lines << "The files are valid.\n";
  return ExitCode::kDone;
}

}  // namespace

Run DefineValidate(Args& args, const Globals& globals) {
  auto format = std::make_shared<std::string>("text");
  args.Text("--format", *format, "text or json").Choices({"text", "json"});
  return [&globals, format] { return RunValidate(globals, *format); };
}

}  // namespace viasync::cli
