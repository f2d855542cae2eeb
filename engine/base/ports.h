// Time and chance as arguments, so that a test can decide both.
#pragma once

#include <chrono>
#include <cstdint>

namespace viasync::base {

using Millis = std::chrono::milliseconds;

// A moment in UTC, to the millisecond: the resolution of the API.
using UtcTime = std::chrono::time_point<std::chrono::system_clock, Millis>;

class Clock {
 public:
  virtual ~Clock() = default;
  // Wall time: for records, expiry dates and people.
  virtual UtcTime Now() = 0;
  // Time that never goes back: for waits and durations.
  virtual Millis Steady() = 0;
};

class Random {
 public:
  virtual ~Random() = default;
  // Uniform in [0, 2^64).
  virtual std::uint64_t Next() = 0;
};

// The machine's clock and entropy. Both live as long as the program.
Clock& SystemClock();
Random& SystemRandom();

}  // namespace viasync::base
