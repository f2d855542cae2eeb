// The store that a team shares, as tables of a PostgreSQL database. Who writes holds a lease, which
// is fenced up to the org: see lease.h and docs/team-store.md.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/store/lease.h"
#include "engine/store/postgres/connection.h"
#include "engine/store/postgres/lease_row.h"
#include "engine/store/store.h"

namespace viasync::store {

struct PostgresOptions {
  PostgresAddress address;
  std::string schema = "viasync";
  std::string environment;  // its name; a store of another org under that name is refused
  std::string org;
  bool read_only = false;  // never writes, needs no right to, takes no lease
  // Who writes, for lease and audit trail.
  std::string run, user, commit, command, job;
  base::Millis lock_wait{0};  // how long to wait for another run before saying who holds it
  base::Millis lease = kTeamLease;
  // The file that remembers how far the history had come; empty: none. Its folder is made.
  std::string seen_path;
  base::Errors warnings{};  // what whoever opens it should hear, too
};

// Opens; makes tables and environment where they are missing and it may write. Errors: kBusy
// (another run has the lease), kAuth (password, rights), kInvalid (other org, newer schema,
// somebody else's tables), kIo (no server, altered tables). With read_only and nothing there: a
// store without a base.
base::Result<std::unique_ptr<Store>> OpenPostgresStore(const PostgresOptions& options,
                                                       base::Clock& clock);

// Makes schema and tables where they are missing. Errors: as above.
base::Result<void> InitPostgresStore(const PostgresAddress& address, const std::string& schema);

// Who holds the lease, or held it last; nullopt: there is no such environment yet.
base::Result<std::optional<LeaseHolder>> ReadHolder(const PostgresOptions& options);
// Takes the lease of `epoch` away from its holder. False: somebody else has it by now.
base::Result<bool> Unlock(const PostgresOptions& options, std::int64_t epoch);

}  // namespace viasync::store
