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
  CHECK(std::filesystem::exists(folder + "/repo/viasync.yaml"));
  CHECK(Read(folder + "/repo/.gitignore").find(".viasync/") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder + "/repo/config"));
  CHECK_FALSE(std::filesystem::exists(folder + "/repo/environments"));
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
