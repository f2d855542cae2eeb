// The repository as of a commit, read through `git`: what --base-ref takes for the base.
#pragma once

#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/config/file_tree.h"

namespace viasync::workflow {

struct GitTree {
  std::unique_ptr<config::FileTree> files;
  std::string commit;  // in full
};

// `ref`: whatever git takes for a commit. Errors: kNotFound (no such commit, or no repository),
// kIo (git cannot be run).
base::Result<GitTree> OpenGitTree(const std::string& root, const std::string& ref);

}  // namespace viasync::workflow
