// What a pull or sync wrote into the user's files, at its end: for people and for programs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/apply/result.h"
#include "engine/base/result.h"
#include "engine/plan/plan.h"
#include "engine/reconcile/change.h"
#include "engine/report/style.h"

namespace viasync::report {

struct PullReport {
  struct Written {
    reconcile::Change change;
    std::vector<base::SourcePos> places;
  };
  struct ByHand {
    reconcile::Change change;
    base::Error why;
  };
  // Entries of the org that cannot be told apart.
  struct Alike {
    model::Kind kind = model::Kind::kExclusion;
    std::string key;
    std::vector<std::string> ids;
  };
  std::string environment, org;
  std::string at;        // ` -C DIR`, for commands that are shown to be copied
  bool dry_run = false;  // nothing was written: it tells what would be
  std::vector<Written> written;
  std::vector<ByHand> by_hand;      // what only a person can write
  std::vector<Alike> left_out;      // of what is new in the org
  std::vector<std::string> shared;  // environments that read the same files
  // What waits until the org has taken a push of the same entry.
  std::vector<reconcile::Change> put_off;
  plan::Summary summary{};  // of what was decided, before anything was written
  std::vector<plan::Warning> warnings;
  std::vector<reconcile::Change> pushes;       // of a sync: what the org is to take
  std::optional<apply::ApplyResult> applied{};  // what became of them
};

// What a first pull is about to write, kind by kind with the first names: for when there is too
// much to read one by one. Ends with a newline.
std::string FirstPullText(const plan::Plan& plan, const Style& style);

// The files with how much went into each; what is left to a person, by name, with the place; whom
// else it concerns. At most `listed_max` of each. Ends with a newline.
std::string PullText(const PullReport& report, const Style& style, std::size_t listed_max = 30);

// {"format": "viasync-pull/1", …}, of a sync with what went to the org. What takes protection away,
// on either side, is counted and listed ahead of all changes. Ends with a newline.
std::string PullJson(const PullReport& report);

}  // namespace viasync::report
