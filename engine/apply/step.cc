#include "engine/apply/step.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/model/fields.h"

namespace viasync::apply {
namespace {

using base::ErrorKind;
using http::Task;
using reconcile::Action;
using reconcile::Change;

// How often a step is written anew after an unknown outcome, or rebased, before it gives up.
constexpr int kTriesMax = 5;
constexpr base::Millis kFirstPause{250};

// What would meet every other step as well: no credentials, no connection, an org that throttles
// for longer than the client has patience.
bool IsHopeless(const base::Error& error) {
  constexpr int kThrottled = 429;
  return error.kind == ErrorKind::kAuth || error.kind == ErrorKind::kNetwork ||
         error.kind == ErrorKind::kLeaseLost ||
         (error.kind == ErrorKind::kUnavailable && error.http_status == kThrottled);
}

std::string Explain(const base::Error& error) {
  return error.hint.empty() ? error.message : error.message + "; " + error.hint;
}

void SetValue(model::Values& values, std::string_view name, std::string text) {
  auto found = std::ranges::find(values, name, &std::pair<std::string, std::string>::first);
  if (found != values.end())
    found->second = std::move(text);
  else
    values.emplace_back(name, std::move(text));
}

std::string ValueOf(const model::Values& values, std::string_view name) {
  auto found = std::ranges::find(values, name, &std::pair<std::string, std::string>::first);
  return found == values.end() ? std::string() : found->second;
}

bool HasValue(const model::Values& values, std::string_view name) {
  return std::ranges::any_of(values, [&](const auto& value) { return value.first == name; });
}

// What one attempt at the org ended in.
enum class Sent { kDone, kMoved, kUnsure, kRefused };

struct Attempt {
  Sent sent = Sent::kRefused;
  std::optional<model::Values> shown{};
  std::optional<base::Error> error{};
};

// The whole of one step; holds what changes between its attempts.
class StepRun {
 public:
  StepRun(StepContext context, const Change& change)
      : context_(std::move(context)),
        change_(change),
        before_(change.before),
        after_(change.after),
        author_{std::string(change.modified_by.str()), change.modified_at},
        version_(change.version) {}

  Task<StepOutcome> Run() {
    if (change_.action == Action::kCreate) StartNow();
    if (change_.action == Action::kDelete) {
      auto ready = co_await BeforeDelete();
      if (ready) co_return std::move(*ready);
    }
    for (int tries = 1;; ++tries) {
      if (auto failed = co_await OpenStep()) co_return std::move(*failed);
      Attempt attempt = co_await Send();
      if (attempt.sent == Sent::kDone) co_return Confirm(attempt.shown, note_);
      if (attempt.sent == Sent::kRefused) co_return Refused(*attempt.error);
      if (attempt.sent == Sent::kUnsure) {
        lost_before_ = true;
        // It may be under way still: the look comes late, right before a repeat.
        co_await http::Sleep(context_.transport, kFirstPause * (1 << (tries - 1)));
      }
      auto settled = co_await ReadBack(attempt);
      if (settled) co_return std::move(*settled);
      if (tries >= kTriesMax) co_return GiveUp(attempt, tries);
    }
  }

 private:
  // Protection that says no start begins now; the moment is fixed before the intent is written.
  // Where an earlier run sent it and may still arrive, it is sent as it was: the org then refuses
  // the second one.
  void StartNow() {
    if (change_.kind != model::kProtector || HasValue(after_, "start")) return;
    start_ = context_.start.empty() ? base::FormatTimeShort(context_.transport.clock().Now())
                                    : context_.start;
    SetValue(after_, "start", *start_);
  }

  // DELETE carries no version (reference, "Deletes a filter", "Deletes an exclusion"), so the org
  // is read right before it: what changed since the plan is not deleted.
  Task<std::optional<StepOutcome>> BeforeDelete() {
    auto now = co_await context_.writer.Read(change_.id);
    if (!now) co_return Problem(now.error());
    if (!*now) {
      if (auto failed = co_await OpenStep()) co_return std::move(failed);
      co_return Confirm(std::nullopt, "was gone already");
    }
    if ((*now)->version == version_) co_return std::nullopt;
    if (!context_.reviewed && context_.writer.Same((*now)->values, before_)) {
      version_ = (*now)->version;
      co_return std::nullopt;
    }
    co_return Moved("was changed in the org after the plan was made, so it was not deleted",
                    Differences(before_, {}, (*now)->values));
  }

