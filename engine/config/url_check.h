// Where viasync may send credentials to.
#pragma once

#include <optional>
#include <string_view>

#include "engine/config/values.h"

namespace viasync::config {

// A URL must be https, or http on this machine (loopback); without user, query and fragment.
std::optional<ValueProblem> CheckUrl(std::string_view url);

}  // namespace viasync::config
