#include "engine/http/throttle.h"

#include <algorithm>

namespace viasync::http {
namespace {

constexpr double kDecrease = 0.5;

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
    limit_ = std::min(limit_max_, limit_ + 1 / limit_);
  }
  // Refusals of requests that left before the last decrease are the same overload seen again.
  if (load == Load::kTooMuch && ticket.serial >= decreased_at_) {
    limit_ = std::max(1.0, limit_ * kDecrease);
    decreased_at_ = next_serial_;
  }
}

void Throttle::PauseUntil(base::Millis moment) { paused_until_ = std::max(paused_until_, moment); }

}  // namespace viasync::http
