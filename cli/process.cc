#include "cli/process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <initializer_list>
#include <string_view>

namespace viasync::cli {
namespace {

// A file that is opened where standard output was closed would be written into. What stands in is
// open the wrong way round, so that a use of it fails and is said.
void FillStandardDescriptors() {
  for (int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) != -1) continue;
    const int flags = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (::open("/dev/null", flags) != descriptor) std::abort();
  }
}

// What the library would print of an exception is text of others, and maybe a secret.
void SayThatThisIsADefect(int signal) {
  constexpr std::string_view kText =
      "error: viasync stopped: a defect of its own\n"
      "  → what was sent is on record, and the next run goes on; please report it, with what was "
      "run\n";
  (void)!::write(STDERR_FILENO, kText.data(), kText.size());
  std::signal(signal, SIG_DFL);
  ::raise(signal);
}

}  // namespace

void HardenProcess() {
  FillStandardDescriptors();
  // A reader that went away (`viasync plan | head`), and a file that may not grow, are errors of a
  // write, not reasons to die mid-way.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  std::set_terminate(std::abort);
  std::signal(SIGABRT, SayThatThisIsADefect);
  // Secrets are in memory from the start, in the environment: no core file, and no look from other
  // processes of the same user.
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__  // its leak check looks from another process
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
  // libcurl's TLS would write its session keys there.
  ::unsetenv("SSLKEYLOGFILE");
}

}  // namespace viasync::cli
