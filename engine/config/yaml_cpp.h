// YAML as yaml-cpp reads it: a second opinion on small files, and better at saying what is wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/config/yaml_events.h"

namespace viasync::config {

// Hands the events of `text` over, without `quoted` and `hidden`. Returns what is wrong with the
// YAML, in words; throws what the handler throws.
std::optional<YamlStop> ReadWithYamlCpp(std::string_view text, YamlHandler& handler);

}  // namespace viasync::config
