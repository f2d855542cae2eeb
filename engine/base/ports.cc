#include "engine/base/ports.h"

#include <random>

namespace viasync::base {
namespace {

class RealClock final : public Clock {
 public:
  UtcTime Now() override {
    return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
  }
  Millis Steady() override {
    return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch());
  }
};

class RealRandom final : public Random {
 public:
  std::uint64_t Next() override { return engine_(); }

 private:
  std::mt19937_64 engine_{(std::uint64_t{std::random_device{}()} << 32) ^ std::random_device{}()};
};

}  // namespace

Clock& SystemClock() {
  static RealClock clock;
  return clock;
}

Random& SystemRandom() {
  static RealRandom random;
  return random;
}

}  // namespace viasync::base
