// The user's repository as config sees it: named files with bytes. A port, so that the same code
// reads a folder, a Git commit or a test's memory. Knows nothing of YAML.
#pragma once

#include <memory>
#include <streambuf>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace viasync::config {

// Paths are relative to the root, with `/`, without `.` and `..`.
class FileTree {
 public:
  virtual ~FileTree() = default;

  // The .yaml and .yml files under `dir`, at any depth, sorted. Names that begin with a dot are
  // left out: editors and tools keep their own files there. No such folder: none. Errors: kIo,
  // kInvalid (a linked folder: what lies behind it would be missed silently).
  virtual base::Result<std::vector<std::string>> List(const std::string& dir) = 0;

  // What else lies there, at any depth, sorted. Behind a name that begins with a dot, only what is
  // named like configuration. A tree of the past has nothing to say here: whoever wrote it cannot
  // mend it any more.
  virtual base::Result<std::vector<std::string>> ListOthers(const std::string& /*dir*/) {
    return std::vector<std::string>{};
  }

  // The folders at the root, sorted; the same holds for them.
  virtual std::vector<std::string> Folders() { return {}; }

  // The bytes of a file, from its start. Reading may throw std::ios_base::failure.
  // Errors: kNotFound; kInvalid for a path or a link that leads out of the repository; kIo.
  virtual base::Result<std::unique_ptr<std::streambuf>> Open(const std::string& path) = 0;
};

// True where `path`, which is written as one inside `root`, leads out of it by a link. What is not
// there (yet) leads nowhere.
bool LeadsOutside(const std::string& root, const std::string& path);

// The folder `root` on disk.
std::unique_ptr<FileTree> MakeDiskTree(const std::string& root);

// True for the name of a YAML file: `.yaml` or `.yml`, in small letters.
bool IsYamlPath(const std::string& path);

// True for a file that somebody may take for configuration: `.yaml`, `.yml` or `.csv`, in any
// letters.
bool IsNamedLikeConfig(const std::string& path);

// True where a part of the path begins with a dot.
bool IsHidden(const std::string& path);

// True for a relative path that names something inside the root.
bool StaysInside(const std::string& path);

}  // namespace viasync::config
