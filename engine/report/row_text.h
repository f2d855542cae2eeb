// Exclusions and lists in text: a line each where all of them fit into the width, else two.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/reconcile/change.h"
#include "engine/report/style.h"
#include "engine/report/words.h"

namespace viasync::report {

// What stands in front of a change, by what it does: + create, ~ update, - delete, < drift.
struct Mark {
  std::string_view sign;
  Colour colour;
};
Mark MarkOf(const reconcile::Change& change);

// The lines under a change: what was done in the org, and what becomes of it. Empty, or ends with a
// newline.
std::string NoteText(const reconcile::Change& change, const Style& style, Purpose purpose);

// One text for each change, of one or more lines, each with its newline; laid out alike.
std::vector<std::string> RowTexts(const std::vector<const reconcile::Change*>& changes,
                                  const Style& style, Purpose purpose);

}  // namespace viasync::report
