#include "engine/store/store_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/files/atomic_file.h"

namespace viasync::store {
namespace {

using base::ErrorKind;
using base::Result;
namespace fs = std::filesystem;

constexpr std::int64_t kApplicationId = 0x76696173;  // "vias"
constexpr std::int64_t kFormat = 6;
constexpr std::int64_t kOldestFormat = 1;
// Up to here every page is checked at each opening; it takes some 10 ms.
constexpr std::uintmax_t kCheckBytesMax = 8 << 20;

// Keys and values are BLOBs: TEXT would not promise to give every byte back.
constexpr std::string_view kSchema = R"(
CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE base(kind INTEGER NOT NULL, key BLOB NOT NULL, record BLOB NOT NULL,
  PRIMARY KEY(kind, key)) STRICT, WITHOUT ROWID;
CREATE TABLE journal(id INTEGER PRIMARY KEY AUTOINCREMENT, run BLOB NOT NULL,
  plan BLOB NOT NULL, kind INTEGER NOT NULL, key BLOB NOT NULL, action BLOB NOT NULL,
  resource BLOB NOT NULL, version INTEGER NOT NULL, before BLOB NOT NULL, after BLOB NOT NULL,
  move BLOB NOT NULL, state INTEGER NOT NULL, note BLOB NOT NULL, opened INTEGER NOT NULL,
  closed INTEGER) STRICT;
CREATE TABLE audit(id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, run BLOB NOT NULL,
  user BLOB NOT NULL, revision BLOB NOT NULL, what TEXT NOT NULL, kind INTEGER NOT NULL,
  key BLOB NOT NULL, action BLOB NOT NULL, before BLOB NOT NULL, after BLOB NOT NULL) STRICT;
CREATE TABLE lock(id INTEGER PRIMARY KEY CHECK(id = 1), token INTEGER NOT NULL,
  pid INTEGER NOT NULL, started INTEGER NOT NULL, machine BLOB NOT NULL, host BLOB NOT NULL,
  command BLOB NOT NULL, since INTEGER NOT NULL, renewed INTEGER NOT NULL) STRICT;
)";
constexpr std::string_view kSchema2 = R"(
CREATE TABLE migration(id INTEGER PRIMARY KEY AUTOINCREMENT, name BLOB NOT NULL,
  run BLOB NOT NULL, source BLOB NOT NULL, contents BLOB NOT NULL, state INTEGER NOT NULL,
  note BLOB NOT NULL, started INTEGER NOT NULL, ended INTEGER) STRICT;
CREATE TABLE migration_step(migration INTEGER NOT NULL, step BLOB NOT NULL,
  done INTEGER NOT NULL, data BLOB NOT NULL, opened INTEGER NOT NULL, closed INTEGER,
  UNIQUE(migration, step)) STRICT;
)";
constexpr std::string_view kSchema3 = R"(
ALTER TABLE migration ADD COLUMN user BLOB NOT NULL DEFAULT x'';
ALTER TABLE migration ADD COLUMN revision BLOB NOT NULL DEFAULT x'';
)";

constexpr std::string_view kSchema4 = R"(
ALTER TABLE journal ADD COLUMN org_user BLOB NOT NULL DEFAULT x'';
ALTER TABLE journal ADD COLUMN org_at INTEGER;
ALTER TABLE audit ADD COLUMN org_user BLOB NOT NULL DEFAULT x'';
ALTER TABLE audit ADD COLUMN org_at INTEGER;
)";

constexpr std::string_view kSchema5 = R"(
ALTER TABLE audit ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
)";

constexpr std::string_view kSchema6 = R"(
ALTER TABLE audit ADD COLUMN job BLOB NOT NULL DEFAULT x'';
ALTER TABLE audit ADD COLUMN hash BLOB NOT NULL DEFAULT x'';
)";

// What turns a store of the format `from` into one of the format `to`.
std::string SchemaSince(std::int64_t from, std::int64_t to = kFormat) {
  constexpr std::string_view kSchemas[] = {kSchema,  kSchema2, kSchema3,
                                           kSchema4, kSchema5, kSchema6};
  std::string schema;
  for (std::int64_t format = from; format < to; ++format) schema += kSchemas[format];
  return schema;
}

// Nothing but our own tables: a view or a trigger would act on its own, and a column with a default
// or a check could make what is written another thing.
Result<void> CheckSchema(Database& db, const std::string& path) {
  Result<std::int64_t> format = db.Number("PRAGMA user_version");
  if (!format) return base::Fail(std::move(format.error()));
  auto ours = Database::Open(path, Database::Mode::kMemory);
  if (!ours) return base::Fail(std::move(ours.error()));
  Result<void> made = (*ours)->Execute(SchemaSince(0, *format));
  if (!made) return made;
  auto wanted = (*ours)->Schema();
  auto found = db.Schema();
  if (!wanted) return base::Fail(std::move(wanted.error()));
  if (!found) return base::Fail(std::move(found.error()));
  if (*found == *wanted) return {};
  return base::Fail(
      Damaged(path, "its tables, views and triggers are not those that viasync makes"));
}

