// Plans for tests: a few by hand, and any at random.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/plan/plan.h"

namespace viasync::plan {

using model::Kind;
using reconcile::Action;
using reconcile::Change;
using reconcile::Direction;

inline Change PushOf(Kind kind, std::string key, Action action, bool protects = false) {
  Change change{.kind = kind, .key = std::move(key), .action = action};
  if (action != Action::kCreate) {
    change.id = "id-" + change.key;
    change.version = 7;
  }
  change.source = {.file = "config/a.yaml", .line = 3};
  change.fields = {{.name = "reason", .base = "b", .local = "l", .remote = "r"}};
  change.protects = protects;
  return change;
}

inline Plan Header() {
  return {.tool = "viasync 0.1.0",
          .environment = "dev",
          .org = "acme-dev",
          .created = base::UtcTime{base::Millis{1'700'000'000'123}},
          .base_from = "store",
          .population = {20, 1000, 12}};
}

inline Plan PlanOf(std::vector<Change> changes) {
  return MakePlan(Header(), {.changes = std::move(changes)});
}

// Text as an org may hold it: quotes, escapes, controls, several alphabets; always UTF-8.
inline std::string AnyText() {
  auto pieces =
      *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
          "a", "B", "\"", "\\", "\n", "\t", "\x1b[31m", "é", "日本", "\xf0\x9f\x98\x80",
          "</script>", "'", "=1+1", "{", "}", "\\u0000", "\x7f", "\xe2\x80\xae"}));
  return base::Join(pieces, "");
}

inline std::optional<std::string> MaybeText() {
  if (*rc::gen::arbitrary<bool>()) return std::nullopt;
  return AnyText();
}

inline Change AnyChange(int number) {
  Change change{
      .kind = *rc::gen::elementOf(std::vector<Kind>{Kind::kFilter, Kind::kExclusion, Kind::kList}),
      .key = AnyText() + std::to_string(number),
      .action = static_cast<Action>(*rc::gen::inRange(0, 3)),
      .direction = static_cast<Direction>(*rc::gen::inRange(0, 2))};
  if (change.action != Action::kCreate) {
    change.id = std::to_string(number) + AnyText();
    change.version = *rc::gen::arbitrary<std::int64_t>();
  }
  if (*rc::gen::arbitrary<bool>()) {
    change.source = {.file = "f" + AnyText(), .line = *rc::gen::inRange(0, 100000)};
  }
  for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
    change.fields.push_back({AnyText(), MaybeText(), MaybeText(), MaybeText(), MaybeText()});
  }
  change.protects = change.kind != Kind::kExclusion || *rc::gen::arbitrary<bool>();
  if (!change.protects && *rc::gen::arbitrary<bool>()) {
    change.protected_until =
        base::UtcTime{base::Millis{*rc::gen::inRange<std::int64_t>(0, 1LL << 42)}};
  }
  change.reverts_drift = *rc::gen::arbitrary<bool>();
  change.modified_by = AnyText();
  if (*rc::gen::arbitrary<bool>()) {
    change.modified_at = base::UtcTime{base::Millis{*rc::gen::inRange<std::int64_t>(0, 1LL << 41)}};
  }
  return change;
}

inline Decisions AnyDecisions() {
  Decisions decisions{.unchanged = *rc::gen::inRange<std::size_t>(0, 1000)};
  for (int i = *rc::gen::inRange(0, 8); i > 0; --i) decisions.changes.push_back(AnyChange(i));
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    decisions.conflicts.push_back(
        {static_cast<reconcile::ConflictKind>(*rc::gen::inRange(0, 3)), AnyChange(i), AnyText()});
  }
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    decisions.unmanaged.push_back(
        {static_cast<Kind>(*rc::gen::inRange(0, 3)), AnyText(), AnyText()});
  }
  return decisions;
}

}  // namespace viasync::plan
