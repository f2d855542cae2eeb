#include "tests/fakes/memory_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/store/trail.h"

namespace viasync::fakes {

using base::Result;
using store::StepState;

Result<void> MemoryStore::Write(std::string call) {
  calls.push_back(std::move(call));
  if (error && writes_before_error-- <= 0) return base::Fail(*error);
  return {};
}

void MemoryStore::Apply(const store::BaseMove& move) {
  if (!move.record) {
    records.erase({move.kind, move.key});
    return;
  }
  store::BaseRecord record = *move.record;
  record.kind = move.kind;
  record.key = move.key;
  records.insert_or_assign({move.kind, move.key}, std::move(record));
}

Result<void> MemoryStore::ReadBase(model::Kind kind,
                                   const std::function<Result<void>(store::BaseRecord)>& each) {
  calls.push_back(fmt::format("ReadBase {}", model::KindName(kind)));
  for (const auto& [key, record] : records) {
    if (key.first != kind) continue;
    Result<void> taken = each(record);
    if (!taken) return taken;
  }
  return {};
}

Result<bool> MemoryStore::HasBase() {
  calls.push_back("HasBase");
  return has_base;
}

Result<std::optional<base::UtcTime>> MemoryStore::BaseMoved() {
  return has_base ? std::optional(Now()) : std::nullopt;
}

Result<std::string> MemoryStore::TrailHead() {
  return events_.empty() ? std::string() : events_.back().hash;
}

void MemoryStore::Add(store::Event event) {
  event.hash = store::EventHash(events_.empty() ? "" : events_.back().hash, event);
  events_.push_back(std::move(event));
}

store::Event MemoryStore::NewEvent() const {
  store::Event event;
  event.id = static_cast<std::int64_t>(events_.size()) + 1;
  event.at = Now();
  event.run = run;
  event.user = user;
  event.commit = commit;
  return event;
}

Result<void> MemoryStore::MoveBase(const std::vector<store::BaseMove>& moves,
                                   const std::vector<store::Pulled>& pulled) {
  Result<void> may = Write(fmt::format("MoveBase {}", moves.size()));
  if (!may) return may;
  for (const store::BaseMove& move : moves) Apply(move);
  for (const store::Pulled& one : pulled) {
    store::Event event = NewEvent();
    event.what = "pull";
    event.kind = one.kind;
    event.key = one.key;
    event.action = one.action;
    event.before = one.before;
    event.after = one.after;
    event.org = one.org;
    Add(std::move(event));
  }
  has_base = true;
  return {};
}

Result<void> MemoryStore::Journal(const std::vector<store::Outcome>& outcomes,
                                  std::vector<store::Step>& intents) {
  if (way) way();
  Result<void> may =
      Write(fmt::format("Journal closes {} opens {}", outcomes.size(), intents.size()));
  if (!may) return may;
  std::vector<std::int64_t> closing;
  for (const store::Outcome& outcome : outcomes) {
    const bool known = outcome.step > 0 && static_cast<std::size_t>(outcome.step) <= steps.size();
    if (!known || steps[outcome.step - 1].state != StepState::kOpen ||
        outcome.state == StepState::kOpen || std::ranges::count(closing, outcome.step) != 0) {
      return base::Fail(base::ErrorKind::kInvalid,
                        fmt::format("step {} of the journal is not open", outcome.step));
    }
    closing.push_back(outcome.step);
  }
  for (const store::Outcome& outcome : outcomes) {
    store::Step& step = steps[outcome.step - 1];
    step.state = outcome.state;
    step.note = outcome.note;
    step.closed = Now();
    if (outcome.state != StepState::kDone) continue;
    if (outcome.move) Apply(*outcome.move);
    store::Event event = NewEvent();
    event.what = step.run == run ? "apply" : "settled";
    event.kind = step.kind;
    event.key = step.key;
    event.action = step.action;
    event.before = step.before;
    event.after = step.after;
    event.org = step.org;
    event.version = step.version;
    Add(std::move(event));
  }
  for (store::Step& step : intents) {
    step.id = static_cast<std::int64_t>(steps.size()) + 1;
    step.run = run;
    step.state = StepState::kOpen;
    step.opened = Now();
    steps.push_back(step);
  }
  return {};
}

Result<std::vector<store::Step>> MemoryStore::OpenSteps() {
  calls.push_back("OpenSteps");
  std::vector<store::Step> open;
  std::ranges::copy_if(steps, std::back_inserter(open),
                       [](const store::Step& step) { return step.state == StepState::kOpen; });
  return open;
}

Result<std::vector<store::Step>> MemoryStore::UndoneSteps(base::UtcTime since) {
  std::vector<store::Step> undone;
  std::ranges::copy_if(steps, std::back_inserter(undone), [&](const store::Step& step) {
    return step.opened >= since &&
           (step.state == StepState::kFailed || step.state == StepState::kUnknown);
  });
  return undone;
}

Result<std::vector<store::Event>> MemoryStore::Events(std::size_t limit) {
  calls.push_back(fmt::format("Events {}", limit));
  const std::size_t count = std::min(limit, events_.size());
  return std::vector<store::Event>(events_.rbegin(), events_.rbegin() + count);
}

}  // namespace viasync::fakes
