#include "engine/migrate/steps.h"

#include <nlohmann/json.hpp>

#include "engine/base/json.h"

namespace viasync::migrate {
namespace {

using nlohmann::json;

std::string JobOf(const json& data) {
  return data.is_object() && data.contains("id") && data["id"].is_string()
             ? data["id"].get<std::string>()
             : std::string();
}

}  // namespace

RunFacts FactsOf(const store::MigrationRun& run) {
  RunFacts facts{.stage = "nothing was started"};
  for (const store::RunStep& step : run.steps) {
    const json data = base::ParseJson(step.data);
    const std::string& name = step.name;
    if (name == kSelectedStep || name == kChosenStep) {
      facts.objects = data.is_array() ? data.size() : 0;
    } else if (name == kExportStep) {
      facts.export_job = JobOf(data);
      facts.stage = step.done ? "exporting as job " + facts.export_job : "starting the export";
    } else if (name == kExportedStep) {
      facts.stage = "exported";
    } else if (name == kDownloadStep) {
      facts.stage = step.done ? "downloaded" : "downloading";
    } else if (name == kUploadStep) {
      facts.stage = step.done ? "uploaded" : "uploading";
    } else if (name == kImportStep) {
      facts.import_job = JobOf(data);
      facts.stage = step.done ? "importing as job " + facts.import_job : "starting the import";
    } else if (name == kImportedStep) {
      facts.stage = "imported";
    } else if (name.starts_with(kRoundStep)) {
      ++facts.conflicts;
    }
  }
  return facts;
}

}  // namespace viasync::migrate
