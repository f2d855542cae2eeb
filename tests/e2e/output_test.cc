// Where standard output takes no more: every command says so, whatever it prints, and ends with an
// error. Where --out is no file: it is written through, never replaced.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/e2e/migration_world.h"
#include "tests/e2e/small_world.h"

namespace viasync::e2e {
namespace {

// Runs `line` in bash, in the repository, with `viasync` as the binary and stderr in `err`.
Output Shell(World& world, const std::string& line) {
  std::string all = "cd '" + world.repo.path() + "'; export";
  for (const auto& [name, value] : world.env) all += " " + name + "='" + value + "'";
  all += "; viasync() { '" + Binary() + "' \"$@\"; }; mkfifo closed 2> /dev/null; { " + line +
         "; } > out 2> err";
  setenv("VIASYNC_TEST_LINE", all.c_str(), 1);
  const int status = std::system("exec bash -c \"$VIASYNC_TEST_LINE\"");
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .out = world.repo.Read("out"),
          .err = world.repo.Read("err")};
}

// The commands that `viasync help` lists.
std::set<std::string> CommandsOf(World& world) {
  std::istringstream help(world.Run({"help"}).out);
  std::set<std::string> names;
  bool listed = false;  // under a heading of commands
  for (std::string line; std::getline(help, line);) {
    if (listed && line.starts_with("  ")) names.insert(line.substr(2, line.find(' ', 2) - 2));
    if (!line.starts_with(' ')) listed = line.ends_with(':') && line != "Options:";
  }
  return names;
}

const std::vector<std::string> kFull = {
    "viasync %s > /dev/full",
    "exec 3<> closed 4> closed 3<&-; viasync %s >&4",  // a pipe that nobody reads any more
    "viasync %s >&-",
};

void CheckSaysSo(World& world, const std::string& command) {
  for (std::string line : kFull) {
    line.replace(line.find("%s"), 2, command);
    CAPTURE(line);
    const auto output = Shell(world, line);
    CHECK_MESSAGE(output.exit_code == 1, output.err);
    CHECK_MESSAGE(Has(output.err, "the output could not be written"), output.err);
  }
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the help of every command is an error where it cannot be written") {
  const auto commands = CommandsOf(world);
  CHECK(commands.size() >= 30);
  for (const auto& name : commands) {
    const auto output = Shell(world, "viasync " + name + " --help > /dev/full");
    CAPTURE(name);
    CHECK(output.exit_code == 1);
    CHECK(Has(output.err, "the output could not be written: the disk is full"));
  }
}

TEST_CASE_FIXTURE(Fixture, "what a command prints is an error where it cannot be written") {
  world.WriteProject("  two:\n    org: acme-dev\n    base_url: " + world.url +
                     "\n    token_url: " + world.url + "/tokenservice/oauth2/access_token\n");
  for (const char* name : {"CLIENT_ID", "CLIENT_SECRET", "API_KEY"}) {
    world.env["VIASYNC_TWO_" + std::string(name)] = world.env["VIASYNC_DEV_" + std::string(name)];
  }
  REQUIRE(world.Run({"apply", "-e", "dev", "--yes", "--no-base"}).exit_code == 0);
  for (const char* command : {"help",
                              "version",
                              "schema plan",
                              "completion bash",
                              "validate",
                              "validate --format json",
                              "plan -e dev",
                              "plan -e dev --format json",
                              "plan -e dev --format markdown",
                              "plan -e dev --format html",
                              "plan -e dev --out -",
                              "drift -e dev",
                              "pull -e dev --dry-run",
                              "status",
                              "status --format json",
                              "history -e dev",
                              "api -e dev filters",
                              "api -e dev filters --all",
                              "api --list",
                              "diff dev two",
                              "diff dev two --format json",
                              "reference -e dev purposes",
                              "strategies -e dev",
                              "scripts -e dev",
                              "jobs list -e dev"}) {
    CheckSaysSo(world, command);
  }
}

TEST_CASE_FIXTURE(Fixture, "an apply whose report cannot be written has still applied") {
  const auto output = Shell(world, "viasync apply --yes --no-base > /dev/full");
  CHECK(output.exit_code == 1);
  CHECK(world.Find("filters", "One").at("filterCriteria") == "A = 2");
  CHECK(world.Run({"plan", "--exit-code"}).exit_code == 0);
}

TEST_CASE_FIXTURE(Fixture, "--out writes through pipes, devices and descriptors") {
  for (const char* line :
       {"viasync plan --out >(cat > caught; echo done > ended) > /dev/null;"
        " while [ ! -e ended ]; do sleep 0.05; done; cat caught; rm caught ended",
        "viasync plan --out /dev/stdout | cat", "viasync plan --out /dev/fd/5 5>&1 > /dev/null",
        "viasync plan --out closed > /dev/null & cat closed; wait"}) {
    CAPTURE(line);
    const auto output = Shell(world, line);
    CHECK(output.exit_code == 0);
    CHECK_MESSAGE(Has(output.out, "\"format\": \"viasync-plan/1\""), (output.out + output.err));
  }
  struct stat info {};
  REQUIRE(stat((world.repo.path() + "/closed").c_str(), &info) == 0);
  CHECK(S_ISFIFO(info.st_mode));
  CHECK(Shell(world, "viasync plan --out /dev/null > /dev/null").exit_code == 0);
  REQUIRE(stat("/dev/null", &info) == 0);
  CHECK(S_ISCHR(info.st_mode));
  const auto full = Shell(world, "viasync plan --out /dev/full");
  CHECK(full.exit_code == 1);
  CHECK(Has(full.err, "the disk is full"));
}

TEST_CASE("export --out writes through pipes, devices and descriptors, and into a file whole") {
  MigrationWorld m;
  std::size_t exports = 0;
  for (const char* line : {"export --out - > caught", "export --out /dev/stdout | cat > caught",
                           "export --out /dev/fd/5 5> caught > /dev/null",
                           "export --out >(cat > caught; echo done > ended) > /dev/null;"
                           " while [ ! -e ended ]; do sleep 0.05; done; rm ended",
                           "export --out closed > /dev/null & cat closed > caught; wait",
                           "export --out caught > /dev/null"}) {
    CAPTURE(line);
    std::string command = line;
    command.replace(0, 6, "viasync export -e dev --objects STRATEGY=Other --name nightly");
    const auto output = Shell(m.world, command);
    CHECK_MESSAGE(output.exit_code == 0, output.err);
    CHECK(m.world.repo.Read("caught").starts_with("PK"));
    CHECK(m.world.Run({"inspect", "caught"}).exit_code == 0);
    // Each is an export of its own: what one passed on is not kept for the next.
    CHECK(m.Count("POST", "/jobs/export") == ++exports);
    std::filesystem::remove(m.world.repo.path() + "/caught");
  }
  CHECK(!Has(Shell(m.world, "ls -A .viasync/transfers").out, "zip"));
  struct stat info {};
  REQUIRE(stat((m.world.repo.path() + "/closed").c_str(), &info) == 0);
  CHECK(S_ISFIFO(info.st_mode));
  const auto full =
      Shell(m.world, "viasync export -e dev --objects STRATEGY=Other --out /dev/full");
  CHECK((full.exit_code == 1 || full.exit_code == 4));
  CHECK(Has(full.err, "the disk is full"));
}

TEST_CASE_FIXTURE(Fixture, "a limit on the size of files is an error of a write, not the end") {
  for (const char* args : {"plan --out plan.json", "apply --yes --no-base"}) {
    CAPTURE(args);
    const auto output = Shell(world, std::string("( ulimit -f 0; viasync ") + args +
                                         " 2>&1 > /dev/null; echo code $? ) | cat");
    CHECK(Has(output.out, "File too large"));
    CHECK(Has(output.out, "code 1"));
  }
  CHECK(!std::filesystem::exists(world.repo.path() + "/plan.json"));
  CHECK(world.Writes().empty());
}

TEST_CASE_FIXTURE(Fixture, "--out follows no link to a file, and leaves no draft") {
  world.repo.Write("precious", "precious");
  for (const char* name : {"plan.json", "plan.json.part"}) {
    REQUIRE(symlink("precious", (world.repo.path() + "/" + name).c_str()) == 0);
  }
  CHECK(world.Run({"plan", "--out", "plan.json"}).exit_code == 0);
  CHECK(world.repo.Read("precious") == "precious");
  CHECK(Has(world.repo.Read("plan.json"), "viasync-plan/1"));
  CHECK_FALSE(Has(Shell(world, "ls -A").out, ".tmp"));
}

}  // namespace viasync::e2e
