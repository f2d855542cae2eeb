// The repositories under testdata: one that loads, and those that must be refused.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/config/desired.h"
#include "tests/config/memory_tree.h"

namespace viasync::config {
namespace {

namespace fs = std::filesystem;

// A copy: Bazel lays test data out as links that lead out of the folder.
fs::path CopyOf(const std::string& folder) {
  fs::path copy = fs::path(std::getenv("TEST_TMPDIR")) / folder;
  fs::create_directories(copy);
  fs::copy(folder, copy, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  return copy;
}

base::Errors LoadAll(const fs::path& root, const std::string& environment) {
  auto project = LoadProject(root.string());
  if (!project) return project.error();
  auto found = FindEnvironment(*project, environment);
  if (!found) return {found.error()};
  auto desired = LoadDesired(*project, **found);
  if (!desired) return desired.error();
  base::Errors errors;
  for (const auto& fault : desired->criteria_faults) errors.push_back(fault.error);
  return errors;
}

TEST_CASE("the customer's repository loads in both environments") {
  auto root = CopyOf("testdata/acme");
  for (const char* environment : {"dev", "prod"}) {
    CAPTURE(environment);
    CHECK(Lines(LoadAll(root, environment)) == "");
  }
  auto project = LoadProject(root.string());
  REQUIRE(project.has_value());
  auto prod = LoadDesired(*project, project->environments.at("prod"));
  REQUIRE(prod.has_value());
  CHECK(prod->Of<model::Filter>().size() >= 40);
  CHECK(prod->Of<model::Exclusion>().size() > 5'400);
  CHECK(prod->Of<model::List>().size() == 8);
}

// expected.txt: a text of the error and a space (may be left out), `file:line`; line `*` = any.
bool IsExpected(const base::Error& error, const std::string& text, const std::string& place) {
  if (!error.where) return false;
  std::string line = place.ends_with('*') ? "*" : std::to_string(error.where->line);
  return error.where->file + ":" + line == place && error.message.contains(text);
}

// True when what `folder` expects is among `errors`.
bool HoldsExpected(const fs::path& folder, const base::Errors& errors) {
  std::stringstream expected;
  expected << std::ifstream(folder / "expected.txt").rdbuf();
  std::string line = expected.str();
  line.erase(line.find_last_not_of('\n') + 1);
  auto space = line.rfind(' ');
  std::string text = space == std::string::npos ? "" : line.substr(0, space);
  std::string place = line.substr(space + 1);  // npos + 1 is 0
  return std::ranges::any_of(
      errors, [&](const base::Error& error) { return IsExpected(error, text, place); });
}

TEST_CASE("each broken repository is refused with its own problem") {
  std::size_t cases = 0;
  for (const auto& folder : fs::directory_iterator(CopyOf("testdata/broken"))) {
    CAPTURE(folder.path().string());
    auto errors = LoadAll(folder.path(), "dev");
    CAPTURE(Lines(errors));
    for (const auto& error : errors) {
      CHECK_FALSE(error.hint.empty());
      CHECK_FALSE(error.excerpt.contains("not-a-real"));
    }
    CHECK(HoldsExpected(folder.path(), errors));
    ++cases;
  }
  CHECK(cases >= 60);
}

TEST_CASE("each doubtful repository is read, with its own warning") {
  std::size_t cases = 0;
  for (const auto& folder : fs::directory_iterator(CopyOf("testdata/doubtful"))) {
    CAPTURE(folder.path().string());
    auto project = LoadProject(folder.path().string());
    REQUIRE(project.has_value());
    auto desired = LoadDesired(*project, project->environments.at("dev"));
    REQUIRE(desired.has_value());
    CAPTURE(Lines(desired->warnings));
    CHECK(HoldsExpected(folder.path(), desired->warnings));
    ++cases;
  }
  CHECK(cases >= 4);
}

TEST_CASE("links that lead out of the repository are refused") {
  fs::path root = fs::path(std::getenv("TEST_TMPDIR")) / "links";
  fs::create_directories(root / "repo/config");
  fs::create_directories(root / "outside");
  std::ofstream(root / "repo/viasync.yaml")
      << "version: 1\nenvironments: {dev: {org: a, region: us}}\n";
  std::ofstream(root / "outside/a.yaml") << "filters: []\n";
  std::ofstream(root / "repo/config/.hidden.yaml") << "[[[";
  std::ofstream(root / "repo/config/real.yaml") << "filters: []\n";
  std::ofstream(root / "repo/config/from.yaml") << "exclusions: [{from: ../../outside/a.csv}]\n";
  fs::create_symlink("real.yaml", root / "repo/config/alias.yaml");
  fs::create_symlink("../../outside/a.yaml", root / "repo/config/out.yaml");
  auto lines = Lines(LoadAll(root / "repo", "dev"));
  CHECK(lines ==
        "`config/out.yaml` leads out of the repository\n"
        "config/from.yaml:1:21: `../../outside/a.csv` leads out of the repository");
  fs::create_directory_symlink("../../outside", root / "repo/config/folder");
  CHECK(Lines(LoadAll(root / "repo", "dev")).contains("`config/folder` is a link to a folder"));
}

}  // namespace
}  // namespace viasync::config
