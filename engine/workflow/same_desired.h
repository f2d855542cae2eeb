// Two readings of the files that declare the same.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/config/desired.h"
#include "engine/model/fields.h"

namespace viasync::workflow {

template <class R>
bool SameEntries(const std::vector<model::Declared<R>>& a,
                 const std::vector<model::Declared<R>>& b) {
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
    return x.absent == y.absent && model::SameKey(x.value, y.value) &&
           model::SameValue(x.value, y.value);
  });
}

inline bool SameDesired(const config::Desired& a, const config::Desired& b) {
  bool same = true;
  model::ForEachKind([&]<class R> { same = same && SameEntries(a.Of<R>(), b.Of<R>()); });
  return same;
}

}  // namespace viasync::workflow
