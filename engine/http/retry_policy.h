// May a request be tried again? One table over what came back and whether a repeat is safe.
#pragma once

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/http/client.h"
#include "engine/http/transport.h"

namespace viasync::http {

enum class Verdict {
  kDone,    // hand the answer, or the error as it is, to the caller
  kAgain,   // surely not carried out, or harmless to repeat
  kUnsure,  // a write that may have been carried out: the caller settles it by reading
};

// notes, "Errors and retries": 408, 429, 5xx and broken connections are retried; of a write only
// what the org surely did not do.
Verdict Judge(const base::Result<Response>& outcome, Repeat repeat);

// The tries of one request and the time they take.
class Tries {
 public:
  explicit Tries(const ClientOptions& options) : options_(options) {}

  void Begin(base::Millis now) {
    if (count_++ == 0) began_ = now;
  }

  // May another one begin after `wait`? `reached`: somebody has answered this client before.
  // `throttled`: the last answer was a 429, which says "later" and not "broken": patience with it
  // is counted in time alone.
  bool MayGoOn(base::Millis now, base::Millis wait, bool reached, bool throttled) const {
    if (now + wait - began_ > options_.give_up_after) return false;
    const int most = reached ? options_.tries_max : options_.first_contact_tries_max;
    return throttled || count_ < most;
  }

  int count() const { return count_; }
  base::Millis Spent(base::Millis now) const { return now - began_; }

 private:
  const ClientOptions& options_;
  int count_ = 0;
  base::Millis began_{0};
};

}  // namespace viasync::http
