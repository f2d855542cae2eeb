// What later jobs and steps read: the same names in GitLab's and in GitHub's spelling.
#include <algorithm>
#include <utility>

#include "engine/base/strings.h"
#include "engine/report/ci/formats.h"

namespace viasync::report::ci {
namespace {

// The values are our own digits and hex digits: nothing in them can begin another line.
std::vector<std::pair<std::string, std::string>> Values(const RunReport& run) {
  std::vector<std::pair<std::string, std::string>> values;
  values.emplace_back("exit-code", std::to_string(run.exit_code));
  if (!run.plan_id.empty()) values.emplace_back("plan-id", base::Printable(run.plan_id));
  if (const auto& summary = run.summary) {
    values.emplace_back("create", std::to_string(summary->create));
    values.emplace_back("update", std::to_string(summary->update));
    values.emplace_back("delete", std::to_string(summary->remove));
    values.emplace_back("unprotect", std::to_string(summary->unprotect));
    values.emplace_back("drifted", std::to_string(summary->pull));
    values.emplace_back("conflicts", std::to_string(summary->conflict));
  }
  return values;
}

}  // namespace

std::string Dotenv(const RunReport& run) {
  std::string text;
  for (auto& [name, value] : Values(run)) {
    std::ranges::replace(name, '-', '_');
    text += "VIASYNC_" + base::ToUpper(name) + "=" + value + "\n";
  }
  return text;
}

std::string GitHubOutput(const RunReport& run) {
  std::string text;
  for (const auto& [name, value] : Values(run)) text += name + "=" + value + "\n";
  return text;
}

}  // namespace viasync::report::ci
