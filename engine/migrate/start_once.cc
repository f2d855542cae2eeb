#include "engine/migrate/start_once.h"

#include "engine/base/strings.h"
#include "engine/migrate/job_status.h"

namespace viasync::migrate {
namespace {

using base::Result;

constexpr int kPostsMax = 4;
constexpr int kLooks = 5;
constexpr base::Millis kLookWait{400};

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

http::Task<Result<std::string>> StartOnce::FindPatiently(const Patience& patience) {
  for (int look = 0; look < kLooks; ++look) {
    if (look > 0) {
      const bool goes_on = co_await Nap(session.client().transport(), look * kLookWait, patience);
      if (!goes_on) break;
    }
    Result<std::string> id = co_await Find();
    if (!id || !id->empty()) co_return id;
  }
  co_return std::string();
}

http::Task<Result<std::string>> StartOnce::Run(const Patience& patience) {
  if (record.IsDone(step)) {
    const nlohmann::json known = record.Data(step);
    if (known.value("mark", "") == mark) co_return known.value("id", "");
    co_return base::Fail(base::ErrorKind::kInvalid,
                         "the " + type + " was started with other options, as job " +
                             base::Printable(known.value("id", "")),
                         "Run it once more with the options it was started with, or abort the job "
                         "and begin anew with --restart");
  }
  if (record.IsOpened(step)) {
    Result<std::string> id = co_await Find();
    if (!id) co_return id;
    if (!id->empty()) co_return Known(std::move(*id));
  }
  base::Error last{};
  for (int posts = 0; posts < kPostsMax; ++posts) {
    nlohmann::json data = nlohmann::json::object();
    data["file"] = file;
    Result<void> noted = record.Intend(step, data);
    if (!noted) co_return base::Fail(std::move(noted.error()));
    Result<std::string> id = co_await post();
    if (id) co_return Known(std::move(*id));
    last = std::move(id.error());
    if (last.kind != base::ErrorKind::kUnknown) co_return base::Fail(std::move(last));
    id = co_await FindPatiently(patience);
    if (!id) co_return id;
    if (!id->empty()) co_return Known(std::move(*id));
    // With an error for an answer (500, 503) the org has dealt with the request, and shows that it
    // did not carry it out. Otherwise it may still be under way.
    if (last.http_status < 400) break;
  }
  last.hint =
      "The org shows no such job, but it may still come: run again in a while, which looks "
      "for it first";
  co_return base::Fail(std::move(last));
}

}  // namespace viasync::migrate
