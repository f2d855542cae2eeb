// What an org says of its own rate limit beside its answers. Two families are in use: the IETF
// draft's `RateLimit-Remaining` and `RateLimit-Reset`, or both in one `RateLimit: …;r=0;t=30`, and
// `X-RateLimit-Remaining` and `X-RateLimit-Reset`.
#pragma once

#include <optional>

#include "engine/base/ports.h"
#include "engine/http/transport.h"

namespace viasync::http {

// Whether there is anything of the kind: most answers bear none, and need no closer look.
bool TellsOfRate(const Response& response);

// How long nothing is left of the org's quota: set where an answer says that nothing remains, and
// when that ends. `now` is the org's own clock: a reset may be a number of seconds, or a moment in
// seconds since 1970. Never negative; nullopt where the headers are absent or unreadable.
std::optional<base::Millis> UsedUpFor(const Response& response, base::UtcTime now);

}  // namespace viasync::http
