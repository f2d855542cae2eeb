// The 24 types of configuration objects that export and import jobs move, and how their names are
// compared: the org spells one type in several ways (notes, "Jobs").
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace viasync::model {

// As requests spell them, in the order of the reference.
std::span<const std::string_view> ObjectTypes();

// What is left of a type's name when case, punctuation and a plural's end do not count:
// `TimeZoneTemplates` and `TIMEZONETEMPLATE` give the same.
std::string TypeKey(std::string_view name);

bool SameType(std::string_view a, std::string_view b);

// `SchemaDefinitions` -> `SCHEMADEFINITIONS`; nullopt: none of the 24.
std::optional<std::string> FindObjectType(std::string_view name);

}  // namespace viasync::model
