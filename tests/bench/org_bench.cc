// Plan and apply against a sandbox at 50 ms latency, through the real binary:
// 2,000 filters, 300 lists and 20,000 exclusions of which 5,200 are declared; 1,000 changes.
// Printed as a ratio to the ideal: the requests that were needed, at the configured concurrency,
// times the latency. Nothing is asserted about time.
#include <map>

#include "tests/bench/measure.h"

namespace viasync::bench {
namespace {

constexpr int kLatencyMs = 50;
constexpr int kConcurrency = 32;
constexpr std::size_t kDeclaredExclusions = 5'000, kNewExclusions = 200;
constexpr std::size_t kChangedExclusions = 400, kChangedFilters = 300, kNewFilters = 100;

const char* TypeName(int type) {
  constexpr const char* kNames[] = {"account", "voice", "email", "sms", "secondary"};
  return kNames[type];
}

std::string Quoted(const std::string& text) { return json(text).dump(); }

// Declares what the org holds, except for the changes to be made.
void Declare(const json& org, const e2e::Folder& repo) {
  std::map<std::string, std::string> schema;
  for (const auto& s : org.at("schemas")) schema[s.at("id")] = s.at("schemaName");
  std::string yaml = "filters:\n";
  std::size_t n = 0;
  for (const auto& f : org.at("filters")) {
    std::string criteria = f.at("filterCriteria");
    if (n++ < kChangedFilters) criteria = "1 = 1 AND " + criteria;
    yaml += fmt::format("  - name: {}\n    description: {}\n", Quoted(f.at("filterName")),
                        Quoted(f.value("filterDescription", "")));
    if (!f.value("schemaId", "").empty()) yaml += "    schema: " + schema[f.at("schemaId")] + "\n";
    yaml += "    criteria: " + Quoted(criteria) + "\n";
  }
  for (std::size_t i = 0; i < kNewFilters; ++i) {
    yaml += fmt::format("  - {{name: Bench{:04}, criteria: Balance > {}}}\n", i, i);
  }
  yaml += "lists:\n";
  for (const auto& l : org.at("lists")) {
    int type = l.at("listType");
    if (type != 1 && type != 3) continue;
    yaml += fmt::format("  - name: {}\n    filter: {}\n", Quoted(l.at("name")),
                        Quoted(l.value("filterName", "")));
  }
  repo.Write("config/campaign.yaml", yaml);

  std::string exclusions = "exclusions:\n";
  n = 0;
  for (const auto& e : org.at("exclusions")) {
    if (n == kDeclaredExclusions) break;
    std::string reason = e.value("reason", "");
    if (n++ < kChangedExclusions) reason += " (checked)";
    exclusions += fmt::format("  - type: {}\n    address: {}\n    reason: {}\n    start: {}\n",
                              TypeName(e.at("contactType")), Quoted(e.at("contactAddress")),
                              Quoted(reason), e.at("startTime").get<std::string>());
    if (auto list = e.value("contactListName", ""); !list.empty()) {
      exclusions += "    list: " + Quoted(list) + "\n";
    }
    if (e.value("endPattern", 0) == 1) {
      exclusions += "    end: " + e.at("endTime").get<std::string>() + "\n";
    }
  }
  for (std::size_t i = 0; i < kNewExclusions; ++i) {
    exclusions += fmt::format(
        "  - {{type: account, address: bench-{:05}, reason: bench, start: 2026-01-01T00:00:00Z}}\n",
        i);
  }
  repo.Write("config/exclusions.yaml", exclusions);
}

void Print(const char* what, const Measured& m, std::size_t requests) {
  double ideal = static_cast<double>(requests) * kLatencyMs / 1000.0 / kConcurrency;
  fmt::print("{:<22} {:>6} requests  {:6.2f} s  ratio to ideal {:.3f}  CPU {:.2f} s  peak {} MB\n",
             what, requests, m.wall_s, m.wall_s / ideal, m.cpu_s, m.peak_mb);
  std::fflush(stdout);
}

}  // namespace

TEST_CASE("plan and apply at 50 ms latency, 32 in flight") {
  e2e::Folder repo;
  Sandbox sandbox(repo, {"--filters", "2000", "--lists", "300", "--exclusions", "20000",
                         "--latency", std::to_string(kLatencyMs)});
  // In a child of its own: a child's peak memory, as the system reports it, is never below what its
  // parent held at its birth.
  if (pid_t writer = fork(); writer == 0) {
    Declare(sandbox.Get("orgs/acme-dev"), repo);
    _exit(0);
  } else {
    waitpid(writer, nullptr, 0);
  }
  WriteProject(repo, sandbox, kConcurrency);
  sandbox.Requests();

  auto plan = Measure(repo, {"plan", "-e", "dev"});
  REQUIRE_MESSAGE(plan.exit_code == 0, repo.Read("out.txt"));
  Print("plan", plan, sandbox.Requests());

  auto apply = Measure(repo, {"apply", "-e", "dev", "--yes"});
  REQUIRE_MESSAGE(apply.exit_code == 0, repo.Read("out.txt"));
  Print("plan + 1,000 changes", apply, sandbox.Requests());

  auto again = Measure(repo, {"plan", "-e", "dev", "--exit-code"});
  REQUIRE_MESSAGE(again.exit_code == 0, repo.Read("out.txt"));
  Print("plan, nothing to do", again, sandbox.Requests());

  auto whole = Measure(repo, {"plan", "-e", "dev", "--exit-code", "--no-cache"});
  REQUIRE_MESSAGE(whole.exit_code == 0, repo.Read("out.txt"));
  Print("the same, --no-cache", whole, sandbox.Requests());
}

}  // namespace viasync::bench
