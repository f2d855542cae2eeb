// Small files, whole.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace viasync::cli {

base::Result<std::string> ReadFile(const std::string& path);

// Beside it first, then renamed over it: a reader sees the old file or the new one, and a full disk
// leaves the old one. `-` is standard output. Readable by its owner only.
base::Result<void> WriteFile(const std::string& path, std::string_view content);

}  // namespace viasync::cli
