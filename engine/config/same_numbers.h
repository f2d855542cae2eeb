// One person under two spellings of a number: the org compares addresses as texts, so that whoever
// ends, moves or checks one entry leaves the other as it is.
#pragma once

#include <string>
#include <vector>

#include "engine/config/entries.h"
#include "engine/config/problems.h"

namespace viasync::config {

// Warns of entries whose numbers are the same when dialled from `region`, under different
// addresses. Does nothing without a region.
void WarnOfSameNumbers(const std::vector<Entry<model::Exclusion>>& entries,
                       const std::string& region, Problems& problems);

}  // namespace viasync::config
