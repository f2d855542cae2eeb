// A migration before it runs: what would travel, what the target has already, and what would answer
// the conflicts. A value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/migrate/conflict.h"
#include "engine/migrate/selection.h"
#include "engine/model/migration.h"

namespace viasync::migrate {

// What would become of one object.
struct PlannedObject {
  Chosen chosen;
  bool there = false;  // the target has one of that name
  bool taken = false;  // and one of the new name that the answer would give
  NameAnswer answer;   // to the conflict that it may raise, where it is there
};

struct MigrationPlan {
  model::Migration migration;
  std::string from_environment, from_org, to_environment, to_org;
  std::vector<PlannedObject> objects;
  std::vector<std::string> dangling;  // referred to, but not offered by the source
  bool resumed = false;               // of an open run: chosen when that began
};

// Whether the object would stop the import, if the target raised a conflict.
inline bool WouldStop(const MigrationPlan& plan, const PlannedObject& object) {
  const auto& options = plan.migration.options;
  return object.there && !options.insert_only && !options.update_all &&
         (object.answer.what == model::OnConflict::kStop || object.taken);
}

// Whether the import writes over what the target has of that name. kMaybe: it does, or the org
// raises a conflict instead, which the reference leaves open.
enum class Overwrites { kNo, kMaybe, kYes };
inline Overwrites WouldOverwrite(const MigrationPlan& plan, const PlannedObject& object) {
  const auto& options = plan.migration.options;
  if (!object.there || options.insert_only) return Overwrites::kNo;
  return options.update_all ? Overwrites::kYes : Overwrites::kMaybe;
}

}  // namespace viasync::migrate
