// Which YAML files an environment consists of: those of `config/`, and its overlay.
#pragma once

#include <string>
#include <vector>

#include "engine/config/problems.h"
#include "engine/config/project.h"

namespace viasync::config {

inline constexpr std::string_view kBaseFolder = "config";
inline constexpr std::string_view kOverlayFolder = "environments";

struct LayerFiles {
  std::vector<std::string> config;
  std::vector<std::string> overlay;
};

// Reports folders that cannot be read, and files that belong to no environment: what they declare
// would be missing silently.
LayerFiles ListLayerFiles(const Project& project, const std::string& environment,
                          Problems& problems);

}  // namespace viasync::config
