// The order of desired resources: by key as text (model::KeyOf), exclusions then by start. Compares
// without building the keys: a million exclusions are sorted by it.
#pragma once

#include <compare>

#include "engine/model/resources.h"

namespace viasync::config {

std::strong_ordering CompareKeys(const model::Filter& a, const model::Filter& b);
std::strong_ordering CompareKeys(const model::List& a, const model::List& b);
// As KeyOf(a) <=> KeyOf(b).
std::strong_ordering CompareKeys(const model::Exclusion& a, const model::Exclusion& b);

}  // namespace viasync::config
