// One writer per environment. Two locks, because each alone has a hole:
//  - flock on `<store>.lock`: the kernel frees it with the process that held it, however that died.
//    It says nothing across machines, or once somebody deletes the file.
//  - a row in the store with a random token: it tells people who is at work, and every write checks
//    it (fencing), so that a run that lost the lock cannot write any more.
// The holder of a row on this machine is looked up by pid and start time, and taken over when it is
// gone. One elsewhere (another machine or container) cannot be: its row is a lease, renewed by each
// write, which ends after kLease.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/store/sqlite_db.h"
#include "engine/store/store.h"

namespace viasync::store {

inline constexpr base::Millis kLease = std::chrono::minutes(5);
// Between two tries to get the lock.
inline constexpr base::Millis kLockPoll{50};

// The file lock, for as long as it lives.
class LockFile {
 public:
  // nullopt: somebody else holds it. Where the file system knows no locks, the row alone counts.
  static base::Result<std::optional<LockFile>> Try(const std::string& path);
  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&& other) noexcept;
  ~LockFile();

 private:
  explicit LockFile(int fd) : fd_(fd) {}
  int fd_;
};

// The row as it stands.
struct LockRow {
  Holder holder;
  std::int64_t token = 0;
  std::int64_t started = 0;  // of the process, in the kernel's ticks since boot; 0 = not known
  std::string machine;       // boot and pid namespace: pids mean the same within it
  base::UtcTime renewed{};
};

base::Result<std::optional<LockRow>> ReadLock(Database& db);

// Why `row` still counts (kBusy: who, where, since when); nullopt: its holder is gone.
std::optional<base::Error> StandsInTheWay(const LockRow& row, base::UtcTime now);

// The error for a run whose row cannot be read (yet).
base::Error BusyWithUnknown(std::string_view path);

// Puts our row there. Errors: kBusy as above.
base::Result<std::int64_t> TakeLock(Database& db, const std::string& command, base::UtcTime now);
// Inside a write transaction: proves that the row is still ours and renews it. kBusy: it is not.
base::Result<void> RenewLock(Database& db, std::int64_t token, base::UtcTime now);
base::Result<void> ReleaseLock(Database& db, std::int64_t token);

}  // namespace viasync::store
