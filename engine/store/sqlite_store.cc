#include "engine/store/sqlite_store.h"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/store/codec.h"
#include "engine/store/lock.h"
#include "engine/store/secrets.h"
#include "engine/store/sqlite_db.h"
#include "engine/store/sqlite_runs.h"
#include "engine/store/store_file.h"
#include "engine/store/trail.h"

namespace viasync::store {
namespace {

using base::ErrorKind;
using base::Result;

constexpr std::string_view kSelectStep =
    "SELECT id, run, plan, kind, key, action, resource, version, before, after, move, opened, "
    "state, note, org_user, org_at";
// Of a store that an older viasync wrote and that is only looked at.
constexpr std::string_view kSelectOlderStep =
    "SELECT id, run, plan, kind, key, action, resource, version, before, after, move, opened, "
    "state, note, x'', NULL";

// A row of kSelectStep; nullopt: not as it was written.
std::optional<Step> ReadStep(const Statement& row) {
  Step step;
  step.id = row.Int(0);
  step.run = row.Bytes(1);
  step.plan_id = row.Bytes(2);
  step.key = row.Bytes(4);
  step.action = row.Bytes(5);
  step.resource_id = row.Bytes(6);
  step.version = row.Int(7);
  step.opened = FromMs(row.Int(11));
  step.state = static_cast<StepState>(row.Int(12));
  step.note = row.Bytes(13);
  step.org.user = row.Bytes(14);
  if (!row.IsNull(15)) step.org.at = FromMs(row.Int(15));
  const auto kind = KindFromNumber(row.Int(3));
  auto before = DecodeValues(step.key, row.Bytes(8));
  auto after = DecodeValues(step.key, row.Bytes(9));
  auto move = DecodeMove(step.key, row.Bytes(10));
  const bool known_state = step.state >= StepState::kOpen && step.state <= StepState::kUnknown;
  if (!kind || !before || !after || !move || !known_state) return std::nullopt;
  step.kind = *kind;
  step.before = std::move(*before);
  step.after = std::move(*after);
  step.move = std::move(*move);
  return step;
}

// What stands for a moment that is not known, until it is NULL in its column.
constexpr std::int64_t kNoMoment = std::numeric_limits<std::int64_t>::min();

std::int64_t MsOr(const std::optional<base::UtcTime>& time) { return time ? Ms(*time) : kNoMoment; }

// A row of Events(); nullopt: not as it was written.
std::optional<Event> ReadEvent(const Statement& row) {
  Event event;
  event.id = row.Int(0);
  event.at = FromMs(row.Int(1));
  event.run = row.Bytes(2);
  event.user = row.Bytes(3);
  event.commit = row.Bytes(4);
  event.what = row.Bytes(5);
  event.key = row.Bytes(7);
  event.action = row.Bytes(8);
  const auto kind = KindFromNumber(row.Int(6));
  auto before = DecodeValues(event.key, row.Bytes(9));
  auto after = DecodeValues(event.key, row.Bytes(10));
  if (!kind || !before || !after) return std::nullopt;
  event.kind = *kind;
  event.before = std::move(*before);
  event.after = std::move(*after);
  event.org.user = row.Bytes(11);
  if (!row.IsNull(12)) event.org.at = FromMs(row.Int(12));
  event.version = row.Int(13);
  event.job = row.Bytes(14);
  event.hash = row.Bytes(15);
  return event;
}

// Puts records in and takes them out; one statement each for any number of moves.
class BaseWriter {
 public:
  static Result<BaseWriter> Make(Database& db) {
    // A record that stays as it is costs a look, not a write.
    auto put = db.Prepare(
        "INSERT INTO base(kind, key, record) VALUES (?, ?, ?) ON CONFLICT DO UPDATE "
        "SET record = excluded.record WHERE record IS NOT excluded.record");
    if (!put) return base::Fail(std::move(put.error()));
    auto erase = db.Prepare("DELETE FROM base WHERE kind = ? AND key = ?");
    if (!erase) return base::Fail(std::move(erase.error()));
    return BaseWriter(std::move(*put), std::move(*erase));
  }
  Result<void> Apply(const BaseMove& move) {
    Statement& statement = move.record ? put_ : erase_;
    statement.Bind(KindNumber(move.kind)).Bind(move.key);
    if (move.record) statement.Bind(EncodeRecord(move.key, WithoutSecrets(*move.record)));
    return statement.Run();
  }

