// Small files, whole.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace viasync::cli {

// Up to 256 MB; from a pipe or device, too. Errors: kNotFound, kIo, kInvalid (larger).
base::Result<std::string> ReadFile(const std::string& path);
base::Result<std::string> ReadStandardInput();

// Written aside, then renamed over it: a reader sees the old file or the new one, and a full disk
// leaves the old one. Readable by its owner only.
base::Result<void> WriteFile(const std::string& path, std::string_view content);

// What `--out` names: as WriteFile, without the secrets of the run. `-` is standard output. What is
// no file but a device, a pipe or an open descriptor (`/dev/stdout`, `>(command)`) is written
// through, never replaced.
base::Result<void> WriteOutput(const std::string& path, std::string_view content);

// True where WriteOutput would write through: what `--out` names is no place for a file.
bool IsStream(const std::string& path);
// A large file into what IsStream says yes to. Errors: kNotFound, kIo.
base::Result<void> CopyThrough(const std::string& from, const std::string& to);

// The descriptor that `/dev/stdout`, `/dev/fd/5` and their like stand for; -1 = it is none of them.
int DescriptorOf(std::string_view path);

// Whether the folders of a path have to be there, or whoever writes makes those that are missing.
enum class Folders { kMustExist, kAreMade };

// Whether a file can be made there, as far as that can be told without making one. Errors: kIo,
// kNotFound.
base::Result<void> CheckWritable(const std::string& path, Folders folders = Folders::kMustExist);

}  // namespace viasync::cli
