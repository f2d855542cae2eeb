// What store, runs and cache of one environment share: a connection that is made anew when it
// breaks, and writing transactions that happen exactly once, under the lease, whatever becomes of
// their answers.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/store/lease.h"
#include "engine/store/postgres/connection.h"
#include "engine/store/postgres/keeper.h"
#include "engine/store/postgres/lease_row.h"
#include "engine/store/postgres/postgres_store.h"

namespace viasync::store {

// The statements of one transaction, of literals alone (see Literal): they are sent as they are,
// and sent again where the first try surely did not happen.
class Batch {
 public:
  explicit Batch(std::int64_t env) : env_(env) {}
  void Add(std::string_view statement);
  // Parts that go on their way one after the other; one, where it is small.
  const std::vector<std::string>& parts() const { return parts_; }
  std::int64_t env() const { return env_; }

  // The hash of the newest event behind it; nullopt: as before.
  std::optional<std::string> trail;

 private:
  std::int64_t env_;
  std::vector<std::string> parts_;
};

class PostgresCore {
 public:
  PostgresCore(const PostgresOptions& given, base::Clock& time)
      : options(given), clock(time), warnings(given.warnings) {}
  ~PostgresCore();

  // Connects, looks at the schema, makes it where it is missing (to write), and finds the
  // environment. False: there is nothing yet, and nothing may be made. Errors: as
  // OpenPostgresStore.
  base::Result<bool> Open();
  // Takes the lease. Errors: kBusy.
  base::Result<void> Take();

  // A statement that only reads. `{s}` in it is the schema; its last parameter is not the
  // environment: give env. Repeated where the connection breaks.
  base::Result<Rows> Read(const std::string& sql, const std::vector<Parameter>& parameters);
  // All of it, once, or an error. kLeaseLost: the run must stop.
  base::Result<void> Write(const Batch& batch);
  // Statements without the lease: of the cache. Not repeated. False: one of them divided by zero,
  // which ends the transaction.
  base::Result<bool> WriteApart(const std::string& script);

  // A number that no row of this environment has yet: to be counted on from. Of a transaction.
  std::int64_t NextIds() const { return (mark.batch + 1) << kIdBits; }
  base::Result<void> Writable() const;
  base::Error DamagedRow(std::string_view table, std::string_view key) const;
  std::string Sql(std::string_view sql) const;  // with the schema for `{s}`

  const PostgresOptions options;
  base::Clock& clock;
  std::int64_t env = 0;
  bool other_store = false;  // than the one that was used from here before
  bool base_lost = false;    // the server went back in time: its base is not to be trusted
  base::Errors warnings;
  HistoryMark mark;
  std::string trail;
  std::shared_ptr<LeaseKeeper> keeper;  // null: to read only

 private:
  static constexpr int kIdBits = 20;

  base::Result<void> Connect();
  base::Result<void> Reconnect();
  base::Result<void> FindEnvironment();
  base::Result<void> MakeEnvironment();
  base::Result<void> CompareWithSeen();
  Batch Forgetting() const;
  Reply<void> Send(const Batch& batch, const HistoryMark& after);
  base::Result<void> WriteOnce(const Batch& batch);
  // `settled`: the row, where it is ours.
  base::Result<Fate> Settle(const HistoryMark& after, std::optional<SettledLease>& settled);
  base::Error WentBack(std::optional<SettledLease> row);
  void Remember();

  std::mutex mutex_;
  std::unique_ptr<Connection> connection_;
  std::string identity_;  // of the environment, given once
  std::string token_;
  std::string last_server_;  // that the row was written on; empty: there is none yet
  std::int64_t turn_ = 0;
};

}  // namespace viasync::store
