// Merges two edits of one criterion when they surely do not meet, and when what comes out cannot
// reach people that neither side meant to reach. Everything else is a conflict for people.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace viasync::reconcile {

// Both edits of `base`, clause by clause (a clause is a condition between AND and OR outside
// parentheses, or a term of ORDER BY), each in the layout of the side that wrote it. It merges
//  - a clause changed here, another one changed there, when they speak of different columns;
//  - anything with clauses that are added by AND, in another gap: those only narrow;
//  - the same edit on both sides, once; edits of different terms of ORDER BY.
// nullopt = a conflict: the same clause, the same gap, an OR outside parentheses that comes or goes
// (or any count of clauses that changes beside one), a clause that goes or moves while the other
// side changes one (each may have relied on the other's), a text that cannot be read or checked, or
// that SQL dialects read differently.
std::optional<std::string> MergeCriteria(std::string_view base, std::string_view local,
                                         std::string_view remote);

}  // namespace viasync::reconcile
