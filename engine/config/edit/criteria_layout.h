// A changed criterion, laid out as the user laid out the old one.
#pragma once

#include <string>
#include <string_view>

namespace viasync::config {

// `changed` with the lines and blanks of `old` where their tokens are the same; one that came with
// lines of its own keeps those. Same meaning as `changed`.
std::string LayOutLike(std::string_view old, std::string_view changed);

// `text` for a new place: one clause a line. Same meaning.
std::string LayOutNew(std::string_view text);

}  // namespace viasync::config
