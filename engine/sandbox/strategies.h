// What the files on strategies share: the status of a strategy as the clock has it, and the codes
// they use of the reference's list.
#pragma once

#include "engine/sandbox/call.h"

namespace viasync::sandbox {

enum StrategyStatus : std::int64_t {
  kBuilding = 0,
  kNotBuilt = 1,
  kBuildComplete = 4,
  kAppending = 5,
  kAppendComplete = 9,
  kBuildFailed = 15,
  kBuildAborted = 19,
  kNoStatus = 34,
  kDelayedBuild = 55,
  kAppendCompleteWithErrors = 60,
  kUpdatingRecords = 66,
  kUpdateRecordsComplete = 67,
  kUpdateRecordsFailed = 68,
  kUpdateRecordsCompleteWithErrors = 70,
};

// The strategy as it stands at `now`: what it was busy with may be over. Reading changes nothing.
Strategy StrategyAt(Strategy strategy, base::UtcTime now);

}  // namespace viasync::sandbox
