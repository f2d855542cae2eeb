// 50,000 records from a CSV file at 20 ms latency, through the real binary: time as a ratio to the
// ideal (requests times latency over concurrency), and the peak of memory against that of 5,000
// records: flat, if the rows are streamed. Nothing is asserted about time.
#include "tests/bench/measure.h"

namespace viasync::bench {
namespace {

constexpr int kLatencyMs = 20;
constexpr int kConcurrency = 32;

void Insert(const e2e::Folder& repo, int first, int count) {
  std::string csv = "@ACCOUNT,@NUMBER,@NAME\n";
  for (int i = first; i < first + count; ++i) {
    csv += fmt::format("{},09{:09},Customer number {}\n", i, i, i);
  }
  const std::string file = fmt::format("{}.csv", count);
  repo.Write(file, csv);
  auto m = Measure(repo, {"records", "insert", "Strategy1", repo.path() + "/" + file, "--yes"});
  REQUIRE_MESSAGE(m.exit_code == 0, repo.Read("out.txt"));
  double ideal = count * kLatencyMs / 1000.0 / kConcurrency;
  fmt::print("{:>6} records  {:6.2f} s  ratio to ideal {:.3f}  CPU {:.2f} s  peak {} MB\n", count,
             m.wall_s, m.wall_s / ideal, m.cpu_s, m.peak_mb);
  std::fflush(stdout);
}

}  // namespace

TEST_CASE("records at 20 ms latency, 32 in flight") {
  e2e::Folder repo;
  Sandbox sandbox(repo, {"--filters", "0", "--lists", "0", "--exclusions", "0", "--latency",
                         std::to_string(kLatencyMs)});
  WriteProject(repo, sandbox, kConcurrency);
  Insert(repo, 1, 5'000);
  Insert(repo, 100'000, 50'000);
}

}  // namespace viasync::bench
