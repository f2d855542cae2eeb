// Where SQL dialects part. Nobody knows which one an org speaks, so two criteria may be called the
// same only where all of them read both alike: a false "same" hides a change from whoever decides.
#pragma once

#include <span>
#include <string_view>

#include "engine/model/criteria.h"

namespace viasync::model {

// True when ANSI SQL, MySQL, PostgreSQL, T-SQL and BigQuery surely read `text` as `tokens`, what
// Tokenize made of it. False for comments, backslashes, `$ # @ & { } : ; ? ~ ^`, literals with a
// prefix (N'…', U&'…') or side by side, three quotes in a row, back quotes, names in brackets that
// hold more than letters, digits and blanks, letters outside ASCII that are not in quotes,
// operators that touch, key words in the place of a name, blanks around a dot.
bool DialectsAgree(std::string_view text, std::span<const Token> tokens);

}  // namespace viasync::model
