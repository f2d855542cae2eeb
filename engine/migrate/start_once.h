// Starts a job once, whatever happens to the answer: a job is found again by its file, which
// carries the run's name. Where the answer was lost, or is an error behind which the org may still
// be at work (408, 5xx), nothing is sent again before the job has had Patience::settle to show.
#pragma once

#include <functional>
#include <string>

#include "engine/api/jobs.h"
#include "engine/migrate/record.h"
#include "engine/migrate/watch.h"

namespace viasync::migrate {

struct StartOnce {
  api::Session& session;
  Record& record;
  std::string step;    // its data is {"id": …} once the job is known
  std::string type{};  // "export" or "import"
  std::string file{};
  std::string mark{};  // of what it was asked to do; a job started with another one is an error
  std::function<api::Call<std::string>()> post{};
  std::function<void(const std::string&)> tell{};  // what it waits for; may be empty

  // The job's id. Errors: as `post`'s; kUnknown when it is still not known, at the end of
  // `patience`, whether it was started: the next run looks first.
  http::Task<base::Result<std::string>> Run(const Patience& patience);

 private:
  http::Task<base::Result<std::string>> Find();  // "" = there is none
  http::Task<base::Result<std::string>> FindSent(const Patience& patience, bool ours);
  base::Result<void> NoteSent(base::UtcTime at);
  base::Result<std::string> Known(std::string id);
};

}  // namespace viasync::migrate
