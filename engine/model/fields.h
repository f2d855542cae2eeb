// ONE field table per kind (filter.cc, exclusion.cc, list.cc). Diff, merge, store, plan and reports
// work from it, so a field is named, compared and written in the same way everywhere.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/resources.h"

namespace viasync::model {

enum class Shape {
  kName,      // of something in the org, or an address: compared byte by byte, blanks included
  kText,      // compared byte by byte, after trimming: empty = absent
  kCriteria,  // SQL, compared and merged by tokens (criteria.h)
  kTime,      // a moment
  kWord,      // one of a few words
};

template <class R>
struct Field {
  std::string_view name;  // in YAML, plans and reports
  Shape shape;
  bool key = false;           // part of the resource's key: never changes in place
  bool org_fills_in = false;  // not declared locally = whatever the org has
  // Not declared locally, and no base says that it ever was: the org's value is left alone.
  bool kept_when_left_out = false;
  bool always_written = false;  // an entry says it, and be it empty: `filter: ""`
  // Canonical text; empty = absent.
  std::string (*text)(const R&);
  // Equal by meaning.
  bool (*same)(const R&, const R&);
  // Equal to the last byte.
  bool (*identical)(const R&, const R&);
  void (*copy)(R& to, const R& from);
  // Sets the field from text; false: the text is no value of this field.
  bool (*parse)(R& to, std::string_view text);
};

// All fields of a kind, keys first, in the order in which people read them.
template <class R>
std::span<const Field<R>> Fields() {
  return KindTraits<R>::Fields();
}

// The place of a field in the table; the table's size where there is none of the name.
template <class R>
std::size_t FieldIndex(std::string_view name) {
  std::size_t index = 0;
  while (index < Fields<R>().size() && Fields<R>()[index].name != name) ++index;
  return index;
}

// The names of all fields, and of those that may change in place, of any kind. In the order of the
// table; they live as long as the program.
std::span<const std::string_view> FieldNames(Kind kind);
std::span<const std::string_view> WritableFieldNames(Kind kind);

// The shape of a field of any kind. nullopt: there is no field of the name.
std::optional<Shape> ShapeOf(Kind kind, std::string_view field);

// Whether any field of the kind is a moment.
bool HasTimes(Kind kind);

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
  values.reserve(Fields<R>().size());
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
