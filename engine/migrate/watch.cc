#include "engine/migrate/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/migrate/job_status.h"
#include "engine/model/object_types.h"

namespace viasync::migrate {
namespace {

constexpr base::Millis kPollFirst{250};
constexpr base::Millis kPollMax{5'000};
constexpr base::Millis kNap{200};
// An answered conflict may show for a while until the org has taken the answer in.
constexpr int kDigestLooks = 8;
constexpr int kResendsMax = 3;
constexpr std::size_t kRoundsMax = 200;
constexpr int kNamelessLooks = 3;

bool Stopped(const Patience& patience) { return patience.stop && patience.stop->load(); }

bool IsLate(http::Transport& transport, const Patience& patience) {
  return patience.deadline && transport.clock().Steady() >= *patience.deadline;
}

// Slows down while nothing changes.
class Pace {
 public:
  base::Millis Next(const api::Job& job) {
    const std::string sight = job.status + "\n" + job.message + "\n" + job.conflict_object;
    wait_ = sight == last_ ? std::min(kPollMax, wait_ * 3 / 2) : kPollFirst;
    last_ = sight;
    return wait_;
  }

 private:
  base::Millis wait_ = kPollFirst;
  std::string last_;
};

class Watch {
 public:
  Watch(api::Session& session, std::string id, Answers* answers, const Patience& patience,
        bool resume)
      : session_(session),
        id_(std::move(id)),
        answers_(answers),
        patience_(patience),
        resume_(resume && answers) {
    if (!answers_) return;
    for (const Round& round : answers_->rounds) Remember(round);
  }

  http::Task<base::Result<Watched>> Run();

 private:
  // What is to be done after a look: nullopt = look again.
  using Step = base::Result<std::optional<Watched>>;

  http::Task<Step> Look();
  http::Task<Step> LookForVanished(base::Error error);
  http::Task<base::Result<void>> LookInCollection();
  http::Task<Step> TakeConflict(api::Job job);
  http::Task<Step> Answer(api::Job job, Conflict conflict);
  http::Task<Step> LeaveWaiting(api::Job job, Unanswered unanswered, std::string why);
  http::Task<Step> Resume();
  void Remember(const Round& round) {
    for (const NameAnswer& answer : round.answers) {
      if (!answer.new_name.empty() && answer.what == model::OnConflict::kSalt) {
        given_.emplace(answer.new_name);
      }
    }
  }

  api::Session& session_;
  const std::string id_;
  Answers* answers_;
  const Patience& patience_;
  bool resume_;
  Pace pace_;
  api::Job job_;                     // as last seen
  std::set<std::string> given_;      // new names that our answers gave
  int digesting_ = 0, resends_ = 0;  // of the newest round
  int nameless_ = 0;
  std::optional<Conflict> refused_{};  // an answer the org refused once
};

http::Task<base::Result<Watched>> Watch::Run() {
  for (;;) {
    Step step = co_await Look();
    if (!step) co_return base::Fail(std::move(step.error()));
    if (*step) co_return std::move(**step);
    const base::Millis wait = pace_.Next(job_);
    const bool goes_on = co_await Nap(session_.client().transport(), wait, patience_);
    if (goes_on) continue;
    const JobEnd end = Stopped(patience_) ? JobEnd::kInterrupted : JobEnd::kTimeout;
    co_return Watched{.end = end, .job = job_};
  }
}

http::Task<Watch::Step> Watch::Look() {
  base::Result<api::Job> job = co_await api::GetJob(session_, id_);
  if (!job && job.error().kind == base::ErrorKind::kNotFound) {
    co_return co_await LookForVanished(std::move(job.error()));
  }
  if (!job) co_return base::Fail(std::move(job.error()));
  job_ = *job;
  job_.id = id_;
  if (patience_.status) patience_.status(job_);
  const Phase phase = PhaseOf(job_.status);
  if (phase == Phase::kDone) co_return Watched{.end = JobEnd::kDone, .job = job_};
  if (phase == Phase::kFailed) co_return Watched{.end = JobEnd::kFailed, .job = job_};
  // Some orgs tell of a conflict in the collection alone.
  if (phase == Phase::kPaused && !HasConflict(job_)) {
    base::Result<void> merged = co_await LookInCollection();
    if (!merged) co_return base::Fail(std::move(merged.error()));
  }
  if (HasConflict(job_)) co_return co_await TakeConflict(job_);
  if (phase == Phase::kPaused && resume_) co_return co_await Resume();
  co_return std::optional<Watched>();
}

// The one job may be gone while the collection still lists it, for a moment or for good.
http::Task<Watch::Step> Watch::LookForVanished(base::Error error) {
  base::Result<std::vector<api::Job>> jobs = co_await api::ListJobs(session_);
  if (!jobs) co_return base::Fail(std::move(jobs.error()));
  auto found = std::ranges::find(*jobs, id_, &api::Job::id);
  if (found == jobs->end()) {
    co_return Watched{.end = JobEnd::kVanished, .job = job_, .why = error.message};
  }
  job_ = *found;
  const Phase phase = PhaseOf(job_.status);
  if (phase == Phase::kDone) co_return Watched{.end = JobEnd::kDone, .job = job_};
  if (phase == Phase::kFailed) co_return Watched{.end = JobEnd::kFailed, .job = job_};
  co_return std::optional<Watched>();
}

http::Task<base::Result<void>> Watch::LookInCollection() {
  base::Result<std::vector<api::Job>> jobs = co_await api::ListJobs(session_);
  if (!jobs) co_return base::Fail(std::move(jobs.error()));
  auto found = std::ranges::find(*jobs, id_, &api::Job::id);
  if (found == jobs->end()) co_return base::Result<void>();
  job_.conflicts = found->conflicts;
  job_.conflict_object = found->conflict_object;
  job_.conflict_names = found->conflict_names;
  co_return base::Result<void>();
}

http::Task<Watch::Step> Watch::Resume() {
  resume_ = false;
  base::Result<void> resumed = co_await api::ResumeJob(session_, id_);
  // Refused: it went on by itself. Unknown: the next look tells.
  const bool fine = resumed || resumed.error().kind == base::ErrorKind::kRejected ||
                    resumed.error().kind == base::ErrorKind::kUnknown;
  if (!fine) co_return base::Fail(std::move(resumed.error()));
  co_return std::optional<Watched>();
}

http::Task<Watch::Step> Watch::TakeConflict(api::Job job) {
  Conflict conflict = ConflictOf(job);
  if (conflict.names.empty() && nameless_++ < kNamelessLooks) {
    co_return std::optional<Watched>();  // the names may come a moment later
  }
  if (!answers_) {
    Unanswered open{conflict.object, conflict.names};
    co_return Watched{.end = JobEnd::kConflict,
                      .job = job,
                      .unanswered = std::move(open),
                      .paused = PhaseOf(job.status) == Phase::kPaused};
  }
  auto& rounds = answers_->rounds;
  auto before = std::ranges::find(rounds, conflict, &Round::conflict);
  if (before == rounds.end()) {
    digesting_ = resends_ = 0;
    co_return co_await Answer(std::move(job), std::move(conflict));
  }
  const bool newest = before + 1 == rounds.end();
  // Not resumed meanwhile, even where it is paused: a conflict still waits.
  if (newest && digesting_++ < kDigestLooks) co_return std::optional<Watched>();
  if (newest && !before->sure && resends_++ < kResendsMax) {
    digesting_ = 0;
    co_return co_await Answer(std::move(job), std::move(conflict));
  }
  Unanswered open{conflict.object, conflict.names};
  co_return co_await LeaveWaiting(std::move(job), std::move(open),
                                  "it was answered before, and the org raises it again: the "
                                  "answers go round in a circle");
}

http::Task<Watch::Step> Watch::Answer(api::Job job, Conflict conflict) {
  auto& rounds = answers_->rounds;
  auto answer = AnswerConflict(conflict, answers_->rules, answers_->options);
  if (auto* open = std::get_if<Unanswered>(&answer)) {
    const bool nameless = conflict.names.empty();
    co_return co_await LeaveWaiting(
        std::move(job), std::move(*open),
        nameless
            ? "the org does not name the objects in conflict, so that only `ignore` for all of "
              "their type can answer it; by hand: viasync jobs resolve"
            : "");
  }
  auto& answered = std::get<Answered>(answer);
  for (const NameAnswer& name : answered.names) {
    if (!answers_->taken.contains({model::TypeKey(conflict.object), name.new_name})) continue;
    Unanswered open{conflict.object, {name.name}};
    co_return co_await LeaveWaiting(std::move(job), std::move(open),
                                    fmt::format("{} answers it with {}, which the org has, too",
                                                name.rule, base::Printable(name.new_name)));
  }
  // A salt that collides once more would go on for ever, longer each time.
  for (const NameAnswer& name : answered.names) {
    if (!given_.contains(name.name) || name.new_name.empty()) continue;
    Unanswered open{conflict.object, {name.name}};
    co_return co_await LeaveWaiting(std::move(job), std::move(open),
                                    "an earlier answer gave this name, and the org has it, too");
  }
  if (rounds.size() >= kRoundsMax) {
    Unanswered open{conflict.object, conflict.names};
    co_return co_await LeaveWaiting(std::move(job), std::move(open), "the conflicts do not end");
  }
  auto known = std::ranges::find(rounds, conflict, &Round::conflict);
  if (known == rounds.end()) {
    known = rounds.insert(rounds.end(), Round{.conflict = conflict, .answers = answered.names});
    Remember(*known);
  }
  const auto number = static_cast<std::size_t>(known - rounds.begin());
  base::Result<void> noted = answers_->note ? answers_->note(number, *known) : base::Result<void>();
  if (!noted) co_return base::Fail(std::move(noted.error()));
  resume_ = resume_ || PhaseOf(job.status) == Phase::kPaused;
  base::Result<void> sent = co_await api::ResolveConflict(session_, id_, answered.resolution);
  if (sent) {
    rounds[number].sure = true;
    if (answers_->note) noted = answers_->note(number, rounds[number]);
    if (!noted) co_return base::Fail(std::move(noted.error()));
    co_return std::optional<Watched>();
  }
  if (sent.error().kind == base::ErrorKind::kUnknown) co_return std::optional<Watched>();
  const bool first = refused_ != conflict;
  if (sent.error().kind != base::ErrorKind::kRejected || !first) {
    co_return base::Fail(std::move(sent.error()));
  }
  // It may have been settled meanwhile: the next look tells.
  refused_ = conflict;
  rounds.erase(rounds.begin() + static_cast<std::ptrdiff_t>(number));
  co_return std::optional<Watched>();
}

http::Task<Watch::Step> Watch::LeaveWaiting(api::Job job, Unanswered unanswered, std::string why) {
  Watched watched{.end = JobEnd::kConflict,
                  .job = job,
                  .unanswered = std::move(unanswered),
                  .why = std::move(why),
                  .paused = PhaseOf(job.status) == Phase::kPaused};
  if (watched.paused) co_return watched;
  // Refused: it waits by itself, without being paused.
  base::Result<void> paused = co_await api::PauseJob(session_, id_);
  if (!paused) co_return watched;
  base::Result<api::Job> after = co_await api::GetJob(session_, id_);
  if (after) {
    after->id = id_;
    watched.job = *after;
    watched.paused = PhaseOf(after->status) == Phase::kPaused;
  }
  co_return watched;
}

}  // namespace

http::Task<bool> Nap(http::Transport& transport, base::Millis wait, const Patience& patience) {
  const base::Millis until = transport.clock().Steady() + wait;
  for (;;) {
    if (Stopped(patience) || IsLate(transport, patience)) co_return false;
    const base::Millis left = until - transport.clock().Steady();
    if (left <= base::Millis(0)) co_return true;
    co_await http::Sleep(transport, std::min(left, kNap));
  }
}

http::Task<base::Result<Watched>> WatchJob(api::Session& session, std::string id, Answers* answers,
                                           const Patience& patience, bool resume) {
  Watch watch(session, std::move(id), answers, patience, resume);
  co_return co_await watch.Run();
}

http::Task<base::Result<api::Job>> AbortWhenPaused(api::Session& session, std::string id,
                                                   const Patience& patience) {
  Pace pace;
  bool asked = false;
  for (;;) {
    base::Result<api::Job> job = co_await api::GetJob(session, id);
    if (!job) co_return job;
    job->id = id;
    if (patience.status) patience.status(*job);
    const Phase phase = PhaseOf(job->status);
    if (phase == Phase::kDone || phase == Phase::kFailed) {
      if (asked) co_return job;  // it ended while it was being paused
      co_return base::Fail(
          base::ErrorKind::kInvalid,
          fmt::format("job {} has ended already: {}", base::Printable(id), StatusWords(*job)),
          "There is nothing to abort");
    }
    base::Result<void> told;
    if (phase == Phase::kPaused) {
      told = co_await api::AbortJob(session, id);
      asked = asked || told || told.error().kind == base::ErrorKind::kUnknown;
      if (told) {
        co_return co_await api::GetJob(session, id);
      }
    } else if (!asked) {
      told = co_await api::PauseJob(session, id);
      asked = told.has_value();
    }
    // A job that is still pending refuses both: it is asked again when it runs.
    const bool fine = told || told.error().kind == base::ErrorKind::kRejected ||
                      told.error().kind == base::ErrorKind::kUnknown;
    if (!fine) co_return base::Fail(std::move(told.error()));
    const base::Millis wait = pace.Next(*job);
    const bool goes_on = co_await Nap(session.client().transport(), wait, patience);
    if (goes_on) continue;
    const bool stopped = Stopped(patience);
    co_return base::Fail(
        stopped ? base::ErrorKind::kInterrupted : base::ErrorKind::kUnavailable,
        fmt::format("job {} is not aborted: {}", base::Printable(id), StatusWords(*job)),
        "Run it again, with a longer --timeout if need be");
  }
}

}  // namespace viasync::migrate
