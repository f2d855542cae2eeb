#include "engine/reconcile/reconcile.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/model/criteria.h"
#include "engine/model/fields.h"
#include "engine/reconcile/criteria_merge.h"
#include "engine/reconcile/protection.h"
#include "engine/reconcile/triples.h"

namespace viasync::reconcile {
namespace {

using model::Field;
using model::Shape;

enum class FieldDecision {
  kNothing,
  kAlike,   // both sides mean the same: the base moves there
  kFollow,  // not declared, the org's to fill in: the base keeps what the org has
  kPush,
  kPull,
  kMerged,
  kConflict
};

// The whole of one resource kind's decisions; one triple at a time.
template <class R>
class Reconciler {
 public:
  explicit Reconciler(const Rules& rules) : rules_(rules) {}

  void Decide(const Triple<R>& t) {
    if (t.mixed || !t.ambiguous.empty()) return Ambiguous(t);
    Rekey(t);
    if (t.local && t.local->absent) return DeclaredAbsent(t);
    if (t.local && t.remote) return BothExist(t);
    if (t.local) return OnlyLocal(t);
    if (t.remote) return OnlyRemote(t);
    Forget(t);
  }

  Reconciled<R> Take() {
    // Keys that carry a start may lie out of the order of keys without one.
    std::ranges::stable_sort(out_.changes, {}, &Change::key);
    std::ranges::stable_sort(out_.conflicts, {},
                             [](const Conflict& c) -> const std::string& { return c.change.key; });
    return std::move(out_);
  }

 private:
  // --- one side has no such resource -------------------------------------------------------

  void DeclaredAbsent(const Triple<R>& t) {
    if (t.remote)
      PushDelete(t, false);
    else
      Forget(t);
  }

  void OnlyLocal(const Triple<R>& t) {
    if (!t.base || !Arrived(t)) return PushCreate(t, false);
    bool edited = !SameAsBase(t.local->value, *t.base, t.local->value);
    if (edited) {
      switch (Preferred(t)) {
        case Prefer::kLocal:
          return PushCreate(t, true);
        case Prefer::kRemote:
          return Pull(t, Action::kDelete);
        case Prefer::kNeither:
          return Conflicted(t, "changed in the files, deleted in the org");
      }
    }
    if (rules_.revert_drift) return PushCreate(t, true);
    Pull(t, Action::kDelete);
  }

  void OnlyRemote(const Triple<R>& t) {
    // What the API cannot delete only ceases to be managed where its entry leaves the files, and is
    // adopted only by the first pull.
    if constexpr (!model::InfoOf<R>().can_delete) {
      using Traits = model::KindTraits<R>;
      Forget(t);
      if (!Traits::CanBeManaged(t.remote->value)) return;
      bool first_pull = rules_.adopt && !rules_.has_base && Traits::IsAdopted(t.remote->value);
      return first_pull ? Pull(t, Action::kCreate) : IsUnmanaged(t);
    }
    if (!t.base) {
      if (rules_.prune) return PushDelete(t, false);
      if (rules_.adopt) return Pull(t, Action::kCreate);
      return IsUnmanaged(t);
    }
    bool edited = !SameAsBase(t.remote->value, *t.base, Seen(*t.base));
    if (edited) {
      switch (Preferred(t)) {
        case Prefer::kLocal:
          return PushDelete(t, true);
        case Prefer::kRemote:
          return Pull(t, Action::kCreate);
        case Prefer::kNeither:
          return Conflicted(t, "deleted in the files, changed in the org");
      }
    }
    PushDelete(t, false);
  }

  // --- both sides have it: field by field ----------------------------------------------------

  struct Decided {
    FieldDecision decision = FieldDecision::kNothing;
    std::optional<std::string> merged{};
    bool reverts = false;
    bool settled = false;  // by `prefer`
  };

  static bool IsNothing(const Decided& decided) {
    return decided.decision == FieldDecision::kNothing;
  }

  void DecideFields(const Triple<R>& t) {
    decided_.clear();
    for (const auto& field : model::Fields<R>()) {
      decided_.push_back(field.key ? Decided{} : DecideField(t, field));
    }
  }

