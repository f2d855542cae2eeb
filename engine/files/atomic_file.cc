#include "engine/files/atomic_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <utility>

namespace viasync::files {
namespace {

namespace fs = std::filesystem;

constexpr int kNamesMax = 20;  // tries to find one that is free
constexpr std::size_t kRandomDigits = 16;
constexpr std::string_view kPrefix = ".viasync-";
constexpr std::string_view kEnding = ".tmp";

std::unexpected<int> Failed() { return std::unexpected(errno); }

std::string FolderOf(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// With a dot in front a draft is left out when the configuration is read.
bool IsDraft(std::string_view name) {
  if (name.size() != kPrefix.size() + kRandomDigits + kEnding.size()) return false;
  const auto digits = name.substr(kPrefix.size(), kRandomDigits);
  return name.starts_with(kPrefix) && name.ends_with(kEnding) &&
         digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }
  int Release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

// Removes `draft` where its writer is gone.
void RemoveLeftover(const std::string& draft) {
  constexpr int kFlags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const Descriptor file(::open(draft.c_str(), kFlags));
  struct stat info {};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) return;
  if (!S_ISREG(info.st_mode) || info.st_uid != ::geteuid()) return;
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return;
  // A draft that SQLite wrote has files beside it.
  for (const char* suffix : {"-journal", "-wal", "-shm", ""}) ::unlink((draft + suffix).c_str());
}

void RemoveLeftovers(const std::string& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), ::closedir);
  if (!open) return;
  while (const dirent* entry = ::readdir(open.get())) {
    if (IsDraft(entry->d_name)) RemoveLeftover(folder + "/" + entry->d_name);
  }
}

// A new file, locked. EEXIST: the name is taken.
SystemResult<int> MakeDraft(const std::string& draft, mode_t mode) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  Descriptor file(::open(draft.c_str(), kFlags, mode));
  if (file.get() < 0) return Failed();
  // Where the file system knows no locks, leftovers stay. Another run that clears away may have got
  // in between: then the file has no name any more.
  (void)::flock(file.get(), LOCK_EX);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return Failed();
  if (info.st_nlink == 0) return std::unexpected(EEXIST);
  return file.Release();
}

}  // namespace

SystemResult<AtomicFile> AtomicFile::Create(const std::string& path, Rights rights) {
  const std::string folder = FolderOf(path);
  RemoveLeftovers(folder);
  for (int i = 0; i < kNamesMax; ++i) {
    std::uint64_t number = 0;
    if (::getrandom(&number, sizeof number, 0) != sizeof number) return Failed();
    const std::string draft = fmt::format("{}/{}{:016x}{}", folder, kPrefix, number, kEnding);
    auto made = MakeDraft(draft, rights == Rights::kOwner ? 0600 : 0666);
    if (!made && made.error() == EEXIST) continue;
    if (!made) return std::unexpected(made.error());
    AtomicFile file(path, draft, *made);
    if (rights == Rights::kAsBefore) {
      if (auto taken = file.TakeRights(); !taken) return std::unexpected(taken.error());
    }
    return file;
  }
  return std::unexpected(EEXIST);
}

AtomicFile::AtomicFile(std::string path, std::string draft, int descriptor)
    : path_(std::move(path)), draft_(std::move(draft)), descriptor_(descriptor) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      draft_(std::exchange(other.draft_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

AtomicFile::~AtomicFile() {
  if (!draft_.empty()) ::unlink(draft_.c_str());
  if (descriptor_ >= 0) ::close(descriptor_);
}

SystemResult<void> AtomicFile::TakeRights() {
  struct stat old {};
  if (::lstat(path_.c_str(), &old) != 0 || !S_ISREG(old.st_mode)) return {};
  if (::fchmod(descriptor_, old.st_mode & 07777) != 0) return Failed();
  // Another owner can be kept by root only; it is no reason to stop.
  if (old.st_uid != ::geteuid() || old.st_gid != ::getegid()) {
    (void)!::fchown(descriptor_, old.st_uid, old.st_gid);
  }
  return {};
}

SystemResult<void> AtomicFile::Write(std::string_view bytes) {
  return WriteAll(descriptor_, bytes);
}

SystemResult<void> AtomicFile::Commit() {
  if (::fsync(descriptor_) != 0) return Failed();
  if (::rename(draft_.c_str(), path_.c_str()) != 0) return Failed();
  draft_.clear();
  return SyncFolderOf(path_);
}

SystemResult<void> WriteWhole(const std::string& path, std::string_view content, Rights rights) {
  auto file = AtomicFile::Create(path, rights);
  if (!file) return std::unexpected(file.error());
  auto written = file->Write(content);
  return written ? file->Commit() : written;
}

SystemResult<void> WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failed();
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

SystemResult<void> SyncFolderOf(const std::string& path) {
  const Descriptor folder(::open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return Failed();
  if (::fsync(folder.get()) != 0 && errno != EINVAL) return Failed();
  return {};
}

SystemResult<Target> TargetOf(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return Target::kNone;
    return Failed();
  }
  if (S_ISREG(info.st_mode)) return Target::kRegular;
  if (S_ISDIR(info.st_mode)) return Target::kFolder;
  return S_ISBLK(info.st_mode) ? Target::kOther : Target::kStream;
}

}  // namespace viasync::files
