#include "engine/store/sqlite_db.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/base/strings.h"

namespace viasync::store {
namespace {

using base::Error;
using base::ErrorKind;
using base::Result;

// How long SQLite waits for its own short locks (a checkpoint, a reader that recovers the WAL).
constexpr int kBusyTimeoutMs = 10'000;

// Far above what our own statements and rows need.
constexpr std::pair<int, int> kLimits[] = {
    {SQLITE_LIMIT_LENGTH, 256 << 20},
    {SQLITE_LIMIT_SQL_LENGTH, 1 << 20},
    {SQLITE_LIMIT_COLUMN, 100},
    {SQLITE_LIMIT_EXPR_DEPTH, 100},
    {SQLITE_LIMIT_COMPOUND_SELECT, 50},
    {SQLITE_LIMIT_VDBE_OP, 250'000},
    {SQLITE_LIMIT_FUNCTION_ARG, 16},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 64},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
};

std::string FileUri(std::string_view path, Database::Mode mode) {
  if (mode == Database::Mode::kMemory) return "file::memory:";
  // A relative path must not begin like an authority or a scheme of its own.
  std::string uri = path.starts_with('/') ? "file:" : "file:./";
  for (unsigned char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '.' || c == '_' || c == '-';
    uri += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02x}", c);
  }
  if (mode == Database::Mode::kImmutable) uri += "?immutable=1";
  return uri;
}

// SQLite would wait at a FIFO, and write to whatever a link beside the file leads to.
Result<void> CheckPlainFiles(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    const std::string name = path + suffix;
    struct stat info {};
    const bool main = *suffix == '\0';
    const bool there = (main ? stat(name.c_str(), &info) : lstat(name.c_str(), &info)) == 0;
    if (!there || S_ISREG(info.st_mode)) continue;
    return base::Fail(
        ErrorKind::kIo,
        fmt::format("{} is {}, where a file of viasync should be", base::Printable(name),
                    S_ISLNK(info.st_mode)    ? "a link"
                    : S_ISFIFO(info.st_mode) ? "a pipe"
                                             : "no file"),
        "Remove it, or move it away");
  }
  return {};
}

int OpenFlags(Database::Mode mode) {
  const bool reads_only = mode == Database::Mode::kReadOnly || mode == Database::Mode::kImmutable;
  return SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
         (reads_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
}

}  // namespace

std::string MoveAwayHint(std::string_view path) {
  return fmt::format(
      "Restore {0} from a copy, or move it away together with {0}-wal and {0}-shm: without it the "
      "next run starts without a base, pushes what is declared and deletes nothing",
      base::Printable(path));
}

Error Damaged(std::string_view path, std::string_view detail) {
  return Error{.kind = ErrorKind::kIo,
               .message = fmt::format("the store {} is damaged: {}", base::Printable(path),
                                      base::Printable(detail)),
               .hint = MoveAwayHint(path)};
}

Statement::Statement(Database* db, sqlite3_stmt* statement, bool* on_loan)
    : db_(db), statement_(statement), on_loan_(on_loan) {}

Statement::Statement(Statement&& other) noexcept
    : db_(other.db_),
      statement_(std::exchange(other.statement_, nullptr)),
      on_loan_(other.on_loan_),
      parameter_(other.parameter_),
      bind_code_(other.bind_code_) {}

Statement::~Statement() {
  if (statement_ == nullptr) return;
  if (on_loan_ == nullptr) {
    sqlite3_finalize(statement_);
    return;
  }
  Reset();
  *on_loan_ = false;
}

void Statement::Reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  parameter_ = 0;
  bind_code_ = SQLITE_OK;
}

Statement& Statement::Bind(std::int64_t number) {
  const int code = sqlite3_bind_int64(statement_, ++parameter_, number);
  if (bind_code_ == SQLITE_OK) bind_code_ = code;
  return *this;
}

Statement& Statement::Bind(std::string_view bytes) {
  // A null pointer would bind NULL instead of an empty string.
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  const int code =
      sqlite3_bind_blob64(statement_, ++parameter_, data, bytes.size(), SQLITE_TRANSIENT);
  if (bind_code_ == SQLITE_OK) bind_code_ = code;
  return *this;
}

Result<bool> Statement::Step() {
  if (bind_code_ != SQLITE_OK) return base::Fail(db_->Failure(bind_code_));
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return base::Fail(db_->Failure(code));
}

Result<void> Statement::Run() {
  for (;;) {
    Result<bool> row = Step();
    if (!row) {
      Reset();
      return base::Fail(std::move(row.error()));
    }
    if (!*row) break;
  }
  Reset();
  return {};
}

std::string_view Statement::Bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr
             ? std::string_view{}
             : std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