  Decided DecideField(const Triple<R>& t, const Field<R>& field) const {
    const R& local = t.local->value;
    const R& remote = t.remote->value;
    if (Ignored(field)) return {};
    if (LeftToOrg(field, local)) return {FieldDecision::kFollow};
    bool alike = field.same(local, remote);
    if (!t.base) {
      if (alike || (!rules_.exact && LeftOut(t, field))) return {FieldDecision::kAlike};
      // A base exists, but neither side had this: both made it, each in its own way.
      return Settle(t, rules_.has_base ? FieldDecision::kConflict : FieldDecision::kPush);
    }
    // It was left out, so the org kept its own; now it is declared empty.
    const bool emptied =
        field.kept_when_left_out && Emptied(*t.local, field) && !field.text(Seen(*t.base)).empty();
    if (field.same(t.base->value, local) && field.same(Seen(*t.base), remote) && !emptied) {
      return {};
    }
    if (alike) return {FieldDecision::kAlike};
    bool local_changed = emptied || !AsAgreed(field, local, *t.base);
    // What the org filled in by itself is no change of it.
    bool remote_changed = !AsAgreed(field, remote, *t.base) && !LeftToOrg(field, Seen(*t.base));
    if (!local_changed && !remote_changed) return {};
    if (!remote_changed) return {FieldDecision::kPush};
    if (!local_changed) return OnlyRemoteChanged(t, field);
    if (field.shape == Shape::kCriteria && rules_.merge_texts) {
      if (auto merged =
              MergeCriteria(field.text(Seen(*t.base)), field.text(local), field.text(remote))) {
        if (model::SameCriteria(*merged, field.text(remote))) return {FieldDecision::kPull};
        if (model::SameCriteria(*merged, field.text(local))) return {FieldDecision::kPush};
        return {FieldDecision::kMerged, std::move(merged)};
      }
    }
    return Settle(t, FieldDecision::kConflict);
  }

  // The base and the files agree, the org does not.
  Decided OnlyRemoteChanged(const Triple<R>& t, const Field<R>& field) const {
    // Nobody ever declared it. A list without a filter calls more people: that is shown.
    const bool unsaid = rules_.base_of_files && LeftOut(t, field);
    if (unsaid && !field.always_written) return {};
    if (rules_.revert_drift) return {FieldDecision::kPush, {}, true};
    switch (ArrivalOf(t, field)) {
      case Arrival::kCame:
        return {FieldDecision::kPull};
      case Arrival::kNeverCame:
        return {FieldDecision::kPush};
      case Arrival::kUnknown:
        // What protects somebody is sent all the same.
        if (Protects(field, t.local->value, t.remote->value)) {
          return {FieldDecision::kPush, {}, true};
        }
        return unsaid ? Decided{FieldDecision::kPull} : Settle(t, FieldDecision::kConflict);
    }
    std::unreachable();
  }

  Decided Settle(const Triple<R>& t, FieldDecision otherwise) const {
    if (Preferred(t) == Prefer::kRemote) return {FieldDecision::kPull, {}, false, true};
    if (Preferred(t) == Prefer::kLocal) {
      return {FieldDecision::kPush, {}, otherwise == FieldDecision::kConflict, true};
    }
    return {otherwise};
  }

