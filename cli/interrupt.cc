#include "cli/interrupt.h"

#include <unistd.h>

#include <csignal>
#include <string_view>

#include "cli/exit_code.h"

namespace viasync::cli {
namespace {

std::atomic<bool> asked{false};

void OnSignal(int) {
  if (asked.exchange(true)) _exit(static_cast<int>(ExitCode::kInterrupted));
  constexpr std::string_view kLine =
      "\nstopping: what is in flight ends first; once more to stop at once\n";
  [[maybe_unused]] auto n = ::write(STDERR_FILENO, kLine.data(), kLine.size());
}

}  // namespace

const std::atomic<bool>& StopOnSignal() {
  static_assert(std::atomic<bool>::is_always_lock_free);
  std::signal(SIGINT, OnSignal);
  std::signal(SIGTERM, OnSignal);
  return asked;
}

}  // namespace viasync::cli
