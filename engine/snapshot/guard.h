// A side that is suddenly empty stops the run: more often than an org that was emptied it is a
// client that lost its rights, a wrong org, or an outage that answers with empty collections.
#pragma once

#include <cstddef>
#include <optional>

#include "engine/base/result.h"
#include "engine/snapshot/snapshot.h"

namespace viasync::snapshot {

// kProtocol where the org lists nothing at all (Snapshot::listed) of a kind of which the base knows
// some. `in_base` is 0 for a kind that was not read.
std::optional<base::Error> CheckPlausible(const model::ByKind<std::size_t>& listed,
                                          const model::ByKind<std::size_t>& in_base);

}  // namespace viasync::snapshot
