// The plan as a value: what apply will do, in which order, against which versions. It is built
// once, saved, reviewed, and either carried out as it stands or refused as stale.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/plan/renames.h"
#include "engine/reconcile/change.h"

namespace viasync::plan {

inline constexpr std::string_view kFormat = "viasync-plan/1";

struct Summary {
  std::size_t create = 0, update = 0, remove = 0;  // pushes
  std::size_t unprotect = 0;                       // of the pushes: they allow contact again
  std::size_t pull = 0, conflict = 0;
  std::size_t pull_unprotect = 0;  // of the pulls: they take protection out of the files
  std::size_t unchanged = 0, unmanaged = 0;
  friend bool operator==(const Summary&, const Summary&) = default;
};

// How many of a kind the org held when the plan was made: what percentages are of.
using Population = model::ByKind<std::size_t>;

// A limit that the plan exceeds (limits.h).
struct Exceeded {
  std::string limit;           // "filters.delete"
  std::string value;           // as it was given: "5" or "50%"
  std::size_t allowed = 0;     // how many changes that is
  std::size_t count = 0;       // how many the plan has
  std::size_t population = 0;  // how many of the kind the org holds
  friend bool operator==(const Exceeded&, const Exceeded&) = default;
};

// What a person should look at though it stops nothing: one number in two spellings, a column that
// is not known. It has no part in the id.
struct Warning {
  std::string message, hint;
  std::optional<base::SourcePos> where{};  // the place in the user's files
  std::string type{};                      // of `addresses`
  std::vector<std::string> addresses{};    // that `message` quotes in `…`, to be masked there
  friend bool operator==(const Warning&, const Warning&) = default;
};

// How the plan was asked for; `apply PLAN` plans anew in the same way and compares.
struct Options {
  bool prune = false;
  bool revert_drift = false;
  bool skip_conflicts = false;
  std::string base_ref;  // the commit whose files were the base; empty = the store's base
  bool trust_base =
      false;           // what that commit declares was in the org, so what is missing was deleted
  std::string prefer;  // "" | "local" | "remote"
  std::map<std::string, std::string> prefer_key{};  // key -> "local" | "remote"
  std::map<std::string, std::string> limits{};      // changed for this run: name -> "20" | "50%"
  friend bool operator==(const Options&, const Options&) = default;
};

struct Plan {
  std::string id;    // "sha256:…", over the sorted pushes with their versions; see PlanId
  std::string tool;  // "viasync 0.1.0"
  std::string environment;
  std::string org;
  base::UtcTime created{};
  std::string base_from;  // where the base came from: "store", "git abc123", "none", "none (why)"
  Options options;
  Summary summary;
  Population population{};
  std::vector<reconcile::Change> changes;       // pushes in the order of execution, then pulls
  std::vector<reconcile::Conflict> conflicts;   // sorted by kind and key
  std::vector<reconcile::Unmanaged> unmanaged;  // sorted by kind and key
  std::vector<Rename> renames;                  // filters that only get another name
  std::vector<Exceeded> exceeded;               // limits that stop it; see CheckLimits
  std::vector<Warning> warnings;                // what is about people first
};

// What MakePlan is made of; everything else of a plan follows from it.
struct Decisions {
  std::vector<reconcile::Change> changes;
  std::vector<reconcile::Conflict> conflicts;
  std::vector<reconcile::Unmanaged> unmanaged;
  std::size_t unchanged = 0;
};

// Orders the decisions (by order.h, within a rank by key), marks and counts what allows contact
// again as seen when the plan was made, finds renames, and gives the plan its id. `header` carries
// the fields that are not decided (tool, environment, org, created, base_from, options,
// population, exceeded, warnings).
Plan MakePlan(Plan header, Decisions decisions);

// The changes to be sent come first in Plan::changes; this is how many there are.
std::size_t PushCount(const Plan& plan);

// The plan without its pushes, and so without limits: what moved in the org, and what is in
// conflict.
Plan OnlyPulls(Plan plan);

// What differs between a reviewed plan and one made now, one line per resource that moved: why the
// reviewed one is stale. Empty when both have the same id.
std::vector<std::string> WhatMoved(const Plan& reviewed, const Plan& now);

// True when apply would send at least one write.
bool HasPushes(const Plan& plan);

// How many objects that the org has are updated or deleted without a base, so that an edit made in
// the org would be overwritten unseen. 0 with a base.
std::size_t OverwrittenUnseen(const Plan& plan);

// The id: SHA-256 over the pushes, sorted by kind and key, each with action, id, version and every
// field's name and value to be written, and over the org's name. Times, drift and order of entries
// have no part in it, so planning the same change twice gives the same id.
std::string PlanId(const Plan& plan);

}  // namespace viasync::plan
