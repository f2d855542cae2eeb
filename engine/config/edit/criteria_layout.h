// A changed criterion, laid out as the user laid out the old one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/edit/written_text.h"

namespace viasync::config {

// The edits that make a text which means `changed` of `old`: tokens that stay keep their bytes and
// the blanks and lines around them, a new clause is set off from its neighbours as the clauses of
// `old` are. `lines`: the place can hold line breaks. nullopt: one of the two cannot be read.
std::optional<std::vector<TextEdit>> WeaveCriteria(std::string_view old, std::string_view changed,
                                                   bool lines);

// `changed` with the lines and blanks of `old` where their tokens are the same. Same meaning as
// `changed`.
std::string LayOutLike(std::string_view old, std::string_view changed);

// `text` for a new place: one clause a line; one that came with lines of its own keeps those. Same
// meaning.
std::string LayOutNew(std::string_view text);

}  // namespace viasync::config
