// MigrationRuns in the store's file.
#pragma once

#include <functional>
#include <string>

#include "engine/base/ports.h"
#include "engine/store/migration_runs.h"
#include "engine/store/sqlite_db.h"

namespace viasync::store {

class SqliteRuns final : public MigrationRuns {
 public:
  // `begin` starts a transaction that may write. All outlive this.
  SqliteRuns(Database& db, base::Clock& clock, std::function<base::Result<Transaction>()> begin)
      : db_(db), clock_(clock), begin_(std::move(begin)) {}

  base::Result<std::optional<MigrationRun>> OpenRun(const std::string& name) override;
  base::Result<std::vector<MigrationRun>> Runs(std::size_t limit) override;
  base::Result<std::int64_t> Begin(const MigrationRun& run) override;
  base::Result<void> Record(std::int64_t run, const std::string& step, bool done,
                            const std::string& data) override;
  base::Result<void> End(std::int64_t run, RunState state, const std::string& note) override;

 private:
  base::Result<bool> Exists();
  base::Result<std::vector<MigrationRun>> Read(Statement select);
  base::Result<void> ReadSteps(MigrationRun& run);

  Database& db_;
  base::Clock& clock_;
  std::function<base::Result<Transaction>()> begin_;
};

}  // namespace viasync::store
