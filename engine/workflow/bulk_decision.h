// Which rows of a bulk run are to be sent: those that are sound, and that no earlier run settled.
#pragma once

#include "engine/base/result.h"
#include "engine/workflow/bulk_results.h"
#include "engine/workflow/bulk_rows.h"

namespace viasync::workflow {

enum class Decision { kSend, kDone, kRefused, kUnknown, kMalformed };

// `resend_unknown`: the user says that rows of unknown outcome did not arrive.
Decision Decide(const BulkRow& row, const BulkResults::Known& known, bool resend_unknown);

// Goes through a file once, and notes malformed rows on the way. Both outlive it.
class RowsToSend {
 public:
  RowsToSend(BulkRows& rows, BulkResults& results, bool resend_unknown)
      : rows_(rows), results_(results), resend_unknown_(resend_unknown) {}

  // The next row that is to be sent; false: none is left. Errors: as BulkRows::Next; then it ends.
  base::Result<bool> Next(BulkRow& row);

 private:
  BulkRows& rows_;
  BulkResults& results_;
  const bool resend_unknown_;
  bool ended_ = false;
};

}  // namespace viasync::workflow
