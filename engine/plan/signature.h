// Signed plans: whoever holds the key made this plan file, and nobody changed a byte of what it
// says. HMAC-SHA256. The key itself is in no file and no output but that of `plan --new-key`.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace viasync::plan {

// A new key, as VIASYNC_PLAN_KEY holds it: 64 hex digits of randomness.
base::Result<std::string> NewKey();

// Checks the text of VIASYNC_PLAN_KEY. Errors: kInvalid, what NewKey did not make; without the
// text.
base::Result<void> CheckKey(std::string_view text);

// "hmac-sha256:…" of `content`. Requires: a key that CheckKey takes.
std::string Sign(std::string_view content, std::string_view key);

// Takes as long whether it is right or wrong.
bool SignatureMatches(std::string_view signature, std::string_view content, std::string_view key);

}  // namespace viasync::plan
