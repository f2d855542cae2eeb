// The steps of a run as they lie in the store, and what they tell about it.
#pragma once

#include <cstddef>
#include <string>

#include "engine/store/migration_runs.h"

namespace viasync::migrate {

// On disk: do not change.
inline constexpr const char* kSelectedStep = "selected";
inline constexpr const char* kExportStep = "export";
inline constexpr const char* kExportedStep = "exported";
inline constexpr const char* kDownloadStep = "download";
inline constexpr const char* kUploadStep = "upload";
inline constexpr const char* kChosenStep = "chosen";
inline constexpr const char* kBeforeStep = "before";
inline constexpr const char* kImportStep = "import";
inline constexpr const char* kImportedStep = "imported";
inline constexpr const char* kRoundStep = "conflict ";
// In the data of kImportedStep: a digest of all that was asked for.
inline constexpr const char* kWish = "wish";

struct RunFacts {
  std::string export_job, import_job;  // empty = not known
  std::size_t objects = 0;             // that travel; 0 = not known
  std::size_t conflicts = 0;           // that were answered
  std::string stage;  // how far it came, for people: `uploaded`, `importing as job 12`
};

RunFacts FactsOf(const store::MigrationRun& run);

}  // namespace viasync::migrate
