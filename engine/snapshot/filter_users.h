// Which lists of the org use a filter, inside `manage` or not: the org refuses to delete a filter
// while one does, also one of a type that takes no filter any more. Asked for only where a filter
// may go, since it costs a GET per list.
#pragma once

#include <map>
#include <set>
#include <string>

#include "engine/api/session.h"
#include "engine/base/result.h"
#include "engine/http/task.h"
#include "engine/snapshot/snapshot.h"

namespace viasync::snapshot {

// By the name of the filter: the names of the lists that use it.
using FilterUsers = std::map<std::string, std::set<std::string>>;

// Of every filter that a list uses. Lists whose details are in `snapshot` are not read again. Sends
// GETs alone. Errors: as TakeSnapshot; a list that is deleted meanwhile is left out.
http::Task<base::Result<FilterUsers>> FindFilterUsers(api::Session& session,
                                                      const Snapshot& snapshot);

}  // namespace viasync::snapshot
