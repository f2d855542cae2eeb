// What became of the objects of an import, read from what the target holds before and after it: a
// job tells only that it is done. Pure.
#pragma once

#include <string>
#include <vector>

#include "engine/api/jobs.h"
#include "engine/migrate/selection.h"
#include "engine/migrate/watch.h"

namespace viasync::migrate {

// What became of an object that was asked for.
enum class Fate {
  kCreated,  // new in the target
  kUpdated,  // the target had it; the import wrote it, or found it the same
  kRenamed,  // is there under the new name
  kIgnored,  // a rule said so: the target's stays
  kLeftOut,  // insert_only or update_all said so
  kMissing,  // the import says it is done, but the target does not have it
  kUnknown,  // the import did not come to its end
};

struct ObjectFate {
  std::string type, name, new_name;
  Fate fate = Fate::kUnknown;
};

// `before`: what the target had of these types. `answers`: the rounds that were answered. A copy
// under a salted name counts as renamed, whoever salted it.
std::vector<ObjectFate> FatesOf(const std::vector<Chosen>& objects,
                                const std::vector<Chosen>& before, const Answers& answers,
                                const std::vector<api::BulkItem>& after);

// Of an import that has not come to its end.
std::vector<ObjectFate> UnknownFates(const std::vector<Chosen>& objects);

}  // namespace viasync::migrate
