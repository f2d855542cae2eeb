// What entries mean to each other and to the project, once the layers are merged.
#pragma once

#include "engine/config/entries.h"
#include "engine/config/problems.h"
#include "engine/model/manage.h"

namespace viasync::config {

// Reports: a filter without criteria, a list without a filter or with one that is declared absent,
// periods that became wrong by an overlay, and whatever lies
// outside `manage`. What is missing is reported only where all entries are `complete`ly read: else
// it may stand in one that was refused. Requires: `layer` sorted.
void CheckLayer(const Layer& layer, const model::Manage& manage, bool complete, Problems& problems);

}  // namespace viasync::config
