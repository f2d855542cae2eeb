// What each entry costs from the first pull to a plan that finds nothing to do, for growing orgs:
// CPU and peak memory for each entry should stay flat. Nothing is asserted about time.
// VIASYNC_ENTRIES=1000000 measures that number alone.
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/measure.h"

namespace viasync::bench {
namespace {

void Print(std::size_t entries, const char* what, const Measured& m, std::size_t requests) {
  const auto each = static_cast<double>(entries);
  fmt::print("{:>9}  {:<28} CPU {:7.2f} s {:6.1f} us each   peak {:5} MB {:6.0f} B each   {} requests\n",
             entries, what, m.cpu_s, m.cpu_s / each * 1e6, m.peak_mb,
             static_cast<double>(m.peak_mb) * 1024 * 1024 / each, requests);
  std::fflush(stdout);
}

void MeasureOrgOf(std::size_t entries) {
  e2e::Folder repo;
  Sandbox sandbox(repo, {"--filters", "100", "--lists", "20", "--exclusions",
                         std::to_string(entries)});
  WriteProject(repo, sandbox, 64);
  std::filesystem::create_directories(repo.path() + "/config");
  sandbox.Requests();
  auto run = [&](const char* what, const std::vector<std::string>& args) {
    auto measured = Measure(repo, args);
    REQUIRE_MESSAGE(measured.exit_code == 0, repo.Read("out.txt"));
    Print(entries, what, measured, sandbox.Requests());
  };
  run("first pull", {"pull", "-e", "dev", "--yes"});
  run("plan, nothing to do", {"plan", "-e", "dev"});
  run("validate", {"validate"});
  std::filesystem::remove_all(repo.path() + "/.viasync");
  run("first apply: adoption", {"apply", "-e", "dev", "--yes", "--no-base"});
  run("plan, nothing to do", {"plan", "-e", "dev"});
}

// `files` against an org that has next to nothing.
void MeasurePlanOf(std::size_t count, const char* what, const std::string& path,
                   const std::string& text, int exit_code) {
  e2e::Folder repo;
  Sandbox sandbox(repo, {"--filters", "10", "--lists", "5", "--exclusions", "0"});
  WriteProject(repo, sandbox, 64);
  repo.Write("config/exclusions.yaml", "exclusions:\n  - from: dnc.csv\n");
  repo.Write("config/dnc.csv", "type,address,list,reason,start,end\naccount,1,,r,,\n");
  repo.Write(path, text);
  auto measured = Measure(repo, {"plan", "-e", "dev"});
  REQUIRE_MESSAGE(measured.exit_code == exit_code, repo.Read("out.txt"));
  Print(count, what, measured, sandbox.Requests());
}

// So many lists that the org does not have.
void MeasureErrors(std::size_t count) {
  std::string yaml = "lists:\n";
  for (std::size_t i = 0; i < count; ++i) {
    yaml += fmt::format("  - name: Nowhere{}\n    filter: \"\"\n", i);
  }
  MeasurePlanOf(count, "errors against the org", "config/lists.yaml", yaml, 1);
}

// One key with so many entries, told apart by their starts.
void MeasureStarts(std::size_t count) {
  std::string csv = "type,address,list,reason,start,end\n";
  for (std::size_t i = 0; i < count; ++i) {
    csv += fmt::format("voice,12025550111,,r,2026-01-{:02}T{:02}:{:02}:{:02}Z,\n", 1 + i / 86400,
                       i / 3600 % 24, i / 60 % 60, i % 60);
  }
  MeasurePlanOf(count, "starts of one key", "config/dnc.csv", csv, 0);
}

}  // namespace

TEST_CASE("CPU for each error, and for each entry of one key") {
  for (std::size_t count : {1'000, 10'000, 100'000}) MeasureErrors(count);
  for (std::size_t count : {1'000, 10'000, 100'000}) MeasureStarts(count);
}

TEST_CASE("CPU and memory for each entry, for growing orgs") {
  if (const char* wanted = std::getenv("VIASYNC_ENTRIES")) {
    return MeasureOrgOf(std::stoul(wanted));
  }
  for (std::size_t entries : {10'000, 100'000}) MeasureOrgOf(entries);
}

}  // namespace viasync::bench
