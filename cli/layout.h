// Embedded files, laid out in a folder.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/embedded.h"
#include "engine/base/result.h"

namespace viasync::cli {

// The paths of those that exist below `directory` already.
std::vector<std::string> ExistingFiles(std::span<const EmbeddedFile> files,
                                       const std::string& directory);

// Writes those that are missing, with the folders they need; never overwrites one. Gives the paths
// written. Errors: kIo.
base::Result<std::vector<std::string>> LayOut(std::span<const EmbeddedFile> files,
                                              const std::string& directory);

}  // namespace viasync::cli
