// Where viasync may send credentials to.
#pragma once

#include <optional>
#include <string_view>

#include "engine/config/values.h"

namespace viasync::config {

// A URL must be https, or http on this machine (loopback); without user, query and fragment.
std::optional<ValueProblem> CheckUrl(std::string_view url);

// HOST or HOST:PORT of a URL, with whatever user stands in front.
std::string_view AuthorityOf(std::string_view url);

// A host that is this machine: localhost, 127.x.x.x, [::1].
bool IsLoopback(std::string_view host);

}  // namespace viasync::config
