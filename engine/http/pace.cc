#include "engine/http/pace.h"

#include <algorithm>
#include <cmath>

namespace viasync::http {
namespace {

// The answers that are under way at the first refusal; longer than that is not waited for.
constexpr base::Millis kMeasureMax{300};
constexpr base::Millis kMeasureMin{50};  // in less, one request accepted by luck says too much
constexpr double kFirstShare = 0.9;
// Seeking: from a first guess to the wall in a few steps.
constexpr double kSeekFactor = 1.5;
constexpr base::Millis kSeekTime{100};
constexpr double kSeekAccepted = 8;
// A refusal lowers the rate to a share of what it was, and below what was accepted. Growth comes in
// steps of a root of the rate, so that the slower of two clients that share a limit gains more and
// they meet; what is not used in between stays in the bucket.
constexpr double kBackUnsettled = 0.7, kBackSettled = 0.93;
constexpr double kBelowEstimate = 0.99;
constexpr double kEstimateFrom = 20;  // accepted requests; fewer say little
constexpr double kAgree = 0.15;       // two estimates that differ by less settle the rate
constexpr base::Millis kGrowTime{250};
constexpr double kGrowAccepted = 2;
constexpr double kGainPerS = 3;  // times the square root of the rate, until it is settled
constexpr double kSettledGain = 0.5, kSettledRoot = 0.65, kSettledAccepted = 100;
constexpr base::Millis kSettledTimeMin{1000}, kSettledTimeMax{6000};
constexpr base::Millis kKnownTime{3000};
constexpr double kKnownFactor = 1.01;
// A rate that is not used for the most part proves nothing, and is not raised.
constexpr double kInUse = 0.7;
constexpr int kTightFrom = 3;
constexpr double kLeastPerS = 1;

double AsMs(base::Millis time) { return static_cast<double>(time.count()); }

}  // namespace

Pace::Pace(double known_per_s, double max_per_s) : max_per_s_(max_per_s) {
  if (known_per_s > 0) {
    state_ = State::kPaced;
    per_s_ = learnt_per_s_ = known_per_s;
    if (max_per_s > 0) per_s_ = std::min(per_s_, max_per_s);
    last_estimate_ = known_per_s;
    settled_ = true;
  }
}

double Pace::learnt_per_s() const {
  return empty_at_ ? learnt_per_s_ : std::max(learnt_per_s_, per_s_);
}

bool Pace::MayStart(base::Millis now) const {
  if (state_ == State::kMeasuring) return now >= understood_at_ + kMeasureMax;
  return per_s() <= 0 || AsMs(now) >= next_ms_;
}

base::Millis Pace::NextStart(base::Millis now) const {
  if (MayStart(now)) return now;
  if (state_ == State::kMeasuring) return understood_at_ + kMeasureMax;
  return std::min(base::Millis(static_cast<std::int64_t>(std::ceil(next_ms_))),
                  now + base::Millis(1000));
}

void Pace::Start(base::Millis now) {
  if (state_ == State::kMeasuring) MaybeEndMeasuring(now);
  ++in_flight_;
  if (per_s() <= 0) return;
  next_ms_ = std::max(next_ms_, AsMs(now) - catch_up_ms_) + 1000 / per_s();
}

void Pace::SetRate(double per_s, base::Millis now) {
  per_s_ = std::max(per_s, kLeastPerS);
  if (max_per_s_ > 0) per_s_ = std::min(per_s_, max_per_s_);
  raised_at_ = now;
  accepted_at_raise_ = accepted_;
}

void Pace::BeginMeasuring(base::Millis now) {
  state_ = State::kMeasuring;
  empty_at_ = understood_at_ = now;
  accepted_ = 0;
}

// The answers that came in since the bucket was seen empty show how fast it fills.
void Pace::MaybeEndMeasuring(base::Millis now) {
  const bool over = in_flight_ == 0 || now >= understood_at_ + kMeasureMax;
  if (state_ != State::kMeasuring || !over) return;
  const double time = AsMs(std::max(kMeasureMin, now - *empty_at_));
  state_ = State::kSeeking;
  SetRate(kFirstShare * std::max(accepted_, 1.0) * 1000 / time, now);
  next_ms_ = AsMs(now);
  understood_at_ = now;
}

void Pace::Estimate(base::Millis now) {
  const double time = empty_at_ ? AsMs(now - *empty_at_) : 0;
  double rate = (settled_ ? kBackSettled : kBackUnsettled) * per_s_;
  if (state_ == State::kSeeking) rate = per_s_ / kSeekFactor;  // the last step that was borne
  if (!empty_at_) {  // a first refusal at a known rate: the bucket was full when the run began
    empty_at_ = now;
    accepted_ = 0;
  } else if (accepted_ >= kEstimateFrom && time > 0) {
    const double estimate = accepted_ * 1000 / time;
    close_refusals_ = 0;
    settled_ = last_estimate_ && std::abs(estimate - *last_estimate_) <= kAgree * *last_estimate_;
    last_estimate_ = estimate;
    learnt_per_s_ = estimate;
    rate = std::min(rate, kBelowEstimate * estimate);
    empty_at_ = now;
    accepted_ = 0;
  } else if (++close_refusals_ >= kTightFrom) {
    // Empty again and again after a few requests: the bucket holds next to nothing, and what is
    // caught up after a late timer is refused.
    catch_up_ms_ = 0;
  }
  SetRate(rate, now);
}

void Pace::Refused(base::Millis left, base::Millis now) {
  --in_flight_;
  if (state_ == State::kFree) return BeginMeasuring(now);
  if (state_ == State::kMeasuring) return MaybeEndMeasuring(now);
  if (left < understood_at_) return;
  understood_at_ = now;
  Estimate(now);
  state_ = State::kPaced;
  next_ms_ = std::max(next_ms_, AsMs(now) + 1000 / per_s_);
}

void Pace::Accepted(base::Millis now) {
  --in_flight_;
  if (state_ == State::kFree) return;
  ++accepted_;
  if (state_ == State::kMeasuring) return MaybeEndMeasuring(now);
  Grow(now);
}

void Pace::Silent(base::Millis now) {
  --in_flight_;
  if (state_ == State::kMeasuring) MaybeEndMeasuring(now);
}

void Pace::Grow(base::Millis now) {
  const double accepted = accepted_ - accepted_at_raise_;
  const base::Millis since = now - raised_at_;
  if (state_ == State::kSeeking) {
    if (since >= kSeekTime && accepted >= kSeekAccepted) SetRate(per_s_ * kSeekFactor, now);
    return;
  }
  if (!empty_at_) {  // at a known rate, and nothing was refused yet
    if (since >= kKnownTime) SetRate(per_s_ * kKnownFactor, now);
    return;
  }
  const bool due = settled_
                       ? since >= (accepted >= kSettledAccepted ? kSettledTimeMin : kSettledTimeMax)
                       : since >= kGrowTime && accepted >= kGrowAccepted;
  if (!due) return;
  const double seconds = AsMs(since) / 1000;
  if (accepted < kInUse * per_s_ * seconds) return SetRate(per_s_, now);
  SetRate(per_s_ + (settled_ ? kSettledGain * std::pow(per_s_, kSettledRoot)
                             : kGainPerS * std::sqrt(per_s_) * seconds),
          now);
}

}  // namespace viasync::http
