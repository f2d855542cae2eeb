// Who changed what in the org. The org names only whoever wrote last, and where our own write came
// after somebody's edit of another field, that is us; the audit trail knows whose edit it was.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "engine/base/result.h"
#include "engine/plan/plan.h"
#include "engine/store/store.h"

namespace viasync::workflow {

// By kind and key: our last write of an object that somebody had changed in the org before.
using OurWrites = std::map<std::pair<model::Kind, std::string>, store::Event>;
base::Result<OurWrites> ReadOurWrites(store::Store& store);

// Where the org's last change of an object is our own write, names whoever changed it before.
void NameEditors(const OurWrites& writes, plan::Plan& plan);

}  // namespace viasync::workflow
