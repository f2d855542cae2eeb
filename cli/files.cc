#include "cli/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "engine/base/redact.h"
#include "engine/base/strings.h"
#include "engine/files/atomic_file.h"

namespace viasync::cli {
namespace {

constexpr std::size_t kReadMax = 256u << 20;

std::unexpected<base::Error> Failed(const char* what, const std::string& path, int error) {
  return base::Fail(error == ENOENT ? base::ErrorKind::kNotFound : base::ErrorKind::kIo,
                    base::Printable(path) + " cannot be " + what + ": " + base::SystemReason(error),
                    std::string_view(what) == "read"
                        ? "check the name, and that you may read it"
                        : "check that the folder exists and is writable, and that the disk is not "
                          "full");
}

base::Result<void> WriteThrough(const std::string& path, std::string_view content) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) return Failed("written", path, errno);
  auto written = files::WriteAll(descriptor, content);
  if (::close(descriptor) != 0 && written) written = std::unexpected(errno);
  if (!written) return Failed("written", path, written.error());
  return {};
}

std::unexpected<base::Error> TooLarge(const std::string& path) {
  return base::Fail(base::ErrorKind::kInvalid, base::Printable(path) + " is larger than 256 MB",
                    "name a file that viasync or you wrote for this");
}

base::Result<std::string> ReadAll(std::istream& stream, const std::string& path) {
  std::string content, block(256 << 10, '\0');
  while (stream.read(block.data(), static_cast<std::streamsize>(block.size())),
         stream.gcount() > 0) {
    content.append(block, 0, static_cast<std::size_t>(stream.gcount()));
    if (content.size() > kReadMax) return TooLarge(path);
  }
  if (stream.bad()) return Failed("read", path, EIO);
  return content;
}

}  // namespace

base::Result<std::string> ReadFile(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return Failed("read", path, errno);
  if (S_ISDIR(status.st_mode)) return Failed("read", path, EISDIR);
  if (S_ISREG(status.st_mode) && static_cast<std::uint64_t>(status.st_size) > kReadMax) {
    return TooLarge(path);
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return Failed("read", path, errno);
  return ReadAll(file, path);
}

base::Result<std::string> ReadStandardInput() { return ReadAll(std::cin, "standard input"); }

base::Result<void> CheckWritable(const std::string& path, Folders folders) {
  if (IsStream(path)) return {};
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return Failed("written", path, EISDIR);
  auto folder = std::filesystem::path(path).parent_path();
  while (folders == Folders::kAreMade && !folder.empty() && folder != folder.parent_path() &&
         !std::filesystem::exists(folder, error)) {
    folder = folder.parent_path();
  }
  if (::access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) != 0) {
    return Failed("written", path, errno);
  }
  return {};
}

base::Result<void> WriteFile(const std::string& path, std::string_view content) {
  const auto written = files::WriteWhole(path, content, files::Rights::kOwner);
  if (!written) return Failed("written", path, written.error());
  return {};
}

int DescriptorOf(std::string_view path) {
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    int number = -1;
    if (!path.starts_with(folder)) continue;
    const char* end = path.data() + path.size();
    const auto read = std::from_chars(path.data() + folder.size(), end, number);
    if (read.ec == std::errc() && read.ptr == end && number >= 0) return number;
  }
  return -1;
}

bool IsStream(const std::string& path) {
  if (path == "-" || DescriptorOf(path) >= 0) return true;
  const auto target = files::TargetOf(path);
  return target && *target == files::Target::kStream;
}

base::Result<void> CopyThrough(const std::string& from, const std::string& to) {
  const int own = to == "-" ? STDOUT_FILENO : DescriptorOf(to);
  std::ifstream file(from, std::ios::binary);
  if (!file) return Failed("read", from, errno);
  std::cout << std::flush;
  const int descriptor = own >= 0 ? own : ::open(to.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) return Failed("written", to, errno);
  std::string block(256 << 10, '\0');
  files::SystemResult<void> written;
  while (written &&
         (file.read(block.data(), static_cast<std::streamsize>(block.size())), file.gcount() > 0)) {
    written = files::WriteAll(descriptor, {block.data(), static_cast<std::size_t>(file.gcount())});
  }
  if (own < 0 && ::close(descriptor) != 0 && written) written = std::unexpected(errno);
  if (!written) return Failed("written", to, written.error());
  if (file.bad()) return Failed("read", from, EIO);
  return {};
}

base::Result<void> WriteOutput(const std::string& path, std::string_view content) {
  const std::string shown = base::RunSecrets()->Redacted(content);
  const int descriptor = DescriptorOf(path);
  if (path == "-" || descriptor == STDOUT_FILENO) {
    std::cout << shown << std::flush;  // a failure is said at the end of the run
    return {};
  }
  if (descriptor >= 0) {
    const auto written = files::WriteAll(descriptor, shown);
    if (!written) return Failed("written", path, written.error());
    return {};
  }
  const auto target = files::TargetOf(path);
  if (!target) return Failed("written", path, target.error());
  if (*target == files::Target::kStream) return WriteThrough(path, shown);
  if (*target == files::Target::kFolder) return Failed("written", path, EISDIR);
  if (*target == files::Target::kOther) return Failed("written", path, EINVAL);
  return WriteFile(path, shown);
}

}  // namespace viasync::cli
