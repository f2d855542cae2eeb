#include "engine/plan/plan.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <string>

#include "engine/plan/order.h"
#include "tests/plan/plans.h"

namespace viasync::plan {
namespace {

std::vector<std::string> KeysOf(const Plan& plan) {
  std::vector<std::string> keys;
  for (const auto& change : plan.changes) keys.push_back(change.key);
  return keys;
}

TEST_CASE("order: what protects first, a filter before its list, released before deleted") {
  auto plan = PlanOf({
      PushOf(Kind::kExclusion, "shortened", Action::kUpdate),
      PushOf(Kind::kExclusion, "deleted", Action::kDelete),
      PushOf(Kind::kFilter, "old filter", Action::kDelete),
      PushOf(Kind::kList, "list", Action::kUpdate),
      PushOf(Kind::kFilter, "new filter", Action::kCreate),
      PushOf(Kind::kFilter, "changed filter", Action::kUpdate),
      PushOf(Kind::kExclusion, "extended", Action::kUpdate, true),
      PushOf(Kind::kExclusion, "added", Action::kCreate, true),
  });
  CHECK(KeysOf(plan) == std::vector<std::string>{"added", "extended", "changed filter",
                                                 "new filter", "list", "old filter", "deleted",
                                                 "shortened"});
}

TEST_CASE("pulls come behind the pushes") {
  auto pull = PushOf(Kind::kExclusion, "a", Action::kUpdate, true);
  pull.direction = Direction::kPull;
  auto plan = PlanOf({pull, PushOf(Kind::kFilter, "z", Action::kDelete)});
  CHECK(KeysOf(plan) == std::vector<std::string>{"z", "a"});
  CHECK(PushCount(plan) == 1);
  CHECK(HasPushes(plan));
  CHECK_FALSE(HasPushes(PlanOf({pull})));
}

TEST_CASE("order of any plan: steps never go down, pushes before pulls, summary adds up") {
  CHECK(rc::check([] {
    auto decisions = AnyDecisions();
    auto plan = MakePlan(Header(), decisions);
    for (std::size_t i = 1; i < plan.changes.size(); ++i) {
      const auto &a = plan.changes[i - 1], &b = plan.changes[i];
      RC_ASSERT(!(a.direction == Direction::kPull && b.direction == Direction::kPush));
      if (b.direction == Direction::kPush) RC_ASSERT(RankOf(a) <= RankOf(b));
    }
    for (std::size_t i = 0; i < plan.changes.size(); ++i) {
      RC_ASSERT((plan.changes[i].direction == Direction::kPush) == (i < PushCount(plan)));
    }
    const auto& s = plan.summary;
    RC_ASSERT(s.create + s.update + s.remove + s.pull == decisions.changes.size());
    auto unprotects = [&](Direction direction) {
      return static_cast<std::size_t>(std::ranges::count_if(
          plan.changes, [&](const Change& c) { return c.unprotects && c.direction == direction; }));
    };
    RC_ASSERT(s.unprotect == unprotects(Direction::kPush));
    RC_ASSERT(s.pull_unprotect == unprotects(Direction::kPull));
    RC_ASSERT(s.conflict == decisions.conflicts.size());
    RC_ASSERT(s.unmanaged == decisions.unmanaged.size());
    RC_ASSERT(s.unchanged == decisions.unchanged);
  }));
}

TEST_CASE("id: independent of the order of entries, of drift and of when and by what it was made") {
  CHECK(rc::check([] {
    auto decisions = AnyDecisions();
    auto plan = MakePlan(Header(), decisions);
    RC_ASSERT(plan.id.starts_with("sha256:") && plan.id.size() == 71);
    auto other = decisions;
    std::ranges::reverse(other.changes);
    std::erase_if(other.changes, [](const Change& c) { return c.direction == Direction::kPull; });
    other.conflicts.clear();
    other.unmanaged.clear();
    ++other.unchanged;
    for (auto& change : other.changes) {
      change.source = {.file = "moved.yaml", .line = 1};
      change.modified_by = "somebody";
      change.modified_at.reset();
      for (auto& field : change.fields) field.base = "another base";
    }
    auto header = Header();
    header.created += base::Millis{1};
    header.tool = "viasync 9";
    header.base_from = "none";
    header.population = {};
    RC_ASSERT(MakePlan(header, other).id == plan.id);
  }));
}

TEST_CASE("id: depends on the org, every version and every value to be written") {
  auto change = PushOf(Kind::kExclusion, "k", Action::kUpdate, true);
  change.fields.push_back({.name = "end", .local = "", .merged = "m"});
  std::set<std::string> ids = {PlanOf({change}).id, PlanOf({}).id};
  auto with = [&](auto&& edit) {
    Change other = change;
    edit(other);
    CHECK(ids.insert(PlanOf({other}).id).second);
  };
  with([](Change& c) { c.kind = Kind::kFilter; });
  with([](Change& c) { c.key = "kk"; });
  with([](Change& c) { c.id = "other"; });
  with([](Change& c) { c.version = 8; });
  with([](Change& c) { c.action = Action::kDelete; });
  with([](Change& c) { c.fields[0].name = "x"; });
  with([](Change& c) { c.fields[0].local = "ll"; });
  with([](Change& c) { c.fields[0].local.reset(); });
  with([](Change& c) { c.fields[0].local = ""; });
  with([](Change& c) { c.fields[0].remote = "rr"; });
  with([](Change& c) { c.fields[0].merged = "l"; });
  with([](Change& c) { c.fields[1].merged.reset(); });
  with([](Change& c) { c.fields.pop_back(); });
  with([](Change& c) { std::swap(c.fields[0].local, c.fields[0].remote); });
  with([](Change& c) { c.fields[0].local = "l1:r"; });
  Plan header = Header();
  header.org = "acme-prod";
  CHECK(ids.insert(MakePlan(header, {.changes = {change}}).id).second);
}

struct Moved {
  const char* sentence;
  std::vector<Change> was;
  std::vector<Change> is;
  std::vector<std::string> lines;
};

Change Edited(Change change, void (*edit)(Change&)) {
  edit(change);
  return change;
}

TEST_CASE("WhatMoved names each resource that moved, and how") {
  const auto update = PushOf(Kind::kFilter, "F", Action::kUpdate);
  const auto other = PushOf(Kind::kList, "L", Action::kUpdate);
  for (const auto& [sentence, was, is, lines] : {
           Moved{"nothing", {update}, {update}, {}},
           {"gone", {update, other}, {other}, {"filter F: no longer needs an update"}},
           {"come",
            {other},
            {update, other},
            {"filter F: is to be updated now, but was not reviewed"}},
           {"version",
            {update},
            {Edited(update, [](Change& c) { c.version = 9; })},
            {"filter F: version 7 when planned, 9 now"}},
           {"object",
            {update},
            {Edited(update, [](Change& c) { c.id = "\x1b[2J"; })},
            {"filter F: is another object in the org now (id \\x1b[2J)"}},
           {"action",
            {update},
            {PushOf(Kind::kFilter, "F", Action::kDelete)},
            {"filter F: was to be updated, now to be deleted"}},
           {"value",
            {update},
            {Edited(update, [](Change& c) { c.fields[0].local = "x"; })},
            {"filter F: another value of `reason`"}},
           {"fewer fields",
            {Edited(update, [](Change& c) { c.fields.push_back({.name = "end"}); })},
            {update},
            {"filter F: other fields than planned"}},
           {"one moved, the other's base alone",
            {update, other},
            {Edited(update, [](Change& c) { c.fields[0].base = "x"; }),
             Edited(other, [](Change& c) { c.version = 8; })},
            {"list L: version 7 when planned, 8 now"}},
       }) {
    CAPTURE(std::string(sentence));
    CHECK(WhatMoved(PlanOf(was), PlanOf(is)) == lines);
  }
}

TEST_CASE("WhatMoved: another org, and drift that moves nothing") {
  auto pull = PushOf(Kind::kFilter, "P", Action::kUpdate);
  pull.direction = Direction::kPull;
  CHECK(WhatMoved(PlanOf({}), PlanOf({pull})).empty());
  Plan header = Header();
  header.org = "acme-prod";
  CHECK(WhatMoved(PlanOf({}), MakePlan(header, {})) ==
        std::vector<std::string>{"the org: planned for acme-dev, now acme-prod"});
}

TEST_CASE("WhatMoved says something whenever the ids differ, and nothing when they do not") {
  CHECK(rc::check([] {
    auto one = MakePlan(Header(), AnyDecisions()), two = MakePlan(Header(), AnyDecisions());
    RC_ASSERT(WhatMoved(one, two).empty() == (one.id == two.id));
    RC_ASSERT(WhatMoved(one, one).empty());
  }));
}

}  // namespace
}  // namespace viasync::plan
