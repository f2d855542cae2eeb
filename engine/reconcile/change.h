// What reconcile decided, resource by resource, as text values: the same for every kind, so that
// plan, apply and report need to know none.
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/interned.h"
#include "engine/base/optional_text.h"
#include "engine/base/ports.h"
#include "engine/model/resources.h"

namespace viasync::reconcile {

enum class Action { kCreate, kUpdate, kDelete };
inline constexpr Action kActions[] = {Action::kCreate, Action::kUpdate, Action::kDelete};

// The same thing for each action.
template <class T>
struct ByAction {
  std::array<T, std::size(kActions)> all{};
  T& operator[](Action action) { return all[static_cast<std::size_t>(action)]; }
  const T& operator[](Action action) const { return all[static_cast<std::size_t>(action)]; }
  friend bool operator==(const ByAction&, const ByAction&) = default;
};

enum class Direction {
  kPush,  // the org is to change: POST, PUT, PATCH or DELETE
  kPull,  // the YAML is to change
};

// One field of a change or conflict, with all three terms. nullopt = the side has no such resource.
struct FieldChange {
  std::string name;
  base::OptionalText base;
  base::OptionalText local;
  base::OptionalText remote;
  // What both sides' edits merged to; nullopt = the changed side's value stands as it is.
  base::OptionalText merged;
  friend bool operator==(const FieldChange&, const FieldChange&) = default;
};

struct Change {
  model::Kind kind = model::Kind::kFilter;
  std::string key;
  std::string id;            // the org's; empty for a create
  std::int64_t version = 0;  // the org's, that this was decided against; 0 for a create
  Action action = Action::kUpdate;
  Direction direction = Direction::kPush;
  model::Source source{};             // where it is declared; no file = nowhere
  std::vector<FieldChange> fields{};  // never empty: for create and delete all that have a value
  // Of a kind that protects: the change keeps somebody from being contacted (a create, an earlier
  // start, a later end); false for one that takes protection away (it goes, starts later, ends
  // sooner).
  bool protects = false;
  // Where it takes protection away: until when the entry would have protected; nullopt = for good.
  std::optional<base::UtcTime> protected_until{};
  // It took effect on somebody: set by plan::MarkUnprotecting.
  bool unprotects = false;
  bool reverts_drift = false;  // push over a change that only the org has (--revert-drift, prefer)
  bool settled = false;        // a field of it was in conflict, and `prefer` took a side
  // Pushes only; not part of the saved plan.
  model::Values before{};  // the org's values; empty for a create
  model::Values after{};   // the whole resource as it is to become; empty for a delete
  // The base once the org has confirmed (empty for a delete): as declared, and as the org holds it.
  model::Values agreed{};
  model::Values agreed_seen{};
  base::Interned modified_by{};  // who last changed it in the org, where the org says so
  std::optional<base::UtcTime> modified_at{};
  friend bool operator==(const Change& a, const Change& b) {
    return a.kind == b.kind && a.key == b.key && a.id == b.id && a.version == b.version &&
           a.action == b.action && a.direction == b.direction && a.fields == b.fields;
  }
};

enum class ConflictKind {
  kBothChanged,        // the same field, otherwise on each side
  kDeletedAndChanged,  // one side deleted what the other changed
  kAmbiguous,          // several entries of the org answer to one key
};

// A conflict is a value that keeps all three terms. Whoever settles it decides per key.
struct Conflict {
  ConflictKind kind = ConflictKind::kBothChanged;
  Change change;       // its fields are those in conflict; action and direction mean nothing
  std::string reason;  // for people: "deleted here, changed in the org"
};

// Something in the org, inside `manage`, that no file declares and the base does not know.
struct Unmanaged {
  model::Kind kind = model::Kind::kFilter;
  std::string key;
  std::string id;
};

std::string_view ActionName(Action action);  // create | update | delete
std::optional<Action> ParseAction(std::string_view name);
std::string_view DirectionName(Direction direction);  // push | pull

}  // namespace viasync::reconcile
