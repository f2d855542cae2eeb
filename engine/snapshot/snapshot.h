// Snapshot: what the org holds of everything inside `manage`, complete or an error. All collections
// are read side by side, and details are fetched while pages still arrive. Sends GETs alone.
//
// Not here: what to make of it (reconcile), and when details of an earlier one still hold
// (known_details.h).
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "engine/api/resources.h"
#include "engine/api/session.h"
#include "engine/base/hashed_names.h"
#include "engine/base/result.h"
#include "engine/http/task.h"
#include "engine/model/manage.h"
#include "engine/model/resources.h"
#include "engine/store/detail_cache.h"

namespace viasync::snapshot {

// What matters.
struct Wanted {
  model::Manage manage;
  // KeyOf what is declared or in the base: where a collection is terse, these get a detail GET,
  // and the others stay terse.
  model::ByKind<base::HashedNames> keys{};
  bool all_details = false;        // everything inside `manage` gets one
  model::ByKind<bool> left_out{};  // a kind that is not in question costs no request
};

// Sorted, so that the same org gives the same snapshot whatever the order of the answers.
//
// What is inside `manage` of a kind, snapshot.Of<model::Filter>(), is in the order of
// model::Compare, then by id; two of one name are both here. `detailed` is false where the
// collection is terse and the key was not wanted. Of such a list only the name is known, and the
// type where it takes a filter.
struct Snapshot : model::PerKind<model::RemoteOnes> {
  api::Schemas schemas;  // read with the filters
  // Of all that the org lists, inside `manage` or not: how many, and the names, sorted, of kinds
  // whose key is a name.
  model::ByKind<std::size_t> listed{};
  model::ByKind<std::vector<std::string>> names{};
  std::vector<std::string> other_criteria{};  // of filters outside `manage`
};

// Requests answered and requests known to be needed; a collection counts as one.
using Progress = std::function<void(std::size_t done, std::size_t total)>;

// Errors: as the api calls; kProtocol also for an item that stays listed but has no details. What
// was deleted between its page and its detail GET is left out. `wanted` is not looked at again.
// `cache`: details that an earlier snapshot left, and where this one leaves its own; may be null.
http::Task<base::Result<Snapshot>> TakeSnapshot(api::Session& session, Wanted wanted,
                                                Progress progress = {},
                                                store::DetailCache* cache = nullptr);

}  // namespace viasync::snapshot
