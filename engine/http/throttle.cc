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

}  // namespace

Throttle::Throttle(std::size_t in_flight_max)
    : limit_max_(static_cast<double>(std::max<std::size_t>(in_flight_max, 1))),
      limit_(limit_max_) {}

bool Throttle::MayStart(base::Millis now) const {
  return now >= paused_until_ && in_flight_ < limit();
}

Throttle::Ticket Throttle::Start() {
  ++in_flight_;
  return {.serial = next_serial_++};
}

void Throttle::Finish(Ticket ticket, Load load) {
  const bool in_use = in_flight_ * 2 >= limit();  // an idle budget proves nothing about the org
  --in_flight_;
  if (load == Load::kBorne && in_use) {
    const bool near = limit_ >= kNearFrom * overload_ && limit_ < kNearTo * overload_;
    limit_ = std::min(limit_max_, limit_ + (near ? kNearStep : 1) / limit_);
  }
  // Refusals of requests that left before the last decrease are the same overload seen again.
  if (load == Load::kTooMuch && ticket.serial >= decreased_at_) {
    overload_ = limit_;
    limit_ = std::max(1.0, limit_ * kDecrease);
    decreased_at_ = next_serial_;
  }
}

void Throttle::PauseUntil(base::Millis moment) { paused_until_ = std::max(paused_until_, moment); }

}  // namespace viasync::http
