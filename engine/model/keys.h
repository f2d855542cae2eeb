// Keys: what identifies a resource across files and orgs. They are built, compared and taken apart
// here and nowhere else. Case-sensitive, like every name of the API.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "engine/model/by_kind.h"

namespace viasync::model {

// A kind whose key is one name.
template <class R>
concept KeyedByName = requires {
  KindTraits<R>::kName;
};

template <KeyedByName R>
std::string KeyOf(const R& resource) {
  return resource.*KindTraits<R>::kName;
}
// `voice:09876322222@ContactList1`; `@*` = all lists.
std::string KeyOf(const Exclusion& exclusion);

// Where several entries may share a key: their start, which then tells them apart. Else nullptr.
template <KeyedByName R>
const std::optional<base::UtcTime>* StartOf(const R&) {
  return nullptr;
}
inline const std::optional<base::UtcTime>* StartOf(const Exclusion& exclusion) {
  return &exclusion.start;
}

// KeyOf with `#2017-11-03T23:20:50Z` behind it: for entries that differ in their start only. Where
// a key names one entry, the key.
template <KeyedByName R>
std::string KeyWithStart(const R& resource) {
  return KeyOf(resource);
}
std::string KeyWithStart(const Exclusion& exclusion);

// As KeyOf(a) <=> KeyOf(b), byte by byte, without writing the keys: a million are sorted by it.
template <KeyedByName R>
std::strong_ordering CompareKeys(const R& a, const R& b) {
  return a.*KindTraits<R>::kName <=> b.*KindTraits<R>::kName;
}
std::strong_ordering CompareKeys(const Exclusion& a, const Exclusion& b);

// The order of every side of a comparison: by key, then by start.
template <class R>
std::strong_ordering Compare(const R& a, const R& b) {
  const std::strong_ordering keys = CompareKeys(a, b);
  const auto* start = StartOf(a);
  return keys != 0 || !start ? keys : *start <=> *StartOf(b);
}

// Equal keys in truth, not only as written: a list may be named `*`, and names may hold an `@`.
template <KeyedByName R>
bool SameKey(const R& a, const R& b) {
  return a.*KindTraits<R>::kName == b.*KindTraits<R>::kName;
}
bool SameKey(const Exclusion& a, const Exclusion& b);  // without the start

// What a glob of `manage` is matched with: the name, or an exclusion's list name.
template <KeyedByName R>
const std::string& ManagedName(const R& resource) {
  return resource.*KindTraits<R>::kName;
}
inline const std::string& ManagedName(const Exclusion& exclusion) { return exclusion.list.str(); }

// KeyOf, where `key` is a KeyWithStart that has a start, or only its mark. Else nullopt.
std::optional<std::string_view> WithoutStart(std::string_view key);

// `voice:09876322222@ContactList1#2017-…` taken apart. A list's name may hold `@`, an address of
// type email holds one; everything else of the key is the list.
struct ExclusionKey {
  std::string type;
  std::string address;
  std::string list;   // empty = all lists
  std::string start;  // only of entries that are told apart by it
};
ExclusionKey ParseExclusionKey(std::string_view key);

}  // namespace viasync::model