  void BothExist(const Triple<R>& t) {
    DecideFields(t);
    const bool nothing =
        std::ranges::all_of(decided_, [](const Decided& one) { return IsNothing(one); });
    if (t.base && nothing) {  // nearly all of them, as a rule: nothing is copied for these
      ++out_.unchanged;
      return;
    }
    Change push = Start(t, Action::kUpdate, Direction::kPush);
    Change pull = Start(t, Action::kUpdate, Direction::kPull);
    Change conflict = push;
    R after = t.remote->value;
    R agreed = t.base ? t.base->value : t.remote->value;  // moves with what is alike …
    R seen = t.base ? Seen(*t.base) : t.remote->value;
    R in_files = t.local->value;  // after the pull
    std::vector<const Field<R>*> pushed;
    for (std::size_t i = 0; i < decided_.size(); ++i) {
      if (IsNothing(decided_[i])) continue;
      const auto& field = model::Fields<R>()[i];
      const auto& [decision, merged, reverts, settled] = decided_[i];
      if (decision == FieldDecision::kAlike || decision == FieldDecision::kFollow) {
        bool alike = decision == FieldDecision::kAlike;
        field.copy(agreed, alike ? t.local->value : t.remote->value);
        field.copy(seen, t.remote->value);
        continue;
      }
      FieldChange change = Terms(t, field);
      change.merged = merged;
      if (decision == FieldDecision::kConflict) conflict.fields.push_back(change);
      if (decision == FieldDecision::kPull || decision == FieldDecision::kMerged) {
        field.copy(in_files, t.remote->value);
        pull.settled |= settled;
        pull.fields.push_back(change);
      }
      if (decision == FieldDecision::kPush || decision == FieldDecision::kMerged) {
        if (merged)
          field.parse(after, *merged);
        else
          field.copy(after, t.local->value);
        pushed.push_back(&field);
        push.reverts_drift |= reverts;
        push.settled |= settled;
        push.fields.push_back(std::move(change));
      }
    }
    if (!conflict.fields.empty()) {
      auto reason = ReasonOf(t, conflict);
      out_.conflicts.push_back(
          {ConflictKind::kBothChanged, std::move(conflict), std::move(reason)});
      return;
    }
    if (push.fields.empty() && pull.fields.empty()) ++out_.unchanged;
    // A first agreement would claim that the files had the org's value: then they would win next.
    if (t.base || pull.fields.empty()) RecordAgreement(t, agreed, seen);
    if (!push.fields.empty()) {
      for (const auto* field : pushed) {  // … and, once confirmed, with what is pushed
        field->copy(agreed, t.local->value);
        field->copy(seen, t.local->value);
      }
      push.before = model::ValuesOf(t.remote->value);
      push.after = model::ValuesOf(after);
      push.agreed = model::ValuesOf(agreed);
      push.agreed_seen = model::ValuesOf(seen);
      MarkUpdate(push, t.remote->value, after);
      out_.changes.push_back(std::move(push));
    }
    if (pull.fields.empty()) return;
    MarkUpdate(pull, t.local->value, in_files);
    out_.changes.push_back(std::move(pull));
  }

  // --- outcomes ---------------------------------------------------------------------------

  void PushCreate(const Triple<R>& t, bool reverts) {
    Change change = Start(t, Action::kCreate, Direction::kPush);
    change.fields = AllTerms(t, t.local->value);
    change.after = change.agreed = change.agreed_seen = model::ValuesOf(t.local->value);
    change.protects = true;
    change.reverts_drift = reverts;
    out_.changes.push_back(std::move(change));
  }

  void PushDelete(const Triple<R>& t, bool reverts) {
    Change change = Start(t, Action::kDelete, Direction::kPush);
    change.fields = AllTerms(t, t.remote->value);
    change.before = model::ValuesOf(t.remote->value);
    MarkRemoval(change, t.remote->value);
    change.reverts_drift = reverts;
    out_.changes.push_back(std::move(change));
  }

  void Pull(const Triple<R>& t, Action action) {
    Change change = Start(t, action, Direction::kPull);
    change.fields = AllTerms(t, action == Action::kCreate ? t.remote->value : t.local->value);
    change.protects = true;
    if (action == Action::kDelete) MarkRemoval(change, t.local->value);
    // What is left to the UI has no place in the files.
    if (action == Action::kCreate) {
      for (const auto& field : model::Fields<R>()) {
        if (!Ignored(field)) continue;
        std::erase_if(change.fields, [&](const auto& term) { return term.name == field.name; });
      }
    }
    out_.changes.push_back(std::move(change));
  }

  void Conflicted(const Triple<R>& t, std::string reason) {
    Change change = Start(t, Action::kUpdate, Direction::kPush);
    change.fields = AllTerms(t, t.local ? t.local->value : t.remote->value);
    out_.conflicts.push_back(
        {ConflictKind::kDeletedAndChanged, std::move(change), std::move(reason)});
  }

