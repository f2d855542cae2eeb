// The repository as of a commit, read through `git`: what --base-ref takes as the base. Files are
// the same as they would be on disk after a checkout: links are followed inside the repository,
// submodules are entered, and what a filter such as Git LFS keeps elsewhere is put back.
#pragma once

#include <memory>
#include <string>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/config/file_tree.h"

namespace viasync::config {

struct GitCommit {
  std::string id;  // in full
  base::UtcTime committed{};
  std::string warning{};  // what git said though it found it, such as that a name is ambiguous
};

// `ref`: whatever git takes as a commit. Errors: kNotFound (no such commit), kIo (no repository at
// `root`, one that git refuses to read, no git at all), with what git said.
base::Result<GitCommit> FindCommit(const std::string& root, const std::string& ref);

// Errors: kIo.
base::Result<std::unique_ptr<FileTree>> OpenGitTree(const std::string& root,
                                                    const GitCommit& commit);

}  // namespace viasync::config