  Task<std::optional<StepOutcome>> OpenStep() {
    if (step_ && step_version_ == version_) co_return std::nullopt;  // the same intent once more
    if (step_) {
      context_.journal.Close({.step = *step_,
                              .state = store::StepState::kFailed,
                              .note = "rebased on a newer version"});
      step_.reset();
    }
    store::Step step{.run = context_.run,
                     .plan_id = context_.plan_id,
                     .kind = change_.kind,
                     .key = change_.key,
                     .action = std::string(reconcile::ActionName(change_.action)),
                     .resource_id = change_.id,
                     .version = version_,
                     .before = before_,
                     .after = after_,
                     .move = Move(std::nullopt),
                     .org = author_};
    auto opened = co_await context_.journal.Open(std::move(step));
    if (!opened) {
      co_return StepOutcome{StepState::kNotStarted,
                            "the journal cannot be written: " + Explain(opened.error()), true};
    }
    step_ = *opened;
    step_version_ = version_;
    co_return std::nullopt;
  }

  Task<Attempt> Send() {
    if (change_.action == Action::kDelete) {
      auto gone = co_await context_.writer.Delete(change_.id);
      if (gone || gone.error().kind == ErrorKind::kNotFound) co_return Attempt{Sent::kDone};
      // A 409 on a delete is no stale version: something still uses the filter.
      if (gone.error().kind == ErrorKind::kConflict) {
        gone.error().hint = "Release what still uses it in the org, then run again";
      }
      co_return Attempt{gone.error().kind == ErrorKind::kUnknown ? Sent::kUnsure : Sent::kRefused,
                        {},
                        gone.error()};
    }
    base::Result<std::optional<model::Values>> answer;
    if (change_.action == Action::kCreate)
      answer = co_await context_.writer.Create(after_);
    else
      answer = co_await context_.writer.Update(change_.id, version_, after_);
    if (answer) co_return Attempt{Sent::kDone, std::move(*answer)};
    switch (answer.error().kind) {
      case ErrorKind::kConflict:
        co_return Attempt{Sent::kMoved, {}, answer.error()};
      case ErrorKind::kUnknown:
      case ErrorKind::kProtocol:  // a 2xx whose body cannot be read: it may well have happened
        co_return Attempt{Sent::kUnsure, {}, answer.error()};
      default:
        co_return Attempt{Sent::kRefused, {}, answer.error()};
    }
  }

  // After a 409 or a lost answer: what does the org hold? nullopt = write again.
  Task<std::optional<StepOutcome>> ReadBack(Attempt attempt) {
    if (change_.action == Action::kCreate) return ReadBackCreate(std::move(attempt));
    return ReadBackUpdate(std::move(attempt));
  }

  Task<std::optional<StepOutcome>> ReadBackCreate(Attempt attempt) {
    auto found = co_await context_.writer.Find(after_);
    if (!found) co_return Unreadable(*attempt.error, found.error());
    for (const auto& current : *found) {
      if (context_.writer.Same(current.values, after_)) {
        co_return Confirm(current.values, lost_before_ ? "the answer was lost; the org has it"
                                                       : "was made meanwhile, in the same way");
      }
    }
    // Exclusions of one key may differ in their start; with ours, it is the one that was sent.
    bool there = std::ranges::any_of(*found, [&](const Current& current) {
      return context_.writer.SameField("start", current.values, after_);
    });
    if (attempt.sent == Sent::kUnsure && !there) co_return std::nullopt;
    if (found->empty()) co_return Refused(*attempt.error);
    // It may be our own, edited by somebody since; and a lost try may still come.
    if (lost_before_) {
      co_return StepOutcome{StepState::kUnknown,
                            "is in the org in another way, and the answer to our create was lost"};
    }
    co_return Moved("was made in the org meanwhile, in another way",
                    Differences({}, after_, found->front().values));
  }

