// Slips that show in single tokens of a criterion, wherever they stand: characters that only look
// like SQL, comments, placeholders that nothing has filled in.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/model/criteria.h"

namespace viasync::model {

// In the order of the text. `tokens` is what Tokenize made of `text`.
std::vector<CriteriaProblem> FindSlips(std::string_view text, std::span<const Token> tokens);

// `{d '2026-01-01'}` and its like: an escape of ODBC, not a placeholder.
bool IsOdbcEscape(std::span<const Token> tokens, std::size_t brace);

}  // namespace viasync::model
