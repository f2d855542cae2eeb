// The store as one SQLite file: WAL, synchronous=FULL, one writer.
#pragma once

#include <memory>
#include <string>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/store/store.h"

namespace viasync::store {

struct OpenOptions {
  std::string path;        // `.viasync/<env>.db`; its folder is made when it is missing
  std::string org;         // a store of another org is refused
  bool read_only = false;  // never creates, never writes, works in a read-only folder
  // Who writes, for lock and audit trail.
  std::string run, user, commit, command;
  std::string job{};          // the address of the CI job; empty = none
  base::Millis lock_wait{0};  // how long to wait for another run before saying who holds it
};

// Opens, creates or migrates. With read_only and no file there: a store without a base.
// Errors: kBusy (another live run holds the lock: message names pid, host, command and age; the
// lock of a dead process is taken over), kInvalid (a store of another org, or of a newer viasync),
// kIo (cannot be read or written, full disk, corrupt: says so and what to do). Never guesses.
base::Result<std::unique_ptr<Store>> OpenSqliteStore(const OpenOptions& options,
                                                     base::Clock& clock);

}  // namespace viasync::store
