// What the audit trail knows of an exclusion that the org does not hold any more. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "engine/base/ports.h"
#include "engine/model/resources.h"
#include "engine/store/store.h"

namespace viasync::workflow {

// Why `address` was excluded at `at`, for `list` (empty = all lists) or for all lists: by an entry
// that was deleted or changed after `at`. `events` are those of the trail, in any order. nullopt:
// the trail knows of none, which proves nothing: it does not see what is deleted in the org.
std::optional<std::string> ExcludedThen(std::span<const store::Event> events,
                                        model::ContactType type, const std::string& address,
                                        const std::string& list, base::UtcTime at);

}  // namespace viasync::workflow
