#include "cli/heartbeat.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace viasync::cli {

Heartbeat::Heartbeat(Beat beat, std::chrono::milliseconds interval)
    : thread_([beat = std::move(beat), interval](const std::stop_token& stop) {
        const auto start = std::chrono::steady_clock::now();
        std::mutex mutex;
        std::condition_variable_any woken;
        std::unique_lock lock(mutex);
        while (!woken.wait_for(lock, stop, interval, [&] { return stop.stop_requested(); })) {
          beat(std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() -
                                                                start));
        }
      }) {}

}  // namespace viasync::cli
