// Brings the three sides together: which base, declared and remote entry speak of one resource.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/model/resources.h"

namespace viasync::reconcile {

template <class R>
struct Triple {
  std::string key;
  bool by_start = false;  // told apart by the start (several entries of one key)
  const model::Agreed<R>* base = nullptr;
  const model::Declared<R>* local = nullptr;
  const model::Remote<R>* remote = nullptr;
  // More than one remote entry answers to the key: nobody can say which is meant.
  std::vector<const model::Remote<R>*> ambiguous{};
};

namespace internal {

template <class Entry>
std::span<const Entry> TakeKey(std::span<const Entry>& side, const std::string& key) {
  std::size_t n = 0;
  while (n < side.size() && model::KeyOf(side[n].value) == key) ++n;
  auto group = side.first(n);
  side = side.subspan(n);
  return group;
}

template <class R>
std::string FullKey(const R& resource) {
  if constexpr (std::is_same_v<R, model::Exclusion>) return model::KeyWithStart(resource);
  else return model::KeyOf(resource);
}

// Several entries on some side: exclusions are matched by their start, everything else (two filters
// of one name, say) is ambiguous.
template <class R>
void SplitGroup(std::span<const model::Agreed<R>> base, std::span<const model::Declared<R>> local,
                std::span<const model::Remote<R>> remote, std::vector<Triple<R>>& out) {
  std::vector<std::string> keys;
  auto collect = [&](auto side) {
    for (const auto& entry : side) keys.push_back(FullKey(entry.value));
  };
  collect(base), collect(local), collect(remote);
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  for (const auto& key : keys) {
    Triple<R> triple{.key = key, .by_start = std::is_same_v<R, model::Exclusion>};
    for (const auto& entry : base) {
      if (FullKey(entry.value) == key) triple.base = &entry;
    }
    for (const auto& entry : local) {
      if (FullKey(entry.value) == key) triple.local = &entry;
    }
    for (const auto& entry : remote) {
      if (FullKey(entry.value) != key) continue;
      triple.remote = &entry;
      triple.ambiguous.push_back(&entry);
    }
    // A declared entry without a start among several: any of them may be meant.
    if constexpr (std::is_same_v<R, model::Exclusion>) {
      if (triple.local && !triple.local->value.start) {
        for (const auto& entry : remote) triple.ambiguous.push_back(&entry);
      }
    }
    if (triple.ambiguous.size() < 2) triple.ambiguous.clear();
    out.push_back(std::move(triple));
  }
}

}  // namespace internal

// Calls `each` for every resource that any side knows, in the order of keys.
// Requires: each side sorted by KeyOf.
template <class R, class Each>
void ForEachTriple(std::span<const model::Agreed<R>> base,
                   std::span<const model::Declared<R>> local,
                   std::span<const model::Remote<R>> remote, Each each) {
  std::vector<Triple<R>> split;
  while (!base.empty() || !local.empty() || !remote.empty()) {
    std::string key;
    bool first = true;
    auto consider = [&](const auto& side) {
      if (side.empty()) return;
      std::string candidate = model::KeyOf(side.front().value);
      if (first || candidate < key) key = std::move(candidate);
      first = false;
    };
    consider(base), consider(local), consider(remote);
    auto b = internal::TakeKey(base, key);
    auto l = internal::TakeKey(local, key);
    auto r = internal::TakeKey(remote, key);
    if (b.size() <= 1 && l.size() <= 1 && r.size() <= 1) {
      each(Triple<R>{.key = std::move(key),
                     .base = b.empty() ? nullptr : b.data(),
                     .local = l.empty() ? nullptr : l.data(),
                     .remote = r.empty() ? nullptr : r.data()});
      continue;
    }
    split.clear();
    internal::SplitGroup<R>(b, l, r, split);
    for (const auto& triple : split) each(triple);
  }
}

}  // namespace viasync::reconcile
