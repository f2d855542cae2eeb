#include "engine/store/sqlite_cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <unordered_set>
#include <utility>

#include "engine/base/strings.h"
#include "engine/store/detail_codec.h"
#include "engine/store/sqlite_db.h"

namespace viasync::store {
namespace {

using base::Result;

constexpr std::int64_t kFormat = 1;
constexpr std::int64_t kApplicationId = 0x76696363;  // "vicc"
// Keys and values are BLOBs: TEXT would not promise to give every byte back.
constexpr std::string_view kSchema = R"(
CREATE TABLE meta(name BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE exclusion(id BLOB PRIMARY KEY, modified INTEGER, record BLOB NOT NULL)
  STRICT, WITHOUT ROWID;
CREATE INDEX exclusion_modified ON exclusion(modified);
)";

class SqliteCache final : public DetailCache {
 public:
  SqliteCache(std::unique_ptr<Database> db, std::int64_t generation)
      : db_(std::move(db)), generation_(generation) {}

  Result<std::optional<base::UtcTime>> AsOf() override;
  Result<std::size_t> Count() override;
  Result<std::vector<LastModified>> Newest(std::size_t limit) override;
  Result<std::optional<RemoteExclusion>> Find(const std::string& id) override;
  Result<void> Save(const CacheUpdate& update) override;
  Result<std::optional<KnownRate>> Rate() override;
  Result<void> KeepRate(const KnownRate& rate) override;

 private:
  Result<void> EndReading();
  Result<void> Write(const CacheUpdate& update);
  Result<void> Drop(const std::vector<std::string>& ids);
  Result<void> Put(const std::vector<const RemoteExclusion*>& exclusions);
  Result<void> ClearAway(const CacheUpdate& update);
  Result<void> Mark(const CacheUpdate& update);

