// A row of a bulk run as the typed call it stands for.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/api/operations.h"
#include "engine/api/session.h"
#include "engine/base/result.h"
#include "engine/http/task.h"
#include "engine/workflow/bulk.h"

namespace viasync::workflow {

// What the org answered, in words. Requires: an item that BulkRows found sound, and not of an
// update, which is not sent alone.
http::Task<base::Result<std::string>> SendBulkRow(api::Session& session, const BulkTarget& target,
                                                  nlohmann::json item);

// The item of an update.
api::RecordUpdate UpdateOf(const nlohmann::json& item);

}  // namespace viasync::workflow
