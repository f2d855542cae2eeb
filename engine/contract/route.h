// From what a person typed to an operation and a full path.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/contract/contract.h"

namespace viasync::contract {

struct Route {
  Match match;
  std::string path;  // from `/via/` on, with the org filled in
};

// `text`: a full path, in which {orgId} or {org} stands for `org`, or what comes after
// `/campaign/` (`filters/123`), the newest version of it where there are several (`v2/timeZones` is
// the older). No query. Errors: kInvalid, with the nearest path, or the methods that the path
// takes.
base::Result<Route> FindRoute(std::string_view method, std::string_view text, std::string_view org);

// `filters/{filterId}`: the short form of an operation's path, as FindRoute takes it.
std::string ShortPath(const Operation& operation);

}  // namespace viasync::contract
