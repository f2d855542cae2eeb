#include "engine/migrate/start_once.h"

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/migrate/job_status.h"

namespace viasync::migrate {
namespace {

using base::Result;

constexpr int kPostsMax = 3;
// For how long a request may be on its way: the client's patience, and one exchange.
constexpr std::chrono::minutes kSendingMax{6};
constexpr base::Millis kLookFirst{250};
constexpr base::Millis kLookMax{5'000};
constexpr const char* kSent = "sent";  // in the store: do not change

// What lies in the store may have been altered by others.
std::string TextIn(const nlohmann::json& data, const char* name) {
  const bool there = data.is_object() && data.contains(name) && data[name].is_string();
  return there ? data[name].get<std::string>() : std::string();
}

}  // namespace

Result<std::string> StartOnce::Known(std::string id) {
  nlohmann::json data = nlohmann::json::object();
  data["id"] = id;
  data["file"] = file;
  data["mark"] = mark;
  auto noted = record.Done(step, data);
  if (!noted) return base::Fail(std::move(noted.error()));
  return id;
}

// One that failed counts only where there is no other: somebody may have sent it anew by hand.
http::Task<Result<std::string>> StartOnce::Find() {
  Result<std::vector<api::Job>> jobs = co_await api::ListJobs(session);
  if (!jobs) co_return base::Fail(std::move(jobs.error()));
  std::string failed;
  for (const api::Job& job : *jobs) {
    if (!base::EqualsIgnoreCase(job.type, type) || !SameFile(job.file_name, file)) continue;
    if (PhaseOf(job.status) != Phase::kFailed) co_return job.id;
    failed = job.id;
  }
  co_return failed;
}

Result<void> StartOnce::NoteSent(base::UtcTime at) {
  nlohmann::json data = nlohmann::json::object();
  data["file"] = file;
  data[kSent] = at.time_since_epoch().count();
  return record.Intend(step, data);
}

// Until the request that was sent last has had the time to show. "" = it does not. `ours`: this run
// sent it, and knows when it was lost; one that was killed may have sent it until it was killed.
http::Task<Result<std::string>> StartOnce::FindSent(const Patience& patience, bool ours) {
  http::Transport& transport = session.client().transport();
  const base::UtcTime now = transport.clock().Now();
  const nlohmann::json data = record.Data(step);
  const bool known = data.is_object() && data.contains(kSent) && data[kSent].is_number_integer();
  const auto noted = known ? data[kSent].get<std::int64_t>() : 0;
  const base::UtcTime sent = std::min(base::UtcTime(base::Millis(noted)), now);
  const base::UtcTime settled =
      ours ? sent + patience.settle : std::min(now, sent + kSendingMax) + patience.settle;
  base::Millis wait = kLookFirst;
  for (bool told = false;; told = true) {
    // Looked at after the time is up, not before.
    const bool late = transport.clock().Now() >= settled;
    Result<std::string> id = co_await Find();
    if (!id || !id->empty() || late) co_return id;
    if (!told && tell) tell("waiting to see whether the " + type + " was started");
    const bool goes_on = co_await Nap(transport, wait, patience);
    wait = std::min(wait * 2, kLookMax);
    if (goes_on) continue;
    const bool stopped = patience.stop && patience.stop->load();
    co_return base::Fail(stopped ? base::ErrorKind::kInterrupted : base::ErrorKind::kUnknown,
                         "the answer to the request for the " + type +
                             " was lost, and the org shows no such job so far; it may still come",
                         "Run it again: it looks for the job first");
  }
}

http::Task<Result<std::string>> StartOnce::Run(const Patience& patience) {
  if (record.IsDone(step)) {
    const nlohmann::json known = record.Data(step);
    if (TextIn(known, "mark") == mark) co_return TextIn(known, "id");
    co_return base::Fail(base::ErrorKind::kInvalid,
                         "the " + type + " was started with other options, as job " +
                             base::Printable(TextIn(known, "id")),
                         "Run it once more with the options it was started with, or abort the job "
                         "and start over with --restart");
  }
  base::Error last{};
  for (int posts = 0;; ++posts) {
    // Sent before, by this run or another one: it may still be under way.
    if (record.IsOpened(step)) {
      Result<std::string> id = co_await FindSent(patience, posts > 0);
      if (!id) co_return id;
      if (!id->empty()) co_return Known(std::move(*id));
    }
    if (posts == kPostsMax) break;
    base::Clock& clock = session.client().transport().clock();
    Result<void> noted = NoteSent(clock.Now());
    if (!noted) co_return base::Fail(std::move(noted.error()));
    Result<std::string> id = co_await post();
    if (id) co_return Known(std::move(*id));
    last = std::move(id.error());
    // Refused, or never sent: nothing can come of it.
    const bool may_come = last.kind == base::ErrorKind::kUnknown;
    noted = NoteSent(may_come ? clock.Now() : base::UtcTime());
    if (!may_come) co_return base::Fail(std::move(last));
    if (!noted) co_return base::Fail(std::move(noted.error()));
  }
  last.hint = "The org shows no such job: run it again later";
  co_return base::Fail(std::move(last));
}

}  // namespace viasync::migrate
