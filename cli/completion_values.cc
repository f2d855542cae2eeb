#include "cli/completion_values.h"

#include <set>

#include "cli/job_flow.h"
#include "engine/api/jobs.h"
#include "engine/base/strings.h"
#include "engine/config/desired.h"
#include "engine/config/project.h"
#include "engine/http/transport.h"

namespace viasync::cli {
namespace {

std::set<std::string> Keys(const config::Project& project, const std::string& environment) {
  std::set<std::string> keys;
  for (const auto& [name, one] : project.environments) {
    if (!environment.empty() && name != environment) continue;
    auto desired = config::LoadDesired(project, one, /*may_be_empty=*/true);
    if (!desired) continue;
    model::ForEachKind([&]<class R> {
      for (const auto& entry : desired->template Of<R>()) keys.insert(model::KeyOf(entry.value));
    });
  }
  return keys;
}

std::set<std::string> Jobs(const config::Project& project, const std::string& name) {
  std::set<std::string> ids;
  auto environment = NameEnvironment(project, name);
  if (!environment) return ids;
  auto side = ReachOrg(*environment);
  if (!side) return ids;
  auto jobs = http::Run(*(*side)->org.transport, api::ListJobs(*(*side)->side.session));
  if (!jobs) return ids;
  for (const auto& job : *jobs) ids.insert(job.id);
  return ids;
}

}  // namespace

std::vector<std::string> CompletionValues(const Globals& globals, const std::string& what) {
  std::set<std::string> values;
  auto project = config::LoadProject(globals.directory);
  if (!project) return {};
  if (what == "environments") {
    for (const auto& [name, environment] : project->environments) values.insert(name);
  } else if (what == "migrations") {
    for (const auto& [name, migration] : project->migrations) values.insert(name);
  } else if (what == "keys") {
    values = Keys(*project, globals.environment);
  } else {
    values = Jobs(*project, globals.environment);
  }
  // What cannot be typed on one line is not offered.
  std::erase_if(values, [](const std::string& value) { return base::Printable(value) != value; });
  return {values.begin(), values.end()};
}

}  // namespace viasync::cli
