// Puts edited files on disk: each whole or not at all. Knows nothing of what is in them.
#pragma once

#include <map>
#include <string>

#include "engine/base/result.h"
#include "engine/config/edit/edit.h"

namespace viasync::config {

// Writes every file of `files` (by path relative to `root`) next to its place, syncs it and renames
// it there. Modes stay; links inside the repository are followed, not replaced; folders are made.
// All checks come first: a file that is no longer as it was read, a new one that exists meanwhile,
// or a path out of the repository refuses the whole run (kStale, kInvalid), and nothing is written.
// kIo: what was written until then stays, each file whole; the error says how many.
base::Result<void> WriteFiles(const std::string& root,
                              const std::map<std::string, FileEdit>& files);

}  // namespace viasync::config