  Task<std::optional<StepOutcome>> ReadBackUpdate(Attempt attempt) {
    auto now = co_await context_.writer.Read(change_.id);
    if (!now) co_return Unreadable(*attempt.error, now.error());
    if (!*now) {
      if (change_.action == Action::kDelete) {
        co_return Confirm(std::nullopt, "the answer was lost; the org has done it");
      }
      co_return Moved("was deleted in the org meanwhile");
    }
    const Current& current = **now;
    if (change_.action == Action::kDelete) {
      if (current.version == version_) co_return std::nullopt;
      // A DELETE that is under way still would not mind the new version.
      co_return StepOutcome{StepState::kUnknown,
                            "was changed in the org after the delete was sent, and is there still"};
    }
    if (context_.writer.Same(current.values, after_)) {
      co_return Confirm(current.values, lost_before_ ? "the answer was lost; the org has it"
                                                     : "was changed meanwhile, in the same way");
    }
    if (current.version == version_) {
      if (attempt.sent == Sent::kUnsure) co_return std::nullopt;  // it did not happen
      co_return Refused(*attempt.error);  // 409, though the version stands: not about the version
    }
    co_return Rebase(current);
  }

  std::optional<StepOutcome> Rebase(const Current& current) {
    if (context_.reviewed) {
      return Moved("was changed in the org after the plan was reviewed",
                   Differences(before_, after_, current.values));
    }
    Rebased rebased = context_.writer.Rebase(before_, after_, current, context_.merge);
    switch (rebased.verdict) {
      case Rebased::Verdict::kAlready:
        // What else the org holds is somebody's edit, not its own form of what we sent.
        return Confirm(std::nullopt, "was changed meanwhile, in the same way");
      case Rebased::Verdict::kConflict: {
        auto note = SomebodyChanged(rebased.fields) + ", so it was left alone";
        return Moved(std::move(note), std::move(rebased.fields));
      }
      case Rebased::Verdict::kGoOn:
        break;
    }
    before_ = current.values;
    after_ = std::move(rebased.after);
    version_ = current.version;
    author_ = current.author;
    lost_before_ = false;  // it carried the old version: if it did not land, it never will
    // What was merged once stays told, should other fields move on after it.
    if (!rebased.fields.empty()) moved_ = std::move(rebased.fields);
    note_ = moved_.empty() ? "rebased: somebody changed other fields in the org after the plan"
                           : "merged: " + SomebodyChanged(moved_);
    return std::nullopt;
  }

  static std::string SomebodyChanged(const std::vector<reconcile::FieldChange>& fields) {
    std::string names;
    for (const auto& field : fields) names += (names.empty() ? "`" : ", `") + field.name + "`";
    return "somebody changed " + names + " in the org after the plan";
  }

  // The fields in which the org is not as it was planned against; of a create, not as it is wanted.
  // Empty values: that side has no such object.
  std::vector<reconcile::FieldChange> Differences(const model::Values& base,
                                                  const model::Values& local,
                                                  const model::Values& remote) const {
    std::vector<reconcile::FieldChange> fields;
    for (std::string_view name : model::WritableFieldNames(change_.kind)) {
      reconcile::FieldChange field{.name = std::string(name)};
      if (context_.writer.SameField(field.name, base.empty() ? local : base, remote)) continue;
      auto of = [&](const model::Values& side) {
        return side.empty() ? std::nullopt : std::optional(ValueOf(side, name));
      };
      field.base = of(base), field.local = of(local), field.remote = of(remote);
      fields.push_back(std::move(field));
    }
    return fields;
  }

  // --- ends ---------------------------------------------------------------------------------

  store::BaseMove Move(const std::optional<model::Values>& shown) {
    auto move = MoveOf(context_.writer, change_, after_, shown);
    if (start_ && move.record) {
      SetValue(move.record->value, "start", *start_);
      if (move.record->seen) SetValue(*move.record->seen, "start", *start_);
    }
    return move;
  }