  void Ambiguous(const Triple<R>& t) {
    if (!t.local && !t.base) {
      for (const auto* remote : t.ambiguous) {
        out_.unmanaged.push_back({model::kKindOf<R>, t.key, remote->id});
      }
      return;
    }
    Change change = Start(t, Action::kUpdate, Direction::kPush);
    const R& shown = t.local ? t.local->value : t.base->value;
    change.fields = AllTerms(t, shown);
    std::string ids;
    for (const auto* remote : t.ambiguous) ids += (ids.empty() ? "" : ", ") + remote->id;
    std::string reason =
        t.mixed ? "entries of different lists or addresses write this key in the same way"
                : "several entries of the org answer to this key";
    if (!ids.empty()) reason += " (ids " + ids + ")";
    out_.conflicts.push_back({ConflictKind::kAmbiguous, std::move(change), std::move(reason)});
  }

  void IsUnmanaged(const Triple<R>& t) {
    out_.unmanaged.push_back({model::kKindOf<R>, t.key, t.remote->id});
  }

  void Forget(const Triple<R>& t) {
    if (t.base) out_.base_edits.push_back({t.key, std::nullopt});
  }

  // The key under which the base holds an exclusion follows from whether its key is unique.
  void Rekey(const Triple<R>& t) {
    if (!t.base) return;
    const auto& value = t.base->value;
    std::string stored = t.base->keyed_by_start ? model::KeyWithStart(value) : model::KeyOf(value);
    if (stored == t.key) return;
    out_.base_edits.push_back({std::move(stored), std::nullopt});
    auto agreed = *t.base;
    agreed.keyed_by_start = t.by_start;
    out_.base_edits.push_back({t.key, std::move(agreed)});
  }

  // Without a base this adopts what the org holds: the user was shown it, so a run that stops
  // half-way goes on as a three-way one.
  void RecordAgreement(const Triple<R>& t, const R& agreed, const R& seen) {
    if (!t.remote->detailed) return;
    if (t.base && model::ValuesOf(agreed) == model::ValuesOf(t.base->value) &&
        model::ValuesOf(seen) == model::ValuesOf(Seen(*t.base))) {
      return;
    }
    model::Agreed<R> record{.value = agreed, .keyed_by_start = t.by_start};
    if (!model::SameValue(agreed, seen)) record.seen = seen;
    out_.base_edits.push_back({t.key, std::move(record)});
  }

  // --- small things -------------------------------------------------------------------------

  static const R& Seen(const model::Agreed<R>& base) { return base.seen ? *base.seen : base.value; }

  bool Ignored(const Field<R>& field) const {
    return rules_.manage && rules_.manage->Ignores(field.name);
  }

  static bool Emptied(const model::Declared<R>& local, const Field<R>& field) {
    return local.emptied.Has(static_cast<std::size_t>(&field - model::Fields<R>().data()));
  }

  // The files say nothing of it, not even that it is empty.
  static bool LeftOut(const Triple<R>& t, const Field<R>& field) {
    return field.kept_when_left_out && field.text(t.local->value).empty() &&
           !Emptied(*t.local, field);
  }

  static bool LeftToOrg(const Field<R>& field, const R& side) {
    return field.org_fills_in && field.text(side).empty();
  }

  bool Arrived(const Triple<R>& t) const { return !rules_.arrived || rules_.arrived(t.key); }

  enum class Arrival { kCame, kNeverCame, kUnknown };

  // Whether the org ever had what the base declares for a field.
  Arrival ArrivalOf(const Triple<R>& t, const Field<R>& field) const {
    if (!rules_.arrived) return Arrival::kCame;
    const Confirmed* known = rules_.arrived(t.key);
    if (!known) return Arrival::kUnknown;
    auto value = model::FromValues<R>(known->value);
    auto seen = known->seen ? model::FromValues<R>(*known->seen) : value;
    if (!value || !seen) return Arrival::kUnknown;
    if (field.same(*value, t.base->value)) return Arrival::kCame;
    return field.same(*seen, t.remote->value) ? Arrival::kNeverCame : Arrival::kUnknown;
  }

