// Promises about what the store claims, what a run reports, and where it all ends.
#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "engine/base/times.h"
#include "engine/model/fields.h"
#include "engine/reconcile/criteria_merge.h"
#include "tests/simulation/oracles.h"

namespace viasync::simulation {
namespace {

using apply::StepState;
using model::Kind;
using reconcile::Action;

std::string Told(Kind kind, const std::string& key) {
  return std::string(model::KindName(kind)) + " " + key;
}

// At some instant since, the org held this value in this field, or what merging it with another
// edit of `base` gives.
bool FieldHeld(const History& history, Kind kind, const std::string& key, long since,
               std::string_view field, const model::Values& values, const std::string& base) {
  std::vector<model::Values> accepted = {values};
  for (const auto& span : history.spans()) {
    if (field != "criteria" || span.object.kind != kind || span.object.key != key) continue;
    auto merged =
        reconcile::MergeCriteria(base, ValueOf(values, field), ValueOf(span.object.values, field));
    if (merged) accepted.push_back({{"criteria", *merged}});
  }
  return history.Held(kind, key, since, [&](const Object& object) {
    return std::ranges::any_of(
        accepted, [&](const auto& one) { return SameField(kind, field, one, object.values); });
  });
}

class BaseIsConfirmed final : public Oracle {
 public:
  explicit BaseIsConfirmed(const Scene& scene)
      : Oracle(scene, "the base claims only what the org held") {}
  void BaseMoves(const store::BaseMove& move, long since) override {
    auto known = scene().records.base.find({move.kind, move.key});
    const store::BaseRecord* before =
        known == scene().records.base.end() ? nullptr : &known->second;
    if (move.record) return CheckRecord(*move.record, before, since);
    if (move.kind != Kind::kList && !history().WasAbsent(move.kind, move.key, since)) {
      Broken(Told(move.kind, move.key) + " is forgotten, though the org has had it all along");
    }
  }

 private:
  void CheckRecord(const store::BaseRecord& record, const store::BaseRecord* before, long since) {
    const auto& claimed = record.seen ? *record.seen : record.value;
    for (auto field : model::WritableFieldNames(record.kind)) {
      if (before && (SameField(record.kind, field, claimed, before->value) ||
                     (before->seen && SameField(record.kind, field, claimed, *before->seen)))) {
        continue;
      }
      const std::string base = before ? ValueOf(before->value, field) : "";
      if (!FieldHeld(history(), record.kind, record.key, since, field, claimed, base)) {
        Broken(Told(record.kind, record.key) + " " + std::string(field) + " = " +
               ValueOf(claimed, field));
      }
    }
  }
};

class ReportIsTrue final : public Oracle {
 public:
  explicit ReportIsTrue(const Scene& scene) : Oracle(scene, "the report says what happened") {}

  void RunBegins() override { ours_.clear(), hers_.clear(); }
  void Changed(const Change& change) override {
    const Object& object = change.any();
    auto& moments = change.author == Author::kViasync ? ours_ : hers_;
    // An object that is made is known by its key.
    moments[{object.kind, change.before ? object.id : object.key}] = history().now();
  }
  void RunEnded(const apply::ApplyResult& result) override {
    for (const auto& step : result.steps) {
      const auto& change = step.change;
      std::pair id{change.kind, change.action == Action::kCreate ? change.key : change.id};
      switch (step.state) {
        case StepState::kDone:
          if (!IsDone(change)) Broken(Told(change.kind, change.key) + " is not done: " + step.note);
          break;
        case StepState::kUnknown:
          break;
        case StepState::kConflict:
        case StepState::kStale:
          if (ours_.contains(id) && !CameAfter(change, id)) {
            Broken(Told(change.kind, change.key) + " was written after all: " + step.note);
          }
          break;
        default:
          if (ours_.contains(id)) {
            Broken(Told(change.kind, change.key) + " happened after all: " + step.note);
          }
      }
    }
  }

 private:
  using Id = std::pair<Kind, std::string>;

  // She changed or deleted the object after our write: the report speaks of hers.
  bool CameAfter(const reconcile::Change& change, const Id& id) const {
    const long ours = ours_.at(id);
    if (auto hers = hers_.find(id); hers != hers_.end() && hers->second > ours) return true;
    return std::ranges::any_of(history().spans(), [&](const Span& span) {
      return span.object.kind == change.kind && span.object.key == change.key &&
             span.author == Author::kMaria && span.from > ours;
    });
  }

