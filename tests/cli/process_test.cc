#include "cli/process.h"

#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>

namespace viasync::cli {
namespace {

// Whether `holds` is true in a process that was hardened.
bool Hardened(const std::function<bool()>& holds) {
  const pid_t child = fork();
  if (child == 0) {
    setenv("SSLKEYLOGFILE", "/tmp/keys", 1);
    HardenProcess();
    _exit(holds() ? 0 : 1);
  }
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("nobody can look into the process, not even others of the same user") {
#ifndef __SANITIZE_ADDRESS__
  REQUIRE(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 1);
  CHECK(Hardened([] { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0; }));
#endif
  CHECK(Hardened([] {
    rlimit core{};
    return getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0;
  }));
}

TEST_CASE("TLS gets no file to write its session keys to") {
  CHECK(Hardened([] { return std::getenv("SSLKEYLOGFILE") == nullptr; }));
}

TEST_CASE("neither a reader that went away nor a limit on files ends the process") {
  CHECK(Hardened([] { return raise(SIGPIPE) == 0 && raise(SIGXFSZ) == 0; }));
}

TEST_CASE("an exception that nobody caught ends the process without a word of what it held") {
  int pipe_ends[2];
  REQUIRE(pipe(pipe_ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(pipe_ends[1], STDERR_FILENO);
    HardenProcess();
    const std::function<void()> fail = [] { throw std::runtime_error("s3cr3t"); };
    [&]() noexcept { fail(); }();
  }
  close(pipe_ends[1]);
  std::string said(4096, '\0');
  said.resize(
      static_cast<std::size_t>(std::max<ssize_t>(read(pipe_ends[0], said.data(), 4096), 0)));
  close(pipe_ends[0]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT));
  CHECK(said.find("a defect of its own") != std::string::npos);
  CHECK(said.find("s3cr3t") == std::string::npos);
}

TEST_CASE("a standard stream that was closed is no place for the next file") {
  CHECK(Hardened([] { return true; }));
  const pid_t child = fork();
  if (child == 0) {
    for (int descriptor : {0, 1, 2}) close(descriptor);
    HardenProcess();
    _exit(write(1, "x", 1) == -1 && dup(0) > 2 ? 0 : 1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

}  // namespace viasync::cli
