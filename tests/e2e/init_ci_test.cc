// `init --ci`: the pipelines are YAML, name what they should, and each viasync command in them
// runs.
#include <doctest/doctest.h>
#include <yaml-cpp/yaml.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/e2e/harness.h"
#include "tests/e2e/small_world.h"

namespace viasync::e2e {
namespace {

namespace fs = std::filesystem;

struct Platform {
  const char* name;
  const char* file;
  const char* variable;  // set on its runners
};
constexpr Platform kPlatforms[] = {{"github", ".github/workflows/viasync.yml", "GITHUB_ACTIONS"},
                                   {"gitlab", ".gitlab-ci.yml", "GITLAB_CI"}};

// The commands of a pipeline, in order: what stands behind `- `, `- run: ` or alone on its line.
std::vector<std::string> CommandsOf(const std::string& pipeline) {
  std::vector<std::string> commands;
  std::istringstream lines(pipeline);
  for (std::string line; std::getline(lines, line);) {
    line.erase(0, line.find_first_not_of(" -"));
    if (line.starts_with("run: ")) line.erase(0, 5);
    if (line.starts_with("viasync ")) commands.push_back(line);
  }
  return commands;
}

// Runs `line` in bash in the repository, with what a runner of the platform has.
int Bash(World& world, const Platform& platform, const std::string& line) {
  std::string all = "cd '" + world.repo.path() + "' && export CI=true VIASYNC_ENV=dev " +
                    platform.variable + "=true";
  for (const auto& [name, value] : world.env) all += " " + name + "='" + value + "'";
  all += "; viasync() { '" + Binary() + "' \"$@\"; }; [ ! -e viasync-ci/viasync.env ] || . " +
         "viasync-ci/viasync.env; { " + line + "; } > out 2>&1";
  setenv("VIASYNC_TEST_LINE", all.c_str(), 1);
  const int status = std::system("exec bash -c \"$VIASYNC_TEST_LINE\"");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

}  // namespace

TEST_CASE("a new repository gets a pipeline for prod that needs no more than its first lines say") {
  for (const auto& platform : kPlatforms) {
    CAPTURE(platform.name);
    Fixture f;
    auto made =
        f.world.Run({"init", "--ci", platform.name, "--org", "acme", "--region", "us", "r"});
    REQUIRE_MESSAGE(made.exit_code == 0, made.err);
    CHECK(made.out.find(platform.file) != std::string::npos);
    const auto text = f.world.repo.Read("r/" + std::string(platform.file));
    CHECK(text.find("@ENV@") == std::string::npos);
    CHECK(text.find("@VAR@") == std::string::npos);
    CHECK(text.find("VIASYNC_PROD_CLIENT_SECRET") != std::string::npos);
    const auto jobs = YAML::Load(text);
    const auto where = jobs["jobs"] ? jobs["jobs"] : jobs;
    for (const char* job : {"validate", "plan", "apply", "drift"}) CHECK(where[job].IsMap());
    // A secret is the platform's; none is asked for where pull requests of strangers run.
    std::ostringstream validate;
    validate << where["validate"];
    CHECK(validate.str().find("CLIENT_SECRET") == std::string::npos);
  }
}

TEST_CASE("every command of a pipeline runs, from a change to a night without drift") {
  for (const auto& platform : kPlatforms) {
    CAPTURE(platform.name);
    Fixture f;
    auto& world = f.world;
    auto made = world.Run({"init", "--ci", platform.name, "-e", "dev"});
    REQUIRE_MESSAGE(made.exit_code == 0, made.err);
    CHECK(world.Run({"init", "--ci", platform.name, "-e", "dev"}).exit_code == 1);  // never twice
    REQUIRE(Bash(world, platform,
                 "git init -q --bare ../$(basename $PWD).git && git init -q && echo .viasync >> "
                 ".git/info/exclude && git remote add origin $PWD.git && git add -A . && "
                 "git -c user.name=t -c user.email=t@example.org commit -qm files") == 0);
    const auto commands = CommandsOf(world.repo.Read(platform.file));
    REQUIRE(commands.size() == 4);
    // What the first lines of the file ask for, with the answers given here.
    REQUIRE_MESSAGE(Bash(world, platform, "viasync apply --yes --no-base --push-ref origin") == 0,
                    world.repo.Read("out"));
    const std::size_t before = world.Writes().size();
    world.repo.Write(
        "config/filters.yaml",
        "filters:\n  - {name: One, criteria: A = 3}\n  - {name: Two, criteria: B = 1}\n");
    REQUIRE(Bash(world, platform,
                 "git -c user.name=t -c user.email=t@example.org commit -qam more") == 0);
    fs::remove_all(world.repo.path() + "/.viasync");  // a runner keeps no disk
    for (const auto& command : commands) {
      CAPTURE(command);
      CHECK_MESSAGE(Bash(world, platform, "export VIASYNC_GIT_TOKEN=t; " + command) == 0,
                    world.repo.Read("out"));
    }
    CHECK(world.Writes().size() == before + 1);
    CHECK(Bash(world, platform,
               "git -C $PWD.git rev-parse -q --verify refs/viasync/dev > remote && "
               "git rev-parse HEAD > here && cmp remote here") == 0);
    fs::remove_all(world.repo.path() + ".git");
  }
}

TEST_CASE_FIXTURE(Fixture, "init --ci says what it does not do") {
  CHECK(world.Run({"init", "--ci", "jenkins"}).exit_code == 1);
  CHECK(world.Run({"init", "--ci", "github", "--org", "acme"}).exit_code == 1);
  CHECK(world.Run({"init", "--ci", "github", "-e", "other"}).exit_code == 1);
  CHECK_FALSE(fs::exists(world.repo.path() + "/.github"));
}

}  // namespace viasync::e2e
