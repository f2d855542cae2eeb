// Files and folders that look as if they declared something, and that no rule reads: whoever put
// them there believes that viasync does.
#pragma once

#include <string>
#include <vector>

#include "engine/config/entries.h"
#include "engine/config/layer_files.h"
#include "engine/config/problems.h"
#include "engine/config/project.h"

namespace viasync::config {

// Reports what lies under config/, and under `environment`'s folder or one that belongs to none,
// and is neither read nor ignored by `files: {ignore: …}`; and folders whose name is nearly one
// that viasync reads. Returns what is ignored on purpose. CSV files are held back until the YAML
// files that may name them are `complete`ly read.
std::vector<std::string> CheckUnreadFiles(const Project& project, const std::string& environment,
                                          const Layer& config, const Layer& overlay, bool complete,
                                          Problems& problems);

}  // namespace viasync::config
