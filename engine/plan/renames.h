// Filters that get another name: in the API one is made and the other deleted, but nothing is lost.
#pragma once

#include <string>
#include <vector>

#include "engine/reconcile/change.h"

namespace viasync::plan {

struct Rename {
  std::string from, to;  // names of filters
  friend bool operator==(const Rename&, const Rename&) = default;
};

// The pushes that delete a filter and create one with the same criteria (by meaning, and not
// empty): each of both in one pair at most, paired in the order of their names. Sorted by `from`.
std::vector<Rename> FindRenames(const std::vector<reconcile::Change>& changes);

}  // namespace viasync::plan
