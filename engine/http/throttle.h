// How many requests may be in flight: additive increase while the org copes, multiplicative
// decrease when it answers 408, and a pause for all when it asks for a long one. One budget for all
// requests of a run. Time comes in as an argument. The rate at which they leave is pace.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/ports.h"

namespace viasync::http {

class Throttle {
 public:
  enum class Load {
    kBorne,    // an answer: the org copes
    kTooMuch,  // 408
    kSilent,   // no answer: says nothing about load
  };

  // Who left when; given back at the end.
  struct Ticket {
    std::uint64_t serial = 0;
  };

  // Starts at the maximum: an org that bears it is used in full from the first request on.
  explicit Throttle(std::size_t in_flight_max);

  bool MayStart(base::Millis now) const;
  Ticket Start();
  void Finish(Ticket ticket, Load load);

  // Nothing starts before `moment`. A later pause wins.
  void PauseUntil(base::Millis moment);

  base::Millis paused_until() const { return paused_until_; }
  std::size_t in_flight() const { return in_flight_; }
  std::size_t limit() const { return static_cast<std::size_t>(limit_); }  // in [1, in_flight_max]

 private:
  double limit_max_;
  double limit_;
  double overload_ = 0;  // the limit at the last decrease; 0 = none yet
  std::size_t in_flight_ = 0;
  std::uint64_t next_serial_ = 0;
  std::uint64_t decreased_at_ = 0;  // requests with a smaller serial left before the last decrease
  base::Millis paused_until_{0};
};

}  // namespace viasync::http
