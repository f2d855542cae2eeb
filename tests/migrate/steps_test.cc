// What the steps of a run tell about it.
#include "engine/migrate/steps.h"

#include <doctest/doctest.h>

namespace viasync::migrate {

TEST_CASE("how far a run came is what its newest step says") {
  store::MigrationRun run;
  CHECK(FactsOf(run).stage == "nothing was started");
  struct Row {
    const char* step;
    bool done;
    const char* data;
    const char* stage;
  };
  for (const Row& row :
       {Row{kSelectedStep, true, R"([["A","x","",""],["A","y","",""]])", "nothing was started"},
        Row{kExportStep, false, "null", "starting the export"},
        Row{kExportStep, true, R"({"id":"7"})", "exporting as job 7"},
        Row{kExportedStep, true, "{}", "exported"},
        Row{kDownloadStep, false, "null", "downloading"},
        Row{kDownloadStep, true, "{}", "downloaded"}, Row{kUploadStep, true, "null", "uploaded"},
        Row{kImportStep, true, R"({"id":"9"})", "importing as job 9"},
        Row{"conflict 1", true, "{}", "importing as job 9"},
        Row{kImportedStep, true, "no json", "imported"}}) {
    run.steps.push_back({.name = row.step, .done = row.done, .data = row.data});
    CHECK(FactsOf(run).stage == row.stage);
  }
  CHECK(FactsOf(run).objects == 2);
  CHECK(FactsOf(run).conflicts == 1);
  CHECK(FactsOf(run).export_job == "7");
  CHECK(FactsOf(run).import_job == "9");
}

}  // namespace viasync::migrate
