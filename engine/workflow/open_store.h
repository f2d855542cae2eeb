// An environment's store, wherever it is kept: in a file of this machine, or on a server that a
// team shares.
#pragma once

#include <memory>
#include <string>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/config/project.h"
#include "engine/store/postgres/postgres_store.h"
#include "engine/store/store.h"
#include "engine/workflow/provenance.h"

namespace viasync::workflow {

struct StoreAccess {
  bool read_only = false;
  std::string run, command;
  Provenance who{};
  base::Millis lock_wait{0};
};

// Errors: as store::OpenSqliteStore and store::OpenPostgresStore; kAuth: the store's server must
// not be sent the password.
base::Result<std::unique_ptr<store::Store>> OpenStore(const config::Environment& environment,
                                                      const StoreAccess& access,
                                                      base::Clock& clock);

// Requires: the environment's store is on a server. Errors: kAuth.
base::Result<store::PostgresOptions> ServerOptions(const config::Environment& environment,
                                                   const StoreAccess& access);

}  // namespace viasync::workflow
