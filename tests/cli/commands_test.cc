#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/shell.h"

namespace viasync::cli {
namespace {

// What bash would offer behind `words`, one per line.
std::string Completed(const std::string& words, int at, const std::string& folder = NewFolder()) {
  return Shell(folder, "eval \"$(viasync completion bash)\"; COMP_WORDS=(" + words +
                           "); COMP_CWORD=" + std::to_string(at) +
                           "; _viasync; printf '%s\\n' \"${COMPREPLY[@]}\"")
      .text;
}

TEST_CASE("an unknown command names the nearest one") {
  auto ran = Shell(NewFolder(), "viasync aply");
  CHECK(ran.exit_code == 1);
  CHECK(ran.text.find("did you mean `apply`?") != std::string::npos);
}

TEST_CASE("help is that of the program, or of the command that is named") {
  CHECK(Shell(NewFolder(), "viasync help").text.find("Usage: viasync [OPTIONS]") !=
        std::string::npos);
  CHECK(Shell(NewFolder(), "viasync help sandbox").text.find("--latency MS") != std::string::npos);
}

TEST_CASE("the bash completion script parses") {
  auto ran = Shell(NewFolder(), "viasync completion bash | bash -n");
  CAPTURE(ran.text);
  CHECK(ran.exit_code == 0);
  CHECK(ran.text.empty());
}

TEST_CASE("bash offers commands, flags and the values of flags") {
  CHECK(Completed("viasync pl", 1) == "plan\n");
  CHECK(Completed("viasync plan --ou", 2) == "--out\n");
  CHECK(Completed("viasync plan --format ''", 3) == "text\njson\nmarkdown\nhtml\n");
  CHECK(Completed("viasync sandbox e", 2) == "edit\n");
  CHECK(Completed("viasync plan --dir", 2) == "--directory\n");
  CHECK(Completed("viasync completion z", 2) == "zsh\n");
}

TEST_CASE("bash takes words apart that it broke at = : and @") {
  CHECK(Completed("viasync plan --format = ''", 4) == "text\njson\nmarkdown\nhtml\n");
  CHECK(Completed("viasync plan --format =", 3) == "text\njson\nmarkdown\nhtml\n");
  CHECK(Completed("viasync plan --format = ma", 4) == "markdown\n");
  CHECK(Completed("viasync plan --color = n", 4) == "never\n");
}

TEST_CASE("bash offers environments, migrations and keys of the files") {
  const auto folder = NewFolder();
  Write(folder + "/viasync.yaml",
        "version: 1\nenvironments:\n"
        "  dev: {org: acme-dev, region: us}\n  prod: {org: acme-prod, region: us}\n"
        "migrations:\n  spring:\n    objects: {STRATEGY: [ABC]}\n");
  Write(folder + "/config/all.yaml",
        "filters:\n  - {name: Early, schema: S, criteria: A = 1}\n"
        "  - {name: '$(touch ran) x', schema: S, criteria: A = 1}\n"
        "exclusions:\n  - {type: voice, address: \"0900123\", reason: r}\n");
  Write(folder + "/environments/prod/p.yaml",
        "filters:\n  - {name: EarlyProd, schema: S, criteria: A = 1}\n");
  CHECK(Completed("viasync plan -e ''", 3, folder) == "dev\nprod\n");
  CHECK(Completed("viasync plan --env = p", 4, folder) == "prod\n");
  CHECK(Completed("viasync diff d", 2, folder) == "dev\n");
  CHECK(Completed("viasync migrate s", 2, folder) == "spring\n");
  CHECK(Completed("viasync migrate spring --to ''", 4, folder) == "dev\nprod\n");
  CHECK(Completed("viasync history --key Ea", 3, folder) == "Early\nEarlyProd\n");
  CHECK(Completed("viasync -e dev history --key Ea", 5, folder) == "Early\n");
  CHECK(Completed("viasync history --key voice : 09", 5, folder) == "0900123@\\*\n");
  CHECK(Completed("viasync -C " + folder + " plan -e p", 5) == "prod\n");
  CHECK(Completed("viasync plan --prefer l", 3, folder) == "local\n");
  // A hostile name is text, and quoted where it is offered.
  CHECK(Completed("viasync history --key \\$", 3, folder) == "\\$\\(touch\\ ran\\)\\ x\n");
  CHECK(Shell(folder, "ls").text.find("ran") == std::string::npos);
}

TEST_CASE("values to complete are silent where something is wrong") {
  for (const char* what : {"environments", "migrations", "keys", "jobs"}) {
    auto ran = Shell(NewFolder(), std::string("viasync completion --values ") + what);
    CHECK(ran.exit_code == 0);
    CHECK(ran.text.empty());
  }
  CHECK(Shell(NewFolder(), "viasync completion").exit_code == 1);
}

TEST_CASE("--version, -q, --color and the environment's variables") {
  const auto folder = NewFolder();
  Write(folder + "/viasync.yaml",
        "version: 1\nenvironments:\n  dev: {org: acme-dev, region: us}\n"
        "  prod: {org: acme-prod, region: us}\n");
  Write(folder + "/config/all.yaml", "filters:\n  - {name: Zürich, schema: S, criteria: A = 1}\n");
  CHECK(Shell(folder, "viasync --version").text == Shell(folder, "viasync version").text);
  CHECK(Shell(folder, "VIASYNC_ENV=prod viasync validate").text.find("dev:") == std::string::npos);
  CHECK(Shell(folder, "VIASYNC_ENV=prod viasync -e dev validate").text.find("dev:") !=
        std::string::npos);
  CHECK(Shell(folder, "VIASYNC_ENV=prd viasync validate").exit_code == 1);
  CHECK(Shell(folder, "VIASYNC_ENV= viasync validate").exit_code == 0);
  CHECK(Shell(folder, "cd config && viasync validate").exit_code == 0);
  CHECK(Shell(folder, "cd / && viasync -C " + folder + "/config validate").exit_code == 0);
  CHECK(Shell(folder, "viasync status --color always | grep -c $'\\x1b'").exit_code == 0);
  CHECK(Shell(folder, "viasync status | grep -c $'\\x1b'").exit_code == 1);
  CHECK(Shell(folder, "viasync -q").text.find("no command was given") != std::string::npos);
  CHECK(Shell(folder, "viasync -e dev version").text.find("--env does not act on version") !=
        std::string::npos);
  CHECK(Shell(folder, "viasync -e dev diff dev prod").text.find("--env does not act on diff") !=
        std::string::npos);
  // JSON is data: it stays as it is in every locale.
  auto json = Shell(folder, "LC_ALL=C viasync status --format json | LC_ALL=C grep -c '[^ -~]'");
  CHECK(json.exit_code == 1);
  auto ascii = Shell(folder, "LC_ALL=C viasync schema nonsense; LC_ALL=C viasync history 2>&1");
  CHECK(
      std::ranges::all_of(ascii.text, [](char c) { return static_cast<unsigned char>(c) < 128; }));
  CHECK(ascii.text.find("  -> ") != std::string::npos);
}

TEST_CASE("a file that cannot be written is told before the org is asked") {
  const auto folder = NewFolder();
  Write(folder + "/viasync.yaml",
        "version: 1\nenvironments:\n  dev: {org: acme-dev, region: us}\n");
  auto ran = Shell(folder, "viasync plan --out missing/plan.json");
  CHECK(ran.exit_code == 1);
  CHECK(ran.text.find("missing/plan.json cannot be written") != std::string::npos);
  CHECK(Shell(folder, "mkdir d; viasync plan --out d").text.find("d cannot be written") !=
        std::string::npos);
  auto idle = Shell(folder, "viasync plan --mask --format json; viasync plan --no-mask");
  CHECK(idle.text.find("--mask does not act on --format json") != std::string::npos);
  CHECK(idle.text.find("--no-mask does not act on --format text") != std::string::npos);
}

TEST_CASE("every shell's script knows every command") {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    auto ran = Shell(NewFolder(), std::string("viasync completion ") + shell);
    CHECK(ran.exit_code == 0);
    for (const char* name : {"init", "plan", "apply", "sandbox", "edit", "history"}) {
      CAPTURE(shell);
      CAPTURE(name);
      CHECK(ran.text.find(name) != std::string::npos);
    }
  }
}

TEST_CASE("every schema that is listed is printed as JSON") {
  for (const char* name : {"plan", "project", "config", "result"}) {
    CAPTURE(name);
    CHECK(Shell(NewFolder(), "viasync schema").text.find(name) != std::string::npos);
    auto ran = Shell(NewFolder(), std::string("viasync schema ") + name);
    CHECK(ran.exit_code == 0);
    CHECK(nlohmann::json::parse(ran.text, nullptr, false).is_object());
  }
  auto unknown = Shell(NewFolder(), "viasync schema projct");
  CHECK(unknown.exit_code == 1);
  CHECK(unknown.text.find("did you mean `project`?") != std::string::npos);
}

TEST_CASE("status says what is missing, without an org") {
  auto folder = NewFolder();
  Shell(folder, "viasync init");
  auto ran = Shell(folder, "VIASYNC_DEV_CLIENT_SECRET=xyzzy viasync status -e dev");
  CAPTURE(ran.text);
  CHECK(ran.exit_code == 0);
  CHECK(ran.text.find("VIASYNC_DEV_CLIENT_ID, VIASYNC_DEV_API_KEY are not set") !=
        std::string::npos);
  CHECK(ran.text.find("xyzzy") == std::string::npos);
  CHECK(ran.text.find("prod") == std::string::npos);
}

}  // namespace
}  // namespace viasync::cli
