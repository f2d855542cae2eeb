// What a generated org holds besides declared resources: reference data, strategies, scripts.
#pragma once

#include <cstddef>
#include <string>

#include "engine/sandbox/org.h"

namespace viasync::sandbox {

// Of the generated fast path lists: records cannot be inserted into a strategy that has one.
inline const std::string kFastPathStrategy = "FastPath";

// Strategies are `Strategy1` and on, every fifth of them never built, and `FastPath`; two scripts,
// of which RecycleLists ends with an error; purposes, geocodes, number types and dispositions.
void SeedOperations(Org& org, std::size_t strategies, base::UtcTime now);

}  // namespace viasync::sandbox
