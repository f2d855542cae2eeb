#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/shell.h"

namespace viasync::cli {
namespace {

// What bash would offer behind `words`, one per line.
std::string Completed(const std::string& words, int at) {
  return Shell(NewFolder(), "eval \"$(viasync completion bash)\"; COMP_WORDS=(" + words +
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
  for (const char* name : {"plan", "project", "config"}) {
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
