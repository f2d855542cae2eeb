// Directives in front of a YAML document: `%YAML 1.1`, `%TAG …`.
#pragma once

#include <optional>
#include <string_view>

#include "engine/config/yaml_events.h"

namespace viasync::config {

// The first directive other than `%YAML 1.2`: it would change what the text means to some programs,
// and viasync would take no notice.
std::optional<YamlStop> CheckYamlDirectives(std::string_view text);

}  // namespace viasync::config
