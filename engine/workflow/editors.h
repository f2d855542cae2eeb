// Who changed what in the org. The org names only whoever wrote last, and where our own write came
// after somebody's edit of another field, that is us; the audit trail knows whose edit it was.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "engine/base/result.h"
#include "engine/plan/plan.h"
#include "engine/snapshot/snapshot.h"
#include "engine/store/store.h"

namespace viasync::workflow {

// By kind and key: our last write of an object.
using OurWrites = std::map<std::pair<model::Kind, std::string>, store::Event>;
base::Result<OurWrites> ReadOurWrites(store::Store& store);

// Where the org's last change of an object is our own write, names whoever changed it before.
// Versions say so: one more than our write carried is our write. Clocks decide only where the org
// is not seen to count its versions by one.
void NameEditors(const OurWrites& writes, const snapshot::Snapshot& org, plan::Plan& plan);

}  // namespace viasync::workflow
