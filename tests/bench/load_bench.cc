// Loading and diffing 100,000 exclusions, as a ratio to what a bare yaml-cpp event scan of the same
// file takes in the same run. Nothing is asserted about time.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <vector>

#include "engine/config/desired.h"
#include "engine/config/project.h"
#include "engine/reconcile/reconcile.h"
#include "tests/e2e/harness.h"

namespace viasync::bench {
namespace {

constexpr int kEntries = 100'000;
constexpr int kRuns = 5;

class Nothing final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

double MedianSeconds(const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < kRuns; ++i) {
    auto begun = std::chrono::steady_clock::now();
    work();
    times.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  }
  std::ranges::sort(times);
  return times[kRuns / 2];
}

void WriteFiles(const e2e::Folder& folder) {
  std::string yaml = "exclusions:\n", csv = "type,address,list,reason,start,end\n";
  for (int i = 0; i < kEntries; ++i) {
    yaml += fmt::format(
        "  - type: voice\n    address: \"2025{:07}\"\n    list: ContactList{}\n"
        "    reason: Customer asked not to be called\n    start: 2026-01-05T00:00:00Z\n"
        "    end: 2027-01-05T00:00:00Z\n",
        i, i % 9);
    csv += fmt::format(
        "voice,2025{:07},ContactList{},Customer asked not to be called,2026-01-05T00:00:00Z,"
        "2027-01-05T00:00:00Z\n",
        i, i % 9);
  }
  folder.Write("yaml/viasync.yaml", "version: 1\nenvironments:\n  dev: {org: acme, region: us}\n");
  folder.Write("yaml/config/exclusions.yaml", yaml);
  folder.Write("csv/viasync.yaml", "version: 1\nenvironments:\n  dev: {org: acme, region: us}\n");
  folder.Write("csv/config/exclusions.yaml", "exclusions:\n  - from: dnc.csv\n");
  folder.Write("csv/config/dnc.csv", csv);
}

config::Desired Load(const std::string& root) {
  auto project = config::LoadProject(root);
  REQUIRE(project);
  auto desired = config::LoadDesired(*project, project->environments.at("dev"));
  REQUIRE(desired);
  REQUIRE(desired->Of<model::Exclusion>().size() == kEntries);
  return std::move(*desired);
}

void LoadAndDiff(const std::string& root,
                 const std::vector<model::Remote<model::Exclusion>>& remote) {
  auto desired = Load(root);
  auto decided =
      reconcile::Reconcile<model::Exclusion>({}, desired.Of<model::Exclusion>(), remote, {});
  REQUIRE(decided.unchanged == kEntries);
}

}  // namespace

TEST_CASE("load and diff 100,000 exclusions against a bare event scan") {
  e2e::Folder folder;
  WriteFiles(folder);
  std::vector<model::Remote<model::Exclusion>> remote;
  for (auto& entry : Load(folder.path() + "/yaml").Of<model::Exclusion>()) {
    remote.push_back({.value = entry.value, .id = std::to_string(remote.size()), .version = 1});
  }
  double scan = MedianSeconds([&] {
    std::ifstream file(folder.path() + "/yaml/config/exclusions.yaml");
    YAML::Parser parser(file);
    Nothing nothing;
    while (parser.HandleNextDocument(nothing)) {
    }
  });
  double yaml = MedianSeconds([&] { LoadAndDiff(folder.path() + "/yaml", remote); });
  double csv = MedianSeconds([&] { LoadAndDiff(folder.path() + "/csv", remote); });
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("bare yaml-cpp event scan  {:.2f} s\n", scan);
  fmt::print("YAML: load + diff         {:.2f} s  ratio {:.2f}\n", yaml, yaml / scan);
  fmt::print("CSV:  load + diff         {:.2f} s  ratio {:.2f}\n", csv, csv / scan);
  fmt::print("peak memory of all of it  {} MB\n", usage.ru_maxrss / 1024);
}

}  // namespace viasync::bench
