// Plans for the tests of reports: one of everything, and plans as large as wanted.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/base/times.h"
#include "engine/plan/plan.h"

namespace viasync::report::test {

using model::Kind;
using plan::Plan;
using reconcile::Action;
using reconcile::Change;
using reconcile::Direction;
using Text = std::optional<std::string>;

inline Plan Header() {
  Plan header;
  header.tool = "viasync 0.1.0";
  header.environment = "dev";
  header.org = "acme-dev";
  header.created = *base::ParseTime("2026-11-24T08:07:00Z");
  header.base_from = "store";
  return header;
}

// One number in two spellings, and a column.
inline std::vector<plan::Warning> Warnings() {
  return {{.message = "`2025550111` and `+12025550111` in the org are the same number",
           .hint = "write it in one way",
           .where = base::SourcePos{"config/a.yaml", 3, 1},
           .type = "voice",
           .addresses = {"2025550111", "+12025550111"}},
          {.message = "no filter of the org uses the column `Stat`"}};
}

inline Change FilterCreate() {
  return {
      .kind = Kind::kFilter,
      .key = "InitialLeadPhase",
      .action = Action::kCreate,
      .source = {"config/filters.yaml", 2},
      .fields = {{"name", {}, "InitialLeadPhase", {}},
                 {"description", {}, "Leads of the first phase", {}},
                 {"schema", {}, "BaseSchema", {}},
                 {"criteria", {}, "DaysDelinquent > 30 AND State = 'AK'\nORDER BY Balance", {}}}};
}

inline Change FilterUpdate() {
  std::string was = "A = 1 AND B = 2 AND C = 3 AND State = 'AK' ORDER BY Balance";
  std::string becomes = "A = 1 and B = 2 AND C = 3 AND State IN ('AK', 'WA') ORDER BY Balance";
  return {.kind = Kind::kFilter,
          .key = "LateStage",
          .id = "12",
          .version = 7,
          .source = {"config/filters.yaml", 31},
          .fields = {{"description", "old", "new", "old"}, {"criteria", was, becomes, was}}};
}

inline Change FilterDelete() {
  return {.kind = Kind::kFilter,
          .key = "Winback",
          .id = "9",
          .version = 3,
          .action = Action::kDelete,
          .fields = {{"criteria", "A = 1", {}, "A = 1"}}};
}

inline Change FilterDrift() {
  return {.kind = Kind::kFilter,
          .key = "Promo",
          .id = "4",
          .version = 9,
          .direction = Direction::kPull,
          .source = {"config/filters.yaml", 60},
          .fields = {{"criteria", "A = 1", "A = 1", "A = 2"}},
          .modified_by = "maria",
          .modified_at = base::ParseTime("2026-11-22T22:10:00Z")};
}

inline Change ExclusionCreate(std::string address = "09876322222", int line = 7) {
  return {.kind = Kind::kExclusion,
          .key = "voice:" + address + "@ContactList1",
          .action = Action::kCreate,
          .source = {"config/exclusions.yaml", line},
          .fields = {{"type", {}, "voice", {}},
                     {"address", {}, address, {}},
                     {"list", {}, "ContactList1", {}},
                     {"reason", {}, "Customer not available", {}},
                     {"start", {}, "2017-11-03T23:20:50Z", {}},
                     {"end", {}, "2017-11-12T23:20:00Z", {}}},
          .protects = true};
}

inline Change ExclusionUpdate() {
  return {.kind = Kind::kExclusion,
          .key = "email:jane@example.com@*",
          .id = "81",
          .version = 2,
          .source = {"config/exclusions.yaml", 14},
          .fields = {{"end", "", "2026-12-31T00:00:00Z", ""}}};
}

inline Change ExclusionDelete() {
  return {.kind = Kind::kExclusion,
          .key = "sms:2065550142@*",
          .id = "82",
          .version = 5,
          .action = Action::kDelete,
          .fields = {{"type", "sms", {}, "sms"},
                     {"address", "2065550142", {}, "2065550142"},
                     {"reason", "Asked twice", {}, "Asked twice"},
                     {"start", "2026-01-01T00:00:00Z", {}, "2026-01-01T00:00:00Z"}}};
}

inline Change ListUpdate() {
  return {.kind = Kind::kList,
          .key = "BaseOutreachList1",
          .id = "30",
          .version = 4,
          .source = {"config/lists.yaml", 3},
          .fields = {{"filter", "EarlyStage", "InitialLeadPhase", "EarlyStage"}}};
}

inline reconcile::Conflict FilterConflict() {
  Change change{.kind = Kind::kFilter,
                .key = "HighBalance",
                .id = "5",
                .version = 2,
                .source = {"config/filters.yaml", 80},
                .fields = {{"criteria", "Balance > 900 AND State = 'AK'",
                            "Balance > 500 AND State = 'AK'", "Balance > 100 AND State = 'AK'"}},
                .modified_by = "maria",
                .modified_at = base::ParseTime("2026-11-22T22:10:00Z")};
  return {reconcile::ConflictKind::kBothChanged, std::move(change),
          "changed differently in the files and in the org"};
}

inline Plan SamplePlan() {
  return plan::MakePlan(
      Header(), {.changes = {FilterCreate(), FilterUpdate(), FilterDelete(), FilterDrift(),
                             ExclusionCreate(), ExclusionUpdate(), ExclusionDelete(), ListUpdate()},
                 .conflicts = {FilterConflict()},
                 .unmanaged = {{Kind::kExclusion, "email:bob@example.com@*", "70"},
                               {Kind::kFilter, "ADHOC_1", "71"}},
                 .unchanged = 214});
}

// A filter that is made again under another name.
inline std::vector<Change> FilterRename() {
  auto made = FilterCreate();
  auto gone = FilterDelete();
  made.key = "Comeback";
  made.fields = {{"name", {}, "Comeback", {}}, {"criteria", {}, "A = 1", {}}};
  return {made, gone};
}

// Somebody whom the files still protect, and the org does not any more.
inline Change ExclusionLost() {
  return {.kind = Kind::kExclusion,
          .key = "voice:2065550177@*",
          .action = Action::kDelete,
          .direction = Direction::kPull,
          .source = {"config/exclusions.yaml", 70},
          .fields = {{"type", "voice", "voice", {}}, {"address", "2065550177", "2065550177", {}}}};
}

inline Plan EmptyPlan() { return plan::MakePlan(Header(), {.unchanged = 214}); }

inline Plan LargePlan(std::size_t exclusions) {
  plan::Decisions decisions;
  for (std::size_t i = 0; i < exclusions; ++i) {
    auto change = ExclusionCreate(std::to_string(20655500000 + i), static_cast<int>(i + 2));
    change.source.file = "config/exclusions/dnc.csv";
    decisions.changes.push_back(std::move(change));
  }
  decisions.changes.push_back(FilterUpdate());
  return plan::MakePlan(Header(), std::move(decisions));
}

// The same, and `count` exclusions that go.
inline Plan LargePlanThatUnprotects(std::size_t exclusions, std::size_t count) {
  auto plan = LargePlan(exclusions);
  plan::Decisions decisions{.changes = std::move(plan.changes)};
  for (std::size_t i = 0; i < count; ++i) {
    auto change = ExclusionDelete();
    change.fields[1].base = change.fields[1].remote = std::to_string(3065550000 + i);
    change.key = "sms:" + *change.fields[1].remote + "@*";
    decisions.changes.push_back(std::move(change));
  }
  return plan::MakePlan(Header(), std::move(decisions));
}

}  // namespace viasync::report::test
