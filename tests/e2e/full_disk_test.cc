// A disk that becomes full at any byte: the run says so, what is there stays whole, and the next
// run goes on once there is room. The org's request log is the witness that nothing happens twice.
#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/e2e/in_step.h"
#include "tests/e2e/migration_world.h"
#include "tests/e2e/moving_world.h"

namespace viasync::e2e {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kPadding = 4 << 20;

// Runs with `bytes` of room in the folder of the repository.
Output RunOnFullDisk(World& world, const std::string& folder, std::int64_t bytes,
                     const std::vector<std::string>& args) {
  const auto before = world.env;
  world.env["ASAN_OPTIONS"] = "verify_asan_link_order=0";  // the library comes before asan's
  world.env["LD_PRELOAD"] = Runfile("tests/e2e/libsmall_disk.so");
  world.env["SMALL_DISK_FOLDER"] = world.repo.path() + "/" + folder;
  world.env["SMALL_DISK_BYTES"] = std::to_string(bytes);
  auto output = world.Run(args);
  world.env = before;
  return output;
}

std::vector<std::string> FilesOf(const World& world, const std::string& folder) {
  std::vector<std::string> files;
  if (!fs::exists(world.repo.path() + "/" + folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(world.repo.path() + "/" + folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  }
  return files;
}

// What fails for want of room says so and ends with one of the exit codes for it.
void CheckSaysFull(const Output& output) {
  CHECK((output.exit_code == 1 || output.exit_code == 4));
  CHECK(Has(output.out + output.err, "disk is full"));
}

// Calls `run` with ever more room until it says that all fitted. It checks what it does itself.
void WithEverMoreRoom(std::int64_t step, std::int64_t most,
                      const std::function<bool(std::int64_t bytes)>& run) {
  for (std::int64_t bytes = 0;; bytes += step) {
    CAPTURE(bytes);
    REQUIRE(bytes < most);
    if (run(bytes)) return;
  }
}

}  // namespace

TEST_CASE("a download that does not fit: nothing is uploaded, and the next run fetches the rest") {
  MigrationWorld m;
  m.world.Control("POST", "settings", {{"job_padding", kPadding}});
  auto full = RunOnFullDisk(m.world, ".viasync/transfers", 1 << 20, m.migrate);
  CHECK_MESSAGE(full.exit_code == 4, (full.out + full.err));
  CheckSaysFull(full);
  CHECK(m.Count("PUT", "/media/acme-prod") == 0);
  CHECK(FilesOf(m.world, ".viasync/transfers").size() == 1);
  auto done = m.world.Run(m.migrate);
  CHECK_MESSAGE(done.exit_code == 0, (done.out + done.err));
  m.CheckMigrated();
  m.CheckOneOfEach();
  CHECK(FilesOf(m.world, ".viasync/transfers").empty());
}

TEST_CASE("an export that does not fit leaves no zip that looks whole") {
  MigrationWorld m;
  m.world.Control("POST", "settings", {{"job_padding", kPadding}});
  const std::vector<std::string> args = {"export",         "-e",    "dev",           "--objects",
                                         "STRATEGY=ABC_*", "--out", "out/spring.zip"};
  auto full = RunOnFullDisk(m.world, "out", 1 << 20, args);
  CheckSaysFull(full);
  CHECK_FALSE(fs::exists(m.world.repo.path() + "/out/spring.zip"));
  auto done = m.world.Run(args);
  CHECK_MESSAGE(done.exit_code == 0, (done.out + done.err));
  CHECK(m.Count("POST", "/jobs/export") == 1);
  CHECK(m.world.Run({"inspect", "out/spring.zip"}).exit_code == 0);
  CHECK(FilesOf(m.world, "out").size() == 1);
}

TEST_CASE("a migration whose store becomes full at any point goes on with room") {
  WithEverMoreRoom(37'000, 4'000'000, [](std::int64_t bytes) {
    MigrationWorld m;
    auto full = RunOnFullDisk(m.world, ".viasync", bytes, m.migrate);
    if (full.exit_code != 0) {
      CheckSaysFull(full);
      auto run = m.world.Run(m.migrate);
      CHECK_MESSAGE(run.exit_code == 0, (run.out + run.err));
    }
    m.CheckMigrated();
    m.CheckOneOfEach();
    return full.exit_code == 0;
  });
}

TEST_CASE("an apply whose store becomes full at any point goes on with room") {
  WithEverMoreRoom(150'000, 20'000'000, [](std::int64_t bytes) {
    MovingWorld ready;
    auto full = RunOnFullDisk(ready.world, ".viasync", bytes, {"apply", "--yes"});
    if (full.exit_code != 0) {
      CheckSaysFull(full);
      auto run = ready.world.Run({"apply", "--yes"});
      CHECK_MESSAGE(run.exit_code == 0, (run.out + run.err));
    }
    CheckAllDone(ready.world);
    CheckNothingTwice(ready.world);
    return full.exit_code == 0;
  });
}

TEST_CASE("a pull into files that do not fit leaves each as it was or as it should be") {
  WithEverMoreRoom(100, 100'000, [](std::int64_t bytes) {
    InStep in_step;
    auto& world = in_step.world;
    world.Edit("filter", "update", "Old", {{"filterCriteria", "Balance > 9"}});
    auto full = RunOnFullDisk(world, "config", bytes, {"pull", "--yes"});
    if (full.exit_code != 0) {
      CheckSaysFull(full);
      CHECK(in_step.Config() == kConfig);
    }
    in_step.Expect({"pull", "--yes"}, 0);
    CHECK(in_step.Config() == With(kConfig, "Balance > 5", "Balance > 9"));
    CHECK(FilesOf(world, "config").size() == 1);
    return full.exit_code == 0;
  });
}

}  // namespace viasync::e2e
