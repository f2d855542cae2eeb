// `${name}` in a text of the user's files stands for a variable of the environment; `$${` stands
// for a plain `${`. Values of variables are not searched for variables again.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace viasync::config {

using Variables = std::map<std::string, std::string>;

// True when Expand would change the text or fail.
inline bool HasVariables(std::string_view text) {
  return text.find("${") != std::string_view::npos;
}

// Errors: a variable that is not defined, a `${` without its `}`; `offset` then says where.
base::Result<std::string> Expand(std::string_view text, const Variables& variables,
                                 std::size_t& offset);

// The place in `text` from which the byte `expanded_offset` of its expansion comes. Requires: the
// expansion succeeded.
std::size_t OriginalOffset(std::string_view text, const Variables& variables,
                           std::size_t expanded_offset);

// What a variable may be called: letters, digits, `_`, `-`, `.`; no digit in front.
bool IsVariableName(std::string_view name);

}  // namespace viasync::config
