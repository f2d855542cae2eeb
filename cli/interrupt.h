// Ctrl-C: the first asks to stop, so that what is in flight ends and is recorded; a second ends the
// program at once, which is safe too, and the next run settles what was open.
#pragma once

#include <atomic>

namespace viasync::cli {

// Installs the handlers for SIGINT and SIGTERM. Set once somebody asked.
const std::atomic<bool>& StopOnSignal();

}  // namespace viasync::cli