  StepOutcome Confirm(const std::optional<model::Values>& shown, std::string note) {
    if (step_) {
      context_.journal.Close(
          {.step = *step_, .state = store::StepState::kDone, .note = note, .move = Move(shown)});
    }
    return {.state = StepState::kDone, .note = std::move(note), .moved = std::move(moved_)};
  }

  StepOutcome Close(StepState state, std::string note, bool hopeless = false) {
    if (step_) {
      context_.journal.Close({.step = *step_, .state = store::StepState::kFailed, .note = note});
    }
    return {state, std::move(note), hopeless};
  }

  // A try that was lost may still land, so its intent stays open for the next run.
  StepOutcome GiveUp(const Attempt& last, int tries) {
    std::string note =
        "given up after " + std::to_string(tries) + " tries: " + Explain(*last.error);
    if (last.sent == Sent::kUnsure) return {StepState::kUnknown, std::move(note)};
    return Close(StepState::kFailed, std::move(note));
  }

  StepOutcome Refused(const base::Error& error) {
    if (error.kind == ErrorKind::kNotFound && change_.action != Action::kCreate) {
      return Moved("was deleted in the org meanwhile: " + error.message);
    }
    if (lost_before_) return {StepState::kUnknown, Explain(error), IsHopeless(error)};
    return Close(StepState::kFailed, Explain(error), IsHopeless(error));
  }

  StepOutcome Problem(const base::Error& error) {
    return Close(StepState::kFailed, Explain(error), IsHopeless(error));
  }

  StepOutcome Moved(std::string note, std::vector<reconcile::FieldChange> fields = {}) {
    auto state = context_.reviewed ? StepState::kStale : StepState::kConflict;
    auto outcome = Close(state, std::move(note));
    outcome.moved = std::move(fields);
    return outcome;
  }

  // The write's outcome is not known and the org cannot be read either: the intent stays open.
  StepOutcome Unreadable(const base::Error& write, const base::Error& read) {
    // A 409 says that this try did nothing; an earlier one that was lost may be what it met.
    if (write.kind == ErrorKind::kConflict && !lost_before_) return Problem(read);
    return {StepState::kUnknown, Explain(write) + "; reading it back failed: " + read.message,
            IsHopeless(read)};
  }

  StepContext context_;
  const Change& change_;
  model::Values before_, after_;
  store::OrgAuthor author_;  // of `before_`, in the org
  std::int64_t version_;
  std::optional<std::int64_t> step_;  // the intent that is open in the journal …
  std::int64_t step_version_ = 0;     // … and the version it names
  bool lost_before_ = false;          // an earlier try may have happened, or may happen yet
  std::optional<std::string> start_;
  std::string note_;
  std::vector<reconcile::FieldChange> moved_;  // that were merged
};

}  // namespace

Task<StepOutcome> RunStep(StepContext context, const Change& change) {
  StepRun run(std::move(context), change);
  co_return co_await run.Run();
}

store::BaseMove MoveOf(const Writer& writer, const Change& change, const model::Values& sent,
                       const std::optional<model::Values>& shown) {
  store::BaseMove move{.kind = change.kind, .key = change.key};
  if (change.action == Action::kDelete) return move;
  move.record = store::BaseRecord{.kind = change.kind, .key = change.key, .value = change.agreed};
  model::Values seen = change.agreed_seen;
  if (shown) {
    for (const auto& field : change.fields) {
      // Where what was sent is what was agreed on, what the org made of it is its own form.
      bool plain = writer.SameField(field.name, sent, change.agreed);
      if (!plain || writer.SameField(field.name, sent, *shown)) continue;
      auto own = std::ranges::find(*shown, field.name, &std::pair<std::string, std::string>::first);
      SetValue(seen, field.name, own == shown->end() ? "" : own->second);
    }
  }
  std::erase_if(seen, [](const auto& value) { return value.second.empty(); });
  if (!writer.Same(seen, change.agreed)) move.record->seen = std::move(seen);
  return move;
}

}  // namespace viasync::apply
