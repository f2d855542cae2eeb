#include "engine/model/resources.h"

#include <algorithm>
#include <array>

#include "engine/base/times.h"

namespace viasync::model {
namespace {

constexpr std::array<std::string_view, 3> kKindNames = {"filter", "exclusion", "list"};
constexpr std::array<std::string_view, 3> kKindPlurals = {"filters", "exclusions", "lists"};
constexpr std::array<std::string_view, 5> kContactTypes = {"account", "voice", "email", "sms",
                                                           "secondary"};
constexpr std::array<std::string_view, 4> kListTypes = {"static", "dynamic", "fast path",
                                                        "active sort"};

template <class Enum, std::size_t N>
std::optional<Enum> Lookup(const std::array<std::string_view, N>& names, std::string_view name) {
  auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view KindName(Kind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

std::string_view KindPlural(Kind kind) { return kKindPlurals[static_cast<std::size_t>(kind)]; }

std::optional<Kind> ParseKind(std::string_view name) { return Lookup<Kind>(kKindNames, name); }

std::string_view ContactTypeName(ContactType type) {
  return kContactTypes[static_cast<std::size_t>(type)];
}

std::optional<ContactType> ParseContactType(std::string_view name) {
  return Lookup<ContactType>(kContactTypes, name);
}

std::optional<ContactType> ContactTypeFromNumber(std::int64_t number) {
  if (number < 0 || number >= static_cast<std::int64_t>(kContactTypes.size())) return std::nullopt;
  return static_cast<ContactType>(number);
}

std::string_view ListTypeName(ListType type) {
  if (type == ListType::kUnknown) return "unknown";
  return kListTypes[static_cast<std::size_t>(type)];
}

std::string KeyOf(const Filter& filter) { return filter.name; }

std::string KeyOf(const List& list) { return list.name; }

std::string KeyOf(const Exclusion& exclusion) {
  std::string key(ContactTypeName(exclusion.type));
  key += ':';
  key += exclusion.address;
  key += '@';
  key += exclusion.list.empty() ? "*" : exclusion.list.str();
  return key;
}

std::string KeyWithStart(const Exclusion& exclusion) {
  std::string key = KeyOf(exclusion);
  key += '#';
  // To the second, as times are compared (fields.cc): an org may keep no fractions.
  if (exclusion.start) {
    key += base::FormatTimeShort(std::chrono::floor<std::chrono::seconds>(*exclusion.start));
  }
  return key;
}

bool SameKey(const Filter& a, const Filter& b) { return a.name == b.name; }
bool SameKey(const List& a, const List& b) { return a.name == b.name; }
bool SameKey(const Exclusion& a, const Exclusion& b) {
  return a.type == b.type && a.list == b.list && a.address == b.address;
}

const std::string& ManagedName(const Filter& filter) { return filter.name; }
const std::string& ManagedName(const List& list) { return list.name; }
const std::string& ManagedName(const Exclusion& exclusion) { return exclusion.list.str(); }

}  // namespace viasync::model
