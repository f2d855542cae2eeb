#include "engine/store/sqlite_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/store/secrets.h"

namespace viasync::store {
namespace {

using base::Result;

}  // namespace

Result<std::string> SqliteRuns::Columns() {
  auto columns = db_.Number("SELECT count(*) FROM pragma_table_info('migration')");
  if (!columns) return base::Fail(std::move(columns.error()));
  if (*columns == 0) return std::string();
  auto who = db_.Number("SELECT count(*) FROM pragma_table_info('migration') WHERE name = 'user'");
  if (!who) return base::Fail(std::move(who.error()));
  return fmt::format(
      "SELECT id, name, run, source, contents, state, note, started, ended, {} FROM migration",
      *who == 0 ? "x'', x''" : "user, revision");
}

Result<std::vector<MigrationRun>> SqliteRuns::Read(Statement select) {
  std::vector<MigrationRun> runs;
  for (;;) {
    Result<bool> row = select.Step();
    if (!row) return base::Fail(std::move(row.error()));
    if (!*row) break;
    const std::int64_t state = select.Int(5);
    if (state < 0 || state > static_cast<std::int64_t>(RunState::kFailed)) {
      return base::Fail(Damaged(db_.path(), fmt::format("a run is in state {}", state)));
    }
    MigrationRun run{.id = select.Int(0),
                     .name = std::string(select.Bytes(1)),
                     .run = std::string(select.Bytes(2)),
                     .source = std::string(select.Bytes(3)),
                     .contents = std::string(select.Bytes(4)),
                     .state = static_cast<RunState>(state),
                     .note = std::string(select.Bytes(6)),
                     .started = FromMs(select.Int(7))};
    run.user = select.Bytes(9);
    run.commit = select.Bytes(10);
    if (!select.IsNull(8)) run.ended = FromMs(select.Int(8));
    runs.push_back(std::move(run));
  }
  for (MigrationRun& run : runs) {
    if (auto read = ReadSteps(run); !read) return base::Fail(std::move(read.error()));
  }
  return runs;
}

Result<void> SqliteRuns::ReadSteps(MigrationRun& run) {
  auto select = db_.Prepare(
      "SELECT step, done, data, opened, closed FROM migration_step WHERE migration = ? ORDER BY "
      "opened, rowid");
  if (!select) return base::Fail(std::move(select.error()));
  select->Bind(run.id);
  for (;;) {
    Result<bool> row = select->Step();
    if (!row) return base::Fail(std::move(row.error()));
    if (!*row) return {};
    RunStep step{.name = std::string(select->Bytes(0)),
                 .done = select->Int(1) != 0,
                 .data = std::string(select->Bytes(2)),
                 .opened = FromMs(select->Int(3))};
    if (!select->IsNull(4)) step.closed = FromMs(select->Int(4));
    run.steps.push_back(std::move(step));
  }
}

Result<std::optional<MigrationRun>> SqliteRuns::OpenRun(const std::string& name) {
  return Newest(name, " AND state = 0");
}

Result<std::optional<MigrationRun>> SqliteRuns::LastRun(const std::string& name) {
  return Newest(name, "");
}

Result<std::optional<MigrationRun>> SqliteRuns::Newest(const std::string& name,
                                                       std::string_view condition) {
  Result<std::string> columns = Columns();
  if (!columns) return base::Fail(std::move(columns.error()));
  if (columns->empty()) return std::nullopt;
  auto select =
      db_.Prepare(fmt::format("{} WHERE name = ?{} ORDER BY id DESC LIMIT 1", *columns, condition));
  if (!select) return base::Fail(std::move(select.error()));
  select->Bind(name);
  auto runs = Read(std::move(*select));
  if (!runs) return base::Fail(std::move(runs.error()));
  if (runs->empty()) return std::nullopt;
  return std::move(runs->front());
}

Result<std::vector<MigrationRun>> SqliteRuns::OpenRuns() {
  Result<std::string> columns = Columns();
  if (!columns) return base::Fail(std::move(columns.error()));
  if (columns->empty()) return std::vector<MigrationRun>();
  auto select = db_.Prepare(*columns + " WHERE state = 0 ORDER BY id DESC");
  if (!select) return base::Fail(std::move(select.error()));
  return Read(std::move(*select));
}

Result<std::vector<MigrationRun>> SqliteRuns::Runs(std::size_t limit) {
  Result<std::string> columns = Columns();
  if (!columns) return base::Fail(std::move(columns.error()));
  if (columns->empty()) return std::vector<MigrationRun>();
  auto select = db_.Prepare(*columns + " ORDER BY id DESC LIMIT ?");
  if (!select) return base::Fail(std::move(select.error()));
  constexpr std::size_t kMost = std::numeric_limits<std::int64_t>::max();
  select->Bind(static_cast<std::int64_t>(std::min(limit, kMost)));
  return Read(std::move(*select));
}

Result<std::int64_t> SqliteRuns::Begin(const MigrationRun& run) {
  Result<void> harmless = HoldsNoSecret("the name of the run", run.name);
  if (!harmless) return base::Fail(std::move(harmless.error()));
  Result<Transaction> transaction = begin_();
  if (!transaction) return base::Fail(std::move(transaction.error()));
  std::int64_t id = 0;
  {
    auto insert = db_.Prepare(
        "INSERT INTO migration(name, run, source, contents, state, note, user, revision, started) "
        "VALUES (?, ?, ?, ?, 0, x'', ?, ?, ?)");
    if (!insert) return base::Fail(std::move(insert.error()));
    insert->Bind(run.name).Bind(run.run).Bind(run.source).Bind(run.contents);
    insert->Bind(user_).Bind(commit_);
    Result<void> done = insert->Bind(Ms(clock_.Now())).Run();
    if (!done) return base::Fail(std::move(done.error()));
    id = db_.LastId();
  }
  Result<void> committed = transaction->Commit();
  if (!committed) return base::Fail(std::move(committed.error()));
  return id;
}

Result<void> SqliteRuns::Record(std::int64_t run, const std::string& step, bool done,
                                const std::string& data) {
  Result<void> harmless = HoldsNoSecret("what the step `" + step + "` found", data);
  if (!harmless) return harmless;
  Result<Transaction> transaction = begin_();
  if (!transaction) return base::Fail(std::move(transaction.error()));
  {
    auto upsert = db_.Prepare(
        "INSERT INTO migration_step(migration, step, done, data, opened, closed) VALUES (?1, ?2, "
        "?3, ?4, ?5, CASE WHEN ?3 THEN ?5 END) ON CONFLICT(migration, step) DO UPDATE SET done = "
        "?3, data = ?4, closed = CASE WHEN ?3 THEN ?5 END");
    if (!upsert) return base::Fail(std::move(upsert.error()));
    upsert->Bind(run).Bind(step).Bind(done ? 1 : 0).Bind(data);
    Result<void> written = upsert->Bind(Ms(clock_.Now())).Run();
    if (!written) return written;
  }
  return transaction->Commit();
}

Result<void> SqliteRuns::End(std::int64_t run, RunState state, const std::string& note) {
  Result<Transaction> transaction = begin_();
  if (!transaction) return base::Fail(std::move(transaction.error()));
  {
    auto update = db_.Prepare("UPDATE migration SET state = ?, note = ?, ended = ? WHERE id = ?");
    if (!update) return base::Fail(std::move(update.error()));
    update->Bind(static_cast<std::int64_t>(state))
        .Bind(WithoutSecrets(note))
        .Bind(Ms(clock_.Now()));
    Result<void> written = update->Bind(run).Run();
    if (!written) return written;
  }
  return transaction->Commit();
}

}  // namespace viasync::store
