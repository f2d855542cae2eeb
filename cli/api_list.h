// `viasync api --list`: every operation of the API, and the command that covers it.
#pragma once

#include <span>
#include <string>

namespace viasync::cli {

// The commands that exist; an operation of another one is reached through `api`.
std::string ApiListText(std::span<const std::string> commands);
std::string ApiListJson(std::span<const std::string> commands);

}  // namespace viasync::cli
