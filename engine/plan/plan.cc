#include "engine/plan/plan.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/base/strings.h"
#include "engine/plan/order.h"
#include "engine/plan/protection.h"

namespace viasync::plan {
namespace {

using model::Kind;
using reconcile::Action;
using reconcile::Change;
using reconcile::Direction;

auto ByKey(const Change& change) {
  return std::tuple(change.kind, std::string_view(change.key), change.action);
}

// Length-prefixed, so that no two different lists of parts give the same bytes.
void Put(std::string& out, std::string_view part) {
  out += std::to_string(part.size());
  out += ':';
  out += part;
}

void PutOptional(std::string& out, const base::OptionalText& part) {
  if (part)
    Put(out, std::string_view(*part));
  else
    out += '-';
}

std::string Label(const Change& change) {
  return std::string(model::KindName(change.kind)) + " " + base::Printable(change.key);
}

std::string Verb(const Change& change) { return std::string(reconcile::ActionName(change.action)); }

// The same write of a field; what the base said about it has no part in that.
bool SameField(const reconcile::FieldChange& a, const reconcile::FieldChange& b) {
  return a.name == b.name && a.local == b.local && a.remote == b.remote && a.merged == b.merged;
}

bool SamePush(const Change& a, const Change& b) {
  return a.action == b.action && a.id == b.id && a.version == b.version &&
         std::ranges::equal(a.fields, b.fields, SameField);
}

// Why the push `was` is not the push `is`.
std::string Difference(const Change& was, const Change& is) {
  if (was.action != is.action) return "was to be " + Verb(was) + "d, now to be " + Verb(is) + "d";
  if (was.id != is.id) {
    return "is another object in the org now (id " + base::Printable(is.id) + ")";
  }
  if (was.version != is.version) {
    return "version " + std::to_string(was.version) + " when planned, " +
           std::to_string(is.version) + " now";
  }
  for (const auto& field : is.fields) {
    auto same = [&](const auto& other) { return SameField(other, field); };
    if (std::ranges::none_of(was.fields, same)) {
      return "another value of `" + base::Printable(field.name) + "`";
    }
  }
  return "other fields than planned";
}

}  // namespace

Plan MakePlan(Plan header, Decisions decisions) {
  Plan plan = std::move(header);
  plan.changes = std::move(decisions.changes);
  MarkUnprotecting(plan.changes, plan.created);
  plan.renames = FindRenames(plan.changes);
  std::ranges::stable_sort(plan.changes, {}, [](const Change& change) {
    bool push = change.direction == Direction::kPush;
    return std::tuple(!push, push ? RankOf(change) : Rank(), change.kind,
                      std::string_view(change.key));
  });
  plan.conflicts = std::move(decisions.conflicts);
  std::ranges::stable_sort(plan.conflicts, {}, [](const auto& c) { return ByKey(c.change); });
  plan.unmanaged = std::move(decisions.unmanaged);
  std::ranges::stable_sort(plan.unmanaged, {}, [](const auto& u) {
    return std::tuple(u.kind, std::string_view(u.key), std::string_view(u.id));
  });
  plan.summary = {.conflict = plan.conflicts.size(),
                  .unchanged = decisions.unchanged,
                  .unmanaged = plan.unmanaged.size()};
  for (const auto& change : plan.changes) {
    const bool pull = change.direction == Direction::kPull;
    if (change.unprotects) ++(pull ? plan.summary.pull_unprotect : plan.summary.unprotect);
    if (pull)
      ++plan.summary.pull;
    else if (change.action == Action::kCreate)
      ++plan.summary.create;
    else if (change.action == Action::kUpdate)
      ++plan.summary.update;
    else
      ++plan.summary.remove;
  }
  plan.id = PlanId(plan);
  return plan;
}

Plan OnlyPulls(Plan plan) {
  plan.exceeded.clear();
  Decisions decisions{.conflicts = std::move(plan.conflicts),
                      .unmanaged = std::move(plan.unmanaged),
                      .unchanged = plan.summary.unchanged};
  for (auto& change : plan.changes) {
    if (change.direction == Direction::kPull) decisions.changes.push_back(std::move(change));
  }
  return MakePlan(std::move(plan), std::move(decisions));
}

std::size_t PushCount(const Plan& plan) {
  return plan.summary.create + plan.summary.update + plan.summary.remove;
}

bool HasPushes(const Plan& plan) { return PushCount(plan) > 0; }

std::size_t OverwrittenUnseen(const Plan& plan) {
  if (!plan.base_from.starts_with("none")) return 0;
  return plan.summary.update + plan.summary.remove;
}

std::string PlanId(const Plan& plan) {
  std::vector<const Change*> pushes;
  for (const auto& change : plan.changes) {
    if (change.direction == Direction::kPush) pushes.push_back(&change);
  }
  std::ranges::sort(pushes, {}, [](const Change* change) { return ByKey(*change); });
  std::string bytes;
  Put(bytes, kFormat);
  Put(bytes, plan.org);
  for (const auto* change : pushes) {
    Put(bytes, model::KindName(change->kind));
    Put(bytes, change->key);
    Put(bytes, reconcile::ActionName(change->action));
    Put(bytes, change->id);
    Put(bytes, std::to_string(change->version));
    Put(bytes, std::to_string(change->fields.size()));
    for (const auto& field : change->fields) {
      Put(bytes, field.name);
      PutOptional(bytes, field.local);
      PutOptional(bytes, field.remote);
      PutOptional(bytes, field.merged);
    }
  }
  return "sha256:" + base::Sha256Hex(bytes);
}

std::vector<std::string> WhatMoved(const Plan& reviewed, const Plan& now) {
  if (reviewed.id == now.id) return {};
  auto pushes = [](const Plan& plan) {
    std::map<std::pair<Kind, std::string>, const Change*> map;
    for (const auto& change : plan.changes) {
      if (change.direction == Direction::kPush) map[{change.kind, change.key}] = &change;
    }
    return map;
  };
  auto was = pushes(reviewed), is = pushes(now);
  std::vector<std::string> moved;
  for (const auto& [key, change] : was) {
    auto found = is.find(key);
    if (found == is.end()) {
      std::string what =
          change->action == Action::kUpdate ? "an update" : "to be " + Verb(*change) + "d";
      moved.push_back(Label(*change) + ": no longer needs " + what);
    } else if (!SamePush(*change, *found->second)) {
      moved.push_back(Label(*change) + ": " + Difference(*change, *found->second));
    }
  }
  for (const auto& [key, change] : is) {
    if (!was.contains(key)) {
      moved.push_back(Label(*change) + ": is to be " + Verb(*change) +
                      "d now, but was not reviewed");
    }
  }
  if (moved.empty())
    moved.push_back("the org: planned for " + base::Printable(reviewed.org) + ", now " +
                    base::Printable(now.org));
  return moved;
}

}  // namespace viasync::plan