  static std::string ReasonOf(const Triple<R>& t, const Change& conflict) {
    if (!t.base) return "made differently in the files and in the org";
    auto declared = [](const FieldChange& field) { return field.base == field.local; };
    if (!std::ranges::all_of(conflict.fields, declared)) {
      return "changed differently in the files and in the org";
    }
    return "different in the org from what was declared; whether that ever arrived there is not "
           "known (--trust-base: it did)";
  }

  // What lets fewer people be called here than in the org: a start or an end of an exclusion that
  // protects for longer, a filter of a list that has none.
  static bool Protects(const Field<R>& field, const R& local, const R& remote) {
    if (field.always_written) return !field.text(local).empty() && field.text(remote).empty();
    if constexpr (model::InfoOf<R>().protects) {
      R after = remote;
      field.copy(after, local);
      return field.shape == Shape::kTime && ProtectsAsLong(remote, after);
    }
    return false;
  }

  // Both forms of the base are one value: as it was declared, and as the org rewrote it.
  static bool AsAgreed(const Field<R>& field, const R& side, const model::Agreed<R>& base) {
    return field.same(base.value, side) || field.same(Seen(base), side);
  }

  // `side` is the base still, but for fields that are ignored or that `undeclared` leaves to the
  // org.
  bool SameAsBase(const R& side, const model::Agreed<R>& base, const R& undeclared) const {
    for (const auto& field : model::Fields<R>()) {
      if (field.key || Ignored(field) || LeftToOrg(field, undeclared)) continue;
      if (!AsAgreed(field, side, base)) return false;
    }
    return true;
  }

  Prefer Preferred(const Triple<R>& t) const {
    auto found = rules_.prefer_key.find(t.key);
    return found != rules_.prefer_key.end() ? found->second : rules_.prefer;
  }

  Change Start(const Triple<R>& t, Action action, Direction direction) const {
    Change change{
        .kind = model::kKindOf<R>, .key = t.key, .action = action, .direction = direction};
    if (t.remote) {
      change.id = t.remote->id;
      change.version = t.remote->version;
      change.modified_by = t.remote->modified_by;
      change.modified_at = t.remote->modified_at;
    }
    if (t.local) change.source = t.local->source;
    return change;
  }

  static FieldChange Terms(const Triple<R>& t, const Field<R>& field) {
    FieldChange change{.name = std::string(field.name)};
    if (t.base) change.base = field.text(t.base->value);
    if (t.local && !t.local->absent) change.local = field.text(t.local->value);
    if (t.remote) change.remote = field.text(t.remote->value);
    return change;
  }

  // Every field that has a value in `shown`, or differs between the sides.
  static std::vector<FieldChange> AllTerms(const Triple<R>& t, const R& shown) {
    std::vector<FieldChange> fields;
    fields.reserve(model::Fields<R>().size());
    for (const auto& field : model::Fields<R>()) {
      FieldChange terms = Terms(t, field);
      bool has_value = !field.text(shown).empty();
      for (const auto* term : {&terms.base, &terms.local, &terms.remote}) {
        has_value |= *term && !(*term)->empty();
      }
      if (has_value) fields.push_back(std::move(terms));
    }
    return fields;
  }

  const Rules& rules_;
  std::vector<Decided> decided_;  // of the triple at hand, by field
  Reconciled<R> out_;
};

}  // namespace

template <class R>
Reconciled<R> Reconcile(std::span<const model::Agreed<R>> base,
                        std::span<const model::Declared<R>> local,
                        std::span<const model::Remote<R>> remote, const Rules& rules) {
  Reconciler<R> reconciler(rules);
  ForEachTriple<R>(base, local, remote,
                   [&](const Triple<R>& triple) { reconciler.Decide(triple); });
  return reconciler.Take();
}

namespace {

// Makes the function for each kind, since its template stands here alone.
template <class... R>
constexpr auto ForKinds(model::TypeList<R...>) {
  return std::tuple(&Reconcile<R>...);
}
[[gnu::used]] constexpr auto kForKinds = ForKinds(model::Kinds());

}  // namespace

}  // namespace viasync::reconcile
