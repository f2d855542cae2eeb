// A tolerant grammar of SQL conditions. It finds what cannot be one in any dialect; whatever is
// unknown but could be right somewhere passes, since nobody knows which dialect the org speaks.
#pragma once

#include <string_view>
#include <vector>

#include "engine/model/criteria.h"

namespace viasync::model {

struct CriteriaReading {
  std::vector<CriteriaProblem> problems;  // in the order of the text; few, never all that follow
  std::vector<Token> columns;             // names that stand for a value; views into the text
};

// Reads comparisons, IN, LIKE … ESCAPE, BETWEEN, IS NULL, NOT, AND, OR, functions, CASE,
// arithmetic, subqueries (as a whole) and ORDER BY. Holds what CheckCriteria finds, too.
CriteriaReading ReadCriteria(std::string_view text);

}  // namespace viasync::model
