// Every (base, local, remote) over {absent, a, b, c}, against the decision table written down anew.
#include <doctest/doctest.h>

#include <string>

#include "tests/fakes/model_builders.h"

namespace viasync::reconcile {
namespace {

using fakes::Describe;
using fakes::InOrg;
using fakes::World;

void SetText(model::Filter& filter, const std::string& text) { filter.criteria = text + " = 1"; }
void SetText(model::List& list, const std::string& text) {
  list.filter = text;
  list.type = model::ListType::kDynamic;
}
void SetText(model::Exclusion& exclusion, const std::string& text) {
  exclusion.reason = text;
  exclusion.start = base::ParseTime("2020-01-01T00:00Z");
}

constexpr char kStates[] = {'-', 'a', 'b', 'c'};  // `-`: absent

template <class R>
std::optional<R> Of(char state) {
  if (state == '-') return std::nullopt;
  R resource;
  SetText(resource, std::string(1, state));
  return resource;
}

template <class R>
World<R> WorldOf(char base, char local, char remote) {
  World<R> world;
  if (auto value = Of<R>(base)) world.base.push_back({.value = *value});
  if (auto value = Of<R>(local)) world.local.push_back({.value = *value});
  if (auto value = Of<R>(remote)) world.remote.push_back(InOrg(*value));
  return world;
}

std::string Expected(char base, char local, char remote, bool has_base, bool can_delete) {
  bool l = local != '-', r = remote != '-';
  if (base == '-') {
    if (l && r && local == remote) return "base=";
    if (l && r) return has_base ? "conflict" : "push update, base=";
    if (l) return "push create";
    return r ? "unmanaged" : "nothing";
  }
  if (!l && !r) return "base-";
  if (!l && !can_delete) return "unmanaged, base-";
  if (local == base && remote == base) return "nothing";
  if (local == remote) return "base=";
  if (remote == base) return l ? "push update" : "push delete";
  if (local == base) return r ? "pull update" : "pull delete";
  return "conflict";
}

template <class R>
void Walk() {
  constexpr bool kCanDelete = !std::is_same_v<R, model::List>;
  for (char base : kStates) {
    for (char local : kStates) {
      for (char remote : kStates) {
        std::string triple{base, local, remote};
        CAPTURE(triple);
        auto world = WorldOf<R>(base, local, remote);
        CHECK(Describe(Run(world, {.has_base = true})) ==
              Expected(base, local, remote, true, kCanDelete));
        if (base != '-') continue;
        CHECK(Describe(Run(world, {.has_base = false})) ==
              Expected(base, local, remote, false, kCanDelete));
      }
    }
  }
}

TEST_CASE("small world: filters") { Walk<model::Filter>(); }
TEST_CASE("small world: exclusions") { Walk<model::Exclusion>(); }
TEST_CASE("small world: lists, which cannot be deleted") { Walk<model::List>(); }

template <class R>
void WalkTwice() {
  for (char base : kStates) {
    for (char local : kStates) {
      for (char remote : kStates) {
        std::string triple{base, local, remote};
        CAPTURE(triple);
        auto world = WorldOf<R>(base, local, remote);
        auto first = Run(world, {.has_base = true});
        if (!first.conflicts.empty()) continue;
        ApplyAll(world, first);
        auto second = Run(world, {.has_base = true});
        CHECK(second.changes.empty());
        CHECK(second.conflicts.empty());
        ApplyAll(world, second);
        CHECK(Run(world, {.has_base = true}).base_edits.empty());
      }
    }
  }
}

TEST_CASE("small world: what was decided, once done, leaves nothing to decide") {
  WalkTwice<model::Filter>();
  WalkTwice<model::Exclusion>();
  WalkTwice<model::List>();
}

std::string Mirrored(std::string text) {
  if (text.starts_with("push")) return "pull" + text.substr(4);
  if (text.starts_with("pull")) return "push" + text.substr(4);
  return text;
}

TEST_CASE("small world: with a base, swapping the sides swaps push and pull") {
  for (char base : {'a', 'b'}) {
    for (char local : kStates) {
      for (char remote : kStates) {
        std::string triple{base, local, remote};
        CAPTURE(triple);
        auto one = Describe(Run(WorldOf<model::Filter>(base, local, remote), {.has_base = true}));
        auto two = Describe(Run(WorldOf<model::Filter>(base, remote, local), {.has_base = true}));
        CHECK(two == Mirrored(one));
      }
    }
  }
}

model::Filter Pair(char description, char schema) {
  return {.name = "F", .description = {description}, .schema = {schema}, .criteria = "1=1"};
}

// What one field must end as; '!' = a conflict.
char Settled(char base, char local, char remote) {
  if (local == remote) return local;
  if (local == base) return remote;
  if (remote == base) return local;
  return '!';
}

TEST_CASE("small world of two fields: no edit is lost without a conflict") {
  const std::string kAll = "abc";
  for (int n = 0; n < 729; ++n) {
    auto digit = [&, rest = n](int place) mutable {
      int value = rest;
      for (int i = 0; i < place; ++i) value /= 3;
      return kAll[static_cast<std::size_t>(value % 3)];
    };
    World<model::Filter> world;
    world.base.push_back({.value = Pair(digit(0), digit(1))});
    world.local.push_back({.value = Pair(digit(2), digit(3))});
    world.remote.push_back(InOrg(Pair(digit(4), digit(5))));
    CAPTURE(n);
    char first = Settled(digit(0), digit(2), digit(4));
    char second = Settled(digit(1), digit(3), digit(5));
    auto result = Run(world, {.has_base = true});
    CHECK(result.conflicts.empty() == (first != '!' && second != '!'));
    if (!result.conflicts.empty()) {
      CHECK(result.changes.empty());
      continue;
    }
    ApplyAll(world, result);
    CHECK(model::SameValue(world.local[0].value, Pair(first, second)));
    CHECK(model::SameValue(world.remote[0].value, Pair(first, second)));
  }
}

}  // namespace
}  // namespace viasync::reconcile
