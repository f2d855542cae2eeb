// Brings the three sides together: which base, declared and remote entry speak of one resource.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <utility>
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
  // Different resources whose keys read alike: a list named `*` beside the entry for all lists.
  bool mixed = false;
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

// True when what is written alike as a key is not the same key on every side.
template <class R>
bool IsMixed(std::span<const model::Agreed<R>> base, std::span<const model::Declared<R>> local,
             std::span<const model::Remote<R>> remote) {
  const R* first = nullptr;
  auto differs = [&](const auto& entry) {
    if (!first) first = &entry.value;
    return !model::SameKey(*first, entry.value);
  };
  return std::ranges::any_of(base, differs) || std::ranges::any_of(local, differs) ||
         std::ranges::any_of(remote, differs);
}

template <class R>
Triple<R> MixedTriple(std::string key, std::span<const model::Agreed<R>> base,
                      std::span<const model::Declared<R>> local,
                      std::span<const model::Remote<R>> remote) {
  Triple<R> triple{.key = std::move(key), .mixed = true};
  if (!base.empty()) triple.base = base.data();
  if (!local.empty()) triple.local = local.data();
  for (const auto& entry : remote) triple.ambiguous.push_back(&entry);
  return triple;
}

template <class Entry>
struct Keyed {
  std::string key;
  const Entry* entry;
};

// Sorted by key; entries of one key keep their order.
template <class Entry, class Key>
std::vector<Keyed<Entry>> SortedBy(std::span<const Entry> side, Key key) {
  std::vector<Keyed<Entry>> keyed;
  keyed.reserve(side.size());
  for (const auto& entry : side) keyed.push_back({key(entry.value), &entry});
  std::ranges::stable_sort(keyed, {}, &Keyed<Entry>::key);
  return keyed;
}

// Those of `key`.
template <class Entry>
auto Of(const std::vector<Keyed<Entry>>& side, const std::string& key) {
  return std::ranges::equal_range(side, key, {}, &Keyed<Entry>::key);
}

// Several entries on some side: where a kind may have several of one key they are matched by their
// start, everything else (two filters of one name, say) is ambiguous. An entry that declares no
// start takes the one that is left over in the org, or that the base knows; where several are, any
// may be meant, and none may be deleted.
template <class R>
class Group {
 public:
  Group(std::span<const model::Agreed<R>> base, std::span<const model::Declared<R>> local,
        std::span<const model::Remote<R>> remote)
      : remote_(SortedBy(remote, FullKey)) {
    if constexpr (kByStart) FindMeant(base, local, remote);
    const auto key = [this](const R& value) {
      return FullKey(HasNoStart(value) && meant_ ? meant_->value : value);
    };
    base_ = SortedBy(base, key);
    local_ = SortedBy(local, key);
  }

  void Split(std::vector<Triple<R>>& out) const {
    std::vector<std::string> keys;
    for (const auto& entry : base_) keys.push_back(entry.key);
    for (const auto& entry : local_) keys.push_back(entry.key);
    for (const auto& entry : remote_) keys.push_back(entry.key);
    std::ranges::sort(keys);
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    for (const auto& key : keys) {
      const bool held_back = ambiguous_ && std::ranges::binary_search(left_over_keys_, key);
      if (!held_back) out.push_back(TripleOf(key));
    }
  }

 private:
  static constexpr bool kByStart = model::InfoOf<R>().several_per_key;

  static std::string FullKey(const R& value) { return model::KeyWithStart(value); }

  void FindMeant(std::span<const model::Agreed<R>> base, std::span<const model::Declared<R>> local,
                 std::span<const model::Remote<R>> remote) {
    const auto declared = SortedBy(local, FullKey);
    const auto agreed = SortedBy(base, FullKey);
    std::vector<const model::Remote<R>*> known;  // of those that are left over, to the base
    for (const auto& entry : remote) {
      std::string key = FullKey(entry.value);
      if (!Of(declared, key).empty()) continue;
      left_over_.push_back(&entry);
      if (!Of(agreed, key).empty()) known.push_back(&entry);
      left_over_keys_.push_back(std::move(key));
    }
    std::ranges::sort(left_over_keys_);
    if (left_over_.size() == 1) {
      meant_ = left_over_.front();
    } else if (known.size() == 1) {
      meant_ = known.front();
    }
    const bool open =
        std::ranges::any_of(local, [](const auto& entry) { return HasNoStart(entry.value); });
    ambiguous_ = open && !meant_ && !left_over_.empty();
  }

  static bool HasNoStart(const R& value) {
    const auto* start = model::StartOf(value);
    return start && !*start;
  }

  Triple<R> TripleOf(const std::string& key) const {
    Triple<R> triple{.key = key, .by_start = kByStart};
    if (auto found = Of(base_, key)) triple.base = found.back().entry;
    if (auto found = Of(local_, key)) triple.local = found.back().entry;
    for (const auto& found : Of(remote_, key)) {
      triple.remote = found.entry;
      triple.ambiguous.push_back(found.entry);
    }
    if (triple.local && HasNoStart(triple.local->value) && ambiguous_) {
      triple.ambiguous = left_over_;
    }
    if (triple.ambiguous.size() < 2) triple.ambiguous.clear();
    return triple;
  }

  std::vector<Keyed<model::Agreed<R>>> base_;
  std::vector<Keyed<model::Declared<R>>> local_;
  std::vector<Keyed<model::Remote<R>>> remote_;
  std::vector<const model::Remote<R>*> left_over_;  // that no declared start names
  std::vector<std::string> left_over_keys_;         // sorted
  const model::Remote<R>* meant_ = nullptr;         // the one of them that is meant without a start
  bool ambiguous_ = false;                          // no start is declared, and any may be meant
};

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
    if (internal::IsMixed<R>(b, l, r)) {
      each(internal::MixedTriple<R>(std::move(key), b, l, r));
      continue;
    }
    if (b.size() <= 1 && l.size() <= 1 && r.size() <= 1) {
      each(Triple<R>{.key = std::move(key),
                     .base = b.empty() ? nullptr : b.data(),
                     .local = l.empty() ? nullptr : l.data(),
                     .remote = r.empty() ? nullptr : r.data()});
      continue;
    }
    split.clear();
    internal::Group<R>(b, l, r).Split(split);
    for (const auto& triple : split) each(triple);
  }
}

}  // namespace viasync::reconcile
