#include "cli/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include "engine/base/strings.h"

namespace viasync::cli {
namespace {

std::unexpected<base::Error> Failed(const char* what, const std::string& path, int error) {
  return base::Fail(error == ENOENT ? base::ErrorKind::kNotFound : base::ErrorKind::kIo,
                    base::Printable(path) + " cannot be " + what + ": " + base::SystemReason(error),
                    "look at the path, its rights, and the room on the disk");
}

bool WriteAll(int descriptor, std::string_view content) {
  while (!content.empty()) {
    auto n = ::write(descriptor, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

base::Result<std::string> ReadFile(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return Failed("read", path, errno);
  if (S_ISDIR(status.st_mode)) return Failed("read", path, EISDIR);
  std::ifstream file(path, std::ios::binary);
  if (!file) return Failed("read", path, errno);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

base::Result<void> WriteFile(const std::string& path, std::string_view content) {
  if (path == "-") {
    std::cout << content;
    return {};
  }
  std::string beside = path + ".part";
  int descriptor = ::open(beside.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return Failed("written", path, errno);
  bool written = WriteAll(descriptor, content) && ::fsync(descriptor) == 0;
  int error = errno;
  ::close(descriptor);
  if (written && ::rename(beside.c_str(), path.c_str()) == 0) return {};
  if (written) error = errno;
  ::unlink(beside.c_str());
  return Failed("written", path, error);
}

}  // namespace viasync::cli
