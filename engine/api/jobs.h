// Export and import jobs (v3; notes, "Jobs"): the typed calls. Nothing here waits or decides.
// Errors: as Session's; kProtocol for a body that lacks or mistypes a property, or kUnknown where
// it answers a write.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/api/calls.h"
#include "engine/api/session.h"
#include "engine/model/migration.h"

namespace viasync::api {

struct Job {
  std::string id;         // empty in the answer of GetJob: only the collection reports it
  std::string file_name;  // the same
  std::string type;       // "Export", "Import"
  std::string status;     // as the org writes it
  std::string message;
  bool conflicts = false;
  std::string conflict_object;              // as the org spells it
  std::vector<std::string> conflict_names;  // of GetJob alone
};

struct ObjectNames {
  std::string type;
  std::vector<std::string> names;
};

// One object that can be exported or imported, with what it refers to.
struct BulkItem {
  std::string group;  // as the org spells it
  std::string name;
  std::string description;
  std::vector<ObjectNames> related;
};

struct ExportRequest {
  std::string file_name;
  std::string comment;
  std::vector<ObjectNames> objects;
};

struct ImportRequest {
  std::string file_name;
  model::ImportOptions options;
  std::vector<ObjectNames> objects;
};

// The answer to a conflict (reference, ConflictInsertRequest).
struct Resolution {
  std::string object;  // exactly as the job reported it
  bool rename_all = false, ignore_all = false;
  std::string salt;
  bool append = false;
  std::vector<std::pair<std::string, std::string>> changes;  // old name, new name
};

Call<std::vector<Job>> ListJobs(Session& session);
Call<Job> GetJob(Session& session, std::string id);

// The id of the new job. A job is not found again by it where the answer is lost, but by its file.
Call<std::string> StartExport(Session& session, ExportRequest request);
Call<std::string> StartImport(Session& session, ImportRequest request);

Call<void> PauseJob(Session& session, std::string id);   // 400: it does not run
Call<void> ResumeJob(Session& session, std::string id);  // 400: it is not paused
Call<void> AbortJob(Session& session, std::string id);   // 400: it is not paused
Call<void> ResolveConflict(Session& session, std::string id, Resolution resolution);

// In the order of the org, each object once.
Call<std::vector<BulkItem>> ListExportable(Session& session);
Call<std::vector<BulkItem>> ListImportable(Session& session, std::string file_name);

}  // namespace viasync::api