base::Error SystemError(std::string_view what, const std::string& path, int code) {
  return base::Error{
      .kind = ErrorKind::kIo,
      .message = fmt::format("{} {}: {}", what, base::Printable(path), base::SystemReason(code)),
      .hint = "Check the permissions of the folder and the space on the disk"};
}

Result<void> WriteSchema(Database& db, const std::string& org, const std::string& created) {
  Result<Transaction> transaction = Transaction::Begin(db);
  if (!transaction) return base::Fail(std::move(transaction.error()));
  Result<void> made = db.Execute(fmt::format("{}PRAGMA application_id={}; PRAGMA user_version={}",
                                             SchemaSince(0), kApplicationId, kFormat));
  if (!made) return made;
  auto insert = db.Prepare("INSERT INTO meta(name, value) VALUES ('org', ?), ('created', ?)");
  if (!insert) return base::Fail(std::move(insert.error()));
  made = insert->Bind(org).Bind(created).Run();
  return made ? transaction->Commit() : made;
}

std::string FolderOf(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

std::uintmax_t SizeOf(const std::string& path) {
  std::error_code failed;
  const std::uintmax_t size = fs::file_size(path, failed);
  return failed ? 0 : size;
}

// A log without its store would be replayed into whatever store is made at its name.
Result<void> RefuseOrphanedLog(const std::string& path) {
  if (SizeOf(path + "-wal") == 0) return {};
  return base::Fail(
      ErrorKind::kIo,
      fmt::format("the store {0} is missing, but the log of its last changes, {0}-wal, "
                  "is there",
                  base::Printable(path)),
      fmt::format("Put {0} back beside it, or move {0}-wal away: without the two the "
                  "next run starts without a base and deletes nothing",
                  base::Printable(path)));
}

base::Error NoStore(const std::string& path) {
  return base::Error{.kind = ErrorKind::kInvalid,
                     .message = fmt::format("{} is not a store of viasync", base::Printable(path)),
                     .hint = MoveAwayHint(path)};
}

// The first bytes tell a foreign file from a damaged store, before any SQL gets near it.
Result<void> CheckHeader(Database& db) {
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  constexpr std::size_t kApplicationIdAt = 68;  // 4 bytes, big-endian
  constexpr std::size_t kHeaderBytes = 100;
  Result<std::string> head = db.Head(kHeaderBytes);
  if (!head) return base::Fail(std::move(head.error()));
  if (head->empty()) return base::Fail(Damaged(db.path(), "the file is empty"));
  const std::string_view magic = std::string_view(*head).substr(0, kMagic.size());
  if (!kMagic.starts_with(magic)) return base::Fail(NoStore(db.path()));
  if (head->size() < kHeaderBytes) return base::Fail(Damaged(db.path(), "the file is cut off"));
  std::int64_t application = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    application = application << 8 | static_cast<unsigned char>((*head)[kApplicationIdAt + i]);
  }
  if (application != kApplicationId) return base::Fail(NoStore(db.path()));
  return {};
}

Result<void> CheckPages(Database& db, const std::string& path) {
  if (SizeOf(path) + SizeOf(path + "-wal") > kCheckBytesMax) return {};
  auto check = db.Prepare("PRAGMA quick_check(1)");
  if (!check) return base::Fail(std::move(check.error()));
  Result<bool> row = check->Step();
  if (!row) return base::Fail(std::move(row.error()));
  if (*row && check->Bytes(0) == "ok") return {};
  return base::Fail(Damaged(path, *row ? check->Bytes(0) : "it cannot be checked"));
}

Result<void> CheckIsOurs(Database& db, const std::string& path, const std::string& org) {
  Result<std::int64_t> format = db.Number("PRAGMA user_version");
  if (!format) return base::Fail(std::move(format.error()));
  if (*format > kFormat) {
    return base::Fail(
        ErrorKind::kInvalid,
        fmt::format("the store {} was written by a newer viasync (format {}; this one reads {})",
                    base::Printable(path), *format, kFormat),
        "Update viasync on this machine");
  }
  if (*format < kOldestFormat) return base::Fail(Damaged(path, fmt::format("format {}", *format)));
  auto select = db.Prepare("SELECT value FROM meta WHERE name = 'org'");
  if (!select) return base::Fail(std::move(select.error()));
  Result<bool> row = select->Step();
  if (!row) return base::Fail(std::move(row.error()));
  if (!*row) return base::Fail(Damaged(path, "it names no org"));
  if (select->Bytes(0) == org) return {};
  return base::Fail(
      ErrorKind::kInvalid,
      fmt::format("the store {} is of the org {}, but the environment names the org {}",
                  base::Printable(path), base::Printable(select->Bytes(0)), base::Printable(org)),
      fmt::format("Correct `org` in viasync.yaml; or, if the environment moved to this org for "
                  "good, move {0} away: without it the next run starts without a base and deletes "
                  "nothing",
                  base::Printable(path)));
}

