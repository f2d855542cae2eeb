// One of something for each kind, and one thing done for each: what keeps every other file from
// listing the kinds.
#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "engine/model/kinds.h"

namespace viasync::model {

inline constexpr std::size_t kKindCount = Kinds::size;

// Not defined for what is not declared as a kind.
template <class R>
inline constexpr Kind kKindOf = KindTraits<R>::kInfo.kind;

namespace internal {

template <class... R>
constexpr std::array<KindInfo, sizeof...(R)> InfosOf(TypeList<R...>) {
  return {KindTraits<R>::kInfo...};
}
inline constexpr auto kInfos = InfosOf(Kinds());

constexpr bool InOrder() {
  for (std::size_t i = 0; i < kKindCount; ++i) {
    if (kInfos[i].kind != static_cast<Kind>(i)) return false;
  }
  return true;
}
static_assert(InOrder(), "Kinds must list the kinds in the order of Kind");

constexpr bool NumbersDiffer() {
  for (std::size_t i = 0; i < kKindCount; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (kInfos[i].number_on_disk == kInfos[j].number_on_disk) return false;
    }
  }
  return true;
}
static_assert(NumbersDiffer(), "each kind has a number of its own in the store");

static_assert(std::ranges::count_if(kInfos, &KindInfo::protects) == 1,
              "limits and reports know of one kind that protects people");

template <class... R>
constexpr auto KindsOf(TypeList<R...>) {
  return std::array{kKindOf<R>...};
}

template <class F, class... R>
constexpr void ForEach(F& each, TypeList<R...>) {
  (each.template operator()<R>(), ...);
}

template <class F, class First, class... Rest>
decltype(auto) With(Kind kind, F& work, TypeList<First, Rest...>) {
  if constexpr (sizeof...(Rest) > 0) {
    if (kind != kKindOf<First>) return With(kind, work, TypeList<Rest...>());
  } else if (kind != kKindOf<First>) {
    std::abort();  // not one of Kind's values
  }
  return work.template operator()<First>();
}

template <template <class> class Box, class... R>
std::tuple<Box<R>...> TupleOf(TypeList<R...>);

}  // namespace internal

inline constexpr auto kKinds = internal::KindsOf(Kinds());

// The most fields that a kind has.
inline constexpr std::size_t kFieldsMax =
    std::ranges::max(internal::kInfos, {}, &KindInfo::fields).fields;

// The kind that keeps people from being contacted.
inline constexpr Kind kProtector =
    std::ranges::find_if(internal::kInfos, &KindInfo::protects)->kind;

// Calls `each.operator()<R>()` for each kind, in the order of Kind: ForEachKind([&]<class R> {…}).
template <class F>
constexpr void ForEachKind(F each) {
  internal::ForEach(each, Kinds());
}

// Calls `work.operator()<R>()` with the struct of the kind, and returns what it returns.
template <class F>
decltype(auto) WithKind(Kind kind, F work) {
  return internal::With(kind, work, Kinds());
}

constexpr const KindInfo& InfoOf(Kind kind) {
  return internal::kInfos.at(static_cast<std::size_t>(kind));
}
template <class R>
constexpr const KindInfo& InfoOf() {
  return KindTraits<R>::kInfo;
}

constexpr std::string_view KindName(Kind kind) { return InfoOf(kind).name; }
constexpr std::string_view KindPlural(Kind kind) { return InfoOf(kind).plural; }
constexpr std::optional<Kind> ParseKind(std::string_view name) {
  for (const auto& info : internal::kInfos) {
    if (info.name == name) return info.kind;
  }
  return std::nullopt;
}

// The plurals of all kinds, in their order: the sections of a file.
inline constexpr auto kKindPlurals = [] {
  std::array<std::string_view, kKindCount> plurals{};
  for (std::size_t i = 0; i < kKindCount; ++i) plurals[i] = internal::kInfos[i].plural;
  return plurals;
}();

// The same thing for each kind: a count, a name.
template <class T>
struct ByKind {
  std::array<T, kKindCount> all{};  // in the order of Kind

  T& operator[](Kind kind) { return all[static_cast<std::size_t>(kind)]; }
  const T& operator[](Kind kind) const { return all[static_cast<std::size_t>(kind)]; }
  template <class R>
  T& Of() {
    return (*this)[kKindOf<R>];
  }
  template <class R>
  const T& Of() const {
    return (*this)[kKindOf<R>];
  }
  friend bool operator==(const ByKind&, const ByKind&) = default;
};

// A thing of each kind's own type: what a file declares, what the org holds. Box<R> is what it
// holds for kind R.
template <template <class> class Box>
class PerKind {
 public:
  template <class R>
  Box<R>& Of() {
    return std::get<Box<R>>(all_);
  }
  template <class R>
  const Box<R>& Of() const {
    return std::get<Box<R>>(all_);
  }

 private:
  decltype(internal::TupleOf<Box>(Kinds())) all_;
};

}  // namespace viasync::model
