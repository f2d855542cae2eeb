#include <doctest/doctest.h>

#include <string>

#include "tests/fakes/model_builders.h"

namespace viasync::reconcile {
namespace {

using fakes::Describe;
using fakes::InOrg;
using model::Filter;
using World = fakes::World<Filter>;

constexpr const char* kAbsent = nullptr;

// A filter as `description|criteria`; nullptr: there is none.
std::optional<Filter> Of(const char* text) {
  if (!text) return std::nullopt;
  std::string all(text);
  auto bar = all.find('|');
  return Filter{.name = "F", .description = all.substr(0, bar), .criteria = all.substr(bar + 1)};
}

World WorldOf(const char* base, const char* local, const char* remote) {
  World world;
  if (auto value = Of(base)) world.base.push_back({.value = *value});
  if (auto value = Of(local)) world.local.push_back({.value = *value});
  if (auto value = Of(remote)) world.remote.push_back(InOrg(*value));
  return world;
}

struct Case {
  const char* sentence;
  const char* base;
  const char* local;
  const char* remote;
  const char* expected;
};

void Check(const Case& c, bool has_base) {
  CAPTURE(std::string(c.sentence));
  CHECK(Describe(Run(WorldOf(c.base, c.local, c.remote), {.has_base = has_base})) == c.expected);
}

TEST_CASE("three-way: the decision table") {
  for (const Case& c : {
           Case{"nothing moved", "d|a = 1", "d|a = 1", "d|a = 1", "nothing"},
           {"changed here: push", "d|a = 1", "d|a = 2", "d|a = 1", "push update"},
           {"changed there: pull", "d|a = 1", "d|a = 1", "d|a = 2", "pull update"},
           {"changed alike: the base moves", "d|a = 1", "d|a = 2", "d|a = 2", "base="},
           {"changed otherwise: conflict", "d|a = 1", "d|a = 2", "d|a = 3", "conflict"},
           {"one field here, another there", "d|a = 1", "e|a = 1", "d|a = 2",
            "push update, pull update"},
           {"one field alike, one pushed", "d|a = 1", "e|a = 2", "e|a = 1", "push update, base="},
           {"one field alike, one in conflict", "d|a = 1", "e|a = 2", "e|a = 3", "conflict"},
           {"one in conflict holds the other back", "d|a = 1", "e|a = 2", "d|a = 3", "conflict"},
           {"different clauses merge", "d|a = 1 AND b = 1", "d|a = 2 AND b = 1",
            "d|a = 1 AND b = 2", "push update, pull update"},
           {"there what changed here, and more: pull", "d|a = 1 AND b = 1 AND c = 1",
            "d|a = 2 AND b = 1 AND c = 1", "d|a = 2 AND b = 1 AND c = 2", "pull update"},
           {"here what changed there, and more: push", "d|a = 1 AND b = 1 AND c = 1",
            "d|a = 2 AND b = 1 AND c = 2", "d|a = 2 AND b = 1 AND c = 1", "push update"},
           {"description emptied here", "d|a = 1", "|a = 1", "d|a = 1", "push update"},
           {"description emptied there", "d|a = 1", "d|a = 1", "|a = 1", "pull update"},
           {"deleted here: delete", "d|a = 1", kAbsent, "d|a = 1", "push delete"},
           {"deleted there: the entry goes", "d|a = 1", "d|a = 1", kAbsent, "pull delete"},
           {"deleted on both sides", "d|a = 1", kAbsent, kAbsent, "base-"},
           {"deleted here, changed there", "d|a = 1", kAbsent, "d|a = 2", "conflict"},
           {"changed here, deleted there", "d|a = 1", "d|a = 2", kAbsent, "conflict"},
           {"made here", kAbsent, "d|a = 1", kAbsent, "push create"},
           {"made there", kAbsent, kAbsent, "d|a = 1", "unmanaged"},
           {"made alike on both sides", kAbsent, "d|a = 1", "d|a = 1", "base="},
           {"made otherwise on both sides", kAbsent, "d|a = 1", "d|a = 2", "conflict"},
           {"nowhere at all", kAbsent, kAbsent, kAbsent, "nothing"},
       }) {
    Check(c, true);
  }
}

TEST_CASE("three-way: what differs in form alone is no change") {
  for (const Case& c : {
           Case{"laid out anew here", "d|a = 1 AND b = 2", "d|a=1\n  and b=2", "d|a = 1 AND b = 2",
                "nothing"},
           {"laid out anew there", "d|a = 1", "d|a = 1", "d |a=1", "nothing"},
           {"laid out anew here, deleted there", "d|a = 1", "d|a=1", kAbsent, "pull delete"},
           {"deleted here, laid out anew there", "d|a = 1", kAbsent, "d|a=1", "push delete"},
           {"the same change in two layouts", "d|a = 1", "d|a=2", "d|a = 2", "base="},
       }) {
    Check(c, true);
  }
}

TEST_CASE("without a base: what is declared is pushed, nothing is deleted") {
  for (const Case& c : {
           Case{"alike", kAbsent, "d|a = 1", "d|a = 1", "base="},
           {"different", kAbsent, "d|a = 1", "d|a = 2", "push update, base="},
           {"only here", kAbsent, "d|a = 1", kAbsent, "push create"},
           {"only there", kAbsent, kAbsent, "d|a = 1", "unmanaged"},
       }) {
    Check(c, false);
  }
}

TEST_CASE("a change says what, against which version, and with which terms") {
  auto world = WorldOf("d|a = 1", "d|a = 2", "d|a = 1");
  world.local[0].source = {.file = "config/filters.yaml", .line = 12};
  world.remote[0].modified_by = "ann";
  auto result = Run(world, {.has_base = true});
  REQUIRE(result.changes.size() == 1);
  const auto& change = result.changes[0];
  CHECK(change.key == "F");
  CHECK(change.id == "1");
  CHECK(change.version == 7);
  CHECK(change.source.file == "config/filters.yaml");
  CHECK(change.source.line == 12);
  CHECK(change.modified_by == "ann");
  CHECK(change.fields == std::vector<FieldChange>{{"criteria", "a = 1", "a = 2", "a = 1", {}}});
  CHECK(change.before == model::Values{{"name", "F"}, {"description", "d"}, {"criteria", "a = 1"}});
  CHECK(change.after == model::Values{{"name", "F"}, {"description", "d"}, {"criteria", "a = 2"}});
  CHECK_FALSE(change.reverts_drift);
}

TEST_CASE("a create shows every value, a delete what goes, and neither the version of nothing") {
  auto made = Run(WorldOf(kAbsent, "d|a = 1", kAbsent), {.has_base = true}).changes.at(0);
  CHECK(made.id.empty());
  CHECK(made.version == 0);
  CHECK(made.fields == std::vector<FieldChange>{{"name", {}, "F", {}, {}},
                                                {"description", {}, "d", {}, {}},
                                                {"criteria", {}, "a = 1", {}, {}}});
  CHECK(made.after == made.agreed);
  auto gone = Run(WorldOf("d|a = 1", kAbsent, "d|a = 1"), {.has_base = true}).changes.at(0);
  CHECK(gone.id == "1");
  CHECK(gone.version == 7);
  CHECK(gone.fields.size() == 3);
  CHECK(gone.before.size() == 3);
  CHECK(gone.after.empty());
  CHECK(gone.agreed.empty());
}

TEST_CASE("a conflict keeps all three terms of the fields in conflict") {
  auto result = Run(WorldOf("d|a = 1", "e|a = 2", "d|a = 3"), {.has_base = true});
  REQUIRE(result.conflicts.size() == 1);
  CHECK(result.conflicts[0].kind == ConflictKind::kBothChanged);
  CHECK(result.conflicts[0].change.fields ==
        std::vector<FieldChange>{{"criteria", "a = 1", "a = 2", "a = 3", {}}});
  auto gone = Run(WorldOf("d|a = 1", kAbsent, "d|a = 3"), {.has_base = true});
  CHECK(gone.conflicts.at(0).kind == ConflictKind::kDeletedAndChanged);
  CHECK(gone.conflicts[0].reason == "deleted in the files, changed in the org");
}

TEST_CASE("merged criteria go to both sides, and a second run leaves only the pull") {
  auto world = WorldOf("d|a = 1 AND b = 1", "d|a = 2 AND b = 1", "d|a = 1 AND b = 2");
  auto result = Run(world, {.has_base = true});
  REQUIRE(result.changes.size() == 2);
  for (const auto& change : result.changes) {
    CHECK(change.fields.at(0).merged == "a = 2 AND b = 2");
  }
  // What apply does: the org gets the merged text, the files are left alone.
  ApplyBaseEdits(world, result);
  fakes::Push(world, result.changes[0]);
  CHECK(world.remote[0].value.criteria == "a = 2 AND b = 2");
  CHECK(Describe(Run(world, {.has_base = true})) == "pull update");
}

TEST_CASE("a form that the server rewrote is no drift, and stays the org's") {
  World world = WorldOf("d|a = 1", "d|a = 1", "d|(a = 1)");
  world.base[0].seen = Of("d|(a = 1)");
  CHECK(Describe(Run(world, {.has_base = true})) == "nothing");
  world.local[0].value.description = "e";  // an edit of another field pushes that field alone
  auto change = Run(world, {.has_base = true}).changes.at(0);
  CHECK(change.fields.size() == 1);
  CHECK(change.after ==
        model::Values{{"name", "F"}, {"description", "e"}, {"criteria", "(a = 1)"}});
}

TEST_CASE("both forms of the base count as unchanged") {
  struct Row {
    const char* local;
    const char* remote;
    const char* expected;
  };
  for (const auto& [local, remote, expected] : {
           Row{"d|a = 1", "d|(a = 2)", "pull update"},
           {"d|(a = 1)", "d|(a = 1)", "base="},
           {"d|(a = 1)", "d|(a = 2)", "pull update"},
           {"d|a = 2", "d|a = 1", "push update"},
           {"d|a = 2", "d|(a = 3)", "conflict"},
           {"d|(a = 1)", "d|a = 1", "nothing"},
       }) {
    CAPTURE(std::string(local));
    CAPTURE(std::string(remote));
    World world = WorldOf("d|a = 1", local, remote);
    world.base[0].seen = Of("d|(a = 1)");
    CHECK(Describe(Run(world, {.has_base = true})) == expected);
  }
}

TEST_CASE("a rewritten form that stays the same costs no base edit, run after run") {
  auto world = WorldOf("d|a = 1 AND b = 2", "d|a = 1 AND b = 2", "d|a=1 and b=2");
  CHECK(Run(world, {.has_base = true}).base_edits.empty());
  CHECK(Run(world, {.has_base = true}).unchanged == 1);
}

TEST_CASE("a first run that stopped half-way goes on without conflicts") {
  World world = WorldOf(kAbsent, "d|a = 1", "d|a = 2");
  world.local.push_back({.value = {.name = "G", .criteria = "g = 1"}});
  auto first = Run(world, {});
  CHECK(Describe(first) == "push update, push create, base=");
  ApplyBaseEdits(world, first);  // … and stopped before its first write
  CHECK(Describe(Run(world, {.has_base = true})) == "push update, push create");
  fakes::Push(world, first.changes[1]);  // … or after one of them
  fakes::Sort(world);
  auto second = Run(world, {.has_base = true});
  CHECK(Describe(second) == "push update");
  ApplyAll(world, second);
  CHECK(Describe(Run(world, {.has_base = true})) == "nothing");
}

}  // namespace
}  // namespace viasync::reconcile
