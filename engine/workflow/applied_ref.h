// refs/viasync/<environment>: the commit whose files were applied last, kept in the user's own
// repository. For runners without a disk it is the base (--base-ref auto).
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/config/git_tree.h"
#include "engine/workflow/planning.h"

namespace viasync::workflow {

std::string AppliedRef(const std::string& environment);

// The commit that was applied last: of this repository, or fetched from its remote where that knows
// a newer one. `notice`: a line for people where the remote could not be asked.
// Errors: kNotFound (nothing is recorded), those of config::FindCommit.
base::Result<config::GitCommit> FindApplied(const std::string& root, const std::string& environment,
                                            const std::function<void(std::string)>& notice);

// Whether `commit` is what this repository has recorded, without asking a remote.
bool IsApplied(const std::string& root, const std::string& environment, const std::string& commit);

// What this repository has recorded, without asking a remote; nullopt: nothing.
std::optional<config::GitCommit> RecordedCommit(const std::string& root,
                                                const std::string& environment);

// Which commit the files are of that a repository was read from.
struct FilesCommit {
  bool in_git = false;  // false: there is no repository, or nothing was ever committed
  std::string commit;   // in full; empty: see `why_not`
  std::string why_not;  // "the files differ from commit abc123"
};
FilesCommit CommitOfFiles(const Repository& repository);

// Records `commit` as applied by run `run`. Errors: kIo, with what git said.
base::Result<void> MoveAppliedRef(const std::string& root, const std::string& environment,
                                  const std::string& commit, const std::string& run);

// Sends what is recorded to a remote. Errors: kIo, with what git said.
base::Result<void> PushAppliedRef(const std::string& root, const std::string& environment,
                                  const std::string& remote);

// Errors: kInvalid where `remote` is not a remote of the repository, nor a path or address that can
// be pushed to; to be asked before anything is applied.
base::Result<void> CheckRemote(const std::string& root, const std::string& remote);

}  // namespace viasync::workflow
