#include "engine/store/postgres/runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/store/secrets.h"
#include "engine/store/sqlite_db.h"

namespace viasync::store {

using base::Result;

Result<std::vector<MigrationRun>> PostgresRuns::Select(const std::string& rest,
                                                       std::vector<Parameter> parameters) {
  std::vector<MigrationRun> runs;
  if (core_.env == 0) return runs;
  parameters.insert(parameters.begin(), Parameter(core_.env));
  auto rows = core_.Read(
      "SELECT id, name, run, source, contents, state, note, started, ended, person, revision FROM "
      "{s}.migration WHERE env = $1::bigint" +
          rest,
      parameters);
  if (!rows) return base::Fail(std::move(rows.error()));
  for (int i = 0; i < rows->size(); ++i) {
    const std::int64_t state = rows->Int(i, 5);
    if (state < 0 || state > static_cast<std::int64_t>(RunState::kFailed)) {
      return base::Fail(core_.DamagedRow("migrations", rows->Bytes(i, 1)));
    }
    MigrationRun run{.id = rows->Int(i, 0),
                     .name = rows->Bytes(i, 1),
                     .run = rows->Bytes(i, 2),
                     .source = rows->Bytes(i, 3),
                     .contents = rows->Bytes(i, 4),
                     .state = static_cast<RunState>(state),
                     .note = rows->Bytes(i, 6),
                     .started = FromMs(rows->Int(i, 7))};
    run.user = rows->Bytes(i, 9);
    run.commit = rows->Bytes(i, 10);
    if (auto ended = rows->MaybeInt(i, 8)) run.ended = FromMs(*ended);
    runs.push_back(std::move(run));
  }
  auto read = ReadSteps(runs);
  if (!read) return base::Fail(std::move(read.error()));
  return runs;
}

Result<void> PostgresRuns::ReadSteps(std::vector<MigrationRun>& runs) {
  for (MigrationRun& run : runs) {
    auto rows = core_.Read(
        "SELECT step, done, data, opened, closed FROM {s}.migration_step WHERE env = $1::bigint "
        "AND migration = $2::bigint ORDER BY opened, place",
        {core_.env, run.id});
    if (!rows) return base::Fail(std::move(rows.error()));
    for (int i = 0; i < rows->size(); ++i) {
      RunStep step{.name = rows->Bytes(i, 0),
                   .done = rows->Bool(i, 1),
                   .data = rows->Bytes(i, 2),
                   .opened = FromMs(rows->Int(i, 3))};
      if (auto closed = rows->MaybeInt(i, 4)) step.closed = FromMs(*closed);
      run.steps.push_back(std::move(step));
    }
  }
  return {};
}

Result<std::optional<MigrationRun>> PostgresRuns::Newest(const std::string& rest,
                                                         const std::string& name) {
  auto runs = Select(" AND name = $2::bytea" + rest + " ORDER BY id DESC LIMIT 1", {name});
  if (!runs) return base::Fail(std::move(runs.error()));
  if (runs->empty()) return std::nullopt;
  return std::move(runs->front());
}

Result<std::optional<MigrationRun>> PostgresRuns::OpenRun(const std::string& name) {
  return Newest(" AND state = 0", name);
}

Result<std::optional<MigrationRun>> PostgresRuns::LastRun(const std::string& name) {
  return Newest("", name);
}

Result<std::vector<MigrationRun>> PostgresRuns::OpenRuns() {
  return Select(" AND state = 0 ORDER BY id DESC", {});
}

Result<std::vector<MigrationRun>> PostgresRuns::Runs(std::size_t limit) {
  constexpr std::size_t kMost = std::numeric_limits<std::int64_t>::max();
  return Select(" ORDER BY id DESC LIMIT $2::bigint",
                {static_cast<std::int64_t>(std::min(limit, kMost))});
}

Result<std::int64_t> PostgresRuns::Begin(const MigrationRun& run) {
  if (auto may = core_.Writable(); !may) return base::Fail(std::move(may.error()));
  auto harmless = HoldsNoSecret("the name of the run", run.name);
  if (!harmless) return base::Fail(std::move(harmless.error()));
  const std::int64_t id = core_.NextIds();
  Batch batch(core_.env);
  batch.Add(core_.Sql(fmt::format(
      "INSERT INTO {{s}}.migration(env, id, name, run, source, person, revision, contents, state, "
      "note, started) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, 0, '', {})",
      core_.env, id, Literal(run.name), Literal(run.run), Literal(run.source),
      Literal(core_.options.user), Literal(core_.options.commit), Literal(run.contents),
      Ms(core_.clock.Now()))));
  auto written = core_.Write(batch);
  if (!written) return base::Fail(std::move(written.error()));
  return id;
}

Result<void> PostgresRuns::Record(std::int64_t run, const std::string& step, bool done,
                                  const std::string& data) {
  auto harmless = HoldsNoSecret("what the step `" + step + "` found", data);
  if (!harmless) return harmless;
  const std::int64_t now = Ms(core_.clock.Now());
  const std::string closed = done ? fmt::format("{}", now) : "NULL";
  Batch batch(core_.env);
  batch.Add(core_.Sql(fmt::format(
      "INSERT INTO {{s}}.migration_step(env, migration, step, place, done, data, opened, closed) "
      "VALUES ({}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT (env, migration, step) DO UPDATE SET "
      "done = excluded.done, data = excluded.data, closed = excluded.closed",
      core_.env, run, Literal(step), core_.NextIds(), done, Literal(data), now, closed)));
  return core_.Write(batch);
}

Result<void> PostgresRuns::End(std::int64_t run, RunState state, const std::string& note) {
  Batch batch(core_.env);
  batch.Add(core_.Sql(
      fmt::format("UPDATE {{s}}.migration SET state = {}, note = {}, ended = {} WHERE env = {} AND "
                  "id = {}",
                  static_cast<int>(state), Literal(WithoutSecrets(note)), Ms(core_.clock.Now()),
                  core_.env, run)));
  return core_.Write(batch);
}

}  // namespace viasync::store
