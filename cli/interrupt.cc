#include "cli/interrupt.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string_view>

#include "cli/exit_code.h"
#include "engine/base/ci_commands.h"

namespace viasync::cli {
namespace {

std::atomic<bool> asks{false}, asked{false};

// What a signal handler may print: made beforehand, since a handler must not allocate.
struct Farewell {
  std::array<char, 256> text{};
  std::atomic<std::size_t> size{0};  // 0: nothing is being read
};
Farewell farewell;
static_assert(std::atomic<bool>::is_always_lock_free);
static_assert(std::atomic<std::size_t>::is_always_lock_free);

void Say(std::string_view line) {
  [[maybe_unused]] auto n = ::write(STDERR_FILENO, line.data(), line.size());
}

void OnSignal(int) {
  if (asks && !asked.exchange(true)) {
    Say("\nstopping: what is in flight ends first; once more to stop at once\n");
    return;
  }
  if (!asks) {
    const std::size_t size = farewell.size;
    Say(size > 0 ? std::string_view(farewell.text.data(), size) : "\nstopped\n");
  }
  _exit(static_cast<int>(ExitCode::kInterrupted));
}

void Install() {
  std::signal(SIGINT, OnSignal);
  std::signal(SIGTERM, OnSignal);
}

}  // namespace

void ExplainSignals() { Install(); }

const std::atomic<bool>& StopOnSignal() {
  asks = true;
  Install();
  return asked;
}

namespace {

void PutFarewell(std::string_view text) {
  farewell.size = 0;
  const std::size_t size = std::min(text.size(), farewell.text.size());
  std::copy_n(text.begin(), size, farewell.text.begin());
  farewell.size = size;
}

}  // namespace

Reading::Reading(const std::string& what) : before_(farewell.text.data(), farewell.size.load()) {
  PutFarewell(base::BreakUpCommands("\nstopped while " + what + "; nothing was changed\n"));
}

Reading::~Reading() { PutFarewell(before_); }

}  // namespace viasync::cli
