// ONE field table per kind. Diff, merge, store, plan and reports work from it, so a field is named,
// compared and written in the same way everywhere.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/result.h"
#include "engine/model/resources.h"

namespace viasync::model {

enum class Shape {
  kName,      // of something in the org, or an address: compared byte by byte, blanks included
  kText,      // compared byte by byte, after trimming: empty = absent
  kCriteria,  // SQL, compared and merged by tokens (criteria.h)
  kTime,      // a moment
};

template <class R>
struct Field {
  std::string_view name;  // in YAML, plans and reports
  Shape shape;
  bool key;           // part of the resource's key: never changes in place
  bool org_fills_in;  // not declared locally = whatever the org has
  // Not declared locally, and no base says that it ever was: the org's value is left alone.
  bool kept_when_left_out;
  // Canonical text; empty = absent.
  std::string (*text)(const R&);
  // Equal by meaning.
  bool (*same)(const R&, const R&);
  void (*copy)(R& to, const R& from);
  // Sets the field from text; false: the text is no value of this field.
  bool (*parse)(R& to, std::string_view text);
};

// All fields of a kind, keys first, in the order in which people read them.
template <class R>
std::span<const Field<R>> Fields();
template <>
std::span<const Field<Filter>> Fields<Filter>();
template <>
std::span<const Field<Exclusion>> Fields<Exclusion>();
template <>
std::span<const Field<List>> Fields<List>();

// Names of the fields that may change in place, of any kind.
std::span<const std::string_view> WritableFieldNames(Kind kind);

// True when every field of both means the same.
template <class R>
bool SameValue(const R& a, const R& b) {
  for (const auto& field : Fields<R>()) {
    if (!field.same(a, b)) return false;
  }
  return true;
}

template <class R>
Values ValuesOf(const R& resource) {
  Values values;
  for (const auto& field : Fields<R>()) {
    if (auto text = field.text(resource); !text.empty()) {
      values.emplace_back(field.name, std::move(text));
    }
  }
  return values;
}

// The reverse of ValuesOf. nullopt: a field this kind does not have, or a text that is no value.
template <class R>
std::optional<R> FromValues(const Values& values) {
  R resource;
  for (const auto& [name, text] : values) {
    bool known = false;
    for (const auto& field : Fields<R>()) {
      if (field.name != name) continue;
      if (!field.parse(resource, text)) return std::nullopt;
      known = true;
    }
    if (!known) return std::nullopt;
  }
  return resource;
}

}  // namespace viasync::model
