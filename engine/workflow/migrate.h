// Export, import and migrate put together: environments become sides, a reviewed migration becomes
// a plan, a plan becomes a run on record.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/project.h"
#include "engine/migrate/plan.h"
#include "engine/migrate/run.h"
#include "engine/store/store.h"
#include "engine/workflow/org.h"

namespace viasync::workflow {

// An environment's org with its media storage, in the order in which they must live.
struct OpenSide {
  Org org;
  std::unique_ptr<migrate::MediaStorage> media;
  migrate::Side side;
};
// Errors: as OpenOrg. Sends nothing yet.
base::Result<OpenSide> OpenMigrationSide(const config::Environment& environment,
                                         std::function<void(std::string)> trace,
                                         std::function<void(std::string)> notice = {});

// Sends GETs only. Errors: what is asked for and not there, one each.
std::expected<migrate::MigrationPlan, base::Errors> PlanMigration(
    OpenSide& from, OpenSide& to, const model::Migration& migration);
// What an open run of the migration chose when it began; nullopt: there is none, or it got nowhere.
base::Result<std::optional<migrate::MigrationPlan>> ResumedPlan(store::Store& store,
                                                                const OpenSide& from,
                                                                const OpenSide& to,
                                                                const model::Migration& migration);
// When a run ended, a moment ago, that did all that `plan` asks for: its process may have died
// before anybody heard so. RunMigration then takes that one up, and sends nothing but GETs.
base::Result<std::optional<base::UtcTime>> JustMigrated(store::Store& store,
                                                        const migrate::MigrationPlan& plan,
                                                        base::UtcTime now);
// What `export` would take along.
std::expected<migrate::Selection, base::Errors> PlanExport(OpenSide& from,
                                                           const model::ObjectGlobs& objects,
                                                           bool related);

struct RunInputs {
  std::string run;  // names a run that begins now
  migrate::Patience patience;
  migrate::Told told;
  std::string folder;  // for the zip on its way
  bool anew = false;   // a run that has just ended does not count
};

// Exports, downloads, uploads, imports; goes on where an open run of the migration was stopped. Its
// record lies in the target's store. The zip is removed at a good end.
base::Result<migrate::Outcome> RunMigration(OpenSide& from, OpenSide& to, store::Store& store,
                                            const migrate::MigrationPlan& plan, RunInputs inputs);

struct ExportInputs {
  std::string name, comment, out;
  model::ObjectGlobs objects;
  bool related = false;
};
base::Result<migrate::Outcome> RunExport(OpenSide& from, store::Store& store,
                                         const ExportInputs& inputs,
                                         const migrate::Selection& selection, RunInputs run);

struct ImportInputs {
  std::string path;
  model::ObjectGlobs objects;
  model::ImportOptions options;
  model::ConflictRules rules;
  std::function<bool(const std::vector<migrate::Chosen>&)> agree;  // before it starts
};
base::Result<migrate::Outcome> RunImport(OpenSide& to, store::Store& store,
                                         const ImportInputs& inputs, RunInputs run);

// Ends the run `name` on record, after its outcome was told. One whose job waits, or whose job
// nobody knows any more, stays open.
base::Result<void> CloseRun(store::Store& store, const std::string& name,
                            const migrate::Outcome& outcome);

// Ends the open run `name` without finishing it. Errors: kBusy while a job of it goes on in an org.
base::Result<void> DropRun(store::Store& store, const std::string& name, OpenSide* from,
                           OpenSide& to);

// Names of runs in the store.
std::string ExportRunName(const ExportInputs& inputs);
std::string ImportRunName(const std::string& sha256);
std::string MigrationRunName(const model::Migration& migration);

// Short and unique: part of the names of jobs and files.
std::string NewMigrationRun(base::Clock& clock, base::Random& random);

}  // namespace viasync::workflow
