#include <doctest/doctest.h>
#include <signal.h>

#include <string>

#include "tests/cli/shell.h"

namespace viasync::cli {
namespace {

// Starts a sandbox, runs `meanwhile` with its address in $url, sends `signal`, and waits for its
// end, whose exit code is that of the whole.
Ran WithSandbox(const std::string& folder, const std::string& flags, const std::string& meanwhile,
                const std::string& signal = "TERM") {
  return Shell(folder, ": > out; { viasync sandbox --port 0 " + flags +
                           " > out & pid=$!; for i in {1..200}; do read -r line < out && break; "
                           "sleep 0.05; done; echo \"$line\"; url=${line#listening on }; " +
                           meanwhile + "; kill -" + signal + " $pid; wait $pid; }");
}

TEST_CASE("the sandbox's first line says where it listens, and SIGTERM ends it well") {
  auto ran = WithSandbox(NewFolder(), "--org acme-test", "true");
  CAPTURE(ran.text);
  CHECK(ran.exit_code == 0);
  CHECK(ran.text.starts_with("listening on http://127.0.0.1:"));
}

TEST_CASE(
    "a process leaves no core file, and lives through a reader or a limit that ends a write") {
  auto ran = WithSandbox(NewFolder(), "--org acme-test",
                         "grep 'core file' /proc/$pid/limits; grep SigIgn /proc/$pid/status");
  CAPTURE(ran.text);
  CHECK(ran.text.find("Max core file size        0                    0") != std::string::npos);
  const auto at = ran.text.find("SigIgn:");
  REQUIRE(at != std::string::npos);
  const auto ignored = std::stoull(ran.text.substr(at + 7), nullptr, 16);
  CHECK((ignored & (1ULL << (SIGPIPE - 1))) != 0);
  CHECK((ignored & (1ULL << (SIGXFSZ - 1))) != 0);
}

TEST_CASE("what the sandbox prints is what an environment needs") {
  auto folder = NewFolder();
  WithSandbox(folder, "--org acme-test", "true");
  auto printed = Read(folder + "/out");
  for (const char* part : {"  test:\n    org: acme-test\n    base_url: http://127.0.0.1:",
                           "    token_url: http://127.0.0.1:", "export VIASYNC_TEST_CLIENT_ID=",
                           "export VIASYNC_TEST_CLIENT_SECRET=", "export VIASYNC_TEST_API_KEY="}) {
    CAPTURE(printed);
    CHECK(printed.find(part) != std::string::npos);
  }
}

TEST_CASE("an edit as a user of the UI is kept over the sandbox's end") {
  auto folder = NewFolder();
  auto ran = WithSandbox(folder, "--data org.json",
                         "viasync sandbox edit --url $url --org acme-dev filter update Filter0001 "
                         "--user maria --set filterCriteria='Balance > 7'");
  CAPTURE(ran.text);
  CHECK(ran.text.find("filter of acme-dev: updated Filter0001, as maria") != std::string::npos);
  CHECK(Read(folder + "/org.json").find("Balance > 7") != std::string::npos);
}

TEST_CASE("an edit that makes no sense is refused with a reason") {
  auto ran = WithSandbox(NewFolder(), "",
                         "viasync sandbox edit --url $url --org acme-dev filter delete Nowhere; "
                         "echo code $?");
  CAPTURE(ran.text);
  CHECK(ran.text.find("there is no 'Nowhere'") != std::string::npos);
  CHECK(ran.text.find("code 1") != std::string::npos);
}

TEST_CASE("flags that mean nothing are refused before anything is served") {
  struct Case {
    const char *flags, *expected;
  };
  for (auto [flags, expected] :
       {Case{"--fault nonsense", "ault"}, Case{"--rate fast", "--rate `fast` is not a valid rate"},
        Case{"--seed missing.json", "missing.json"}}) {
    auto ran = Shell(NewFolder(), std::string("viasync sandbox --port 0 ") + flags);
    CAPTURE(ran.text);
    CHECK(ran.exit_code == 1);
    CHECK(ran.text.find(expected) != std::string::npos);
  }
}

}  // namespace
}  // namespace viasync::cli
