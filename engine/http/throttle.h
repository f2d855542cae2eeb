// How many requests may be in flight: additive increase while the org copes, multiplicative
// decrease when it answers 408, and a pause for all when it asks for a long one. One budget for all
// requests of a run. Time comes in as an argument. The rate at which they leave is pace.h.
//
// The budget begins at a number that every org should bear, and is raised beyond it, up to a
// maximum, only while answers do not slow down and nothing was refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/ports.h"

namespace viasync::http {

class Throttle {
 public:
  enum class Load {
    kBorne,    // an answer: the org copes
    kTooMuch,  // 408
    kRefused,  // 429: says nothing of the load, but more must not be asked for
    kSilent,   // no answer: says nothing about load
  };

  // Who left when; given back at the end.
  struct Ticket {
    std::uint64_t serial = 0;
  };

  // Starts at `in_flight_first`: an org that bears it is used in full from the first request on.
  // Never exceeds `in_flight_max`.
  Throttle(std::size_t in_flight_first, std::size_t in_flight_max);

  bool MayStart(base::Millis now) const;
  Ticket Start();
  // `took`: from leaving to the answer.
  void Finish(Ticket ticket, Load load, base::Millis took);

  // Nothing starts before `moment`. A later pause wins.
  void PauseUntil(base::Millis moment);

  base::Millis paused_until() const { return paused_until_; }
  std::size_t in_flight() const { return in_flight_; }
  std::size_t limit() const { return static_cast<std::size_t>(limit_); }  // in [1, in_flight_max]

 private:
  void NoteSpeed(base::Millis took);

  double first_, max_;
  double ceiling_;       // in [first_, max_]: what the speed of the answers allows
  double limit_;         // in [1, ceiling_]: what the load allows
  double overload_ = 0;  // the limit at the last decrease; 0 = none yet
  std::size_t in_flight_ = 0;
  std::uint64_t next_serial_ = 0;
  std::uint64_t decreased_at_ = 0;  // requests with a smaller serial left before the last decrease
  base::Millis paused_until_{0};

  std::vector<base::Millis> round_;       // how long the latest answers took
  std::optional<base::Millis> quickest_;  // the least median of a round
  bool may_grow_ = true;                  // nothing was refused
};

}  // namespace viasync::http
