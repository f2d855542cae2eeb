// Time and chance that a test decides. Time moves only when it is told to.
#pragma once

#include <cstdint>

#include "engine/base/ports.h"

namespace viasync::fakes {

class VirtualClock : public base::Clock {
 public:
  // 2026-01-05T08:00:00Z, a Monday morning.
  static constexpr base::UtcTime kStart{std::chrono::seconds(1'767'600'000)};

  base::UtcTime Now() override { return kStart + steady_; }
  base::Millis Steady() override { return steady_; }
  void Advance(base::Millis by) { steady_ += by; }

 private:
  base::Millis steady_{0};
};

// SplitMix64: the same seed gives the same numbers everywhere.
class SeededRandom : public base::Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() override {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

// Always the same number: the ends of what chance can do.
class FixedRandom : public base::Random {
 public:
  explicit FixedRandom(std::uint64_t number) : number_(number) {}
  std::uint64_t Next() override { return number_; }

 private:
  std::uint64_t number_;
};

}  // namespace viasync::fakes
