// MigrationRuns in the store's file.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/base/ports.h"
#include "engine/store/migration_runs.h"
#include "engine/store/sqlite_db.h"

namespace viasync::store {

class SqliteRuns final : public MigrationRuns {
 public:
  // `begin` starts a transaction that may write. Runs that begin are those of `user` at `commit`.
  // All outlive this.
  SqliteRuns(Database& db, base::Clock& clock, std::function<base::Result<Transaction>()> begin,
             const std::string& user, const std::string& commit)
      : db_(db), clock_(clock), begin_(std::move(begin)), user_(user), commit_(commit) {}

  base::Result<std::optional<MigrationRun>> OpenRun(const std::string& name) override;
  base::Result<std::optional<MigrationRun>> LastRun(const std::string& name) override;
  base::Result<std::vector<MigrationRun>> OpenRuns() override;
  base::Result<std::vector<MigrationRun>> Runs(std::size_t limit) override;
  base::Result<std::int64_t> Begin(const MigrationRun& run) override;
  base::Result<void> Record(std::int64_t run, const std::string& step, bool done,
                            const std::string& data) override;
  base::Result<void> End(std::int64_t run, RunState state, const std::string& note) override;

 private:
  // The SELECT up to its FROM; empty: this store has no runs. One that an older viasync wrote,
  // opened for reading only, lacks tables or columns.
  base::Result<std::string> Columns();
  base::Result<std::optional<MigrationRun>> Newest(const std::string& name,
                                                   std::string_view condition);
  base::Result<std::vector<MigrationRun>> Read(Statement select);
  base::Result<void> ReadSteps(MigrationRun& run);

  Database& db_;
  base::Clock& clock_;
  std::function<base::Result<Transaction>()> begin_;
  const std::string& user_;
  const std::string& commit_;
};

}  // namespace viasync::store
