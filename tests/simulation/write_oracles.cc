// Promises about what leaves the client and what it does to the org.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/model/fields.h"
#include "tests/simulation/oracles.h"

namespace viasync::simulation {
namespace {

using model::Kind;
using reconcile::Action;
using Id = std::pair<Kind, std::string>;

std::string Told(Kind kind, const std::string& id, const std::string& key) {
  return std::string(model::KindName(kind)) + " " + key + " (id " + id + ")";
}
std::string Told(const Object& object) { return Told(object.kind, object.id, object.key); }

Action ActionOf(const Sent& sent) {
  if (sent.method == http::Method::kPost) return Action::kCreate;
  return sent.method == http::Method::kDelete ? Action::kDelete : Action::kUpdate;
}

class LookingSendsNoWrites final : public Oracle {
 public:
  explicit LookingSendsNoWrites(const Scene& scene)
      : Oracle(scene, "who only looks never writes") {}
  void WriteSent(const Sent& sent) override {
    if (!scene().applying) Broken(Told(sent.kind, sent.id, sent.key));
  }
};

class OnlyWhatIsPlanned final : public Oracle {
 public:
  explicit OnlyWhatIsPlanned(const Scene& scene) : Oracle(scene, "only what is planned is sent") {}
  void WriteSent(const Sent& sent) override {
    const auto* push = PushOf(sent.kind, sent.id, sent.key);
    if (!push || push->action != ActionOf(sent)) Broken(Told(sent.kind, sent.id, sent.key));
  }
};

class IntentComesFirst final : public Oracle {
 public:
  explicit IntentComesFirst(const Scene& scene)
      : Oracle(scene, "the intent is on disk before the request leaves") {}
  void WriteSent(const Sent& sent) override {
    const std::string action(reconcile::ActionName(ActionOf(sent)));
    bool written = std::ranges::any_of(scene().records.open, [&](const auto& entry) {
      const store::Step& step = entry.second.step;
      bool same = step.kind == sent.kind && step.action == action && step.resource_id == sent.id;
      if (action == "create") return same && step.key == sent.key;
      return same && (action == "delete" || step.version == sent.version);
    });
    if (!written) Broken(Told(sent.kind, sent.id, sent.key));
  }
};

class VersionsWereRead final : public Oracle {
 public:
  explicit VersionsWereRead(const Scene& scene)
      : Oracle(scene, "every update carries a version that was read") {}
  void VersionShown(Kind kind, const std::string& id, std::int64_t version) override {
    shown_.emplace(kind, id, version);
  }
  void WriteSent(const Sent& sent) override {
    if (sent.id.empty() || sent.method == http::Method::kDelete) return;
    if (!shown_.contains({sent.kind, sent.id, sent.version})) {
      Broken(Told(sent.kind, sent.id, sent.key) + " with " + std::to_string(sent.version));
    }
  }

 private:
  std::set<std::tuple<Kind, std::string, std::int64_t>> shown_;
};

class ReviewedIsNotRebased final : public Oracle {
 public:
  explicit ReviewedIsNotRebased(const Scene& scene)
      : Oracle(scene, "a reviewed plan is carried out as it stands") {}
  void WriteSent(const Sent& sent) override {
    const auto* push = PushOf(sent.kind, sent.id, sent.key);
    bool versioned = !sent.id.empty() && sent.method != http::Method::kDelete;
    if (scene().reviewed && versioned && push && push->version != sent.version) {
      Broken(Told(sent.kind, sent.id, sent.key) + " with " + std::to_string(sent.version));
    }
  }
};

// The marks of maria in a criterion: M12.
std::set<std::string> MarksIn(const std::string& text) {
  std::set<std::string> marks;
  for (std::size_t at = text.find('M'); at != std::string::npos; at = text.find('M', at + 1)) {
    std::size_t end = text.find_first_not_of("0123456789", at + 1);
    marks.insert(text.substr(at, end == std::string::npos ? end : end - at));
  }
  return marks;
}

class HerEditsSurvive final : public Oracle {
 public:
  explicit HerEditsSurvive(const Scene& scene)
      : Oracle(scene, "what somebody changed in the org is not overwritten") {}

  void VersionShown(Kind kind, const std::string& id, std::int64_t) override {
    looked_at_[{kind, id}] = history().now();
  }
  void WriteSent(const Sent& sent) override {
    if (sent.method == http::Method::kDelete) {
      known_when_sent_[{sent.kind, sent.id}] = looked_at_[{sent.kind, sent.id}];
    }
  }
  void Changed(const Change& change) override {
    if (change.author == Author::kViasync && change.before) {
      change.after ? CheckUpdate(*change.before, *change.after) : CheckDelete(*change.before);
    }
    if (change.after) Remember(change);
  }

 private:
  void CheckUpdate(const Object& before, const Object& after) {
    for (auto field : model::WritableFieldNames(before.kind)) {
      if (SameField(before.kind, field, before.values, after.values)) continue;
      const std::string was = ValueOf(before.values, field), is = ValueOf(after.values, field);
      const auto lost = MarksIn(was), kept = MarksIn(is);
      bool marks_kept = std::ranges::includes(kept, lost);
      bool merged = field == "criteria" && marks_kept && !lost.empty();
      bool hers = authors_[{{before.kind, before.id}, std::string(field)}] == Author::kMaria;
      if (!marks_kept || (hers && !merged && !IsBase(before, field))) {
        Broken(Told(before) + " " + std::string(field) + ": " + was + " -> " + is);
      }
      if (field == "criteria" && !WasPlanned(after)) {
        Broken(Told(before) + " " + was + " -> " + is + ", which no plan showed");
      }
    }
  }

