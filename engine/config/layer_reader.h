// Reads the YAML files of one layer, and the CSV files they name, into entries. Checks each entry
// by itself; what entries mean to each other is overlay.h's and desired.h's matter.
#pragma once

#include <string>
#include <vector>

#include "engine/config/entries.h"
#include "engine/config/problems.h"
#include "engine/config/variables.h"

namespace viasync::config {

void ReadLayer(const std::vector<std::string>& files, const std::string& environment,
               const Variables& variables, Layer& layer, Problems& problems);

// Reads `type,address,list,reason,start,end` rows; every column of the header counts as given. No
// variables. A file without rows is an error: a truncated export must not look like "nobody".
// `named_at` is where the YAML names the file.
void ReadExclusionsCsv(const std::string& path, const base::SourcePos& named_at, Layer& layer,
                       Problems& problems);

}  // namespace viasync::config
