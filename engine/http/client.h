// Client: exchanges with patience. It retries what may be retried, waits as long as the org asks,
// and keeps as many requests in flight as the org bears. What it must not repeat it hands back.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/http/task.h"
#include "engine/http/transport.h"

namespace viasync::http {

// May a request be sent again when its outcome is not known? A property of the request.
enum class Repeat {
  kSafe,      // GET: repeat on 408, 429, 5xx and broken connections
  kRefusals,  // a write: repeat only where the org surely did not carry it out (429, no
              // connection); 408, 5xx, lost and unreadable answers come back as kUnknown, to be
              // settled by reading
};

struct ClientOptions {
  std::size_t in_flight_max = 32;    // `concurrency` of the environment
  std::size_t in_flight_first = 32;  // to begin with; more only while answers do not slow down
  int tries_max = 8;                 // of one request
  int first_contact_tries_max = 4;   // while nobody has answered yet: a wrong host shows quickly
  base::Millis backoff_first{200};
  base::Millis backoff_cap{20'000};
  base::Millis give_up_after{300'000};  // of one request, waits included
  double rate_max = 0;                  // requests a second, at most; 0 = as many as the org takes
};

struct Counters {  // for --verbose, tests and benchmarks
  std::size_t requests = 0, retries = 0, throttled = 0;
};

class Client {
 public:
  Client(Transport& transport, base::Random& random, ClientOptions options);
  ~Client();

  // The answer with any status below 500 other than 408 and 429, after as many tries as the
  // policies allow. Errors: kUnavailable (tried in vain; says how often and the last answer; a
  // write was not carried out), kNetwork (no connection in spite of retries), kUnknown with
  // http_status where there was an answer, kProtocol (kSafe only), kInvalid as the Transport.
  Task<base::Result<Response>> Send(Request request, Repeat repeat);

  const Counters& counters() const;
  std::size_t in_flight_max() const;  // as configured
  // The org's limit in requests a second: as this run learnt it, or as it began, raised where
  // nothing was refused; 0 = none is known.
  double learnt_rate() const;
  // Begin at what an earlier run learnt. Requires: nothing is in flight.
  void BeginAt(double requests_per_s);
  Transport& transport();

  // Called with one line per exchange (method, path, status, time); never with header or body, nor
  // with the query: signed URLs carry their secret there.
  std::function<void(std::string)> trace;
  // Called with a line for people when the org has throttled for a while.
  std::function<void(std::string)> notice;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace viasync::http
