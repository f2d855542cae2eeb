#include "engine/workflow/bulk_decision.h"

#include <utility>

namespace viasync::workflow {

Decision Decide(const BulkRow& row, const BulkResults::Known& known, bool resend_unknown) {
  if (row.problem) return Decision::kMalformed;
  const bool same = known.digest == row.digest;
  switch (known.state) {
    case RowState::kDone:
      return Decision::kDone;
    case RowState::kRefused:
      return same ? Decision::kRefused : Decision::kSend;  // corrected meanwhile
    case RowState::kSent:
    case RowState::kUnknown:
      return resend_unknown ? Decision::kSend : Decision::kUnknown;
    default:
      return Decision::kSend;
  }
}

base::Result<bool> RowsToSend::Next(BulkRow& row) {
  while (!ended_) {
    auto more = rows_.Next(row);
    if (!more || !*more) {
      ended_ = true;
      return more;
    }
    const auto known = results_.Of(row.line);
    const auto decision = Decide(row, known, resend_unknown_);
    if (decision == Decision::kSend) return true;
    if (decision == Decision::kMalformed && known.state == RowState::kNone) {
      results_.Note(row.line, row.key, RowState::kMalformed, row.problem->message, row.digest);
    }
  }
  return false;
}

}  // namespace viasync::workflow