  bool IsDone(const reconcile::Change& change) const {
    const long since = scene().run_began;
    if (change.action == Action::kDelete) {
      return std::ranges::none_of(history().spans(), [&](const Span& span) {
        return span.object.kind == change.kind && span.object.id == change.id &&
               span.to == Span::kStill;
      });
    }
    return std::ranges::all_of(change.fields, [&](const reconcile::FieldChange& field) {
      if (field.name == "start" && ValueOf(change.agreed, "start").empty()) return true;  // now
      auto held = [&](const model::Values& values, const std::string& base) {
        return FieldHeld(history(), change.kind, change.key, since, field.name, values, base);
      };
      return held(change.after, ValueOf(change.before, field.name)) ||
             held(change.agreed, field.base.value_or(""));
    });
  }

  std::map<Id, long> ours_, hers_;  // what was written in this run, and at which instant
};

// One person, as type and address.
std::string PersonOf(const model::Values& values) {
  return ValueOf(values, "type") + ":" + ValueOf(values, "address");
}

class ProtectionHasNoGap final : public Oracle {
 public:
  explicit ProtectionHasNoGap(const Scene& scene)
      : Oracle(scene, "nobody is without a protection that old and new state both give") {}

  void RunBegins() override { sent_.clear(), at_work_.clear(); }
  void WriteSent(const Sent& sent) override {
    if (sent.kind != Kind::kExclusion) return;
    const auto* push = PushOf(sent.kind, sent.id, sent.key);
    if (!push) return;
    sent_.insert(push->key);
    if (push->protects) return;
    for (const auto& other : scene().plan.changes) {
      if (other.kind != Kind::kExclusion || !other.protects) continue;
      if (other.direction != reconcile::Direction::kPush) continue;
      if (!sent_.contains(other.key)) Early(push->key, other.key);
      if (IsOpen(other.key)) at_work_.emplace(other.key, push->key);
    }
  }
  void RunEnded(const apply::ApplyResult& result) override {
    for (const auto& step : result.steps) {
      auto found = at_work_.find(step.change.key);
      if (found == at_work_.end() || step.change.kind != Kind::kExclusion) continue;
      if (step.state != StepState::kUnknown) Early(found->second, found->first);
    }
  }
  void Changed(const Change& change) override {
    const Object& object = change.any();
    if (object.kind != Kind::kExclusion) return;
    const std::string person = PersonOf(object.values);
    if (change.author == Author::kMaria && !change.after) hers_.insert(person);
    if (!hers_.contains(person)) CheckPerson(person);
  }

 private:
  using Entries = std::vector<model::Exclusion>;

  void Early(const std::string& allowed, const std::string& protecting) {
    Broken(allowed + " was allowed before " + protecting + " was protected");
  }
  bool IsOpen(const std::string& key) const {
    return std::ranges::any_of(scene().records.open, [&](const auto& entry) {
      return entry.second.step.kind == Kind::kExclusion && entry.second.step.key == key;
    });
  }

  static Entries DeclaredFor(const config::Desired& desired, const std::string& person) {
    Entries entries;
    for (const auto& entry : desired.Of<model::Exclusion>()) {
      if (!entry.absent && PersonOf(model::ValuesOf(entry.value)) == person) {
        entries.push_back(entry.value);
      }
    }
    return entries;
  }

  static bool Protects(const Entries& entries, const std::string& list, base::UtcTime at) {
    return std::ranges::any_of(entries, [&](const model::Exclusion& entry) {
      return (entry.list.empty() || entry.list.str() == list) &&
             (!entry.start || *entry.start <= at) && (!entry.end || at < *entry.end);
    });
  }

  void CheckPerson(const std::string& person) {
    const Entries before = DeclaredFor(scene().first, person);
    const Entries after = DeclaredFor(scene().desired, person);
    Entries now;
    for (const auto* object : history().Live(Kind::kExclusion)) {
      if (PersonOf(object->values) != person) continue;
      now.push_back(*model::FromValues<model::Exclusion>(object->values));
    }
    std::set<std::string> lists = {"any other"};
    std::set<base::UtcTime> moments = {scene().now};
    for (const Entries& entries : {before, after, now}) {
      for (const auto& entry : entries) {
        lists.insert(entry.list.str());
        for (const auto& edge : {entry.start, entry.end}) {
          if (edge && *edge > scene().now)
            moments.insert(*edge), moments.insert(*edge - base::Millis(1));
        }
      }
    }
    for (const auto& list : lists) {
      for (auto at : moments) {
        if (Protects(before, list, at) && Protects(after, list, at) && !Protects(now, list, at)) {
          Broken(person + " at " + base::FormatTimeShort(at) + " for list " + list);
          return;
        }
      }
    }
  }

