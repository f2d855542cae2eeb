#include "engine/model/fields.h"

#include <algorithm>

namespace viasync::model {
namespace {

// The names of those fields of each kind that are `wanted`.
template <class Wanted>
ByKind<std::vector<std::string_view>> NamesOf(Wanted wanted) {
  ByKind<std::vector<std::string_view>> names;
  ForEachKind([&]<class R> {
    for (const auto& field : Fields<R>()) {
      if (wanted(field)) names.Of<R>().push_back(field.name);
    }
  });
  return names;
}

}  // namespace

std::span<const std::string_view> FieldNames(Kind kind) {
  static const auto kNames = NamesOf([](const auto&) { return true; });
  return kNames[kind];
}

std::span<const std::string_view> WritableFieldNames(Kind kind) {
  static const auto kNames = NamesOf([](const auto& field) { return !field.key; });
  return kNames[kind];
}

bool HasTimes(Kind kind) {
  return WithKind(kind, []<class R> {
    return std::ranges::any_of(Fields<R>(),
                               [](const auto& field) { return field.shape == Shape::kTime; });
  });
}

std::optional<Shape> ShapeOf(Kind kind, std::string_view field) {
  return WithKind(kind, [&]<class R>() -> std::optional<Shape> {
    const std::size_t index = FieldIndex<R>(field);
    return index < Fields<R>().size() ? std::optional(Fields<R>()[index].shape) : std::nullopt;
  });
}

}  // namespace viasync::model
