// Exit codes: part of the interface (README, "Exit codes").
#pragma once

namespace viasync::cli {

enum class ExitCode {
  kDone = 0,
  kError = 1,
  kDifferences = 2,  // plan --exit-code, drift
  kConflicts = 3,
  kHalfWay = 4,  // rerun to go on
  kLimit = 5,    // refused by a limit
  kStale = 6,    // the plan no longer matches the org
  kInterrupted = 130,
};

}  // namespace viasync::cli
