// SimTransport: a Transport without sockets, on a virtual clock. The test's handler plays the
// server. Deterministic: events happen in order of their virtual time, equal times in the order
// they were asked for.
//
// The fault model. The handler sees each request once, in the order of Start(), at the moment it
// starts; what it returns is delivered `latency` later. A lost answer is a handler that changes its
// state and returns Lost(); a request that never arrived is one that changes nothing and returns
// NoConnection() (surely not sent) or Lost() (nobody can tell).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/http/transport.h"
#include "tests/fakes/clock.h"

namespace viasync::fakes {

struct Outcome {
  base::Result<http::Response> result;
  base::Millis latency{50};
};

// Content type JSON unless `headers` say otherwise.
Outcome Answer(int status, std::string body = {}, base::Millis latency = base::Millis(50),
               http::Headers headers = {});
Outcome NoConnection(base::Millis latency = base::Millis(1));                  // kNetwork
Outcome Lost(base::Millis latency = base::Millis(50));                         // kUnknown
Outcome Broken(std::string message, base::Millis latency = base::Millis(50));  // kProtocol

class SimTransport : public http::Transport {
 public:
  using Handler = std::function<Outcome(const http::Request&)>;

  struct Record {
    base::Millis at;
    http::Request request;
  };

  SimTransport(VirtualClock& clock, Handler handler)
      : clock_(clock), handler_(std::move(handler)) {}

  void Start(http::Request request,
             std::function<void(base::Result<http::Response>)> done) override;
  void After(base::Millis wait, std::function<void()> done) override;

  // Jumps to the next event and delivers it.
  bool Drive() override;
  // Asked once, when an exchange starts.
  void Guard(std::shared_ptr<base::SendGate> gate) override { gate_ = std::move(gate); }
  base::Clock& clock() override { return clock_; }

  // Every request so far, in order.
  const std::vector<Record>& requests() const { return requests_; }
  std::size_t in_flight() const { return in_flight_; }
  std::size_t in_flight_peak() const { return in_flight_peak_; }

 private:
  struct Event {
    base::Millis due;
    std::uint64_t serial;
    std::function<void()> done;
    friend bool operator>(const Event& a, const Event& b) {
      return std::pair(a.due, a.serial) > std::pair(b.due, b.serial);
    }
  };

  VirtualClock& clock_;
  std::shared_ptr<base::SendGate> gate_;
  Handler handler_;
  std::vector<Record> requests_;
  std::vector<Event> events_;  // a heap, the next one first
  std::uint64_t next_serial_ = 0;
  std::size_t in_flight_ = 0, in_flight_peak_ = 0;
};

}  // namespace viasync::fakes
