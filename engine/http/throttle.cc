#include "engine/http/throttle.h"

#include <algorithm>

namespace viasync::http {
namespace {

constexpr double kDecrease = 0.5;

// Where the last overload was, the budget feels its way: a step of one per round would run into
// the same wall at once, and a pause for each hit costs more than the slow steps. Past it the org
// bears more than it did, and the steps are whole again.
constexpr double kNearFrom = 0.75;
constexpr double kNearTo = 1.25;
constexpr double kNearStep = 0.1;

// By what the ceiling moves after two rounds of answers, and up to which slowing.
constexpr double kGrow = 1.25, kShrink = 0.85;
constexpr double kAsQuick = 1.15, kSlow = 1.5;
// A clock of whole milliseconds sees no difference below.
constexpr base::Millis kGrain{2};

}  // namespace

Throttle::Throttle(std::size_t in_flight_first, std::size_t in_flight_max)
    : max_(static_cast<double>(std::max<std::size_t>(in_flight_max, 1))) {
  first_ = std::clamp(static_cast<double>(in_flight_first), 1.0, max_);
  ceiling_ = limit_ = first_;
}

bool Throttle::MayStart(base::Millis now) const {
  return now >= paused_until_ && in_flight_ < limit();
}

Throttle::Ticket Throttle::Start() {
  ++in_flight_;
  return {.serial = next_serial_++};
}

// A queue in the org shows as slower answers before it shows as refusals.
void Throttle::NoteSpeed(base::Millis took) {
  round_.push_back(took);
  if (static_cast<double>(round_.size()) < 2 * limit_) return;
  auto middle = round_.begin() + static_cast<std::ptrdiff_t>(round_.size() / 2);
  std::nth_element(round_.begin(), middle, round_.end());
  const base::Millis median = *middle;
  round_.clear();
  quickest_ = std::min(quickest_.value_or(median), median);
  const auto within = [&](double factor) {
    const double most = factor * static_cast<double>(quickest_->count());
    return static_cast<double>((median - kGrain).count()) <= most;
  };
  const bool full = limit_ >= ceiling_;
  if (within(kAsQuick) && full && may_grow_) ceiling_ = std::min(max_, ceiling_ * kGrow);
  if (!within(kSlow)) ceiling_ = std::max(first_, ceiling_ * kShrink);
  limit_ = full ? ceiling_ : std::min(limit_, ceiling_);
}

void Throttle::Finish(Ticket ticket, Load load, base::Millis took) {
  const bool in_use = in_flight_ * 2 >= limit();  // an idle budget proves nothing about the org
  --in_flight_;
  if (load == Load::kBorne && in_use) {
    const bool near = limit_ >= kNearFrom * overload_ && limit_ < kNearTo * overload_;
    limit_ = std::min(ceiling_, limit_ + (near ? kNearStep : 1) / limit_);
    NoteSpeed(took);
  }
  if (load == Load::kTooMuch || load == Load::kRefused) may_grow_ = false;
  // Refusals of requests that left before the last decrease are the same overload seen again.
  if (load == Load::kTooMuch && ticket.serial >= decreased_at_) {
    overload_ = limit_;
    limit_ = std::max(1.0, limit_ * kDecrease);
    decreased_at_ = next_serial_;
  }
}

void Throttle::PauseUntil(base::Millis moment) { paused_until_ = std::max(paused_until_, moment); }

}  // namespace viasync::http
