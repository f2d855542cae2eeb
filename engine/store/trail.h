// The audit trail as a chain: each event holds a hash over itself and the hash of the one before,
// and the store keeps the newest hash apart. So a change, a gap, a swap and a cut-off end show.
// Whoever may write the whole store can forge the whole chain: keep its end elsewhere, too.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/store/store.h"

namespace viasync::store {

// The hash of `event` behind one whose hash is `before` (empty: it is the first).
std::string EventHash(std::string_view before, const Event& event);

struct TrailFault {
  const Event* event = nullptr;  // where it shows; null: at the end
  std::string what;
};

// `events`: all there are, oldest first; `head` as the store keeps it. Events that are older than
// the chain stand in front and are not proved. nullopt: all is as it was written.
std::optional<TrailFault> CheckTrail(std::span<const Event> events, std::string_view head);

}  // namespace viasync::store
