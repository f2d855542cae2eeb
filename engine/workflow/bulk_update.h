// Updates of records, many in one request. A strategy carries out one operation at a time and tells
// only of the last one: so the end of each is waited for, and what it says of each record is read,
// before the next leaves.
#pragma once

#include <string>

#include "engine/workflow/bulk.h"

namespace viasync::workflow {

// As RunBulk, for BulkKind::kUpdate.
BulkOutcome RunUpdates(Org& org, const std::string& strategy_id, BulkRows& rows,
                       BulkResults& results, const BulkScan& scan, const BulkOptions& options);

}  // namespace viasync::workflow
