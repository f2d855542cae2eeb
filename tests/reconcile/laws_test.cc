// Laws over random worlds: what reconcile must keep whatever the three sides look like.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <set>
#include <string>

#include "tests/fakes/model_builders.h"

namespace viasync::reconcile {
namespace {

using fakes::Excluded;
using fakes::InOrg;
using fakes::World;
using model::Exclusion;
using model::Filter;

bool Often() { return *rc::gen::inRange(0, 4) > 0; }

template <class T>
T OneOf(std::vector<T> choices) {
  return *rc::gen::elementOf(std::move(choices));
}

Filter AnyFilter(const std::string& name) {
  return {.name = name,
          .description = OneOf<std::string>({"", "d", "e"}),
          .schema = OneOf<std::string>({"S", "T"}),
          .criteria = OneOf<std::string>({"a = 1 AND b = 1", "a=1 and b = 1", "a = 2 AND b = 1",
                                          "a = 1 AND b = 2", "a = 1 AND b = 1 AND c = 1"})};
}

World<Filter> AnyFilters() {
  World<Filter> world;
  for (const char* name : {"A", "B", "C"}) {
    Filter known = AnyFilter(name);
    if (Often()) {
      world.base.push_back({.value = known});
      if (!Often()) world.base.back().seen = AnyFilter(name);
    }
    const Filter& seen =
        world.base.empty() || !world.base.back().seen ? known : *world.base.back().seen;
    if (Often()) world.local.push_back({.value = Often() ? known : AnyFilter(name)});
    if (!world.local.empty() && !Often()) world.local.back().absent = true;
    Filter theirs = Often() ? seen : AnyFilter(name);
    theirs.name = name;
    if (Often()) world.remote.push_back(InOrg(theirs, std::to_string(++world.next_id)));
  }
  return world;
}

// Entries of two keys, up to two starts each; a start may be left out where the key has one entry.
World<Exclusion> AnyExclusions() {
  constexpr const char* kStarts[] = {"2020-01-01T00:00Z", "2021-01-01T00:00Z"};
  constexpr const char* kEnds[] = {nullptr, "2030-01-01T00:00Z", "2031-01-01T00:00Z"};
  World<Exclusion> world;
  auto any = [&](const char* address, const char* start) {
    return Excluded(address, "L", OneOf<std::string>({"r", "s"}), start,
                    kEnds[*rc::gen::inRange(0, 3)]);
  };
  for (const char* address : {"1", "2"}) {
    std::size_t known = world.base.size();
    for (const char* start : kStarts) {
      Exclusion agreed = any(address, start);
      if (Often()) world.base.push_back({.value = agreed});
      if (Often()) world.local.push_back({.value = Often() ? agreed : any(address, start)});
      if (Often()) {
        world.remote.push_back(
            InOrg(Often() ? agreed : any(address, start), std::to_string(++world.next_id)));
      }
    }
    bool several = world.base.size() - known > 1;
    for (; known < world.base.size(); ++known) world.base[known].keyed_by_start = several;
  }
  return world;
}

template <class R>
void Converges(World<R> world, Rules rules) {
  Sort(world);
  auto first = Run(world, rules);
  RC_CLASSIFY(first.conflicts.empty() && !first.changes.empty(), "changes without conflicts");
  if (!first.conflicts.empty()) return;
  ApplyAll(world, first);
  rules.has_base = true;
  auto second = Run(world, rules);
  RC_ASSERT(second.conflicts.empty());
  RC_ASSERT(second.changes.empty());
  // The base may need a run to follow (an entry that went), and one to give back a shorter key.
  for (int i = 0; i < 2; ++i) ApplyAll(world, Run(world, rules));
  auto last = Run(world, rules);
  RC_ASSERT(last.changes.empty());
  RC_ASSERT(last.base_edits.empty());
}

Rules AnyRules() {
  return {.has_base = true,
          .prune = !Often(),
          .revert_drift = !Often(),
          .prefer =
              OneOf<Prefer>({Prefer::kNeither, Prefer::kNeither, Prefer::kLocal, Prefer::kRemote})};
}

TEST_CASE("what was decided, once done, leaves nothing to decide") {
  CHECK(rc::check("filters", [] { Converges(AnyFilters(), AnyRules()); }));
  CHECK(rc::check("exclusions", [] { Converges(AnyExclusions(), AnyRules()); }));
}

TEST_CASE("without a base: the same, and nothing is deleted but what is declared absent") {
  CHECK(rc::check([] {
    auto world = AnyFilters();
    world.base.clear();
    auto result = Run(world, {});
    for (const auto& change : result.changes) {
      if (change.action != Action::kDelete) continue;
      auto declared = std::ranges::find(world.local, change.key,
                                        [](const auto& entry) { return entry.value.name; });
      RC_ASSERT(declared != world.local.end() && declared->absent);
    }
    RC_ASSERT(result.conflicts.empty());
    Converges(world, {});
  }));
}

// A run that stops after any of its writes goes on without conflicts and ends at the same place.
TEST_CASE("a run that stops half-way goes on") {
  CHECK(rc::check([] {
    auto world = AnyFilters();
    bool has_base = *rc::gen::arbitrary<bool>();
    if (!has_base) world.base.clear();
    Rules rules{.has_base = has_base};
    auto first = Run(world, rules);
    if (!first.conflicts.empty()) return;
    auto whole = world;
    ApplyAll(whole, first);
    ApplyBaseEdits(world, first);
    auto done = *rc::gen::inRange<std::size_t>(0, first.changes.size() + 1);
    for (std::size_t i = 0; i < done; ++i) {
      if (first.changes[i].direction == Direction::kPush) fakes::Push(world, first.changes[i]);
    }
    Sort(world);
    auto second = Run(world, {.has_base = true});
    RC_ASSERT(second.conflicts.empty());
    ApplyAll(world, second);
    RC_ASSERT(world.remote.size() == whole.remote.size());
    for (std::size_t i = 0; i < world.remote.size(); ++i) {
      RC_ASSERT(model::SameValue(world.remote[i].value, whole.remote[i].value));
    }
  }));
}

template <class R>
void EqualSides(World<R> world) {
  Sort(world);
  world.remote.clear();
  std::erase_if(world.local, [](const auto& entry) { return entry.absent; });
  for (const auto& entry : world.local) {
    world.remote.push_back(InOrg(entry.value, std::to_string(++world.next_id)));
  }
  auto result = Run(world, {.has_base = *rc::gen::arbitrary<bool>()});
  RC_ASSERT(result.conflicts.empty());
  RC_ASSERT(result.changes.empty());
  RC_ASSERT(result.unmanaged.empty());
  RC_ASSERT(result.unchanged == world.local.size());
}

TEST_CASE("equal sides never conflict and never change, whatever the base says") {
  CHECK(rc::check("filters", [] { EqualSides(AnyFilters()); }));
  CHECK(rc::check("exclusions", [] { EqualSides(AnyExclusions()); }));
}

template <class R>
void WellFormed(World<R> world) {
  Sort(world);
  auto result = Run(world, AnyRules());
  std::set<std::pair<std::string, Direction>> seen;
  std::set<std::string> conflicts;
  for (const auto& conflict : result.conflicts) conflicts.insert(conflict.change.key);
  for (const auto& change : result.changes) {
    RC_ASSERT(seen.insert({change.key, change.direction}).second);
    RC_ASSERT(!conflicts.contains(change.key));
    RC_ASSERT(!change.fields.empty());
    bool create = change.direction == Direction::kPush && change.action == Action::kCreate;
    RC_ASSERT(!create || change.id.empty());
    for (const auto& field : change.fields) {
      // Never "changed" with an empty diff.
      bool update = change.action == Action::kUpdate;
      RC_ASSERT(!update || field.merged || field.local != field.remote);
    }
  }
  RC_ASSERT(std::ranges::is_sorted(result.changes, {}, &Change::key));
  RC_ASSERT(std::ranges::is_sorted(result.conflicts, {},
                                   [](const auto& conflict) { return conflict.change.key; }));
}

TEST_CASE("output: sorted, one push and one pull a key at most, no empty diffs") {
  CHECK(rc::check("filters", [] { WellFormed(AnyFilters()); }));
  CHECK(rc::check("exclusions", [] { WellFormed(AnyExclusions()); }));
}

TEST_CASE("an update touches nothing in the org but the fields that it shows") {
  CHECK(rc::check([] {
    auto world = AnyFilters();
    for (const auto& change : Run(world, AnyRules()).changes) {
      if (change.direction != Direction::kPush || change.action != Action::kUpdate) continue;
      auto before = *model::FromValues<Filter>(change.before);
      auto after = *model::FromValues<Filter>(change.after);
      for (const auto& field : model::Fields<Filter>()) {
        bool shown =
            std::ranges::find(change.fields, field.name, &FieldChange::name) != change.fields.end();
        RC_ASSERT(shown || field.text(before) == field.text(after));
        RC_ASSERT(!shown || !field.same(before, after));
      }
    }
  }));
}

}  // namespace
}  // namespace viasync::reconcile
