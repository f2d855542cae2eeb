// What a kind of resource is. This page holds everything that viasync knows of a kind as a whole:
// one struct and one KindTraits for each. How a field reads as text stands in the kind's field
// table (filter.cc, exclusion.cc, list.cc), how the API speaks of it in its file in engine/api.
// Every other room works from these three, and names a kind only where it is truly special.
//
// To add one: "Adding a kind" in docs/architecture.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/interned.h"
#include "engine/base/ports.h"
#include "engine/model/field_types.h"

namespace viasync::model {

// In the order in which people read them: of sections, counts and reports.
enum class Kind { kFilter, kExclusion, kList };

template <class R>
struct Field;  // fields.h

// A field that holds the name of a resource of another kind. What it names is made before, and
// goes after (plan/order.h).
struct Reference {
  std::string_view field;
  Kind to;
};

// How a report shows a change: a paragraph with its fields, or one row of a table.
enum class Layout { kParagraph, kRow };

struct KindInfo {
  Kind kind;
  std::string_view name;    // "filter": in plans and reports
  std::string_view plural;  // "filters": the section of the YAML, `manage` and `limits`
  int number_on_disk;       // in the store; never changes, and is never used again
  std::size_t fields;       // how many its field table has
  // What the API can do with it. What cannot be deleted is never taken for deleted here: an entry
  // that leaves the files only ends its management.
  bool can_create = true;
  bool can_delete = true;
  bool protects = false;         // keeps somebody from being contacted; has a start and an end
  bool several_per_key = false;  // told apart by their start
  bool in_csv = false;           // `- from: FILE.csv` may stand for its entries
  std::span<const Reference> references{};
  std::optional<std::size_t> delete_limit{};  // `limits` where the project says nothing
  Layout layout = Layout::kRow;
};

// One for each kind:
//   kInfo            a KindInfo
//   Fields()         its field table; defined in the file of the kind
//   kName            the member that is its key and that the globs of `manage` match. A kind with
//                    another key overloads the functions of keys.h instead.
// and, where the defaults of KindDefaults are not right, functions of the same name.
template <class R>
struct KindTraits;

struct KindDefaults {
  // Whether one that no file declares is worth a word: false, and nobody hears of it.
  template <class R>
  static bool CanBeManaged(const R&) {
    return true;
  }
  // Of a kind that cannot be deleted: whether the first pull of an org takes it into the files.
  template <class R>
  static bool IsAdopted(const R&) {
    return true;
  }
};

// --- filters ------------------------------------------------------------------------------------

struct Filter {
  std::string name;
  std::string description;
  std::string schema;    // by name; ids differ from org to org. Empty = none
  std::string criteria;  // SQL WHERE text with an optional ORDER BY
};

template <>
struct KindTraits<Filter> : KindDefaults {
  static constexpr KindInfo kInfo{.kind = Kind::kFilter,
                                  .name = "filter",
                                  .plural = "filters",
                                  .number_on_disk = 0,
                                  .fields = 4,
                                  .delete_limit = 5,
                                  .layout = Layout::kParagraph};
  static constexpr auto kName = &Filter::name;
  static std::span<const Field<Filter>> Fields();
};

// --- exclusions ---------------------------------------------------------------------------------

struct Exclusion {
  ContactType type = ContactType::kAccount;
  std::string address;
  base::Interned list;  // empty = all lists
  base::Interned reason;
  std::optional<base::UtcTime> start;  // local, not declared: what the org has, else now
  std::optional<base::UtcTime> end;    // nullopt = no end
};

template <>
struct KindTraits<Exclusion> : KindDefaults {
  static constexpr Reference kReferences[] = {{"list", Kind::kList}};
  static constexpr KindInfo kInfo{.kind = Kind::kExclusion,
                                  .name = "exclusion",
                                  .plural = "exclusions",
                                  .number_on_disk = 1,
                                  .fields = 6,
                                  .protects = true,
                                  .several_per_key = true,
                                  .in_csv = true,
                                  .references = kReferences,
                                  .delete_limit = 100};
  static std::span<const Field<Exclusion>> Fields();
};

// --- lists --------------------------------------------------------------------------------------

struct List {
  std::string name;
  std::string filter;                  // by name; empty = none assigned
  ListType type = ListType::kUnknown;  // the org's; never compared, never written
};

template <>
struct KindTraits<List> : KindDefaults {
  static constexpr Reference kReferences[] = {{"filter", Kind::kFilter}};
  static constexpr KindInfo kInfo{.kind = Kind::kList,
                                  .name = "list",
                                  .plural = "lists",
                                  .number_on_disk = 2,
                                  .fields = 2,
                                  .can_create = false,
                                  .can_delete = false,
                                  .references = kReferences};
  static constexpr auto kName = &List::name;
  static std::span<const Field<List>> Fields();
  static bool CanBeManaged(const List& list) { return TakesFilter(list.type); }
  static bool IsAdopted(const List& list) { return !list.filter.empty(); }
};

// --- all of them --------------------------------------------------------------------------------

template <class... R>
struct TypeList {
  static constexpr std::size_t size = sizeof...(R);
};

// In the order of Kind.
using Kinds = TypeList<Filter, Exclusion, List>;

}  // namespace viasync::model