  // A DELETE knows no version: what she did after the last look before it is the gap that the API
  // leaves.
  void CheckDelete(const Object& before) {
    Id id{before.kind, before.id};
    if (history().LastChange(Author::kMaria, before.kind, before.id) > known_when_sent_[id]) return;
    const auto* push = PushOf(before.kind, before.id, before.key);
    bool as_decided = push && SameValues(before.kind, push->before, before.values);
    bool hers = history().LastChange(Author::kMaria, before.kind, before.id) >= 0;
    if (!as_decided || (hers && !IsAbsent(before) && !IsBase(before))) {
      Broken(Told(before) + " was deleted, though it was changed");
    }
  }

  // By the plan of this run, or by that of an earlier one whose write comes late.
  bool WasPlanned(const Object& object) const {
    auto planned = [&](const model::Values& after) {
      return SameField(object.kind, "criteria", after, object.values);
    };
    const auto* push = PushOf(object.kind, object.id, object.key);
    if (push && planned(push->after)) return true;
    return std::ranges::any_of(scene().records.open, [&](const auto& entry) {
      const auto& step = entry.second.step;
      return step.kind == object.kind && step.key == object.key && planned(step.after);
    });
  }

  bool IsAbsent(const Object& object) const {
    auto declared = [&](const auto& entries) {
      return std::ranges::any_of(entries, [&](const auto& entry) {
        return entry.absent && model::KeyOf(entry.value) == object.key;
      });
    };
    const auto& desired = scene().desired;
    return declared(desired.Of<model::Filter>()) || declared(desired.Of<model::Exclusion>());
  }

  bool IsBase(const Object& object, std::string_view field) const {
    auto found = scene().records.base.find({object.kind, object.key});
    if (found == scene().records.base.end()) return false;
    const auto& record = found->second;
    return SameField(object.kind, field, record.value, object.values) ||
           (record.seen && SameField(object.kind, field, *record.seen, object.values));
  }
  bool IsBase(const Object& object) const {
    return std::ranges::all_of(model::WritableFieldNames(object.kind),
                               [&](auto field) { return IsBase(object, field); });
  }

  void Remember(const Change& change) {
    const Object& after = *change.after;
    for (auto field : model::WritableFieldNames(after.kind)) {
      bool same =
          change.before && SameField(after.kind, field, change.before->values, after.values);
      if (!same) authors_[{{after.kind, after.id}, std::string(field)}] = change.author;
    }
  }

  std::map<std::pair<Id, std::string>, Author> authors_;  // of each field's present value
  std::map<Id, long> looked_at_, known_when_sent_;        // instants
};

// A POST that is lost can land, and be edited by somebody, between the last look before its repeat
// and the repeat: that gap is the API's.
class NothingTwice final : public Oracle {
 public:
  explicit NothingTwice(const Scene& scene) : Oracle(scene, "nothing is made twice") {}
  void CollectionShown(Kind kind) override { looked_at_[kind] = history().now(); }
  void WriteSent(const Sent& sent) override {
    if (sent.method == http::Method::kPost)
      known_when_sent_[{sent.kind, sent.key}] = looked_at_[sent.kind];
  }
  void Changed(const Change& change) override {
    if (change.author != Author::kViasync || change.before) return;
    const Object& made = *change.after;
    for (const auto* other : history().LiveOfKey(made.kind, made.key)) {
      auto earlier = made_at_.find({other->kind, other->id});
      if (earlier == made_at_.end()) continue;
      if (earlier->second <= known_when_sent_[{made.kind, made.key}]) Broken(Told(made));
    }
    made_at_[{made.kind, made.id}] = history().now();
  }

 private:
  std::map<Kind, long> looked_at_;
  std::map<Id, long> known_when_sent_, made_at_;  // by key; by id
};

}  // namespace

const reconcile::Change* Oracle::PushOf(Kind kind, const std::string& id,
                                        const std::string& key) const {
  for (const auto& change : scene_.plan.changes) {
    if (change.direction != reconcile::Direction::kPush || change.kind != kind) continue;
    if (id.empty() ? change.id.empty() && change.key == key : change.id == id) return &change;
  }
  return nullptr;
}

std::vector<std::unique_ptr<Oracle>> WriteOracles(const Scene& scene) {
  std::vector<std::unique_ptr<Oracle>> oracles;
  oracles.push_back(std::make_unique<LookingSendsNoWrites>(scene));
  oracles.push_back(std::make_unique<OnlyWhatIsPlanned>(scene));
  oracles.push_back(std::make_unique<IntentComesFirst>(scene));
  oracles.push_back(std::make_unique<VersionsWereRead>(scene));
  oracles.push_back(std::make_unique<ReviewedIsNotRebased>(scene));
  oracles.push_back(std::make_unique<HerEditsSurvive>(scene));
  oracles.push_back(std::make_unique<NothingTwice>(scene));
  return oracles;
}

}  // namespace viasync::simulation
