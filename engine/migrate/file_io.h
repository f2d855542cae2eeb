// Large files: their bytes on the way to and from HTTP, and made durable. Memory does not grow with
// them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/http/transport.h"

namespace viasync::migrate {

using ByteProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;  // may be empty
using StopFlag = const std::atomic<bool>*;                                          // may be null

// Errors: kNotFound, kIo.
base::Result<std::uint64_t> FileSize(const std::string& path);
// Lower-case hex SHA-256. Errors: as above.
base::Result<std::string> HashFile(const std::string& path);

// A file as a body. Errors of the reads: kIo, kInterrupted.
base::Result<std::shared_ptr<http::BodySource>> OpenSource(const std::string& path,
                                                           ByteProgress progress, StopFlag stop);

// Where a download goes: a file that grows, and may have been begun earlier.
class PartFile : public http::BodySink {
 public:
  // Opens or makes it; for its owner only. Follows no link. Errors: kIo.
  static base::Result<std::shared_ptr<PartFile>> Open(const std::string& path,
                                                      ByteProgress progress, StopFlag stop);
  ~PartFile() override;
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  std::uint64_t size() const { return size_; }

  // Goes on at the end where the answer is the range asked for, else starts over.
  base::Result<void> Begin(const http::Response& head) override;
  base::Result<void> Write(std::string_view bytes) override;
  base::Result<void> Clear();

  // Synced, closed, renamed to `path`. Errors: kIo.
  base::Result<void> MoveTo(const std::string& path);

 private:
  PartFile(std::string path, int descriptor, std::uint64_t size, ByteProgress progress,
           StopFlag stop);

  std::string path_;
  int descriptor_;
  std::uint64_t size_;
  std::uint64_t total_ = 0;
  ByteProgress progress_;
  StopFlag stop_;
};

// Copies a file, whole or not at all (files/atomic_file.h). Errors: kNotFound, kIo, kInterrupted.
base::Result<void> CopyFile(const std::string& from, const std::string& to, ByteProgress progress,
                            StopFlag stop);

// Makes the folders of `path`. Errors: kIo.
base::Result<void> MakeFolders(const std::string& path);

}  // namespace viasync::migrate
