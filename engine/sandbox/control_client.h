// Speaks to the control endpoint (control.h) of a sandbox that runs elsewhere.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "engine/base/result.h"

namespace viasync::sandbox {

// The answer of `GET url/_sandbox/PATH`. Errors: kNetwork (nobody there), kRejected (says why),
// kProtocol (an answer that is not JSON).
base::Result<nlohmann::json> GetControl(const std::string& url, const std::string& path);

// Sends `body` to `POST url/_sandbox/PATH`. Errors: as above.
base::Result<void> PostControl(const std::string& url, const std::string& path,
                               const nlohmann::json& body);

}  // namespace viasync::sandbox
