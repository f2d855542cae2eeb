// What one reading of a collection remembers of its pages, to notice what moved meanwhile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/base/hashed_names.h"

namespace viasync::api {

// Ids seen in one pass. Two ids that share a hash would make the pass count short, never wrong
// unnoticed.
class SeenIds {
 public:
  // False: it was there.
  bool Insert(std::string_view id) {
    const std::size_t hash = ids_.insert(id);
    digest_ += hash;
    return hash != 0;
  }
  std::size_t count() const { return ids_.size(); }
  // The same ids, as far as their hashes tell.
  bool SameAs(const SeenIds& other) const {
    return count() == other.count() && digest_ == other.digest_;
  }

 private:
  base::HashedNames ids_;
  std::size_t digest_ = 0;
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
