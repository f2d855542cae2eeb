// Sorting of large things: indexes are sorted, then each thing moves once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace viasync::base {

// As std::ranges::sort(items, less). Requires: fewer than 2^32 items.
template <class T, class Less>
void SortIndirect(std::vector<T>& items, Less less) {
  if (std::ranges::is_sorted(items, less)) return;
  std::vector<std::uint32_t> from(items.size());  // from[i]: where what belongs at i stands now
  std::iota(from.begin(), from.end(), 0u);
  std::ranges::sort(from, [&](std::uint32_t a, std::uint32_t b) { return less(items[a], items[b]); });
  for (std::uint32_t i = 0; i < from.size(); ++i) {
    if (from[i] == i) continue;
    T first = std::move(items[i]);
    std::uint32_t at = i;
    while (from[at] != i) {
      items[at] = std::move(items[from[at]]);
      at = std::exchange(from[at], at);
    }
    items[at] = std::move(first);
    from[at] = at;
  }
}

}  // namespace viasync::base
