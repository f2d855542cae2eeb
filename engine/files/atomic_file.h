// A file that is written aside and renamed to its place: a reader sees the old one or the new one,
// a full disk leaves the old one, and a crash leaves at most a draft, which the next run clears
// away.
//
// The draft lies in the same folder, is made anew under a name that nobody can guess, and follows
// no link: somebody who can put files there (a pull request can) cannot make viasync write
// elsewhere. It is locked while it is written; a draft without a lock is a leftover.
#pragma once

#include <sys/types.h>

#include <expected>
#include <string>
#include <string_view>

namespace viasync::files {

// Why a system call failed: errno.
template <class T>
using SystemResult = std::expected<T, int>;

enum class Rights {
  kOwner,     // for its owner only
  kAsBefore,  // those and the owner of the file it replaces; of a new one as the umask says
};

class AtomicFile {
 public:
  // Makes the draft, empty. The folder must be there. Drafts that killed runs left in it are
  // removed.
  static SystemResult<AtomicFile> Create(const std::string& path, Rights rights);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;
  // Removes the draft unless it was committed.
  ~AtomicFile();

  SystemResult<void> Write(std::string_view bytes);
  // Makes it durable and puts it at `path`, over what is there: a link is replaced, not followed.
  SystemResult<void> Commit();

  // For whoever writes it by other means; in the same folder as `path`.
  const std::string& draft() const { return draft_; }

 private:
  AtomicFile(std::string path, std::string draft, int descriptor);
  SystemResult<void> TakeRights();

  std::string path_, draft_;  // no draft: it was committed, or moved from
  int descriptor_;
};

// All of it at once.
SystemResult<void> WriteWhole(const std::string& path, std::string_view content, Rights rights);

// Writes all of `bytes`, however often it is interrupted.
SystemResult<void> WriteAll(int descriptor, std::string_view bytes);

// Makes a rename in it, or a file that was removed from it, durable. A file system that cannot is
// no error.
SystemResult<void> SyncFolderOf(const std::string& path);

// What a path leads to, by following links.
enum class Target {
  kNone,
  kRegular,
  kFolder,
  kStream,  // a pipe, a FIFO, a socket, a terminal or another device of characters
  kOther,   // a disk
};
SystemResult<Target> TargetOf(const std::string& path);

}  // namespace viasync::files