  std::set<std::string> sent_;  // keys of this run
  // What protects and was open while something was allowed: only one that stayed open for good, as
  // unknown, may be.
  std::map<std::string, std::string> at_work_;
  std::set<std::string> hers_;  // persons whose protection she took away herself
};

class AllIsInStep final : public Oracle {
 public:
  explicit AllIsInStep(const Scene& scene)
      : Oracle(scene, "in the end everything is as declared, or told to be otherwise") {}
  void Settled() override {
    if (!scene().records.open.empty()) Broken("a step is still open");
    for (const auto& conflict : scene().plan.conflicts) told_.insert(Of(conflict.change));
    for (const auto& change : scene().plan.changes) told_.insert(Of(change));
    model::ForEachKind([this]<class R> { Check(scene().desired.Of<R>()); });
    CheckLeftOut(scene().first.Of<model::Filter>(), scene().desired.Of<model::Filter>());
    CheckLeftOut(scene().first.Of<model::Exclusion>(), scene().desired.Of<model::Exclusion>());
  }

 private:
  using Id = std::pair<Kind, std::string>;
  static Id Of(const reconcile::Change& change) { return {change.kind, change.key}; }

  // What is otherwise must be told, and must be maria's doing.
  template <class R>
  void Check(const std::vector<model::Declared<R>>& entries) {
    constexpr Kind kKind = model::kKindOf<R>;
    for (const auto& entry : entries) {
      const std::string key = model::KeyOf(entry.value);
      const auto objects = history().LiveOfKey(kKind, key);
      bool in_step = objects.size() == (entry.absent ? 0 : 1);
      if (in_step && !entry.absent) {
        for (auto field : model::WritableFieldNames(kKind)) {
          if (field == "start" && ValueOf(model::ValuesOf(entry.value), field).empty()) continue;
          in_step &= SameField(kKind, field, model::ValuesOf(entry.value), objects.front()->values);
        }
      }
      if (!in_step) CheckTold(kKind, key);
    }
  }

  template <class R>
  void CheckLeftOut(const std::vector<model::Declared<R>>& first,
                    const std::vector<model::Declared<R>>& then) {
    constexpr Kind kKind = model::kKindOf<R>;
    for (const auto& entry : first) {
      const std::string key = model::KeyOf(entry.value);
      bool declared = std::ranges::any_of(
          then, [&](const auto& other) { return model::KeyOf(other.value) == key; });
      bool there = !history().LiveOfKey(kKind, key).empty();
      // Once it is gone, what she makes of the same key is hers.
      bool hers = there && history().LastChange(Author::kMaria, kKind,
                                                history().LiveOfKey(kKind, key).front()->id) >= 0;
      if (!declared && there && !hers) Broken(Told(kKind, key) + " is still there");
    }
  }

  void CheckTold(Kind kind, const std::string& key) {
    bool hers = std::ranges::any_of(history().spans(), [&](const Span& span) {
      return span.object.kind == kind && span.object.key == key &&
             history().LastChange(Author::kMaria, kind, span.object.id) >= 0;
    });
    // Of several entries of one key, the start says which is meant.
    bool told = std::ranges::any_of(told_, [&](const Id& one) {
      return one.first == kind && (one.second == key || one.second.starts_with(key + "#"));
    });
    if (!told) Broken(Told(kind, key) + " is out of step, and not told");
    if (!hers) Broken(Told(kind, key) + " is out of step, though nobody else changed it");
  }

  std::set<Id> told_;
};

}  // namespace

std::vector<std::unique_ptr<Oracle>> ClaimOracles(const Scene& scene) {
  std::vector<std::unique_ptr<Oracle>> oracles;
  oracles.push_back(std::make_unique<BaseIsConfirmed>(scene));
  oracles.push_back(std::make_unique<ReportIsTrue>(scene));
  oracles.push_back(std::make_unique<ProtectionHasNoGap>(scene));
  oracles.push_back(std::make_unique<AllIsInStep>(scene));
  return oracles;
}

}  // namespace viasync::simulation
