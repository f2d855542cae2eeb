// YAML as libfyaml reads it: fast, and true to YAML 1.2.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "engine/base/result.h"
#include "engine/config/yaml_events.h"

namespace viasync::config {

// Hands the events of `text` over. Returns what is wrong with the YAML; throws what the handler
// throws, and YamlStop for a scalar of more than `scalar_bytes_max`. Requires: CheckYamlBounds.
std::optional<YamlStop> ReadWithFyaml(std::string_view text, std::size_t scalar_bytes_max,
                                      YamlHandler& handler);

}  // namespace viasync::config
