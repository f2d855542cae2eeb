// What answers each route (world.cc): one function per resource, in the file named after it.
#pragma once

#include "engine/sandbox/call.h"

namespace viasync::sandbox {

// The resources. Requires: the caller is authorised for `org` and holds the lock.
Answer HandleFilters(Org& org, const Call& call);
Answer HandleExclusions(Org& org, const Call& call);
Answer HandleLists(Org& org, const Call& call);
Answer HandleSchemas(Org& org, const Call& call);
Answer HandleExclusionStatuses(Org& org, const Call& call);
Answer HandleCallAttempts(Org& org, const Call& call);
Answer HandleFastPath(Org& org, const Call& call);
Answer HandleStrategies(Org& org, const Call& call);
Answer HandleStrategyStatuses(Org& org, const Call& call);
Answer HandleRecords(Org& org, const Call& call);
Answer HandleTimeZonesV2(Org& org, const Call& call);
Answer HandleTimeZonesV3(Org& org, const Call& call);
Answer HandleScripts(Org& org, const Call& call);
Answer HandleScriptStart(Org& org, const Call& call);
Answer HandleScriptStop(Org& org, const Call& call);
Answer HandlePurposes(Org& org, const Call& call);
Answer HandleGeocodes(Org& org, const Call& call);
Answer HandleDispositions(Org& org, const Call& call);
Answer HandleNumberTypes(Org& org, const Call& call);
Answer HandleCallbacks(Org& org, const Call& call);
Answer HandleJobs(Org& org, const Call& call);
Answer HandleMedia(Org& org, const Call& call);

}  // namespace viasync::sandbox
