// Merges two edits of one criterion when they surely do not meet.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace viasync::reconcile {

// Takes both edits of `base` where local and remote changed different clauses (the conditions
// between AND and OR outside parentheses, and the terms of ORDER BY), keeping each side's own
// layout. nullopt, so a conflict for people: the edits touch the same clause or the same gap, an
// edit adds or removes an OR outside parentheses (which changes what the other side's clause is
// combined with), or a text that cannot be read.
std::optional<std::string> MergeCriteria(std::string_view base, std::string_view local,
                                         std::string_view remote);

}  // namespace viasync::reconcile
