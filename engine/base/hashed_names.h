// A set of names by their hashes alone, eight to sixteen bytes each instead of a hundred: for sets
// of a million where a name that is wrongly taken for a member costs some work, and nothing else.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace viasync::base {

class HashedNames {
 public:
  HashedNames() = default;
  HashedNames(std::initializer_list<std::string_view> names) {
    for (std::string_view name : names) insert(name);
  }

  // The hash of a name that was not there; 0 for one that was.
  std::size_t insert(std::string_view name) {
    if (2 * (count_ + 1) > slots_.size()) Grow();
    const std::size_t hash = HashOf(name);
    if (!Put(hash)) return 0;
    ++count_;
    return hash;
  }
  // True for every member, and once in 2^64 for another name.
  bool contains(std::string_view name) const {
    return !slots_.empty() && slots_[Find(HashOf(name))] != 0;
  }
  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  void clear() { *this = {}; }

 private:
  static std::size_t HashOf(std::string_view name) {
    return std::max<std::size_t>(1, std::hash<std::string_view>()(name));
  }
  // Its slot, or the free one where it would go.
  std::size_t Find(std::size_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at] != 0 && slots_[at] != hash) at = (at + 1) & mask;
    return at;
  }
  bool Put(std::size_t hash) {
    std::size_t& slot = slots_[Find(hash)];
    return std::exchange(slot, hash) != hash;
  }
  void Grow() {
    auto old = std::exchange(
        slots_, std::vector<std::size_t>(std::max<std::size_t>(64, 2 * slots_.size())));
    for (std::size_t hash : old) {
      if (hash != 0) Put(hash);
    }
  }

  std::vector<std::size_t> slots_;  // 0 = free
  std::size_t count_ = 0;
};

}  // namespace viasync::base
