// Snapshot: what the org holds of everything inside `manage`, complete or an error. All collections
// are read side by side, and details are fetched while pages still arrive. Sends GETs alone.
//
// Not here: what to make of it (reconcile), and when details of an earlier one still hold
// (known_details.h).
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/api/resources.h"
#include "engine/api/session.h"
#include "engine/base/result.h"
#include "engine/http/task.h"
#include "engine/model/manage.h"
#include "engine/model/resources.h"
#include "engine/store/detail_cache.h"

namespace viasync::snapshot {

// What matters. A kind that is not in question costs no request.
struct Wanted {
  model::Manage manage;
  // KeyOf of what is declared or in the base: these get a detail GET, the others stay terse.
  std::unordered_set<std::string> exclusion_keys;
  std::unordered_set<std::string> list_names;  // of lists that are declared or in the base, alike
  bool all_details = false;                    // every exclusion and list inside `manage` gets one
  bool filters = true, exclusions = true, lists = true;
};

// Sorted, so that the same org gives the same snapshot whatever the order of the answers.
struct Snapshot {
  api::Schemas schemas;  // read with the filters
  // Inside `manage`, by key, then id. Two of one name are both here.
  std::vector<model::Remote<model::Filter>> filters;
  // Inside `manage`, by key, start, id; `detailed` is false where the key was not wanted.
  std::vector<model::Remote<model::Exclusion>> exclusions;
  // Inside `manage`, by key, then id. Of those that are not `detailed` only the name is known, and
  // the type where it takes a filter.
  std::vector<model::Remote<model::List>> lists;
  // All that the org lists, inside `manage` or not.
  std::vector<std::string> filter_names, list_names;
  std::vector<std::string> other_criteria;  // of filters outside `manage`
  std::size_t exclusions_listed = 0;
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