 private:
  BaseWriter(Statement put, Statement erase) : put_(std::move(put)), erase_(std::move(erase)) {}
  Statement put_, erase_;
};

class SqliteStore final : public Store {
 public:
  SqliteStore(OpenOptions options, base::Clock& clock, std::unique_ptr<Database> db)
      : options_(std::move(options)), clock_(clock), db_(std::move(db)) {}
  ~SqliteStore() override {
    // A row that cannot be removed is taken over by the next run: its process is gone by then.
    if (token_) (void)ReleaseLock(*db_, *token_);
  }

  // From here on the store may write.
  void Own(LockFile lock_file, std::int64_t token, FileId file) {
    lock_file_ = std::move(lock_file);
    token_ = token;
    file_ = file;
  }

  Result<void> ReadBase(model::Kind kind,
                        const std::function<Result<void>(BaseRecord)>& each) override;
  Result<bool> HasBase() override;
  Result<std::optional<base::UtcTime>> BaseMoved() override;
  using Store::MoveBase;
  Result<void> MoveBase(const std::vector<BaseMove>& moves,
                        const std::vector<Pulled>& pulled) override;
  Result<void> Journal(const std::vector<Outcome>& outcomes, std::vector<Step>& intents) override;
  Result<std::vector<Step>> OpenSteps() override;
  Result<std::vector<Step>> UndoneSteps(base::UtcTime since) override;
  Result<std::vector<Event>> Events(std::size_t limit) override;
  Result<std::string> TrailHead() override;
  MigrationRuns* Migrations() override { return &runs_; }
  const std::string& Org() const override { return options_.org; }

 private:
  Result<Transaction> BeginWrite();
  Result<void> Close(const Outcome& outcome, std::vector<Event>& events);
  Event NewEvent();
  Result<void> AddToTrail(std::vector<Event> events);
  Result<Step> OpenStep(std::int64_t id);
  static std::unexpected<base::Error> NotOpen(std::int64_t id);
  Result<bool> Knows(std::string_view table, std::string_view column);
  Result<std::int64_t> Open(const Step& step, base::UtcTime now);
  Result<std::vector<Step>> ReadSteps(Statement select);
  base::Error DamagedRow(std::string_view table, std::string_view key) const {
    return Damaged(options_.path, fmt::format("the entry of {} in its {} was altered", key, table));
  }

