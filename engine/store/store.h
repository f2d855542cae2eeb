// What viasync remembers of one environment between runs: the base, the journal of writes, the
// audit trail, and who is at work. Port; the SQLite implementation is in sqlite_store.h, that for a
// team in postgres/, one in memory among the tests' fakes. It never holds a secret.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/base/send_gate.h"
#include "engine/model/resources.h"
#include "engine/store/detail_cache.h"
#include "engine/store/migration_runs.h"

namespace viasync::store {

// Field name -> canonical text, in the order of the kind's field table. Empty values are left out.
using Values = std::vector<std::pair<std::string, std::string>>;

// A resource as both sides last agreed: the base of docs/glossary.md.
struct BaseRecord {
  model::Kind kind = model::Kind::kFilter;
  std::string key;
  Values value;
  std::optional<Values> seen;  // the org's form, where it rewrote the value
};

// A change of the base: nullopt value = the record goes.
struct BaseMove {
  model::Kind kind = model::Kind::kFilter;
  std::string key;
  std::optional<BaseRecord> record;
};

// Who had last changed an object in the org, and when, as the org said; empty where it did not.
struct OrgAuthor {
  std::string user;
  std::optional<base::UtcTime> at;
};

enum class StepState { kOpen, kDone, kFailed, kUnknown };

// One write: intended before the request leaves, closed after its answer was understood.
struct Step {
  std::int64_t id = 0;  // given by the store
  std::string run;      // of this run
  std::string plan_id;
  model::Kind kind = model::Kind::kFilter;
  std::string key;
  std::string action;        // create | update | delete
  std::string resource_id;   // the org's; empty for a create
  std::int64_t version = 0;  // that the write carries
  Values before;             // the org's values it was planned against; empty for a create
  Values after;              // the values intended; empty for a delete
  BaseMove move;             // how the base moves once it is confirmed
  OrgAuthor org;             // before the write
  StepState state = StepState::kOpen;
  std::string note;  // why it failed, or how it was settled
  base::UtcTime opened{};
  std::optional<base::UtcTime> closed{};
};

struct Outcome {
  std::int64_t step = 0;
  StepState state = StepState::kDone;
  std::string note;
  std::optional<BaseMove> move;  // applied in the same transaction; only with kDone
};

// Who holds the lock.
struct Holder {
  std::int64_t pid = 0;
  std::string host;
  std::string command;
  base::UtcTime since{};
};

// A change of the org that was written into the user's files: for the audit trail.
struct Pulled {
  model::Kind kind = model::Kind::kFilter;
  std::string key, action;
  Values before, after;  // of the files; the fields that changed
  OrgAuthor org;         // whose change it is
};

struct Event {  // of the audit trail
  std::int64_t id = 0;
  base::UtcTime at{};
  std::string run, user, commit, what;  // what: "apply", "pull", "settled"
  model::Kind kind = model::Kind::kFilter;
  std::string key, action;
  Values before, after;
  OrgAuthor org;  // of a pull: whose change it is; else: who had changed it before the write
  std::int64_t version = 0;  // that our write carried; 0: none, or not known
  std::string job;           // the address of the CI job; empty = none
  std::string hash;  // chains it to the event before (trail.h); empty = from before there were any
};

class Store {
 public:
  virtual ~Store() = default;

  // The base, sorted by (kind, key). Calls `each` for every record; stops at its first error.
  virtual base::Result<void> ReadBase(
      model::Kind kind, const std::function<base::Result<void>(BaseRecord)>& each) = 0;
  virtual base::Result<bool> HasBase() = 0;
  // When the base last moved; nullopt = there is none, or an older viasync moved it.
  virtual base::Result<std::optional<base::UtcTime>> BaseMoved() = 0;
  // All moves in one transaction, with what was pulled; afterwards a base exists, even an empty
  // one.
  virtual base::Result<void> MoveBase(const std::vector<BaseMove>& moves,
                                      const std::vector<Pulled>& pulled) = 0;
  base::Result<void> MoveBase(const std::vector<BaseMove>& moves) { return MoveBase(moves, {}); }

  // In one transaction, durable when it returns: closes `outcomes` (moving the base and writing the
  // audit trail) and opens `intents`, whose ids it fills in.
  virtual base::Result<void> Journal(const std::vector<Outcome>& outcomes,
                                     std::vector<Step>& intents) = 0;
  // Steps that were opened and never closed: what a crash left.
  virtual base::Result<std::vector<Step>> OpenSteps() = 0;

  // Steps opened since then that were closed as anything but done, oldest first.
  virtual base::Result<std::vector<Step>> UndoneSteps(base::UtcTime since) = 0;

  virtual base::Result<std::vector<Event>> Events(std::size_t limit) = 0;  // newest first

  // Runs of export, import and migrate; null: this store keeps none.
  virtual MigrationRuns* Migrations() { return nullptr; }

  // The hash of the newest event, as the store keeps it apart from the events; empty: none yet.
  virtual base::Result<std::string> TrailHead() = 0;

  // The org this store is of.
  virtual const std::string& Org() const = 0;

  // What is to be asked before anything is sent to the org; null: a lock of this machine will do.
  virtual std::shared_ptr<base::SendGate> Gate() { return nullptr; }
  // The cache of details that is kept with it, for `origin` (org and address); null: it lies
  // elsewhere, or cannot be used.
  virtual std::unique_ptr<DetailCache> Details(const std::string& origin) {
    (void)origin;
    return nullptr;
  }
  // A write takes as long as a way through the network: others should go on meanwhile. Journal()
  // may then be called from another thread than the rest, though never twice at once.
  virtual bool IsFar() const { return false; }
  // What whoever opened it should hear, worst first.
  virtual const base::Errors& Warnings() const {
    static const base::Errors kNone;
    return kNone;
  }
};

}  // namespace viasync::store
