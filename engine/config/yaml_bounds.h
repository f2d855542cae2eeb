// Both YAML parsers look ahead until they know whether a bracket opens a key, and keep all that
// lies between in memory: up to 700 times its bytes. This finds what would make them look too far.
#pragma once

#include <optional>
#include <string_view>

#include "engine/config/yaml_events.h"

namespace viasync::config {

// Nullopt: the text may be parsed. Requires: no lone carriage return.
std::optional<YamlStop> CheckYamlBounds(std::string_view text);

}  // namespace viasync::config
