#include "tests/fakes/sim_transport.h"

#include <algorithm>
#include <memory>

namespace viasync::fakes {

Outcome Answer(int status, std::string body, base::Millis latency, http::Headers headers) {
  if (headers.empty()) headers.emplace_back("content-type", "application/json");
  http::Response response{.status = status, .headers = std::move(headers), .body = std::move(body)};
  return {.result = std::move(response), .latency = latency};
}

Outcome NoConnection(base::Millis latency) {
  return {.result = base::Fail(base::ErrorKind::kNetwork, "no connection: refused"),
          .latency = latency};
}

Outcome Lost(base::Millis latency) {
  return {.result = base::Fail(base::ErrorKind::kUnknown, "the answer was lost"),
          .latency = latency};
}

Outcome Broken(std::string message, base::Millis latency) {
  return {.result = base::Fail(base::ErrorKind::kProtocol, std::move(message)), .latency = latency};
}

void SimTransport::Start(http::Request request,
                         std::function<void(base::Result<http::Response>)> done) {
  using Leave = base::SendGate::Leave;
  const Leave leave = gate_ ? gate_->Ask() : Leave::kGo;
  if (leave == Leave::kWait) {
    After(base::Millis(50), [this, request, done] { Start(request, done); });
    return;
  }
  if (leave == Leave::kNever) {
    After(base::Millis(0), [why = gate_->Why(), done] { done(base::Fail(why)); });
    return;
  }
  Outcome outcome = handler_(request);
  requests_.push_back({.at = clock_.Steady(), .request = std::move(request)});
  in_flight_peak_ = std::max(in_flight_peak_, ++in_flight_);
  // std::function copies what it holds, an answer may be large: it is shared.
  auto result = std::make_shared<base::Result<http::Response>>(std::move(outcome.result));
  After(outcome.latency, [this, result, done = std::move(done)] {
    --in_flight_;
    done(std::move(*result));
  });
}

void SimTransport::After(base::Millis wait, std::function<void()> done) {
  events_.push_back({clock_.Steady() + wait, next_serial_++, std::move(done)});
  std::ranges::push_heap(events_, std::greater<>());
}

bool SimTransport::Drive() {
  if (events_.empty()) return false;
  std::ranges::pop_heap(events_, std::greater<>());
  Event next = std::move(events_.back());
  events_.pop_back();
  clock_.Advance(std::max(next.due - clock_.Steady(), base::Millis(0)));
  next.done();
  return true;
}

}  // namespace viasync::fakes