  OpenOptions options_;
  base::Clock& clock_;
  std::optional<LockFile> lock_file_;  // freed after the database is closed
  std::unique_ptr<Database> db_;
  std::optional<std::int64_t> token_;  // of our lock; none = read only
  FileId file_;
  SqliteRuns runs_{*db_, clock_, [this] { return BeginWrite(); }, options_.user, options_.commit};
};

Result<Transaction> SqliteStore::BeginWrite() {
  if (!token_) {
    return base::Fail(
        ErrorKind::kIo,
        fmt::format("the store {} was opened for reading only", base::Printable(options_.path)),
        "This is a defect of viasync: a command that only looks must not write");
  }
  Result<FileId> file = Identify(options_.path);
  if (!file || *file != file_) {
    return base::Fail(ErrorKind::kIo,
                      fmt::format("the store {} was removed or replaced while this run was at work",
                                  base::Printable(options_.path)),
                      "Nothing more was written. Put the file back if you have it, and run the "
                      "command again");
  }
  Result<Transaction> transaction = Transaction::Begin(*db_);
  if (!transaction) return transaction;
  Result<void> ours = RenewLock(*db_, *token_, clock_.Now());
  if (!ours) return base::Fail(std::move(ours.error()));
  return transaction;
}

Result<void> SqliteStore::ReadBase(model::Kind kind,
                                   const std::function<Result<void>(BaseRecord)>& each) {
  auto select = db_->Prepare("SELECT key, record FROM base WHERE kind = ? ORDER BY key");
  if (!select) return base::Fail(std::move(select.error()));
  select->Bind(KindNumber(kind));
  for (;;) {
    Result<bool> row = select->Step();
    if (!row) return base::Fail(std::move(row.error()));
    if (!*row) return {};
    const std::string_view key = select->Bytes(0);
    std::optional<BaseRecord> record = DecodeRecord(key, select->Bytes(1));
    if (!record) return base::Fail(DamagedRow("base", key));
    record->kind = kind;
    record->key = key;
    Result<void> taken = each(std::move(*record));
    if (!taken) return taken;
  }
}

Result<bool> SqliteStore::HasBase() {
  Result<std::int64_t> count = db_->Number("SELECT count(*) FROM meta WHERE name = 'base'");
  if (!count) return base::Fail(std::move(count.error()));
  return *count != 0;
}

Result<std::optional<base::UtcTime>> SqliteStore::BaseMoved() {
  auto select = db_->Prepare("SELECT value FROM meta WHERE name = 'base'");
  if (!select) return base::Fail(std::move(select.error()));
  Result<bool> row = select->Step();
  if (!row) return base::Fail(std::move(row.error()));
  if (!*row) return std::nullopt;
  return base::ParseTime(select->Bytes(0));
}

Result<void> SqliteStore::MoveBase(const std::vector<BaseMove>& moves,
                                   const std::vector<Pulled>& pulled) {
  Result<Transaction> transaction = BeginWrite();
  if (!transaction) return base::Fail(std::move(transaction.error()));
  // In key order the tree grows at its end, which is several times as fast. Stable: of two moves of
  // one key the later one counts.
  std::vector<const BaseMove*> sorted;
  sorted.reserve(moves.size());
  for (const BaseMove& move : moves) sorted.push_back(&move);
  std::ranges::stable_sort(sorted, [](const BaseMove* a, const BaseMove* b) {
    return std::tie(a->kind, a->key) < std::tie(b->kind, b->key);
  });
  {
    Result<BaseWriter> writer = BaseWriter::Make(*db_);
    if (!writer) return base::Fail(std::move(writer.error()));
    for (const BaseMove* move : sorted) {
      Result<void> moved = writer->Apply(*move);
      if (!moved) return moved;
    }
  }
  std::vector<Event> events;
  for (const Pulled& one : pulled) {
    Event event = NewEvent();
    event.what = "pull";
    event.kind = one.kind;
    event.key = one.key;
    event.action = one.action;
    event.before = one.before;
    event.after = one.after;
    event.org = one.org;
    events.push_back(std::move(event));
  }
  if (Result<void> told = AddToTrail(std::move(events)); !told) return told;
  auto mark = db_->Prepare("INSERT OR REPLACE INTO meta(name, value) VALUES ('base', ?)");
  if (!mark) return base::Fail(std::move(mark.error()));
  Result<void> marked = mark->Bind(base::FormatTime(clock_.Now())).Run();
  return marked ? transaction->Commit() : marked;
}

Event SqliteStore::NewEvent() {
  Event event;
  event.at = clock_.Now();
  event.run = options_.run;
  event.user = options_.user;
  event.commit = options_.commit;
  event.job = options_.job;
  return event;
}

Result<std::string> SqliteStore::TrailHead() {
  auto select = db_->Prepare("SELECT value FROM meta WHERE name = 'trail'");
  if (!select) return base::Fail(std::move(select.error()));
  Result<bool> row = select->Step();
  if (!row) return base::Fail(std::move(row.error()));
  return std::string(*row ? select->Bytes(0) : std::string_view());
}

Result<void> SqliteStore::AddToTrail(std::vector<Event> events) {
  if (events.empty()) return {};
  Result<std::string> head = TrailHead();
  if (!head) return base::Fail(std::move(head.error()));
  auto insert = db_->Prepare(
      "INSERT INTO audit(at, run, user, revision, what, kind, key, action, before, after, "
      "org_user, org_at, version, job, hash) VALUES (?, ?, ?, ?, CAST(? AS TEXT), ?, ?, ?, ?, ?, "
      "?, NULLIF(?, ?), ?, ?, ?)");
  if (!insert) return base::Fail(std::move(insert.error()));
  for (Event& event : events) {
    HideSecrets(event);
    event.hash = EventHash(*head, event);
    *head = event.hash;
    insert->Bind(Ms(event.at)).Bind(event.run).Bind(event.user).Bind(event.commit);
    insert->Bind(event.what).Bind(KindNumber(event.kind)).Bind(event.key).Bind(event.action);
    insert->Bind(EncodeValues(event.key, event.before)).Bind(EncodeValues(event.key, event.after));
    insert->Bind(event.org.user).Bind(MsOr(event.org.at)).Bind(kNoMoment);
    Result<void> done = insert->Bind(event.version).Bind(event.job).Bind(event.hash).Run();
    if (!done) return done;
  }
  auto mark = db_->Prepare("INSERT OR REPLACE INTO meta(name, value) VALUES ('trail', ?)");
  if (!mark) return base::Fail(std::move(mark.error()));
  return mark->Bind(*head).Run();
}

Result<void> SqliteStore::Journal(const std::vector<Outcome>& outcomes,
                                  std::vector<Step>& intents) {
  Result<Transaction> transaction = BeginWrite();
  if (!transaction) return base::Fail(std::move(transaction.error()));
  std::vector<Event> events;
  for (const Outcome& outcome : outcomes) {
    Result<void> closed = Close(outcome, events);
    if (!closed) return closed;
  }
  if (Result<void> told = AddToTrail(std::move(events)); !told) return told;
  const base::UtcTime now = clock_.Now();
  if (!outcomes.empty()) {
    auto mark = db_->Prepare("UPDATE meta SET value = ? WHERE name = 'base'");
    if (!mark) return base::Fail(std::move(mark.error()));
    Result<void> marked = mark->Bind(base::FormatTime(now)).Run();
    if (!marked) return marked;
  }
  std::vector<std::int64_t> ids;
  for (const Step& step : intents) {
    Result<std::int64_t> id = Open(step, now);
    if (!id) return base::Fail(std::move(id.error()));
    ids.push_back(*id);
  }
  Result<void> done = transaction->Commit();
  if (!done) return done;
  for (std::size_t i = 0; i < intents.size(); ++i) {
    intents[i].id = ids[i];
    intents[i].run = options_.run;
    intents[i].state = StepState::kOpen;
    intents[i].opened = now;
  }
  return {};
}

Result<Step> SqliteStore::OpenStep(std::int64_t id) {
  auto select =
      db_->Prepare(fmt::format("{} FROM journal WHERE id = ? AND state = 0", kSelectStep));
  if (!select) return base::Fail(std::move(select.error()));
  select->Bind(id);
  auto steps = ReadSteps(std::move(*select));
  if (!steps) return base::Fail(std::move(steps.error()));
  if (!steps->empty()) return std::move(steps->front());
  return NotOpen(id);
}

std::unexpected<base::Error> SqliteStore::NotOpen(std::int64_t id) {
  return base::Fail(ErrorKind::kInvalid,
                    fmt::format("step {} of the journal cannot be closed: it is not open", id),
                    "This is a defect of viasync: please report it");
}

// A step that is done moves to the audit trail; one closed by another run than opened it was
// settled. Any other is kept as it ended.
Result<void> SqliteStore::Close(const Outcome& outcome, std::vector<Event>& events) {
  if (outcome.state == StepState::kOpen) return NotOpen(outcome.step);
  Result<Step> step = OpenStep(outcome.step);
  if (!step) return base::Fail(std::move(step.error()));
  if (outcome.state != StepState::kDone) {
    auto update = db_->Prepare("UPDATE journal SET closed = ?, state = ?, note = ? WHERE id = ?");
    if (!update) return base::Fail(std::move(update.error()));
    update->Bind(Ms(clock_.Now())).Bind(static_cast<std::int64_t>(outcome.state));
    return update->Bind(WithoutSecrets(outcome.note)).Bind(outcome.step).Run();
  }
  auto erase = db_->Prepare("DELETE FROM journal WHERE id = ?");
  if (!erase) return base::Fail(std::move(erase.error()));
  Result<void> erased = erase->Bind(outcome.step).Run();
  if (!erased) return erased;
  Event event = NewEvent();
  event.what = step->run == options_.run ? "apply" : "settled";
  event.kind = step->kind;
  event.key = step->key;
  event.action = step->action;
  event.before = std::move(step->before);
  event.after = std::move(step->after);
  event.org = std::move(step->org);
  event.version = step->version;
  events.push_back(std::move(event));
  if (!outcome.move) return {};
  Result<BaseWriter> writer = BaseWriter::Make(*db_);
  if (!writer) return base::Fail(std::move(writer.error()));
  return writer->Apply(*outcome.move);
}

Result<std::int64_t> SqliteStore::Open(const Step& step, base::UtcTime now) {
  Result<void> harmless = HoldsNoSecret(step);
  if (!harmless) return base::Fail(std::move(harmless.error()));
  auto insert = db_->Prepare(
      "INSERT INTO journal(run, plan, kind, key, action, resource, version, before, after, move, "
      "state, note, opened, org_user, org_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, x'', ?, ?, "
      "NULLIF(?, ?))");
  if (!insert) return base::Fail(std::move(insert.error()));
  insert->Bind(options_.run).Bind(step.plan_id).Bind(KindNumber(step.kind)).Bind(step.key);
  insert->Bind(step.action).Bind(step.resource_id).Bind(step.version);
  insert->Bind(EncodeValues(step.key, step.before)).Bind(EncodeValues(step.key, step.after));
  insert->Bind(EncodeMove(step.key, step.move)).Bind(Ms(now));
  insert->Bind(WithoutSecrets(step.org.user)).Bind(MsOr(step.org.at)).Bind(kNoMoment);
  Result<void> done = insert->Run();
  if (!done) return base::Fail(std::move(done.error()));
  return db_->LastId();
}

Result<bool> SqliteStore::Knows(std::string_view table, std::string_view column) {
  auto known = db_->Number(
      fmt::format("SELECT count(*) FROM pragma_table_info('{}') WHERE name = '{}'", table, column));
  if (!known) return base::Fail(std::move(known.error()));
  return *known != 0;
}

Result<std::vector<Step>> SqliteStore::OpenSteps() {
  auto known = Knows("journal", "org_at");
  if (!known) return base::Fail(std::move(known.error()));
  auto select = db_->Prepare(fmt::format("{} FROM journal WHERE state = 0 ORDER BY id",
                                         *known ? kSelectStep : kSelectOlderStep));
  if (!select) return base::Fail(std::move(select.error()));
  return ReadSteps(std::move(*select));
}

Result<std::vector<Step>> SqliteStore::UndoneSteps(base::UtcTime since) {
  auto known = Knows("journal", "org_at");
  if (!known) return base::Fail(std::move(known.error()));
  auto select =
      db_->Prepare(fmt::format("{} FROM journal WHERE state <> 0 AND opened >= ? ORDER BY id",
                               *known ? kSelectStep : kSelectOlderStep));
  if (!select) return base::Fail(std::move(select.error()));
  select->Bind(Ms(since));
  return ReadSteps(std::move(*select));
}

Result<std::vector<Step>> SqliteStore::ReadSteps(Statement select) {
  std::vector<Step> steps;
  for (;;) {
    Result<bool> row = select.Step();
    if (!row) return base::Fail(std::move(row.error()));
    if (!*row) return steps;
    std::optional<Step> step = ReadStep(select);
    if (!step) return base::Fail(DamagedRow("journal", select.Bytes(4)));
    steps.push_back(std::move(*step));
  }
}

Result<std::vector<Event>> SqliteStore::Events(std::size_t limit) {
  // A store of an older format that is only looked at stays as it is.
  auto author = Knows("audit", "org_at");
  if (!author) return base::Fail(std::move(author.error()));
  auto versioned = Knows("audit", "version");
  if (!versioned) return base::Fail(std::move(versioned.error()));
  auto chained = Knows("audit", "hash");
  if (!chained) return base::Fail(std::move(chained.error()));
  auto select = db_->Prepare(fmt::format(
      "SELECT id, at, run, user, revision, what, kind, key, action, before, after, {}, {}, {} "
      "FROM audit ORDER BY id DESC LIMIT ?",
      *author ? "org_user, org_at" : "x'', NULL", *versioned ? "version" : "0",
      *chained ? "job, hash" : "x'', x''"));
  if (!select) return base::Fail(std::move(select.error()));
  constexpr std::size_t kMost = std::numeric_limits<std::int64_t>::max();
  select->Bind(static_cast<std::int64_t>(std::min(limit, kMost)));
  std::vector<Event> events;
  for (;;) {
    Result<bool> row = select->Step();
    if (!row) return base::Fail(std::move(row.error()));
    if (!*row) return events;
    std::optional<Event> event = ReadEvent(*select);
    if (!event) return base::Fail(DamagedRow("audit trail", select->Bytes(7)));
    events.push_back(std::move(*event));
  }
}

// Patience that counts its own naps: a clock that stands still cannot make it endless.
class Patience {
 public:
  explicit Patience(base::Millis left) : left_(left) {}
  // False: used up.
  bool Nap() {
    if (left_ <= base::Millis(0)) return false;
    const base::Millis nap = std::min(left_, kLockPoll);
    const timespec time{.tv_sec = 0, .tv_nsec = nap.count() * 1'000'000};
    nanosleep(&time, nullptr);
    left_ -= nap;
    return true;
  }

