// From what changed in the org to the user's files: what `pull` and `sync` do after the plan.
// Preparing writes nothing; what is written is checked first by reading it back.
#pragma once

#include <cstddef>
#include <expected>
#include <map>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/edit/edit.h"
#include "engine/reconcile/change.h"
#include "engine/store/store.h"
#include "engine/workflow/planning.h"

namespace viasync::workflow {

struct PreparedPull {
  struct Item {
    reconcile::Change change;
    std::vector<base::SourcePos> places;  // where it goes to
  };
  struct ByHand {
    reconcile::Change change;
    base::Error why;  // and where a person does it
  };
  std::vector<Item> items;
  std::vector<ByHand> by_hand;
  // After pushes: what was agreed on and waits until the org has taken the push of the same entry.
  std::vector<reconcile::Change> put_off;
  std::map<std::string, config::FileEdit> files;  // by path; only what changes
  // Other environments that read the same files, and so declare something else from now on.
  std::vector<std::string> shared;
  std::vector<store::BaseMove> moves;  // of the base, once the files are on disk
};

// Edits the files for `pulls` (changes with Direction::kPull) and decides again on `view` with what
// they would then declare: a pull that would not be in step afterwards, or that would break the
// files here or for another environment, is left to a person (`by_hand`), and the others go on.
// Errors: the files or the org are not as they should be, without any pull.
std::expected<PreparedPull, base::Errors> PreparePull(const Repository& repository,
                                                      const View& view, const PlanInputs& inputs,
                                                      std::vector<reconcile::Change> pulls,
                                                      const config::Layout& layout,
                                                      base::UtcTime now);

// The same after pushes were sent: reads the org again and prepares those of `agreed` that are
// still to be pulled and whose own pushes, if any, the org has accepted. `had_base`: as the plan
// was made.
std::expected<PreparedPull, base::Errors> PreparePullAfterPush(
    const Repository& repository, Org& org, store::Store& store, const PlanInputs& inputs,
    bool had_base, const std::vector<reconcile::Change>& agreed, const config::Layout& layout);

// Puts the files on disk, then moves the base and writes the audit trail. A run that dies between
// the two is no harm: both sides are alike then, and the next run moves the base.
base::Result<void> WritePull(const Repository& repository, const PreparedPull& pull,
                             store::Store& store);

// The plan's pulls.
std::vector<reconcile::Change> PullsOf(const plan::Plan& plan);

}  // namespace viasync::workflow
