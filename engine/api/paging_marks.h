// What one reading of a collection remembers of its pages, to notice what moved meanwhile.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace viasync::api {

// Ids seen in one pass: hashes in an open table, a tenth of what a set of strings takes. Two ids
// that share a hash would make the pass count short, never wrong unnoticed.
class SeenIds {
 public:
  // False: it was there.
  bool Insert(std::string_view id) {
    if (2 * (count_ + 1) > slots_.size()) Grow();
    const std::size_t hash = std::max<std::size_t>(1, std::hash<std::string_view>()(id));
    const bool added = Put(hash);
    count_ += added;
    if (added) digest_ += hash;
    return added;
  }
  std::size_t count() const { return count_; }
  // The same ids, as far as their hashes tell.
  bool SameAs(const SeenIds& other) const {
    return count_ == other.count_ && digest_ == other.digest_;
  }

 private:
  bool Put(std::size_t hash) {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      if (slots_[at] == hash) return false;
      if (slots_[at] != 0) continue;
      slots_[at] = hash;
      return true;
    }
  }
  void Grow() {
    auto old = std::exchange(
        slots_, std::vector<std::size_t>(std::max<std::size_t>(64, 2 * slots_.size())));
    for (std::size_t hash : old) {
      if (hash != 0) Put(hash);
    }
  }

  std::vector<std::size_t> slots_;  // 0 = free
  std::size_t count_ = 0, digest_ = 0;
};

// The borders of the pages that were read: which item stood at which index. Every border is seen
// from both its sides, in any order.
class Borders {
 public:
  // False: another item stood there when the page on the other side was read.
  bool See(std::int64_t index, const std::string& id) {
    auto [other, first] = open_.try_emplace(index, id);
    if (first) return true;
    const bool same = other->second == id;
    open_.erase(other);
    return same;
  }

 private:
  std::unordered_map<std::int64_t, std::string> open_;  // seen from one side so far
};

}  // namespace viasync::api