Result<std::unique_ptr<Database>> Database::Open(const std::string& path, Mode mode) {
  std::unique_ptr<Database> db(new Database(path));
  if (mode != Mode::kMemory) {
    if (auto plain = CheckPlainFiles(path); !plain) return base::Fail(std::move(plain.error()));
  }
  const int code = sqlite3_open_v2(FileUri(path, mode).c_str(), &db->db_, OpenFlags(mode), nullptr);
  if (code != SQLITE_OK) return base::Fail(db->Failure(code));
  sqlite3_extended_result_codes(db->db_, 1);
  sqlite3_busy_timeout(db->db_, kBusyTimeoutMs);
  // The file may come from anywhere: it must not run anything of its own.
  sqlite3_db_config(db->db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db->db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db->db_, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(db->db_, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  for (const auto& [limit, value] : kLimits) sqlite3_limit(db->db_, limit, value);
  Result<void> set = db->Execute("PRAGMA cell_size_check=ON");
  if (!set) return base::Fail(std::move(set.error()));
  return db;
}

Database::~Database() {
  for (auto& [sql, cached] : cache_) sqlite3_finalize(cached.statement);
  sqlite3_close(db_);
}

Result<void> Database::Execute(const std::string& sql) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return base::Fail(Failure(code));
  return {};
}

Result<Statement> Database::Prepare(std::string_view sql) {
  auto found = cache_.find(sql);
  if (found != cache_.end() && !found->second.on_loan) {
    found->second.on_loan = true;
    return Statement(this, found->second.statement, &found->second.on_loan);
  }
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return base::Fail(Failure(code));
  // Out on loan: a caller inside a caller's loop gets one of its own.
  if (found != cache_.end()) return Statement(this, statement, nullptr);
  Cached& cached = cache_[std::string(sql)];
  cached = {.statement = statement, .on_loan = true};
  return Statement(this, statement, &cached.on_loan);
}

Result<std::int64_t> Database::Number(std::string_view sql) {
  Result<Statement> statement = Prepare(sql);
  if (!statement) return base::Fail(std::move(statement.error()));
  Result<bool> row = statement->Step();
  if (!row) return base::Fail(std::move(row.error()));
  return *row ? statement->Int(0) : 0;
}

Result<std::string> Database::Schema() {
  auto select = Prepare(
      "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') "
      "FROM sqlite_schema ORDER BY 1");
  if (!select) return base::Fail(std::move(select.error()));
  std::string schema;
  for (;;) {
    Result<bool> row = select->Step();
    if (!row) return base::Fail(std::move(row.error()));
    if (!*row) return schema;
    schema.append(select->Bytes(0)).append("\n");
  }
}

Result<std::string> Database::Head(std::size_t size) {
  sqlite3_file* file = nullptr;
  int code = sqlite3_file_control(db_, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  sqlite3_int64 length = 0;
  if (code == SQLITE_OK) code = file->pMethods->xFileSize(file, &length);
  if (code != SQLITE_OK) return base::Fail(Failure(code));
  std::string head(std::min(size, static_cast<std::size_t>(length)), '\0');
  code = file->pMethods->xRead(file, head.data(), static_cast<int>(head.size()), 0);
  if (code != SQLITE_OK) return base::Fail(Failure(code));
  return head;
}

Error Database::Failure(int code) const {
  const std::string path = base::Printable(path_);
  const std::string said = db_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db_);
  const int system = db_ == nullptr ? 0 : sqlite3_system_errno(db_);
  const std::string cause = system == 0 ? base::Printable(said) : base::SystemReason(system);
  Error error;
  error.kind = ErrorKind::kIo;
  switch (code & 0xff) {
    case SQLITE_FULL:
      error.message = fmt::format("the store {} cannot be written: the disk is full", path);
      error.hint = "Make room and run the command again: what was done is on record";
      return error;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      error.kind = ErrorKind::kBusy;
      error.message = fmt::format("the store {} is in use by another program", path);
      error.hint = "Wait until it has finished and run the command again";
      return error;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      error.message = fmt::format("the store {} cannot be opened or written: {}", path, cause);
      error.hint = "Check the permissions of the file and of its folder";
      return error;
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
    case SQLITE_INTERRUPT:
      error.message = fmt::format("the store {} could not be read or written: {}", path, cause);
      error.hint = "Check the disk and run the command again: what was done is on record";
      return error;
    case SQLITE_NOTADB:
      return Damaged(path_, "it is not a database");
    default:
      // Our SQL is fixed: only a file whose tables are not ours makes it fail.
      return Damaged(path_, said);
  }
}

Result<Transaction> Transaction::Begin(Database& db) {
  Result<void> begun = db.Execute("BEGIN IMMEDIATE");
  if (!begun) return base::Fail(std::move(begun.error()));
  return Transaction(&db);
}

Result<void> Transaction::Commit() {
  Result<void> done = db_->Execute("COMMIT");
  // A commit that failed leaves the transaction open: the destructor rolls it back.
  if (done) db_ = nullptr;
  return done;
}

Transaction::~Transaction() {
  if (db_ == nullptr) return;
  // After some errors (full disk) SQLite has rolled back by itself.
  if (sqlite3_get_autocommit(db_->db_) == 0) (void)db_->Execute("ROLLBACK");
}

}  // namespace viasync::store
