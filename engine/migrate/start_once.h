// Starts a job once, whatever happens to the answer: a job is found again by its file, which
// carries the run's name.
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

  // The job's id. Errors: as `post`'s; kUnknown when the answer was lost and the org shows no such
  // job: then it may still come, and the next run looks first.
  http::Task<base::Result<std::string>> Run(const Patience& patience);

 private:
  http::Task<base::Result<std::string>> Find();  // "" = there is none
  http::Task<base::Result<std::string>> FindPatiently(const Patience& patience);
  base::Result<std::string> Known(std::string id);
};

}  // namespace viasync::migrate
