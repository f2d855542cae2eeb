// A job from its start to its end: looked at with patience, its conflicts answered from rules, in
// as many rounds as it raises them.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/api/jobs.h"
#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/migrate/conflict.h"
#include "engine/migrate/file_io.h"

namespace viasync::migrate {

// How long, and who is told.
struct Patience {
  std::optional<base::Millis> deadline{};  // steady time; nullopt = as long as it takes
  StopFlag stop = nullptr;
  std::function<void(const api::Job&)> status{};  // whenever it was looked at; may be empty
  // How long a job whose request was sent may take to show in the org.
  base::Millis settle{120'000};
};

// A conflict that was answered, in this run or an earlier one.
struct Round {
  Conflict conflict;
  std::vector<NameAnswer> answers;
  bool sure = false;  // the org accepted the answer; else it may have been lost
};

// What answers conflicts. `note` makes a round durable: before the answer leaves (sure = false),
// and after it was accepted.
struct Answers {
  model::ConflictRules rules;
  model::ImportOptions options;
  std::vector<Round> rounds{};
  std::function<base::Result<void>(std::size_t number, const Round&)> note{};
  // What the target has under each type (model::TypeKey): no answer may give one of these names.
  std::set<std::pair<std::string, std::string>> taken{};
};

enum class JobEnd {
  kDone,
  kFailed,
  kConflict,  // nothing answers it: the job waits
  kTimeout,
  kInterrupted,
  kVanished,  // the org knows it no more
};

struct Watched {
  JobEnd end = JobEnd::kDone;
  api::Job job;
  std::optional<Unanswered> unanswered{};  // with kConflict
  std::string why{};                       // why nothing answers it, where no rule is missing
  bool paused = false;                     // with kConflict: the job is paused
};

// Looks at the job until one of the ends. Without `answers` a conflict ends it at once and nothing
// is written; with them a job that an unanswered conflict holds up is paused, and one that is found
// paused is resumed once when `resume` is set. Errors: as Session's; kRejected when the org refuses
// an answer.
http::Task<base::Result<Watched>> WatchJob(api::Session& session, std::string id, Answers* answers,
                                           const Patience& patience, bool resume);

// Pauses it if it runs, waits until it is paused, aborts it. Errors: kInvalid when it has ended;
// kUnavailable when it does not pause in time.
http::Task<base::Result<api::Job>> AbortWhenPaused(api::Session& session, std::string id,
                                                   const Patience& patience);

// Sleeps in short naps. False: `patience` has come to its end.
http::Task<bool> Nap(http::Transport& transport, base::Millis wait, const Patience& patience);

}  // namespace viasync::migrate