  std::unique_ptr<Database> db_;
  std::int64_t generation_;
  bool reading_ = true;  // within the transaction that shows one state
};

std::optional<std::int64_t> NumberOf(std::string_view text) {
  std::int64_t number = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = failed == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

// Empty: there is none.
Result<std::string> MetaText(Database& db, std::string_view name) {
  auto select = db.Prepare("SELECT value FROM meta WHERE name = ?");
  if (!select) return base::Fail(std::move(select.error()));
  Result<bool> row = select->Bind(name).Step();
  if (!row) return base::Fail(std::move(row.error()));
  return std::string(*row ? select->Bytes(0) : std::string_view());
}

Result<std::optional<std::int64_t>> Meta(Database& db, std::string_view name) {
  auto text = MetaText(db, name);
  if (!text) return base::Fail(std::move(text.error()));
  return NumberOf(*text);
}

Result<void> SetMeta(Database& db, std::string_view name, std::string_view value) {
  auto put = db.Prepare("INSERT OR REPLACE INTO meta(name, value) VALUES (?, ?)");
  if (!put) return base::Fail(std::move(put.error()));
  return put->Bind(name).Bind(value).Run();
}

Result<std::optional<base::UtcTime>> SqliteCache::AsOf() {
  auto ms = Meta(*db_, "as_of");
  if (!ms) return base::Fail(std::move(ms.error()));
  if (!*ms) return std::nullopt;
  return FromMs(**ms);
}

Result<std::size_t> SqliteCache::Count() {
  auto count = db_->Number("SELECT count(*) FROM exclusion");
  if (!count) return base::Fail(std::move(count.error()));
  return static_cast<std::size_t>(*count);
}

Result<std::vector<LastModified>> SqliteCache::Newest(std::size_t limit) {
  auto select = db_->Prepare(
      "SELECT id, modified FROM exclusion WHERE modified IS NOT NULL ORDER BY modified DESC LIMIT "
      "?");
  if (!select) return base::Fail(std::move(select.error()));
  select->Bind(static_cast<std::int64_t>(limit));
  std::vector<LastModified> newest;
  for (;;) {
    Result<bool> row = select->Step();
    if (!row) return base::Fail(std::move(row.error()));
    if (!*row) return newest;
    newest.push_back({std::string(select->Bytes(0)), FromMs(select->Int(1))});
  }
}

Result<std::optional<RemoteExclusion>> SqliteCache::Find(const std::string& id) {
  auto select = db_->Prepare("SELECT record FROM exclusion WHERE id = ?");
  if (!select) return base::Fail(std::move(select.error()));
  Result<bool> row = select->Bind(id).Step();
  if (!row) return base::Fail(std::move(row.error()));
  if (!*row) return std::nullopt;
  auto exclusion = DecodeDetail(id, select->Bytes(0));
  if (exclusion) return exclusion;
  return base::Fail(Damaged(db_->path(), "an entry was altered"));
}

Result<void> SqliteCache::EndReading() {
  if (std::exchange(reading_, false)) return db_->Execute("COMMIT");
  return {};
}

// Requests in a thousand seconds, and when the org last refused one.
constexpr std::string_view kRate = "rate", kRefused = "rate_refused_at";

Result<std::optional<KnownRate>> SqliteCache::Rate() {
  auto per_ks = Meta(*db_, kRate);
  if (!per_ks) return base::Fail(std::move(per_ks.error()));
  auto refused = Meta(*db_, kRefused);
  if (!refused) return base::Fail(std::move(refused.error()));
  if (!*per_ks || !*refused || **per_ks <= 0) return std::nullopt;
  return KnownRate{static_cast<double>(**per_ks) / 1000, FromMs(**refused)};
}

Result<void> SqliteCache::KeepRate(const KnownRate& rate) {
  if (auto ended = EndReading(); !ended) return ended;
  Result<Transaction> transaction = Transaction::Begin(*db_);
  if (!transaction) return base::Fail(std::move(transaction.error()));
  const auto per_ks = static_cast<std::int64_t>(rate.per_s * 1000);
  Result<void> done = SetMeta(*db_, kRate, fmt::format("{}", per_ks));
  if (done) done = SetMeta(*db_, kRefused, fmt::format("{}", Ms(rate.refused_at)));
  return done ? transaction->Commit() : done;
}

Result<void> SqliteCache::Save(const CacheUpdate& update) {
  if (auto ended = EndReading(); !ended) return ended;
  Result<Transaction> transaction = Transaction::Begin(*db_);
  if (!transaction) return base::Fail(std::move(transaction.error()));
  auto generation = Meta(*db_, "generation");
  if (!generation) return base::Fail(std::move(generation.error()));
  if (generation->value_or(0) != generation_) return {};
  Result<void> written = Write(update);
  if (written) written = transaction->Commit();
  if (written) ++generation_;
  return written;
}

Result<void> SqliteCache::Write(const CacheUpdate& update) {
  Result<void> done = update.anew ? db_->Execute("DELETE FROM exclusion") : Drop(update.changed);
  if (done) done = Put(update.read);
  if (done) done = ClearAway(update);
  if (done) done = Mark(update);
  return done;
}

Result<void> SqliteCache::Drop(const std::vector<std::string>& ids) {
  auto erase = db_->Prepare("DELETE FROM exclusion WHERE id = ?");
  if (!erase) return base::Fail(std::move(erase.error()));
  for (const std::string& id : ids) {
    Result<void> erased = erase->Bind(id).Run();
    if (!erased) return erased;
  }
  return {};
}

Result<void> SqliteCache::Put(const std::vector<const RemoteExclusion*>& exclusions) {
  auto with_time =
      db_->Prepare("INSERT OR REPLACE INTO exclusion(id, record, modified) VALUES (?, ?, ?)");
  if (!with_time) return base::Fail(std::move(with_time.error()));
  auto without = db_->Prepare("INSERT OR REPLACE INTO exclusion(id, record) VALUES (?, ?)");
  if (!without) return base::Fail(std::move(without.error()));
  for (const RemoteExclusion* exclusion : exclusions) {
    Statement& put = exclusion->modified_at ? *with_time : *without;
    put.Bind(exclusion->id).Bind(EncodeDetail(*exclusion));
    if (exclusion->modified_at) put.Bind(Ms(*exclusion->modified_at));
    Result<void> done = put.Run();
    if (!done) return done;
  }
  return {};
}

// Entries that the org has no more stay until they are many.
Result<void> SqliteCache::ClearAway(const CacheUpdate& update) {
  Result<std::size_t> count = Count();
  if (!count) return base::Fail(std::move(count.error()));
  if (*count <= update.listed.size() + kSpareEntries) return {};
  std::unordered_set<std::string_view> listed;
  for (const RemoteExclusion* one : update.listed) listed.insert(one->id);
  std::vector<std::string> gone;
  {
    auto select = db_->Prepare("SELECT id FROM exclusion");
    if (!select) return base::Fail(std::move(select.error()));
    for (;;) {
      Result<bool> row = select->Step();
      if (!row) return base::Fail(std::move(row.error()));
      if (!*row) break;
      if (!listed.contains(select->Bytes(0))) gone.emplace_back(select->Bytes(0));
    }
  }
  return Drop(gone);
}

Result<void> SqliteCache::Mark(const CacheUpdate& update) {
  Result<void> done = SetMeta(*db_, "as_of", fmt::format("{}", Ms(update.as_of)));
  if (done) done = SetMeta(*db_, "generation", fmt::format("{}", generation_ + 1));
  return done;
}

Result<void> MakeFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd >= 0) {
    ::close(fd);
    return {};
  }
  return base::Fail(base::ErrorKind::kIo,
                    fmt::format("the cache {} cannot be opened: {}", base::Printable(path),
                                base::SystemReason(errno)));
}

// A file may bear the cache's name and be something else: only its own header, or nothing at all,
// is taken for a cache.
bool IsOurs(const std::string& path) {
  std::error_code none;
  const auto what = std::filesystem::symlink_status(path, none);
  if (std::filesystem::exists(what) && !std::filesystem::is_regular_file(what)) return false;
  constexpr std::size_t kAt = 68;  // of the application id: 4 bytes, big-endian
  std::ifstream file(path, std::ios::binary);
  std::string head(kAt + 4, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (file.gcount() == 0) return true;
  std::int64_t application = 0;
  for (std::size_t i = kAt; i < head.size(); ++i) {
    application = application << 8 | static_cast<unsigned char>(head[i]);
  }
  return head.starts_with("SQLite format 3") && application == kApplicationId;
}

Result<void> WriteSchema(Database& db, const std::string& origin) {
  Result<Transaction> transaction = Transaction::Begin(db);
  if (!transaction) return base::Fail(std::move(transaction.error()));
  Result<void> done = db.Execute(fmt::format("{}PRAGMA user_version={}", kSchema, kFormat));
  if (done) done = SetMeta(db, "origin", origin);
  return done ? transaction->Commit() : done;
}

// True: a cache of this format and origin.
Result<bool> IsFit(Database& db, const std::string& origin) {
  auto format = db.Number("PRAGMA user_version");
  if (!format) return base::Fail(std::move(format.error()));
  if (*format != kFormat) return false;
  auto ours = Database::Open({}, Database::Mode::kMemory);
  if (!ours) return base::Fail(std::move(ours.error()));
  if (auto made = (*ours)->Execute(std::string(kSchema)); !made) {
    return base::Fail(std::move(made.error()));
  }
  auto wanted = (*ours)->Schema();
  auto found = db.Schema();
  if (!wanted || !found || *wanted != *found) return false;
  auto made_for = MetaText(db, "origin");
  if (!made_for) return base::Fail(std::move(made_for.error()));
  return *made_for == origin;
}

Result<std::unique_ptr<DetailCache>> Open(const std::string& path, const std::string& origin) {
  if (auto made = MakeFile(path); !made) return base::Fail(std::move(made.error()));
  auto db = Database::Open(path, Database::Mode::kReadWrite);
  if (!db) return base::Fail(std::move(db.error()));
  auto fresh = (*db)->Number("SELECT count(*) = 0 FROM sqlite_schema");
  if (!fresh) return base::Fail(std::move(fresh.error()));
  Result<void> set;
  // Before there is a log, so that the file itself says what it is from the first moment.
  if (*fresh != 0) {
    set = (*db)->Execute(fmt::format("PRAGMA application_id={}", kApplicationId));
  }
  if (set) set = (*db)->Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
  if (set && *fresh != 0) set = WriteSchema(**db, origin);
  if (!set) return base::Fail(std::move(set.error()));
  auto fit = IsFit(**db, origin);
  if (!fit) return base::Fail(std::move(fit.error()));
  if (!*fit) return base::Fail(base::ErrorKind::kInvalid, "the cache is of another org or viasync");
  // One state for all that is read, whatever another run saves meanwhile.
  Result<void> begun = (*db)->Execute("BEGIN");
  if (!begun) return base::Fail(std::move(begun.error()));
  auto generation = Meta(**db, "generation");
  if (!generation) return base::Fail(std::move(generation.error()));
  return std::make_unique<SqliteCache>(std::move(*db), generation->value_or(0));
}

}  // namespace

std::string CachePath(const std::string& store_path) { return store_path + ".cache"; }

Result<std::unique_ptr<DetailCache>> OpenSqliteCache(const std::string& path,
                                                     const std::string& origin) {
  if (!IsOurs(path)) {
    return base::Fail(base::ErrorKind::kInvalid,
                      fmt::format("{} is not a viasync cache", base::Printable(path)),
                      "Move it away, or give `store` of the environment another name");
  }
  auto cache = Open(path, origin);
  if (cache || cache.error().kind == base::ErrorKind::kBusy) return cache;
  for (const char* suffix : {"", "-wal", "-shm"}) ::unlink((path + suffix).c_str());
  return Open(path, origin);
}

}  // namespace viasync::store
