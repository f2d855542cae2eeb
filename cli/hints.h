// Commands in messages are there to be copied: where the folder was named with -C, they name it,
// too.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace viasync::cli {

// `text` in which every `viasync COMMAND` is `viasync AT COMMAND`, for the commands named. `at`:
// AtDirectory(); empty: the text as it is.
std::string WithDirectory(std::string_view text, std::string_view at,
                          std::span<const std::string_view> commands);

// Once, at the start: what the messages of this run are to name.
void RepeatDirectory(std::string at);
// WithDirectory for this run.
std::string Copyable(std::string_view text);

}  // namespace viasync::cli
