// Looking at what an org holds besides declared resources, and acting on it, as straight-line
// functions. Names or ids are taken alike: all digits is an id. Errors: the org's; kNotFound with
// the nearest name.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/operations.h"
#include "engine/api/reference_data.h"
#include "engine/base/result.h"
#include "engine/workflow/bulk_rows.h"
#include "engine/workflow/org.h"

namespace viasync::workflow {

base::Result<std::vector<api::Strategy>> ReadStrategies(Org& org, const std::string& name,
                                                        const std::string& purpose);
base::Result<api::Strategy> FindStrategy(Org& org, const std::string& name_or_id);
base::Result<api::StrategyStatuses> ReadStatuses(Org& org, const std::string& strategy_id);
// An operation is going on: "building", "appending", "updating records".
bool IsBusy(const api::StrategyStatuses& statuses);
// The last operation failed, or ended in a way that the reference does not know.
bool EndedBadly(const api::StrategyStatuses& statuses);

base::Result<std::vector<api::Script>> ReadScripts(Org& org, const std::string& name,
                                                   std::optional<std::int64_t> status);
base::Result<api::Script> FindScript(Org& org, const std::string& name_or_id);
// Errors: kRejected where it runs already (start) or does not (stop), before anything is sent.
base::Result<void> StartScript(Org& org, const api::Script& script, const std::string& session);
base::Result<void> StopScript(Org& org, const api::Script& script, const std::string& session);

// Asks again and again until nothing is going on any more, or somebody asks to stop (kInterrupted).
struct Waiting {
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const std::string& state)> changed;  // told in words
};
base::Result<api::Script> WaitForScript(Org& org, const std::string& id, const Waiting& waiting);
base::Result<api::StrategyStatuses> WaitForStrategy(Org& org, const std::string& id,
                                                    const Waiting& waiting);

// Whether a strategy or list takes such rows, as far as it can be told before the first is sent.
// Gives its id. Errors: kInvalid (a strategy that was never built, a list that is no fast path
// list).
base::Result<std::string> FindTarget(Org& org, BulkKind kind, const std::string& name_or_id);

enum class Reference { kPurposes, kGeocodes, kDispositions, kNumberTypes, kSchemas };
base::Result<std::vector<api::ReferenceItem>> ReadReference(Org& org, Reference kind);

// `v2`: ask the older version, which finds one or none.
base::Result<std::vector<api::TimeZone>> ReadTimeZones(Org& org, const api::Place& place, bool v2);

}  // namespace viasync::workflow
