// A criterion cut into what is merged as one piece. Used by criteria_merge only.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/criteria.h"

namespace viasync::reconcile {

// A clause or a term of ORDER BY, as a range of tokens, with the connective in front of it.
struct Unit {
  std::size_t lead;               // first token of the connective; == begin: there is none
  std::size_t begin, end;         // the tokens of the clause itself
  std::string meaning;            // equal = the same clause by meaning
  std::set<std::string> columns;  // that it speaks of, in lower case
};

struct Parts {
  std::string_view text;
  std::vector<model::Token> tokens;
  std::vector<Unit> clauses;
  std::vector<Unit> terms;  // of ORDER BY
  std::string connectives;  // between the clauses: `&` for AND, `|` for OR
  bool only_and = true;     // nothing that could be an OR outside parentheses
};

// nullopt: CheckCriteria refuses the text, dialects read it differently, or its structure is not
// surely known (a clause that is empty, key words of a whole query). `text` must outlive the parts.
std::optional<Parts> SplitCriteria(std::string_view text);

}  // namespace viasync::reconcile
