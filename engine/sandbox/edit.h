// A change made "in the vendor's UI", past the API: no version is asked for, lists can be created,
// and lastModifiedBy is the user's. As JSON:
//   {"org": "acme-dev", "user": "maria", "kind": "filter", "action": "update",
//    "key": "InitialLeadPhase", "set": {"filterCriteria": "1 = 1"}}
// kind: filter, list, exclusion. action: create, update, delete. key: the name; of an exclusion
// `voice:09876322222@ContactList1` or `voice:09876322222@*` (all lists), first match, or the one of
// a start with `#2026-01-05T00:00:00Z` behind it; for create it may be left out. set: properties named as in the API. Also kinds object and job (jobs.h).
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "engine/base/ports.h"
#include "engine/sandbox/org.h"

namespace viasync::sandbox {

// Makes the change. Returns what is wrong with it (nothing changes then); "" = done.
std::string EditAsUser(Org& org, const nlohmann::json& edit, base::UtcTime now);

}  // namespace viasync::sandbox