// Adds what stores of an older viasync lack: all of it, or nothing.
Result<void> Upgrade(Database& db) {
  Result<std::int64_t> format = db.Number("PRAGMA user_version");
  if (!format) return base::Fail(std::move(format.error()));
  if (*format >= kFormat) return {};
  Result<Transaction> transaction = Transaction::Begin(db);
  if (!transaction) return base::Fail(std::move(transaction.error()));
  Result<void> made =
      db.Execute(fmt::format("{}PRAGMA user_version={}", SchemaSince(*format), kFormat));
  return made ? transaction->Commit() : made;
}

// Begins the one snapshot that is read for as long as `db` is open, whatever another run writes
// meanwhile.
Result<void> BeginSnapshot(Database& db) {
  return db.Execute("BEGIN; SELECT count(*) FROM sqlite_schema");
}

// Where SQLite may not create its side files, a store without pending changes can be read as it
// is. With pending changes that would show an old state: then it is an error.
Result<std::unique_ptr<Database>> OpenInReadOnlyFolder(const std::string& path) {
  if (SizeOf(path + "-wal") == 0) return Database::Open(path, Database::Mode::kImmutable);
  return base::Fail(
      ErrorKind::kIo,
      fmt::format("the store {0} has pending changes in {0}-wal, which cannot be read because its "
                  "folder is read-only",
                  base::Printable(path)),
      "Make the folder writable, or run viasync once where it is: that completes the file");
}

Result<std::unique_ptr<Database>> OpenToRead(const std::string& path) {
  auto db = Database::Open(path, Database::Mode::kReadOnly);
  if (!db) return db;
  Result<void> fits = CheckHeader(**db);
  if (!fits) return base::Fail(std::move(fits.error()));
  Result<void> begun = BeginSnapshot(**db);
  if (begun) return db;
  if (access(FolderOf(path).c_str(), W_OK) == 0) return base::Fail(std::move(begun.error()));
  return OpenInReadOnlyFolder(path);
}

Result<std::unique_ptr<Database>> OpenToWrite(const std::string& path) {
  auto db = Database::Open(path, Database::Mode::kReadWrite);
  if (!db) return db;
  Result<void> set = CheckHeader(**db);
  if (set) set = (*db)->Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
  if (!set) return base::Fail(std::move(set.error()));
  return db;
}

}  // namespace

Result<FileId> Identify(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0) return FileId{info.st_dev, info.st_ino};
  if (errno == ENOENT || errno == ENOTDIR) {
    return base::Fail(ErrorKind::kNotFound, "no store at " + base::Printable(path));
  }
  return base::Fail(SystemError("cannot open the store", path, errno));
}

Result<void> MakeFolder(const std::string& path) {
  const std::string folder = FolderOf(path);
  std::error_code failed;
  if (fs::is_directory(folder, failed)) return {};
  const std::string above = fs::path(folder).parent_path().string();
  if (!above.empty()) fs::create_directories(above, failed);
  if (mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return base::Fail(SystemError("cannot make the folder", folder, errno));
}

Result<void> CreateStoreFile(const std::string& path, const std::string& org, base::UtcTime now) {
  Result<void> clear = RefuseOrphanedLog(path);
  if (!clear) return clear;
  // Written aside and renamed: a crash leaves no half-made store, and an empty one is never ours.
  auto draft = files::AtomicFile::Create(path, files::Rights::kOwner);
  if (!draft) return base::Fail(SystemError("cannot make the store", path, draft.error()));
  Result<void> made;
  {
    auto db = Database::Open(draft->draft(), Database::Mode::kReadWrite);
    made = db ? WriteSchema(**db, org, base::FormatTime(now)) : base::Fail(db.error());
    if (made) made = (*db)->Execute("PRAGMA journal_mode=WAL");
  }
  const std::string name = draft->draft();
  if (made) {
    const auto placed = draft->Commit();
    if (!placed) made = base::Fail(SystemError("cannot make the store", path, placed.error()));
  }
  for (const char* suffix : {"-journal", "-wal", "-shm"}) unlink((name + suffix).c_str());
  return made;
}

Result<std::unique_ptr<Database>> OpenEmpty(const std::string& path, const std::string& org) {
  Result<void> clear = RefuseOrphanedLog(path);
  if (!clear) return base::Fail(std::move(clear.error()));
  auto db = Database::Open(path, Database::Mode::kMemory);
  if (!db) return db;
  Result<void> made = WriteSchema(**db, org, {});
  if (!made) return base::Fail(std::move(made.error()));
  return db;
}

Result<std::unique_ptr<Database>> OpenStoreFile(const std::string& path, const std::string& org,
                                                bool read_only) {
  Result<FileId> there = Identify(path);
  if (!there) return base::Fail(std::move(there.error()));
  auto db = read_only ? OpenToRead(path) : OpenToWrite(path);
  if (!db) return db;
  Result<void> fits = (*db)->Execute("PRAGMA cache_size=-32768");  // 32 MB
  if (fits) fits = CheckIsOurs(**db, path, org);
  if (fits) fits = CheckPages(**db, path);
  if (fits) fits = CheckSchema(**db, path);
  if (fits && !read_only) fits = Upgrade(**db);
  if (!fits) return base::Fail(std::move(fits.error()));
  return db;
}

}  // namespace viasync::store
