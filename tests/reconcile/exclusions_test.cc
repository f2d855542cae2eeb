// What exclusions add: entries that differ in their start only, starts that the org fills in, and
// the question whether a change protects somebody.
#include <doctest/doctest.h>

#include <string>

#include "engine/reconcile/protection.h"
#include "tests/fakes/model_builders.h"

namespace viasync::reconcile {
namespace {

using fakes::Describe;
using fakes::Excluded;
using fakes::InOrg;
using model::Exclusion;
using World = fakes::World<Exclusion>;

constexpr const char* kOne = "2020-01-01T00:00Z";
constexpr const char* kTwo = "2021-01-01T00:00Z";
constexpr const char* kThree = "2022-01-01T00:00Z";
const Rules kThreeWay{.has_base = true};

Exclusion Of(const char* start, const char* reason = "r", const char* end = nullptr) {
  return Excluded("1", "L", reason, start, end);
}

TEST_CASE("entries of one key are told apart by their start, and neither touches the other") {
  World world{.base = {{.value = Of(kOne), .keyed_by_start = true},
                       {.value = Of(kTwo), .keyed_by_start = true}},
              .local = {{.value = Of(kOne)}, {.value = Of(kTwo, "new")}},
              .remote = {InOrg(Of(kOne), "1"), InOrg(Of(kTwo), "2")}};
  auto result = Run(world, kThreeWay);
  REQUIRE(Describe(result) == "push update");
  CHECK(result.changes[0].id == "2");
  CHECK(result.changes[0].key == "voice:1@L#2021-01-01T00:00:00Z");
}

// With a pass over all of them for each, this would take minutes.
TEST_CASE("very many entries of one key are matched by their starts") {
  constexpr int kCount = 20'000;
  World world;
  for (int i = 0; i < kCount; ++i) {
    Exclusion one = Of(kOne);
    *one.start += std::chrono::minutes(i);
    world.base.push_back({.value = one, .keyed_by_start = true});
    world.remote.push_back(InOrg(one, std::to_string(i)));
    if (i % 1000 == 7) one.reason = base::Interned("new");
    world.local.push_back({.value = one});
  }
  auto result = Run(world, kThreeWay);
  REQUIRE(result.changes.size() == kCount / 1000);
  CHECK(result.changes.front().id == "7");
  CHECK(result.unchanged == kCount - kCount / 1000);
}

TEST_CASE("a second entry of a key gives the first its start in the base, and takes it back") {
  World world{.base = {{.value = Of(kOne)}},
              .local = {{.value = Of(kOne)}, {.value = Of(kTwo)}},
              .remote = {InOrg(Of(kOne))}};
  auto result = Run(world, kThreeWay);
  CHECK(Describe(result) == "push create, base-, base=");
  CHECK(result.base_edits[0].key == "voice:1@L");
  CHECK(result.base_edits[1].key == "voice:1@L#2020-01-01T00:00:00Z");
  ApplyAll(world, result);
  CHECK(Describe(Run(world, kThreeWay)) == "nothing");
  world.local.pop_back();
  ApplyAll(world, Run(world, kThreeWay));
  auto back = Run(world, kThreeWay);
  CHECK(Describe(back) == "base-, base=");
  CHECK(back.base_edits[1].key == "voice:1@L");
  ApplyAll(world, back);
  CHECK(Describe(Run(world, kThreeWay)) == "nothing");
}

TEST_CASE("an extension that was declared and may never have arrived is sent; else people decide") {
  Rules rules{.has_base = true};
  auto run = [&](const Exclusion& declared, const Exclusion& remote) {
    return Describe(Run(World{.base = {{.value = declared}},
                              .local = {{.value = declared}},
                              .remote = {InOrg(remote)}},
                        rules));
  };
  CHECK(run(Of(kOne, "r"), Of(kOne, "r", kThree)) == "pull update");
  rules.arrived = [](const std::string&) { return nullptr; };
  CHECK(run(Of(kOne, "r"), Of(kOne, "r", kThree)) == "push update");
  CHECK(run(Of(kOne, "r", kThree), Of(kOne, "r", kTwo)) == "push update");
  CHECK(run(Of(kOne, "r", kTwo), Of(kOne, "r", kThree)) == "conflict");
  CHECK(run(Of(kOne, "r", kTwo), Of(kOne)) == "conflict");
  CHECK(run(Of(kOne, "here"), Of(kOne, "there")) == "conflict");
}

TEST_CASE("a single entry whose start moves is changed in place") {
  World world{
      .base = {{.value = Of(kTwo)}}, .local = {{.value = Of(kOne)}}, .remote = {InOrg(Of(kTwo))}};
  CHECK(Describe(Run(world, kThreeWay)) == "push update");
}

TEST_CASE("entries that not even the start tells apart are reported") {
  World world{.local = {{.value = Of(kOne)}},
              .remote = {InOrg(Of(kOne), "1"), InOrg(Of(kOne, "other"), "2")}};
  auto result = Run(world, kThreeWay);
  CHECK(Describe(result) == "conflict");
  CHECK(result.conflicts[0].kind == ConflictKind::kAmbiguous);
  world.local.clear();
  CHECK(Describe(Run(world, {.prune = true})) == "unmanaged, unmanaged");
}

TEST_CASE("no start declared: whatever the org filled in is no drift, and the base learns it") {
  World world{.local = {{.value = Of(nullptr)}}};
  auto made = Run(world, {});
  CHECK(Describe(made) == "push create");
  ApplyAll(world, made);
  REQUIRE(world.remote[0].value.start.has_value());
  auto second = Run(world, kThreeWay);
  CHECK(Describe(second) == "base=");
  ApplyAll(world, second);
  CHECK(Describe(Run(world, kThreeWay)) == "nothing");
}

TEST_CASE("no start declared: taking the entry out deletes it, filled in or not") {
  for (const char* known : {static_cast<const char*>(nullptr), kOne}) {
    World world{.base = {{.value = Of(known)}}, .remote = {InOrg(Of(kOne))}};
    CHECK(Describe(Run(world, kThreeWay)) == "push delete");
  }
  World moved{.base = {{.value = Of(kOne)}}, .remote = {InOrg(Of(kTwo))}};
  CHECK(Describe(Run(moved, kThreeWay)) == "conflict");
}

TEST_CASE("a start that is declared later is pushed, not in conflict with the org's own") {
  World world{.base = {{.value = Of(nullptr)}},
              .local = {{.value = Of(kTwo)}},
              .remote = {InOrg(Of(kOne))}};
  CHECK(Describe(Run(world, kThreeWay)) == "push update");
  world.remote[0].value = Of(kTwo);
  CHECK(Describe(Run(world, kThreeWay)) == "base=");
}

TEST_CASE("no start declared among several: the one the base knows, or the one left over") {
  World known{.base = {{.value = Of(kOne)}},
              .local = {{.value = Of(nullptr, "new")}},
              .remote = {InOrg(Of(kOne), "1"), InOrg(Of(kTwo), "2")}};
  auto result = Run(known, kThreeWay);
  REQUIRE(Describe(result) == "push update, unmanaged, base-, base=");
  CHECK(result.changes[0].id == "1");
  World left_over{.local = {{.value = Of(nullptr)}, {.value = Of(kOne)}},
                  .remote = {InOrg(Of(kOne), "1"), InOrg(Of(kTwo), "2")}};
  CHECK(Describe(Run(left_over, {})) == "base=, base=");
}

TEST_CASE("where any may be meant, none is deleted") {
  World world{.base = {{.value = Of(kOne), .keyed_by_start = true},
                       {.value = Of(kTwo), .keyed_by_start = true}},
              .local = {{.value = Of(nullptr)}},
              .remote = {InOrg(Of(kOne), "1"), InOrg(Of(kTwo), "2")}};
  auto result = Run(world, {.has_base = true, .prune = true});
  CHECK(result.changes.empty());
  CHECK(result.conflicts.size() == 1);
}

TEST_CASE("a list named * is not all lists: reported, never taken for it") {
  World world{.local = {{.value = Excluded("1", "", "r", kOne)}},
              .remote = {InOrg(Excluded("1", "*", "r", kOne))}};
  auto result = Run(world, {.prune = true});
  CHECK(Describe(result) == "conflict");
  CHECK(result.conflicts[0].kind == ConflictKind::kAmbiguous);
  World at{.base = {{.value = Excluded("a@b", "c", "r", kOne)}},
           .local = {{.value = Excluded("a", "b@c", "r", kOne)}}};
  CHECK(Describe(Run(at, kThreeWay)) == "conflict");
}

TEST_CASE("what protects: additions and extensions, not removals and shortenings") {
  struct Row {
    const char* sentence;
    Exclusion local;
    Exclusion remote;
    bool protects;
  };
  for (const auto& [sentence, local, remote, protects] : {
           Row{"a later end", Of(kOne, "r", kThree), Of(kOne, "r", kTwo), true},
           {"an earlier end", Of(kOne, "r", kTwo), Of(kOne, "r", kThree), false},
           {"no end any more", Of(kOne), Of(kOne, "r", kTwo), true},
           {"an end where there was none", Of(kOne, "r", kTwo), Of(kOne), false},
           {"an earlier start", Of(kOne), Of(kTwo), true},
           {"a later start", Of(kTwo), Of(kOne), false},
           {"later at both ends", Of(kTwo, "r", kThree), Of(kOne, "r", kTwo), false},
           {"another reason", Of(kOne, "new"), Of(kOne), true},
       }) {
    CAPTURE(std::string(sentence));
    World world{
        .base = {{.value = remote}}, .local = {{.value = local}}, .remote = {InOrg(remote)}};
    auto result = Run(world, kThreeWay);
    REQUIRE(Describe(result) == "push update");
    CHECK(result.changes[0].protects == protects);
    CHECK(result.changes[0].protected_until == (protects ? std::nullopt : remote.end));
    // The other way round it is the files that change.
    World drifted{
        .base = {{.value = remote}}, .local = {{.value = remote}}, .remote = {InOrg(local)}};
    auto pull = Run(drifted, kThreeWay);
    REQUIRE(Describe(pull) == "pull update");
    CHECK(pull.changes[0].protects == protects);
    CHECK(pull.changes[0].protected_until == (protects ? std::nullopt : remote.end));
    auto back = Run(drifted, {.has_base = true, .revert_drift = true});
    REQUIRE(Describe(back) == "push update");
    CHECK(back.changes[0].protects == ProtectsAsLong(local, remote));
  }
  CHECK(Run(World{.local = {{.value = Of(kOne)}}}, {}).changes.at(0).protects);
  World gone{.base = {{.value = Of(kOne)}}, .remote = {InOrg(Of(kOne))}};
  CHECK_FALSE(Run(gone, kThreeWay).changes.at(0).protects);
  CHECK_FALSE(Run(gone, kThreeWay).changes.at(0).protected_until);
  World ending{.base = {{.value = Of(kOne, "r", kTwo)}}, .remote = {InOrg(Of(kOne, "r", kTwo))}};
  CHECK(Run(ending, kThreeWay).changes.at(0).protected_until == Of(kOne, "r", kTwo).end);
  World lost{.base = {{.value = Of(kOne, "r", kTwo)}}, .local = {{.value = Of(kOne, "r", kTwo)}}};
  auto pull = Run(lost, kThreeWay);
  REQUIRE(Describe(pull) == "pull delete");
  CHECK_FALSE(pull.changes[0].protects);
  CHECK(pull.changes[0].protected_until == Of(kOne, "r", kTwo).end);
}

TEST_CASE("output is sorted by key, even where a start is part of one") {
  World world{.local = {{.value = Excluded("1", "A", "r", kOne)},
                        {.value = Excluded("1", "A", "r", kTwo)},
                        {.value = Excluded("1", "A ", "r", kOne)}}};
  auto result = Run(world, {});
  CHECK(result.changes.size() == 3);
  CHECK(std::ranges::is_sorted(result.changes, {}, &Change::key));
}

}  // namespace
}  // namespace viasync::reconcile
