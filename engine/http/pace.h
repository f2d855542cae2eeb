// How fast requests may leave where the org limits their rate. Free until the first refusal; then
// the rate is measured, and requests leave evenly at it, so that the wall is felt and not run into.
//
// A gateway's limit is a bucket: tokens flow in at a rate, each request takes one, a refusal (429)
// shows that it is empty. What was accepted between two moments at which it was empty, over the
// time between them, is the rate, or less where the bucket overflowed; never more. That is all this
// class believes. It is pure: time comes in as an argument, in milliseconds of a steady clock.
//
// Not here: how many requests are in flight (throttle.h), and pauses that the org asks for.
#pragma once

#include <cstddef>
#include <optional>

#include "engine/base/ports.h"

namespace viasync::http {

class Pace {
 public:
  // `known_per_s`: the rate that an earlier run learnt; 0 = none. `max_per_s`: a rate never to be
  // exceeded; 0 = none.
  explicit Pace(double known_per_s = 0, double max_per_s = 0);

  bool MayStart(base::Millis now) const;
  // The earliest moment at which the next request may leave; never later than a second from `now`.
  base::Millis NextStart(base::Millis now) const;

  void Start(base::Millis now);
  void Accepted(base::Millis now);
  // `left`: when the refused request left. Refusals of requests that left before the last one was
  // understood are the same empty bucket seen again.
  void Refused(base::Millis left, base::Millis now);
  // Every request ends with one of Accepted, Refused and this: no answer, or one that says nothing.
  void Silent(base::Millis now);

  // Requests a second; 0 = free.
  double per_s() const { return state_ == State::kFree ? max_per_s_ : per_s_; }
  // What a later run may begin with: as the last refusal showed it, or where nothing was refused
  // what this run began with, raised; 0 = no limit is known.
  double learnt_per_s() const;

 private:
  enum class State {
    kFree,       // nothing was refused yet
    kMeasuring,  // the first refusal: nothing leaves until the answers under way have come
    kSeeking,    // the rate is raised in steps until it is refused again
    kPaced,      // two refusals have shown the rate
  };

  void BeginMeasuring(base::Millis now);
  void MaybeEndMeasuring(base::Millis now);
  void SetRate(double per_s, base::Millis now);
  void Estimate(base::Millis now);
  void Grow(base::Millis now);

  State state_ = State::kFree;
  double max_per_s_;
  double per_s_ = 0;
  double learnt_per_s_ = 0;
  double next_ms_ = 0;  // when the next request is due
  std::size_t in_flight_ = 0;
  std::optional<base::Millis> empty_at_;  // when the bucket was last seen empty
  double accepted_ = 0;                   // since then
  int close_refusals_ = 0;                // one after the other, with few accepted in between
  base::Millis understood_at_{0};         // refusals of what left before it say nothing new
  double catch_up_ms_ = 4;                // timers go off late; so much may be caught up
  // Growth.
  base::Millis raised_at_{0};
  double accepted_at_raise_ = 0;
  bool settled_ = false;  // two estimates agreed
  std::optional<double> last_estimate_;
};

}  // namespace viasync::http
