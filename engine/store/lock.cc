#include "engine/store/lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "engine/base/strings.h"
#include "engine/base/times.h"

namespace viasync::store {
namespace {

using base::Error;
using base::ErrorKind;
using base::Result;

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Two processes with the same answer see the same pids. A host name alone would not do: CI images
// share theirs.
std::string ThisMachine() {
  std::array<char, 64> space{};
  const ssize_t size = readlink("/proc/self/ns/pid", space.data(), space.size());
  std::string machine(base::Trim(ReadAll("/proc/sys/kernel/random/boot_id")));
  machine += '/';
  if (size > 0) machine.append(space.data(), static_cast<std::size_t>(size));
  return machine;
}

std::string ThisHost() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

// When process `pid` started, in ticks since boot. 0: it cannot be seen. -1: it is a zombie.
std::int64_t StartOf(std::int64_t pid) {
  const std::string stat = ReadAll(fmt::format("/proc/{}/stat", pid));
  // The name in parentheses may hold anything, parentheses and spaces too.
  const std::size_t name_end = stat.rfind(") ");
  if (name_end == std::string::npos) return 0;
  const auto fields = base::Split(std::string_view(stat).substr(name_end + 2), ' ');
  constexpr std::size_t kState = 0;   // field 3 of proc(5)
  constexpr std::size_t kStart = 19;  // field 22
  if (fields.size() <= kStart) return 0;
  if (fields[kState] == "Z" || fields[kState] == "X") return -1;
  std::int64_t ticks = 0;
  std::from_chars(fields[kStart].data(), fields[kStart].data() + fields[kStart].size(), ticks);
  return ticks;
}

// False also when the pid now belongs to another process.
bool StillRuns(std::int64_t pid, std::int64_t started) {
  if (pid <= 0 || (kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH)) return false;
  const std::int64_t seen = StartOf(pid);
  if (seen < 0) return false;
  // Where /proc is hidden from us, being there has to do.
  return seen == 0 || started == 0 || seen == started;
}

// How far two moments lie apart, whatever nonsense a row holds.
base::Millis Apart(base::UtcTime later, base::UtcTime earlier) {
  std::int64_t gap = 0;
  if (__builtin_sub_overflow(Ms(later), Ms(earlier), &gap)) return base::Millis::max();
  return base::Millis(gap);
}

}  // namespace

Result<std::optional<LockFile>> LockFile::Try(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    return base::Fail(ErrorKind::kIo,
                      fmt::format("the lock file {} cannot be opened: {}", base::Printable(path),
                                  base::SystemReason(errno)),
                      "Check the permissions of the folder and the space on the disk");
  }
  LockFile lock(fd);
  while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::nullopt;
    if (errno != EINTR) break;
  }
  return std::optional<LockFile>(std::move(lock));
}

LockFile::LockFile(LockFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

LockFile& LockFile::operator=(LockFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

LockFile::~LockFile() {
  // The file stays: deleting it would let two runs lock two files of the same name.
  if (fd_ >= 0) close(fd_);
}

Result<std::optional<LockRow>> ReadLock(Database& db) {
  auto statement = db.Prepare(
      "SELECT token, pid, started, machine, host, command, since, renewed FROM lock WHERE id = 1");
  if (!statement) return base::Fail(std::move(statement.error()));
  Result<bool> there = statement->Step();
  if (!there) return base::Fail(std::move(there.error()));
  if (!*there) return std::nullopt;
  LockRow row;
  row.token = statement->Int(0);
  row.holder.pid = statement->Int(1);
  row.started = statement->Int(2);
  row.machine = statement->Bytes(3);
  row.holder.host = statement->Bytes(4);
  row.holder.command = statement->Bytes(5);
  row.holder.since = FromMs(statement->Int(6));
  row.renewed = FromMs(statement->Int(7));
  return row;
}

std::optional<Error> StandsInTheWay(const LockRow& row, base::UtcTime now) {
  const Holder& holder = row.holder;
  const base::Millis age = Apart(now, holder.since);
  std::string who =
      fmt::format("another run is at work on this environment: `{}`, pid {} on {}",
                  base::Printable(holder.command), holder.pid, base::Printable(holder.host));
  if (age >= base::Millis(0) && age != base::Millis::max()) {
    who += fmt::format(", for {}", base::FormatDuration(age));
  }
  if (row.machine == ThisMachine()) {
    if (!StillRuns(holder.pid, row.started)) return std::nullopt;
    return Error{
        .kind = ErrorKind::kBusy,
        .message = who,
        .hint = fmt::format("Wait until it has finished, or stop it (kill {})", holder.pid)};
  }
  const base::Millis quiet = Apart(now, row.renewed);
  // A renewal far in the future is a clock gone wrong, and must not block for ever.
  if (quiet >= kLease || quiet <= -kLease) return std::nullopt;
  return Error{.kind = ErrorKind::kBusy,
               .message = who,
               .hint = fmt::format("It cannot be seen from here whether it still runs: wait until "
                                   "it has finished. If it was killed, its lock ends in {}",
                                   base::FormatDuration(kLease - quiet))};
}

Error BusyWithUnknown(std::string_view path) {
  return Error{
      .kind = ErrorKind::kBusy,
      .message = fmt::format("another run has just started on this environment (it holds {})",
                             base::Printable(path)),
      .hint = "Wait until it has finished and run the command again"};
}

Result<std::int64_t> TakeLock(Database& db, const std::string& command, base::UtcTime now) {
  Result<Transaction> transaction = Transaction::Begin(db);
  if (!transaction) return base::Fail(std::move(transaction.error()));
  Result<std::optional<LockRow>> row = ReadLock(db);
  if (!row) return base::Fail(std::move(row.error()));
  if (*row) {
    std::optional<Error> busy = StandsInTheWay(**row, now);
    if (busy) return base::Fail(std::move(*busy));
  }
  std::int64_t token = 0;
  sqlite3_randomness(sizeof(token), &token);
  auto insert = db.Prepare(
      "INSERT OR REPLACE INTO lock(id, token, pid, started, machine, host, command, since, renewed)"
      " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return base::Fail(std::move(insert.error()));
  const std::int64_t pid = getpid();
  insert->Bind(token).Bind(pid).Bind(StartOf(pid)).Bind(ThisMachine()).Bind(ThisHost());
  Result<void> done = insert->Bind(command).Bind(Ms(now)).Bind(Ms(now)).Run();
  if (done) done = transaction->Commit();
  if (!done) return base::Fail(std::move(done.error()));
  return token;
}

Result<void> RenewLock(Database& db, std::int64_t token, base::UtcTime now) {
  auto update = db.Prepare("UPDATE lock SET renewed = ? WHERE id = 1 AND token = ?");
  if (!update) return base::Fail(std::move(update.error()));
  Result<void> done = update->Bind(Ms(now)).Bind(token).Run();
  if (!done || db.Changes() == 1) return done;
  return base::Fail(
      ErrorKind::kBusy,
      fmt::format("this run lost the lock on the store {}: another run took it over",
                  base::Printable(db.path())),
      "Let the other run finish, then run the command again: it settles what is open");
}

Result<void> ReleaseLock(Database& db, std::int64_t token) {
  auto erase = db.Prepare("DELETE FROM lock WHERE token = ?");
  if (!erase) return base::Fail(std::move(erase.error()));
  return erase->Bind(token).Run();
}

}  // namespace viasync::store
