// The desired state of an environment: what the repository declares after variables and overlays.
#pragma once

#include <cstddef>
#include <expected>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/entries.h"
#include "engine/config/file_tree.h"
#include "engine/config/project.h"
#include "engine/model/resources.h"

namespace viasync::config {

// What is declared of a kind, desired.Of<model::Filter>(), is in the order of model::Compare.
struct Desired : model::PerKind<model::DeclaredOnes> {
  std::size_t files = 0;                     // YAML files that were read
  std::vector<std::string> ignored_files{};  // left out because viasync.yaml says so
  base::Errors warnings{};                   // what is to be looked at, and stops nothing
  // None where `checks` of the project file turn them off.
  std::vector<CriteriaFault> criteria_faults{};
};

// Reads `config/` and `environments/<name>/`. Errors: everything that is wrong, each with its
// place; no YAML file at all, unless it `may_be_empty`.
std::expected<Desired, base::Errors> LoadDesired(const Project& project,
                                                 const Environment& environment,
                                                 bool may_be_empty = false);

// The same from another place than the disk: a Git commit, a test's memory.
std::expected<Desired, base::Errors> LoadDesired(const Project& project,
                                                 const Environment& environment, FileTree& files,
                                                 bool may_be_empty = false);

}  // namespace viasync::config
