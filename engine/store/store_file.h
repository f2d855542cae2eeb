// The store's file: making it whole or not at all, and opening it only when it is what it claims to
// be. A file that is something else is never touched.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/store/sqlite_db.h"

namespace viasync::store {

// Which file it is, whatever its name becomes.
struct FileId {
  dev_t device = 0;
  ino_t inode = 0;
  friend bool operator==(const FileId&, const FileId&) = default;
};

// Errors: kNotFound, kIo.
base::Result<FileId> Identify(const std::string& path);

// Makes the folder of `path` where it is missing, for its owner only.
base::Result<void> MakeFolder(const std::string& path);

// Makes an empty store at `path`, under the file lock. Errors: kIo.
base::Result<void> CreateStoreFile(const std::string& path, const std::string& org,
                                   base::UtcTime now);

// A store in memory that is empty.
base::Result<std::unique_ptr<Database>> OpenEmpty(const std::string& path, const std::string& org);

// Opens the store at `path` and checks format, version, org and, where that is quick, every page.
// Errors: kNotFound (no file), kInvalid (other org, newer format, no store), kIo (damaged,
// unreadable).
base::Result<std::unique_ptr<Database>> OpenStoreFile(const std::string& path,
                                                      const std::string& org, bool read_only);

}  // namespace viasync::store
