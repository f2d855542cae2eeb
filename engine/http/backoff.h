// How long to wait before the next try: capped exponential with full jitter, unless the org says.
#pragma once

#include <optional>
#include <string_view>

#include "engine/base/ports.h"

namespace viasync::http {

class Backoff {
 public:
  Backoff(base::Millis first, base::Millis cap) : first_(first), cap_(cap) {}

  // Uniform in [0, min(cap, first * 2^(failures - 1))], so that clients that failed together do not
  // come back together. Requires: failures >= 1.
  base::Millis Wait(int failures, base::Random& random) const;

 private:
  base::Millis first_, cap_;
};

// The wait a `Retry-After` header asks for: seconds, or an HTTP date seen from `now`. Never
// negative, at most a year. nullopt: absent or unreadable.
std::optional<base::Millis> ParseRetryAfter(std::string_view header, base::UtcTime now);

// An HTTP date (`Sun, 06 Nov 1994 08:49:37 GMT` and its two obsolete forms).
std::optional<base::UtcTime> ParseHttpDate(std::string_view text);

}  // namespace viasync::http
