#include "cli/layout.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "engine/base/strings.h"

namespace viasync::cli {
namespace {

namespace fs = std::filesystem;

std::unexpected<base::Error> Failed(const fs::path& path, const std::string& why) {
  return base::Fail(base::ErrorKind::kIo,
                    base::Printable(path.string()) + " cannot be written: " + why,
                    "check that the folder exists and is writable, and that the disk is not full");
}

// Made by this call or not at all: somebody's file of the same name stays as it is.
base::Result<void> CreateFile(const fs::path& path, std::string_view content) {
  constexpr mode_t kMode = 0644;
  int descriptor = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, kMode);
  if (descriptor < 0) return Failed(path, base::SystemReason(errno));
  auto size = ::write(descriptor, content.data(), content.size());
  int error = size < 0 ? errno : ENOSPC;
  ::close(descriptor);
  if (size == static_cast<ssize_t>(content.size())) return {};
  ::unlink(path.c_str());
  return Failed(path, base::SystemReason(error));
}

}  // namespace

std::vector<std::string> ExistingFiles(std::span<const EmbeddedFile> files,
                                       const std::string& directory) {
  std::vector<std::string> existing;
  for (const auto& file : files) {
    std::error_code ignored;
    if (fs::symlink_status(fs::path(directory) / file.path, ignored).type() !=
        fs::file_type::not_found) {
      existing.emplace_back(file.path);
    }
  }
  return existing;
}

base::Result<std::vector<std::string>> LayOut(std::span<const EmbeddedFile> files,
                                              const std::string& directory) {
  auto existing = ExistingFiles(files, directory);
  std::vector<std::string> written;
  for (const auto& file : files) {
    if (std::ranges::find(existing, file.path) != existing.end()) continue;
    fs::path path = fs::path(directory) / file.path;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) return Failed(path.parent_path(), base::SystemReason(error.value()));
    if (auto made = CreateFile(path, file.content); !made) return base::Fail(made.error());
    written.emplace_back(file.path);
  }
  return written;
}

}  // namespace viasync::cli
