// What field tables are made of: a field is one line from a member pointer. Used by the files of
// the kinds only.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/interned.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/model/criteria.h"
#include "engine/model/fields.h"

namespace viasync::model {
namespace internal {

// How a member of each type reads, compares and is set.
inline std::string TextOf(const std::string& value) { return value; }
inline std::string TextOf(base::Interned value) { return value.str(); }
inline std::string TextOf(ContactType value) { return std::string(ContactTypeName(value)); }
inline std::string TextOf(const std::optional<base::UtcTime>& value) {
  return value ? base::FormatTimeShort(*value) : std::string();
}

inline bool SameText(std::string_view a, std::string_view b) {
  return a == b || base::Trim(a) == base::Trim(b);
}
inline bool Same(const std::string& a, const std::string& b) { return SameText(a, b); }
inline bool Same(base::Interned a, base::Interned b) {
  return a == b || SameText(a.str(), b.str());
}
inline bool Same(ContactType a, ContactType b) { return a == b; }
inline constexpr std::chrono::seconds kSecond{1};

// An org may keep whole seconds only: against such a time a fraction counts as nothing.
inline bool Same(const std::optional<base::UtcTime>& a, const std::optional<base::UtcTime>& b) {
  if (a == b) return true;
  if (!a || !b) return false;
  auto whole = [](base::UtcTime time) {
    return time.time_since_epoch() % kSecond == base::Millis(0);
  };
  return std::chrono::abs(*a - *b) < kSecond && (whole(*a) || whole(*b));
}

inline bool Set(std::string& to, std::string_view text) {
  to = text;
  return true;
}
inline bool Set(base::Interned& to, std::string_view text) {
  to = base::Interned(text);
  return true;
}
inline bool Set(ContactType& to, std::string_view text) {
  auto type = ParseContactType(text);
  if (type) to = *type;
  return type.has_value();
}
inline bool Set(std::optional<base::UtcTime>& to, std::string_view text) {
  to.reset();
  if (text.empty()) return true;
  to = base::ParseTime(text);
  return to.has_value();
}

template <class R, class T>
R OwnerOf(T R::*);
template <auto Member>
using Owner = decltype(OwnerOf(Member));

template <auto Member, class R = Owner<Member>>
constexpr Field<R> Make(std::string_view name, Shape shape) {
  return {.name = name,
          .shape = shape,
          .text = [](const R& r) { return TextOf(r.*Member); },
          .same = [](const R& a, const R& b) { return Same(a.*Member, b.*Member); },
          .identical = [](const R& a, const R& b) { return a.*Member == b.*Member; },
          .copy = [](R& to, const R& from) { to.*Member = from.*Member; },
          .parse = [](R& to, std::string_view text) { return Set(to.*Member, text); }};
}

}  // namespace internal

template <auto Member>
constexpr auto Text(std::string_view name) {
  return internal::Make<Member>(name, Shape::kText);
}
template <auto Member>
constexpr auto Name(std::string_view name) {
  auto field = internal::Make<Member>(name, Shape::kName);
  field.same = field.identical;
  return field;
}
template <auto Member>
constexpr auto Time(std::string_view name) {
  return internal::Make<Member>(name, Shape::kTime);
}
template <auto Member>
constexpr auto Word(std::string_view name) {
  return internal::Make<Member>(name, Shape::kWord);
}
template <auto Member>
constexpr auto Criteria(std::string_view name) {
  using R = internal::Owner<Member>;
  auto field = internal::Make<Member>(name, Shape::kCriteria);
  field.same = [](const R& a, const R& b) { return SameCriteria(a.*Member, b.*Member); };
  return field;
}

// What is special about a field; see Field.
template <class R>
constexpr Field<R> Key(Field<R> field) {
  field.key = true;
  return field;
}
template <class R>
constexpr Field<R> OrgFillsIn(Field<R> field) {
  field.org_fills_in = true;
  return field;
}
template <class R>
constexpr Field<R> KeptWhenLeftOut(Field<R> field) {
  field.kept_when_left_out = true;
  return field;
}
template <class R>
constexpr Field<R> AlwaysWritten(Field<R> field) {
  field.always_written = true;
  return field;
}

}  // namespace viasync::model
