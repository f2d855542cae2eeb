// A sign of life for people who watch a log: a line now and then while something takes long.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace viasync::cli {

// Calls `beat` every `interval`, on a thread of its own, for as long as it lives. `beat` gets the
// time since the start; it must be safe beside what else runs.
class Heartbeat {
 public:
  using Beat = std::function<void(std::chrono::seconds since_start)>;
  explicit Heartbeat(Beat beat, std::chrono::milliseconds interval = std::chrono::seconds(15));

 private:
  std::jthread thread_;
};

}  // namespace viasync::cli
