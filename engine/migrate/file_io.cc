#include "engine/migrate/file_io.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/files/atomic_file.h"

namespace viasync::migrate {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlockBytes = 256u << 10;

std::unexpected<base::Error> Failed(const char* what, const std::string& path, int code) {
  const bool full = code == ENOSPC || code == EDQUOT;
  return base::Fail(
      code == ENOENT ? base::ErrorKind::kNotFound : base::ErrorKind::kIo,
      fmt::format("{} cannot be {}: {}", base::Printable(path), what, base::SystemReason(code)),
      full ? "Make room and run again: what has come so far is kept"
           : "Look at the path, its rights, and the room on the disk");
}

base::Error Interrupted() {
  return {.kind = base::ErrorKind::kInterrupted,
          .message = "stopped on request",
          .hint = "Run again to go on"};
}

std::unexpected<base::Error> NotOurs(const std::string& path) {
  return base::Fail(
      base::ErrorKind::kIo,
      fmt::format("{} is a link, or no file that viasync made", base::Printable(path)),
      "Nothing was written to it. Look where it leads, and remove it");
}

bool Stops(StopFlag stop) { return stop && stop->load(); }

// A descriptor that is closed with it.
class File {
 public:
  File(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags, 0600)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }
  explicit operator bool() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

// Bytes read; -1 = errno says why.
ssize_t ReadSome(int descriptor, char* buffer, std::size_t size) {
  for (;;) {
    const ssize_t count = ::read(descriptor, buffer, size);
    if (count >= 0 || errno != EINTR) return count;
  }
}

class FileSource : public http::BodySource {
 public:
  FileSource(std::string path, std::uint64_t size, ByteProgress progress, StopFlag stop)
      : path_(std::move(path)),
        file_(path_, O_RDONLY | O_CLOEXEC),
        size_(size),
        progress_(std::move(progress)),
        stop_(stop) {}

  bool good() const { return static_cast<bool>(file_); }
  std::uint64_t size() override { return size_; }
  base::Result<std::size_t> Read(char* buffer, std::size_t size) override {
    if (Stops(stop_)) return base::Fail(Interrupted());
    const ssize_t count = ReadSome(file_.get(), buffer, size);
    if (count < 0) return Failed("read", path_, errno);
    sent_ += static_cast<std::uint64_t>(count);
    if (progress_) progress_(sent_, size_);
    return static_cast<std::size_t>(count);
  }

 private:
  std::string path_;
  File file_;
  std::uint64_t size_, sent_ = 0;
  ByteProgress progress_;
  StopFlag stop_;
};

std::uint64_t NumberIn(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

base::Result<std::uint64_t> FileSize(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return Failed("read", path, errno);
  if (S_ISDIR(info.st_mode)) return Failed("read", path, EISDIR);
  return static_cast<std::uint64_t>(info.st_size);
}

base::Result<std::string> HashFile(const std::string& path) {
  File file(path, O_RDONLY | O_CLOEXEC);
  if (!file) return Failed("read", path, errno);
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::vector<char> block(kBlockBytes);
  for (;;) {
    const ssize_t count = ReadSome(file.get(), block.data(), block.size());
    if (count < 0) return Failed("read", path, errno);
    if (count == 0) break;
    EVP_DigestUpdate(context.get(), block.data(), static_cast<std::size_t>(count));
  }
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_DigestFinal_ex(context.get(), digest, &size);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

base::Result<std::shared_ptr<http::BodySource>> OpenSource(const std::string& path,
                                                           ByteProgress progress, StopFlag stop) {
  auto size = FileSize(path);
  if (!size) return base::Fail(size.error());
  auto source = std::make_shared<FileSource>(path, *size, std::move(progress), stop);
  if (!source->good()) return Failed("read", path, errno);
  return source;
}

PartFile::PartFile(std::string path, int descriptor, std::uint64_t size, ByteProgress progress,
                   StopFlag stop)
    : path_(std::move(path)),
      descriptor_(descriptor),
      size_(size),
      progress_(std::move(progress)),
      stop_(stop) {}

PartFile::~PartFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

base::Result<std::shared_ptr<PartFile>> PartFile::Open(const std::string& path,
                                                       ByteProgress progress, StopFlag stop) {
  // What is there may be a link that somebody laid, or a second name of another file.
  constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const int descriptor = ::open(path.c_str(), kFlags, 0600);
  if (descriptor < 0 && (errno == ELOOP || errno == ENXIO)) return NotOurs(path);
  if (descriptor < 0) return Failed("written", path, errno);
  struct stat info {};
  if (::fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode) || info.st_nlink != 1 ||
      info.st_uid != ::geteuid()) {
    ::close(descriptor);
    return NotOurs(path);
  }
  return std::shared_ptr<PartFile>(new PartFile(
      path, descriptor, static_cast<std::uint64_t>(info.st_size), std::move(progress), stop));
}

base::Result<void> PartFile::Begin(const http::Response& head) {
  const std::string_view range = http::HeaderOf(head, "content-range");
  const auto blank = range.find(' ');
  const bool goes_on = head.status == 206 && blank != std::string_view::npos &&
                       NumberIn(range.substr(blank + 1)) == size_;
  if (!goes_on) {
    if (auto cleared = Clear(); !cleared) return cleared;
  }
  total_ = size_ + NumberIn(http::HeaderOf(head, "content-length"));
  return {};
}

base::Result<void> PartFile::Write(std::string_view bytes) {
  if (Stops(stop_)) return base::Fail(Interrupted());
  const auto written = files::WriteAll(descriptor_, bytes);
  if (!written) return Failed("written", path_, written.error());
  size_ += bytes.size();
  if (progress_) progress_(size_, std::max(size_, total_));
  return {};
}

base::Result<void> PartFile::Clear() {
  if (::ftruncate(descriptor_, 0) != 0) return Failed("written", path_, errno);
  size_ = 0;
  return {};
}

base::Result<void> PartFile::MoveTo(const std::string& path) {
  const bool synced = ::fsync(descriptor_) == 0;
  const int code = errno;
  ::close(std::exchange(descriptor_, -1));
  if (!synced) return Failed("written", path_, code);
  if (::rename(path_.c_str(), path.c_str()) != 0) return Failed("written", path, errno);
  const auto durable = files::SyncFolderOf(path);
  if (!durable) return Failed("written", path, durable.error());
  return {};
}

base::Result<void> CopyFile(const std::string& from, const std::string& to, ByteProgress progress,
                            StopFlag stop) {
  auto source = OpenSource(from, std::move(progress), stop);
  if (!source) return base::Fail(source.error());
  auto copy = files::AtomicFile::Create(to, files::Rights::kOwner);
  if (!copy) return Failed("written", to, copy.error());
  std::vector<char> block(kBlockBytes);
  for (;;) {
    auto count = (*source)->Read(block.data(), block.size());
    if (!count) return base::Fail(count.error());
    const auto done = *count == 0 ? copy->Commit() : copy->Write({block.data(), *count});
    if (!done) return Failed("written", to, done.error());
    if (*count == 0) return {};
  }
}

base::Result<void> MakeFolders(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  if (folder.empty()) return {};
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return Failed("made", folder.string(), failed.value());
  return {};
}

}  // namespace viasync::migrate
