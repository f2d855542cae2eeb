// The project file, viasync.yaml: environments, what viasync owns, and its brakes.
#pragma once

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/config/file_tree.h"
#include "engine/config/migration_decoder.h"
#include "engine/config/store_uri.h"
#include "engine/config/variables.h"
#include "engine/model/manage.h"
#include "engine/plan/limits.h"

namespace viasync::config {

inline constexpr const char* kProjectFile = "viasync.yaml";

struct Environment {
  std::string name;
  std::string org;
  std::string region;     // us | eu | uk | ca; empty where token_url says it all
  std::string base_url;   // without a final slash; empty = by org
  std::string token_url;  // empty = by region
  std::string ca_file;    // a path, joined with the project's root; empty = the system's
  std::string exclusions_api = "campaign-v2";  // or compliance-v3
  // How client id and secret enter HTTP Basic: as they are, or form-encoded first (`form`).
  std::string token_encoding = "plain";
  Variables variables;
  // Requests in flight, at most. A run begins with 32 and takes more only while answers do not slow
  // down.
  int concurrency = 128;
  double rate_max = 0;             // requests a second, at most; 0 = as many as the org takes
  std::string credential_command;  // for /bin/sh; empty = none
  std::string default_region;  // of telephone numbers without a country: `US`; empty = not known
  // The path of the SQLite file, joined with the root. With a team's store, what stays on this
  // machine lies beside it.
  std::string store;
  std::optional<StoreUri> team_store;    // `store: postgresql://…`
  std::string store_schema = "viasync";  // of team_store
  base::Millis store_lease{60'000};      // of team_store
  model::MediaSettings media;
};

// The file under config/ that takes new entries (`files:`); empty = decided by the rest.
using NewEntryFiles = model::ByKind<std::string>;

// How much is made of what a check finds.
enum class CheckLevel { kError, kWarn, kOff };
struct Checks {
  CheckLevel criteria = CheckLevel::kError;  // criteria that do not read as SQL conditions
};

struct Project {
  std::string root;
  std::map<std::string, Environment> environments;
  model::Manage manage;
  plan::Limits limits;
  std::string default_region;  // for environments that name none
  NewEntryFiles new_entry_files;
  Checks checks;
  std::vector<std::string> ignored_files;  // globs of files that no rule reads, on purpose
  Migrations migrations;                   // of the project file and of the files below migrations/
};

// Reads `root`/viasync.yaml. Errors: kNotFound without one; else all that is wrong with it.
std::expected<Project, base::Errors> LoadProject(const std::string& root);
std::expected<Project, base::Errors> LoadProject(const std::string& root, FileTree& files);

// Errors: kNotFound, with what there is.
base::Result<const Environment*> FindEnvironment(const Project& project, const std::string& name);

}  // namespace viasync::config
