// A thin layer over SQLite's C interface: a connection, statements that are prepared once, and
// transactions that roll back unless committed. Knows SQL and error codes, nothing of what is
// stored. Strings are bound and read as bytes, so they survive NULs and broken UTF-8.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/ports.h"
#include "engine/base/result.h"

namespace viasync::store {

// The store at `path` cannot be trusted; `detail` says what is wrong with it. kIo.
base::Error Damaged(std::string_view path, std::string_view detail);

// What a person does with a store that cannot be used: nothing is deleted without a base.
std::string MoveAwayHint(std::string_view path);

class Database;

// A statement on loan: reset when it goes. Must not outlive its Database.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Binds the next parameter; a failure shows at the next Step.
  Statement& Bind(std::int64_t number);
  Statement& Bind(std::string_view bytes);

  base::Result<bool> Step();  // true = a row stands ready
  base::Result<void> Run();   // steps to the end, then ready to be bound again

  std::int64_t Int(int column) const { return sqlite3_column_int64(statement_, column); }
  bool IsNull(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  // Good until the next Step.
  std::string_view Bytes(int column) const;

 private:
  friend class Database;
  Statement(Database* db, sqlite3_stmt* statement, bool* on_loan);
  void Reset();

  Database* db_;
  sqlite3_stmt* statement_;
  bool* on_loan_;  // of the cache entry; null = ours alone, finalised with us
  int parameter_ = 0;
  int bind_code_ = SQLITE_OK;
};

class Database {
 public:
  enum class Mode {
    kReadWrite,
    kReadOnly,
    kImmutable,  // read only, and nobody else writes: needs no file beside it
    kMemory,
  };
  // Never creates a file. `path` is for messages where the mode is kMemory.
  static base::Result<std::unique_ptr<Database>> Open(const std::string& path, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  base::Result<void> Execute(const std::string& sql);  // statements without parameters
  base::Result<Statement> Prepare(std::string_view sql);
  // Tables, indexes, views and triggers with their SQL, in order.
  base::Result<std::string> Schema();
  base::Result<std::int64_t> Number(std::string_view sql);  // first column of the first row

  // The first `size` bytes of the file, fewer where it is shorter, without running any SQL. Opening
  // the file a second time instead would drop SQLite's locks on it when it is closed (POSIX).
  base::Result<std::string> Head(std::size_t size);

  std::int64_t Changes() const { return sqlite3_changes64(db_); }
  std::int64_t LastId() const { return sqlite3_last_insert_rowid(db_); }
  const std::string& path() const { return path_; }

  // What `code`, just returned by SQLite, means to a person.
  base::Error Failure(int code) const;

 private:
  friend class Transaction;
  struct Cached {
    sqlite3_stmt* statement = nullptr;
    bool on_loan = false;
  };
  explicit Database(std::string path) : path_(std::move(path)) {}

  std::string path_;
  sqlite3* db_ = nullptr;
  std::map<std::string, Cached, std::less<>> cache_;
};

// How a moment lies in a column: milliseconds since 1970, UTC.
inline std::int64_t Ms(base::UtcTime time) { return time.time_since_epoch().count(); }
inline base::UtcTime FromMs(std::int64_t ms) { return base::UtcTime(base::Millis(ms)); }

// A write transaction: takes SQLite's write lock at once, so that it cannot fail half-way for it.
class Transaction {
 public:
  static base::Result<Transaction> Begin(Database& db);
  Transaction(Transaction&& other) noexcept : db_(std::exchange(other.db_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();  // rolls back what was not committed

  base::Result<void> Commit();

 private:
  explicit Transaction(Database* db) : db_(db) {}
  Database* db_;
};

}  // namespace viasync::store
