#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/cli/shell.h"

namespace viasync::cli {
namespace {

TEST_CASE("what init lays out is valid in both environments") {
  auto folder = NewFolder();
  auto init = Shell(folder, "viasync init repo");
  CHECK(init.exit_code == 0);
  CHECK(init.text.find("viasync plan -e dev") != std::string::npos);
  auto valid = Shell(folder + "/repo", "viasync validate");
  CAPTURE(valid.text);
  CHECK(valid.exit_code == 0);
  CHECK(valid.text.find("dev: ") != std::string::npos);
  CHECK(valid.text.find("prod: ") != std::string::npos);
}

TEST_CASE("init --empty lays out a repository to pull into, without samples") {
  auto folder = NewFolder();
  auto init = Shell(folder, "viasync init --empty repo");
  CHECK(init.exit_code == 0);
  CHECK(init.text.find("viasync pull -e dev") != std::string::npos);
  const std::string project = Read(folder + "/repo/viasync.yaml");
  CHECK(project.find("variables") == std::string::npos);
  CHECK(project.find("ignore") == std::string::npos);
  CHECK(Read(folder + "/repo/.gitignore").find(".viasync/") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder + "/repo/config"));
  CHECK_FALSE(std::filesystem::exists(folder + "/repo/environments"));
}

TEST_CASE("init fills in the org, its region and the environment's name") {
  auto folder = NewFolder();
  auto init = Shell(folder, "viasync init --empty --org acme-sales --region eu -e stage repo");
  CHECK(init.exit_code == 0);
  CHECK(init.text.find("VIASYNC_STAGE_CLIENT_ID") != std::string::npos);
  CHECK(init.text.find("Put your org") == std::string::npos);
  const std::string project = Read(folder + "/repo/viasync.yaml");
  CHECK(project.find("  stage:\n    org: acme-sales               # the org's id") !=
        std::string::npos);
  CHECK(project.find("    region: eu                    # us") != std::string::npos);
  CHECK(project.find("VIASYNC_STAGE_API_KEY") != std::string::npos);
  CHECK(project.find("DEV") == std::string::npos);
  auto valid = Shell(folder + "/repo", "viasync validate");
  CHECK_MESSAGE(valid.text.find("is not a valid") == std::string::npos, valid.text);
  auto samples = Shell(folder, "viasync init --org acme --region us full");
  CHECK(samples.exit_code == 0);
  CHECK(Shell(folder + "/full", "viasync validate").exit_code == 0);
  CHECK(Read(folder + "/full/viasync.yaml").find("  dev:\n    org: acme  ") != std::string::npos);
  CHECK(Shell(folder, "viasync init --org acme-2 -e prod two").exit_code == 0);
  CHECK(Read(folder + "/two/viasync.yaml").find("  prod:\n    org: acme-2") != std::string::npos);
}

TEST_CASE("init writes nothing that validate would refuse") {
  auto folder = NewFolder();
  for (const char* flags : {"--org https://acme.example", "--org ''", "--region mars",
                            "--empty -e 'a b'", "-e stage"}) {
    CHECK_MESSAGE(Shell(folder, "viasync init repo " + std::string(flags)).exit_code != 0, flags);
    CHECK_FALSE(std::filesystem::exists(folder + "/repo"));
  }
}

TEST_CASE("init keeps the store out of Git") {
  auto folder = NewFolder();
  Shell(folder, "viasync init .");
  CHECK(Read(folder + "/.gitignore").find(".viasync/") != std::string::npos);
}

TEST_CASE("init leaves a file that exists as it is, and says so") {
  auto folder = NewFolder();
  Write(folder + "/.gitignore", "mine\n");
  auto init = Shell(folder, "viasync init");
  CHECK(init.exit_code == 0);
  CHECK(Read(folder + "/.gitignore") == "mine\n");
  CHECK(init.text.find(".gitignore  exists") != std::string::npos);
}

TEST_CASE("init adds no samples to a repository that is in use") {
  auto folder = NewFolder();
  Write(folder + "/viasync.yaml", "mine\n");
  auto init = Shell(folder, "viasync init");
  CHECK(init.exit_code == 1);
  CHECK(init.text.find("already") != std::string::npos);
  CHECK(Read(folder + "/viasync.yaml") == "mine\n");
  CHECK_FALSE(std::filesystem::exists(folder + "/config"));
}

TEST_CASE("init follows no link to a file elsewhere") {
  auto folder = NewFolder();
  std::filesystem::create_directories(folder + "/repo");
  std::filesystem::create_symlink(folder + "/elsewhere", folder + "/repo/.gitignore");
  Shell(folder, "viasync init repo");
  CHECK_FALSE(std::filesystem::exists(folder + "/elsewhere"));
}

}  // namespace
}  // namespace viasync::cli