 private:
  base::Millis left_;
};

// Who holds the file lock, as far as the store tells.
base::Error WhoHolds(const OpenOptions& options, const std::string& lock_path, base::UtcTime now) {
  auto db = OpenStoreFile(options.path, options.org, true);
  // Nothing to read yet: the other run is making it. Anything else is worth hearing about.
  if (!db && db.error().kind != ErrorKind::kNotFound) return std::move(db.error());
  Result<std::optional<LockRow>> row = db ? ReadLock(**db) : std::nullopt;
  if (!row) return std::move(row.error());
  std::optional<base::Error> busy;
  if (*row) busy = StandsInTheWay(**row, now);
  return busy ? std::move(*busy) : BusyWithUnknown(lock_path);
}

Result<LockFile> WaitForLockFile(const OpenOptions& options, Patience& patience,
                                 base::Clock& clock) {
  const std::string path = options.path + ".lock";
  for (;;) {
    Result<std::optional<LockFile>> lock = LockFile::Try(path);
    if (!lock) return base::Fail(std::move(lock.error()));
    if (*lock) return std::move(**lock);
    if (!patience.Nap()) return base::Fail(WhoHolds(options, path, clock.Now()));
  }
}

Result<std::int64_t> WaitForRow(Database& db, const OpenOptions& options, Patience& patience,
                                base::Clock& clock) {
  for (;;) {
    Result<std::int64_t> token = TakeLock(db, options.command, clock.Now());
    if (token || token.error().kind != ErrorKind::kBusy || !patience.Nap()) return token;
  }
}

Result<std::unique_ptr<Store>> OpenForWriting(const OpenOptions& options, base::Clock& clock) {
  Patience patience(options.lock_wait);
  Result<void> folder = MakeFolder(options.path);
  if (!folder) return base::Fail(std::move(folder.error()));
  Result<LockFile> lock_file = WaitForLockFile(options, patience, clock);
  if (!lock_file) return base::Fail(std::move(lock_file.error()));
  Result<FileId> file = Identify(options.path);
  if (!file && file.error().kind == ErrorKind::kNotFound) {
    Result<void> made = CreateStoreFile(options.path, options.org, clock.Now());
    if (!made) return base::Fail(std::move(made.error()));
    file = Identify(options.path);
  }
  if (!file) return base::Fail(std::move(file.error()));
  auto db = OpenStoreFile(options.path, options.org, false);
  if (!db) return base::Fail(std::move(db.error()));
  Result<std::int64_t> token = WaitForRow(**db, options, patience, clock);
  if (!token) return base::Fail(std::move(token.error()));
  auto store = std::make_unique<SqliteStore>(options, clock, std::move(*db));
  store->Own(std::move(*lock_file), *token, *file);
  return store;
}

}  // namespace

Result<std::unique_ptr<Store>> OpenSqliteStore(const OpenOptions& options, base::Clock& clock) {
  if (!options.read_only) {
    OpenOptions shown = options;
    for (std::string* text : {&shown.user, &shown.commit, &shown.command, &shown.job}) {
      *text = WithoutSecrets(*text);
    }
    return OpenForWriting(shown, clock);
  }
  auto db = OpenStoreFile(options.path, options.org, true);
  if (!db && db.error().kind == ErrorKind::kNotFound) db = OpenEmpty(options.path, options.org);
  if (!db) return base::Fail(std::move(db.error()));
  return std::make_unique<SqliteStore>(options, clock, std::move(*db));
}

}  // namespace viasync::store
