// What the rules of a run change: ignore, absent, prune, revert_drift, prefer.
#include <doctest/doctest.h>

#include <string>

#include "tests/fakes/model_builders.h"

namespace viasync::reconcile {
namespace {

using fakes::Describe;
using fakes::InOrg;
using model::Filter;
using World = fakes::World<Filter>;

Filter Of(const std::string& description, const std::string& criteria) {
  return {.name = "F", .description = description, .criteria = criteria};
}

World Both(const Filter& base, const Filter& local, const Filter& remote) {
  return {.base = {{.value = base}}, .local = {{.value = local}}, .remote = {InOrg(remote)}};
}

const Filter kBase = Of("d", "a = 1");
const Filter kOther = Of("d", "a = 2");
const Filter kThird = Of("d", "a = 3");

TEST_CASE("ignored fields never appear where both sides have the resource") {
  model::ManageRule manage{.ignore = {"description"}};
  Rules rules{.has_base = true, .manage = &manage};
  CHECK(Describe(Run(Both(kBase, Of("here", "a = 1"), Of("there", "a = 1")), rules)) == "nothing");
  auto result = Run(Both(kBase, Of("here", "a = 2"), Of("there", "a = 1")), rules);
  REQUIRE(Describe(result) == "push update");
  CHECK(result.changes[0].fields.size() == 1);
  CHECK(result.changes[0].fields[0].name == "criteria");
  // A write that replaces everything must not lose what is the UI's.
  CHECK(result.changes[0].after ==
        model::Values{{"name", "F"}, {"description", "there"}, {"criteria", "a = 2"}});
  auto conflict = Run(Both(kBase, Of("here", "a = 2"), Of("there", "a = 3")), rules);
  CHECK(conflict.conflicts.at(0).change.fields.size() == 1);
}

TEST_CASE("an edit of an ignored field alone does not stand against a delete") {
  model::ManageRule manage{.ignore = {"description"}};
  Rules rules{.has_base = true, .manage = &manage};
  World world = Both(kBase, kBase, Of("there", "a = 1"));
  world.local.clear();
  CHECK(Describe(Run(world, rules)) == "push delete");
  world = Both(kBase, Of("here", "a = 1"), kBase);
  world.remote.clear();
  CHECK(Describe(Run(world, rules)) == "pull delete");
}

TEST_CASE("what was declared and never arrived is created, whatever is preferred") {
  World world = Both(kBase, kBase, kBase);
  world.remote.clear();
  Rules rules{.has_base = true};
  CHECK(Describe(Run(world, rules)) == "pull delete");
  const Confirmed known{};
  rules.arrived = [&](const std::string& key) { return key == "F" ? nullptr : &known; };
  CHECK(Describe(Run(world, rules)) == "push create");
  rules.prefer = Prefer::kRemote;
  CHECK(Describe(Run(world, rules)) == "push create");
  world = Both(kBase, kOther, kBase);
  world.remote.clear();
  CHECK(Describe(Run(world, rules)) == "push create");
  rules.arrived = [&](const std::string&) { return &known; };
  CHECK(Describe(Run(world, rules)) == "pull delete");
  // What left the files is deleted all the same, where the org has it.
  world = Both(kBase, kBase, kBase);
  world.local.clear();
  rules.arrived = [](const std::string&) { return nullptr; };
  CHECK(Describe(Run(world, rules)) == "push delete");
}

TEST_CASE("a change that was declared is sent where the org still has what was confirmed before") {
  const Filter before = Of("before", "a = 1"), declared = Of("declared", "a = 1");
  World world = Both(declared, declared, before);
  Rules rules{.has_base = true};
  CHECK(Describe(Run(world, rules)) == "pull update");  // all of the base arrived
  Confirmed known{.value = model::ValuesOf(before)};
  rules.arrived = [&](const std::string&) { return &known; };
  CHECK(Describe(Run(world, rules)) == "push update");
  CHECK_FALSE(Run(world, rules).changes[0].reverts_drift);
  // Somebody has edited it since: it may have arrived before that, or not.
  world = Both(declared, declared, Of("theirs", "a = 1"));
  auto unsure = Run(world, rules);
  CHECK(Describe(unsure) == "conflict");
  CHECK(unsure.conflicts[0].reason.find("--trust-base") != std::string::npos);
  // It did arrive, so the edit is theirs.
  known.value = model::ValuesOf(declared);
  CHECK(Describe(Run(world, rules)) == "pull update");
  // As the org writes it, that is what was confirmed.
  known = {.value = model::ValuesOf(Of("older", "a = 1")),
           .seen = model::ValuesOf(Of("theirs", "a = 1"))};
  CHECK(Describe(Run(world, rules)) == "push update");
}

TEST_CASE("the filter of a list that has none is sent, where it may never have arrived") {
  auto of = [](const std::string& filter) {
    return model::List{.name = "L", .filter = filter, .type = model::ListType::kDynamic};
  };
  fakes::World<model::List> world{
      .base = {{.value = of("F")}}, .local = {{.value = of("F")}}, .remote = {InOrg(of(""))}};
  Rules rules{.has_base = true};
  CHECK(Describe(Run(world, rules)) == "pull update");
  rules.arrived = [](const std::string&) { return nullptr; };
  CHECK(Describe(Run(world, rules)) == "push update");
  world.remote[0].value = of("G");
  CHECK(Describe(Run(world, rules)) == "conflict");
}

TEST_CASE("a text that no file ever declared is no edit of the org, where the base is of files") {
  const Filter said = Of("", "a = 1");
  World world = Both(said, said, Of("theirs", "a = 1"));
  Rules rules{.has_base = true};
  CHECK(Describe(Run(world, rules)) == "pull update");
  rules.base_of_files = true;
  CHECK(Describe(Run(world, rules)) == "nothing");
  rules.revert_drift = true;
  CHECK(Describe(Run(world, rules)) == "nothing");
  rules.revert_drift = false;
  world.local[0].emptied.Add(1);  // `description: ""`
  CHECK(Describe(Run(world, rules)) == "pull update");
  world = Both(kBase, said, Of("theirs", "a = 1"));  // it was declared before
  CHECK(Describe(Run(world, rules)) == "conflict");
}

TEST_CASE("what may never have arrived is settled by taking a side") {
  World world = Both(kBase, kBase, kOther);
  Rules rules{.has_base = true};
  rules.arrived = [](const std::string&) { return nullptr; };
  CHECK(Describe(Run(world, rules)) == "conflict");
  rules.prefer = Prefer::kLocal;
  CHECK(Describe(Run(world, rules)) == "push update");
  CHECK(Run(world, rules).changes[0].settled);
  CHECK(Run(world, rules).changes[0].reverts_drift);
  rules.prefer = Prefer::kRemote;
  CHECK(Describe(Run(world, rules)) == "pull update");
  CHECK(Run(world, rules).changes[0].settled);
}

TEST_CASE("absent: deleted with or without a base, and forgotten when it is gone") {
  World world = Both(kBase, kBase, kBase);
  world.local[0].absent = true;
  world.local[0].source = {.file = "f.yaml", .line = 3};
  auto result = Run(world, {.has_base = true});
  CHECK(Describe(result) == "push delete");
  CHECK(result.changes[0].source.line == 3);
  CHECK_FALSE(result.changes[0].fields.at(0).local.has_value());
  world.base.clear();
  CHECK(Describe(Run(world, {.has_base = true})) == "push delete");
  CHECK(Describe(Run(world, {.has_base = false})) == "push delete");
  world.remote.clear();
  CHECK(Describe(Run(world, {.has_base = true})) == "nothing");
  world.base.push_back({.value = kBase});
  CHECK(Describe(Run(world, {.has_base = true})) == "base-");
}

TEST_CASE("a text that was left out, and then is declared empty, is emptied in the org") {
  Rules rules{.has_base = true};
  World world = Both(Of("", "a = 1"), Of("", "a = 1"), kBase);
  world.base[0].seen = kBase;
  CHECK(Describe(Run(world, rules)) == "nothing");
  world.local[0].emptied.Add(1);  // the description
  auto result = Run(world, rules);
  REQUIRE(Describe(result) == "push update");
  CHECK(result.changes[0].after == model::Values{{"name", "F"}, {"criteria", "a = 1"}});
  CHECK(result.changes[0].agreed_seen == result.changes[0].after);
  world.remote = {InOrg(Of("there", "a = 1"))};
  CHECK(Describe(Run(world, rules)).find("conflict") != std::string::npos);
}

TEST_CASE(
    "an optional field left out leaves the org's value alone, until a base says it was there") {
  Filter left_out = Of("", "a = 2");
  for (bool has_base : {true, false}) {
    World alike{.local = {{.value = Of("", "a = 1")}}, .remote = {InOrg(Of("theirs", "a = 1"))}};
    auto result = Run(alike, {.has_base = has_base});
    CHECK(Describe(result) == "base=");
    fakes::ApplyBaseEdits(alike, result);
    CHECK(Describe(Run(alike, {.has_base = true})) == "nothing");
  }
  World world{.local = {{.value = left_out}}, .remote = {InOrg(Of("theirs", "a = 1"))}};
  auto push = Run(world, {});
  REQUIRE(push.changes.size() == 1);
  CHECK(push.changes[0].fields.size() == 1);
  CHECK(push.changes[0].after[1] == std::pair<std::string, std::string>("description", "theirs"));
  CHECK(Describe(Run(Both(Of("theirs", "a = 1"), Of("", "a = 1"), Of("theirs", "a = 1")),
                     {.has_base = true})) == "push update");
}

TEST_CASE("adopt pulls what neither the files nor the base know; lists only at first") {
  World world{.remote = {InOrg(kBase)}};
  for (bool has_base : {true, false}) {
    CHECK(Describe(Run(world, {.has_base = has_base, .adopt = true})) == "pull create");
  }
  fakes::World<model::List> lists{
      .remote = {
          InOrg(model::List{.name = "L", .filter = "F", .type = model::ListType::kDynamic})}};
  CHECK(Describe(Run(lists, {.adopt = true})) == "pull create");
  CHECK(Describe(Run(lists, {.has_base = true, .adopt = true})) == "unmanaged");
  lists.remote[0].value.type = model::ListType::kStatic;
  CHECK(Describe(Run(lists, {.adopt = true})) == "nothing");
}

TEST_CASE("prune deletes what is neither declared nor in the base, base or no base") {
  World world{.remote = {InOrg(kBase)}};
  for (bool has_base : {true, false}) {
    CHECK(Describe(Run(world, {.has_base = has_base})) == "unmanaged");
    CHECK(Describe(Run(world, {.has_base = has_base, .prune = true})) == "push delete");
  }
  fakes::World<model::List> lists{
      .remote = {InOrg(model::List{.name = "L", .type = model::ListType::kDynamic})}};
  CHECK(Describe(Run(lists, {.prune = true})) == "unmanaged");
}

TEST_CASE("prune settles no conflict") {
  World world = Both(kBase, kBase, kOther);
  world.local.clear();
  CHECK(Describe(Run(world, {.has_base = true, .prune = true})) == "conflict");
}

TEST_CASE("revert_drift: the files win over what only the org changed, and the plan says so") {
  Rules rules{.has_base = true, .revert_drift = true};
  auto drift = Run(Both(kBase, kBase, kOther), rules);
  CHECK(Describe(drift) == "push update");
  CHECK(drift.changes[0].reverts_drift);
  CHECK(drift.changes[0].after.back().second == "a = 1");
  auto ours = Run(Both(kBase, kOther, kBase), rules);
  CHECK_FALSE(ours.changes.at(0).reverts_drift);
  World gone = Both(kBase, kBase, kBase);
  gone.remote.clear();
  auto made_again = Run(gone, rules);
  CHECK(Describe(made_again) == "push create");
  CHECK(made_again.changes[0].reverts_drift);
  CHECK(Describe(Run(Both(kBase, kOther, kThird), rules)) == "conflict");
}

struct Settled {
  const char* sentence;
  World world;
  const char* local;   // with prefer local
  const char* remote;  // with prefer remote
};

std::vector<Settled> Conflicts() {
  World gone_here = Both(kBase, kBase, kOther), gone_there = Both(kBase, kOther, kBase),
        made = Both(kBase, kOther, kThird);
  gone_here.local.clear();
  gone_there.remote.clear();
  made.base.clear();
  return {{"the same field", Both(kBase, kOther, kThird), "push update", "pull update"},
          {"deleted here", gone_here, "push delete", "pull create"},
          {"deleted there", gone_there, "push create", "pull delete"},
          {"made on both sides", made, "push update, base=", "pull update"}};
}

TEST_CASE("prefer settles every conflict, and says that it overrides the org") {
  for (const auto& [sentence, world, local, remote] : Conflicts()) {
    CAPTURE(std::string(sentence));
    CHECK(Describe(Run(world, {.has_base = true})) == "conflict");
    auto ours = Run(world, {.has_base = true, .prefer = Prefer::kLocal});
    CHECK(Describe(ours) == local);
    CHECK(ours.changes.at(0).reverts_drift);
    CHECK(Describe(Run(world, {.has_base = true, .prefer = Prefer::kRemote})) == remote);
  }
}

TEST_CASE("prefer per key comes before prefer") {
  for (const auto& [sentence, world, local, remote] : Conflicts()) {
    CAPTURE(std::string(sentence));
    Rules rules{.has_base = true, .prefer = Prefer::kRemote, .prefer_key = {{"F", Prefer::kLocal}}};
    CHECK(Describe(Run(world, rules)) == local);
    rules.prefer_key = {{"F", Prefer::kNeither}};
    CHECK(Describe(Run(world, rules)) == "conflict");
    rules.prefer_key = {{"G", Prefer::kLocal}};
    CHECK(Describe(Run(world, rules)) == remote);
  }
}

TEST_CASE("prefer decides nothing that is no conflict") {
  for (auto prefer : {Prefer::kLocal, Prefer::kRemote}) {
    Rules rules{.has_base = true, .prefer = prefer};
    CHECK(Describe(Run(Both(kBase, kOther, kBase), rules)) == "push update");
    CHECK(Describe(Run(Both(kBase, kBase, kOther), rules)) == "pull update");
  }
}

TEST_CASE("what the org was preferred for is not pushed over it by the next run") {
  World world = Both(kBase, kOther, kThird);
  world.base.clear();
  auto first = Run(world, {.has_base = true, .prefer = Prefer::kRemote});
  ApplyBaseEdits(world, first);  // apply leaves the files alone
  CHECK(Describe(Run(world, {.has_base = true})) == "conflict");
}

TEST_CASE("two filters of one name in the org are reported, never chosen from") {
  World world = Both(kBase, kOther, kBase);
  world.remote.push_back(InOrg(kBase, "2"));
  auto result = Run(world, {.has_base = true, .prefer = Prefer::kLocal});
  REQUIRE(Describe(result) == "conflict");
  CHECK(result.conflicts[0].kind == ConflictKind::kAmbiguous);
  CHECK(result.conflicts[0].reason.find("(ids 1, 2)") != std::string::npos);
  world.local.clear();
  world.base.clear();
  CHECK(Describe(Run(world, {.prune = true})) == "unmanaged, unmanaged");
}

}  // namespace
}  // namespace viasync::reconcile
