// Runs that are disturbed and killed, and what must be true all the same (oracles.h). A failure
// names its seed; `VIASYNC_SEED=N` runs that one again. `VIASYNC_SECONDS=N` looks for seeds that
// nobody has seen; else the seeds are always the same, so that a red build is the change's doing.
#include "tests/simulation/simulation.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <random>

namespace viasync::simulation {
namespace {

std::optional<std::uint64_t> GivenSeed() {
  const char* given = std::getenv("VIASYNC_SEED");
  if (!given) return std::nullopt;
  return std::strtoull(given, nullptr, 10);
}

Verdict Check(std::uint64_t seed, Disk disk) {
  auto verdict = Simulate(seed, disk);
  CAPTURE(seed);
  for (const auto& broken : verdict.broken) FAIL_CHECK(broken);
  return verdict;
}

}  // namespace

TEST_CASE("disturbed and killed runs keep every promise, for seeds that are always the same") {
  if (auto given = GivenSeed()) {
    Check(*given, Disk::kMemory);
    Check(*given, Disk::kSqlite);
    return;
  }
  Verdict all;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    auto one = Check(seed, Disk::kMemory);
    all.crashes += one.crashes, all.interrupts += one.interrupts, all.rebased += one.rebased;
    all.conflicts += one.conflicts, all.unknown += one.unknown, all.settled += one.settled;
  }
  // A simulation in which nothing goes wrong proves nothing.
  CHECK(all.crashes > 50);
  CHECK(all.interrupts > 5);
  CHECK(all.rebased > 5);
  CHECK(all.conflicts > 20);
  CHECK(all.unknown > 5);
  CHECK(all.settled > 50);
}

TEST_CASE("the same holds on SQLite's files, as a kill leaves them") {
  if (GivenSeed()) return;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) Check(seed, Disk::kSqlite);
}

TEST_CASE("the same holds for seeds that nobody has seen") {
  const char* given = std::getenv("VIASYNC_SECONDS");
  if (GivenSeed() || !given) return;
  const auto time = std::chrono::seconds(std::atoi(given));
  const std::uint64_t base = std::random_device{}();
  MESSAGE("seeds from " << base << "; repeat one with VIASYNC_SEED=N");
  const auto end = std::chrono::steady_clock::now() + time;
  for (std::uint64_t i = 0; std::chrono::steady_clock::now() < end; ++i) {
    if (!Check(base + i, Disk::kMemory).broken.empty()) return;
  }
}

// What chance found, and what was wrong then.
TEST_CASE("seeds that once broke a promise") {
  if (GivenSeed()) return;
  struct {
    std::uint64_t seed;
    const char* what;
  } constexpr kFound[] = {
      {31, "five lost tries were told as failed, and the last one landed"},
      {1543117869, "a refusal was told as failed, and the lost try before it landed"},
      {1836145451, "an edit of a write that was lost was taken for the org's own form"},
      {2531403326, "an edit of an exclusion whose answer was lost had it made twice"},
      {11, "a lost create that somebody edited was told as not done, and a second try landed"},
      {3895105757, "a try that landed after the look had an exclusion made twice"},
  };
  for (const auto& [seed, what] : kFound) {
    CAPTURE(what);
    Check(seed, Disk::kMemory);
  }
}

TEST_CASE("the same seed gives the same run, request by request") {
  for (std::uint64_t seed : {3, 11, 42}) {
    auto first = Simulate(seed, Disk::kMemory);
    CHECK(first == Simulate(seed, Disk::kMemory));
    CHECK(first == Simulate(seed, Disk::kSqlite));
  }
}

}  // namespace viasync::simulation
