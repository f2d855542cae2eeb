// What is known of an environment without asking its org: for `status` and `history`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/config/project.h"
#include "engine/store/store.h"

namespace viasync::workflow {

struct Status {
  std::vector<std::string> missing;  // variables of the credentials that are not set
  bool store_exists = false;
  bool has_base = false;
  model::ByKind<std::size_t> records{};          // of the base
  std::optional<base::UtcTime> base_moved{};     // when it last moved; nullopt = not known
  std::optional<store::Event> last;              // the newest of the audit trail
  std::size_t open_steps = 0;                    // what a killed run left
  std::vector<store::MigrationRun> open_runs{};  // exports, imports, migrations without an end
  std::string held;                              // who is at work on it now; empty = nobody
};

// Errors: of the store (another org's, damaged, of a newer viasync). Changes nothing.
base::Result<Status> ReadStatus(const config::Environment& environment, base::Clock& clock);

// Which events of the audit trail are wanted; what is empty does not narrow.
struct EventFilter {
  std::optional<model::Kind> kind;
  std::string key;   // a glob
  std::string user;  // as in the trail
  std::string run;
  std::string what;  // apply | pull | settled; of runs: migrate | export | import
  std::optional<base::UtcTime> since;
  std::size_t limit = 50;
};

// The newest events of the audit trail, newest first. Errors: the store's.
base::Result<std::vector<store::Event>> ReadHistory(const config::Environment& environment,
                                                    const EventFilter& filter, base::Clock& clock);

// Holds the whole audit trail against its chain of hashes: what is wrong with it; nullopt: nothing.
// `count`: its events; `unproved`: those from before there was a chain. Errors: the store's.
struct TrailCheck {
  std::size_t count = 0, unproved = 0;
  std::optional<std::string> fault;
};
base::Result<TrailCheck> VerifyTrail(const config::Environment& environment, base::Clock& clock);

// What one run of apply, pull or sync did.
struct RunSummary {
  std::string run, user, commit, what;  // what: as of its events, `apply, pull`
  base::UtcTime first{}, last{};        // of its events
  std::size_t create = 0, update = 0, remove = 0;
  std::size_t undone = 0;  // writes that were sent or meant, and did not happen
};

// The runs that the filter wants, newest first, `limit` of them. Errors: the store's.
base::Result<std::vector<RunSummary>> ReadRunSummaries(const config::Environment& environment,
                                                       const EventFilter& filter,
                                                       base::Clock& clock);

// Exports, imports and migrations into the environment, newest first: those that the filter wants.
// Where it asks for a kind or a key there are none. Errors: the store's.
base::Result<std::vector<store::MigrationRun>> ReadRuns(const config::Environment& environment,
                                                        const EventFilter& filter,
                                                        base::Clock& clock);

}  // namespace viasync::workflow
