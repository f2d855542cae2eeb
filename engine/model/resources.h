// The resource kinds: what an org holds and a repository declares. One plain struct per kind; what
// each field is called, how it reads as text and when two values mean the same stands in fields.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/interned.h"
#include "engine/base/ports.h"

namespace viasync::model {

enum class Kind { kFilter, kExclusion, kList };
inline constexpr Kind kKinds[] = {Kind::kFilter, Kind::kExclusion, Kind::kList};

std::string_view KindName(Kind kind);  // "filter": in plans and reports
std::string_view KindPlural(
    Kind kind);  // "filters": the section of the YAML, `manage` and `limits`
std::optional<Kind> ParseKind(std::string_view name);  // of KindName

// The numbers are the API's (notes, "Exclusions").
enum class ContactType : std::int8_t { kAccount, kVoice, kEmail, kSms, kSecondary };
std::string_view ContactTypeName(ContactType type);  // account | voice | email | sms | secondary
std::optional<ContactType> ParseContactType(std::string_view name);
std::optional<ContactType> ContactTypeFromNumber(std::int64_t number);

// The numbers are the API's (notes, "Lists").
enum class ListType : std::int8_t { kUnknown = -1, kStatic, kDynamic, kFastPath, kActiveSort };
std::string_view ListTypeName(ListType type);
inline bool TakesFilter(ListType type) {
  return type == ListType::kDynamic || type == ListType::kActiveSort;
}

struct Filter {
  std::string name;
  std::string description;
  std::string schema;    // by name; ids differ from org to org. Empty = none
  std::string criteria;  // SQL WHERE text with an optional ORDER BY
};

struct Exclusion {
  ContactType type = ContactType::kAccount;
  std::string address;
  base::Interned list;  // empty = all lists
  base::Interned reason;
  std::optional<base::UtcTime> start;  // local, not declared: what the org has, else now
  std::optional<base::UtcTime> end;    // nullopt = no end
};

struct List {
  std::string name;
  std::string filter;                  // by name; empty = none assigned
  ListType type = ListType::kUnknown;  // the org's; never compared, never written
};

template <class R>
inline constexpr Kind kKindOf = Kind::kFilter;
template <>
inline constexpr Kind kKindOf<Exclusion> = Kind::kExclusion;
template <>
inline constexpr Kind kKindOf<List> = Kind::kList;

// A resource as text: field name -> canonical text, in the order of the kind's field table, empty
// values left out.
using Values = std::vector<std::pair<std::string, std::string>>;

// Where in the user's files a resource is declared. Small: a million of them are held.
struct Source {
  base::Interned file;  // relative to the repository
  int line = 0;
};

// The local side: a resource as the repository declares it, after variables and overlays.
template <class R>
struct Declared {
  R value;
  Source source;
  bool absent = false;  // must not exist in the org
  // Bit i: Fields<R>()[i] is declared, as a text that is empty (`reason: ""`), not left out.
  std::uint8_t emptied = 0;
};

// The remote side: a resource as the org answered.
template <class R>
struct Remote {
  R value;
  std::string id;
  std::int64_t version = 0;  // what a write must carry; 0 while `detailed` is false
  bool detailed = true;      // false: only the terse collection entry was read
  base::Interned modified_by{};
  std::optional<base::UtcTime> modified_at{};
};

// The base: a resource as both sides last agreed.
template <class R>
struct Agreed {
  R value;                      // as declared
  std::optional<R> seen{};      // as the org stored it, where it rewrote the value
  bool keyed_by_start = false;  // stored under KeyWithStart, not KeyOf
};

// Keys are case-sensitive, like every name of the API.
std::string KeyOf(const Filter& filter);  // the name
std::string KeyOf(const List& list);      // the name
// `voice:09876322222@ContactList1`; `@*` = all lists.
std::string KeyOf(const Exclusion& exclusion);
// KeyOf with `#2017-11-03T23:20:50Z` behind it: for entries that differ in their start only.
std::string KeyWithStart(const Exclusion& exclusion);

// Equal keys in truth, not only as written: a list may be named `*`, and names may hold an `@`.
bool SameKey(const Filter& a, const Filter& b);
bool SameKey(const List& a, const List& b);
bool SameKey(const Exclusion& a, const Exclusion& b);  // without the start

// What a glob of `manage` is matched with: a filter's or list's name, an exclusion's list name.
const std::string& ManagedName(const Filter& filter);
const std::string& ManagedName(const List& list);
const std::string& ManagedName(const Exclusion& exclusion);

}  // namespace viasync::model
