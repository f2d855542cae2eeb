// MigrationRuns in the team's store.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/store/migration_runs.h"
#include "engine/store/postgres/core.h"

namespace viasync::store {

class PostgresRuns final : public MigrationRuns {
 public:
  // `core` outlives it.
  explicit PostgresRuns(PostgresCore& core) : core_(core) {}

  base::Result<std::optional<MigrationRun>> OpenRun(const std::string& name) override;
  base::Result<std::optional<MigrationRun>> LastRun(const std::string& name) override;
  base::Result<std::vector<MigrationRun>> OpenRuns() override;
  base::Result<std::vector<MigrationRun>> Runs(std::size_t limit) override;
  base::Result<std::int64_t> Begin(const MigrationRun& run) override;
  base::Result<void> Record(std::int64_t run, const std::string& step, bool done,
                            const std::string& data) override;
  base::Result<void> End(std::int64_t run, RunState state, const std::string& note) override;

 private:
  base::Result<std::optional<MigrationRun>> Newest(const std::string& rest,
                                                   const std::string& name);
  base::Result<std::vector<MigrationRun>> Select(const std::string& rest,
                                                 std::vector<Parameter> parameters);
  base::Result<void> ReadSteps(std::vector<MigrationRun>& runs);

  PostgresCore& core_;
};

}  // namespace viasync::store
