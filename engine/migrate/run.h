// Export, import and migrate from their first request to their report. Every step is on record
// before its request leaves and after its answer, and each job carries the run's name in its file:
// a run that was killed finds its jobs and files again and starts none a second time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/jobs.h"
#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/migrate/fates.h"
#include "engine/migrate/media_storage.h"
#include "engine/migrate/record.h"
#include "engine/migrate/selection.h"
#include "engine/migrate/watch.h"

namespace viasync::migrate {

// One org that takes part.
struct Side {
  std::string environment, org;
  api::Session* session = nullptr;
  MediaStorage* media = nullptr;
  model::MediaSettings settings;
};

// Who is told what happens. All may be empty.
struct Told {
  std::function<void(const std::string& stage)> stage;  // "exporting from acme-dev"
  ByteProgress bytes;
};

struct Context {
  Record& record;
  Patience patience;
  Told told;
};

struct Outcome {
  std::string run;  // names the jobs and files
  bool resumed = false;
  std::optional<base::UtcTime> ended;  // that the run did, before this one looked at it
  JobEnd end = JobEnd::kDone;
  std::string job;      // that `end` is of; empty = none was started
  std::string job_org;  // where it is
  std::string job_environment;
  Watched watched;   // as it was seen last
  std::string file;  // the zip, on disk
  std::string sha256;
  std::uint64_t bytes = 0;
  std::size_t rounds = 0;  // of conflicts that were answered
  std::vector<std::string> dangling;
  std::vector<ObjectFate> objects;
};

struct ExportPlan {
  std::string base_name;  // of the file; the run's name is added
  std::string comment;
  std::vector<Chosen> objects;
  std::string path;  // where the zip goes
};

// Starts the export, waits for it, downloads and checks the zip. Errors: see WatchJob, MediaStorage
// and InspectZip. An Outcome whose end is not kDone has no zip.
http::Task<base::Result<Outcome>> Export(Context& context, Side& from, ExportPlan plan);

struct ImportPlan {
  std::string base_name;
  std::string path;             // the zip
  std::vector<Chosen> objects;  // what is known of the zip already; else see `wanted`
  model::ObjectGlobs wanted;    // when `objects` is empty; empty = everything in the zip
  std::string wish;             // a digest of all that was asked for, see Record::Finished
  Answers answers;
  // Asked once, before the import starts, with what will be imported; empty = go on. False: stop.
  std::function<bool(const std::vector<Chosen>&)> agree;
};

// Uploads the zip, starts the import, answers its conflicts, waits for it, and looks at what the
// target has then. kInterrupted where `agree` says no.
http::Task<base::Result<Outcome>> Import(Context& context, Side& to, ImportPlan plan);

// Whether a job was started or a file uploaded: what a later run must go on with.
bool HasStarted(const Record& record);

// `spring-release` + `20261124T…` -> a file name every storage takes.
std::string FileBase(const std::string& name, const std::string& run);

// The jobs of an open run that still go on in one of its orgs, as `export JOB of ORG`: why it must
// not be dropped.
http::Task<base::Result<std::vector<std::string>>> LiveJobs(store::MigrationRun run,
                                                            api::Session& session);

}  // namespace viasync::migrate
