#include "engine/model/field_types.h"

#include <algorithm>
#include <array>

namespace viasync::model {
namespace {

constexpr std::array<std::string_view, 5> kContactTypes = {"account", "voice", "email", "sms",
                                                           "secondary"};
constexpr std::array<std::string_view, 4> kListTypes = {"static", "dynamic", "fast path",
                                                        "active sort"};

}  // namespace

std::string_view ContactTypeName(ContactType type) {
  return kContactTypes[static_cast<std::size_t>(type)];
}

std::optional<ContactType> ParseContactType(std::string_view name) {
  auto found = std::ranges::find(kContactTypes, name);
  if (found == kContactTypes.end()) return std::nullopt;
  return static_cast<ContactType>(found - kContactTypes.begin());
}

std::optional<ContactType> ContactTypeFromNumber(std::int64_t number) {
  if (number < 0 || number >= static_cast<std::int64_t>(kContactTypes.size())) return std::nullopt;
  return static_cast<ContactType>(number);
}

std::string_view ListTypeName(ListType type) {
  if (type == ListType::kUnknown) return "unknown";
  return kListTypes[static_cast<std::size_t>(type)];
}

}  // namespace viasync::model
