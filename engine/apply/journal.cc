#include "engine/apply/journal.h"

#include <chrono>
#include <utility>

#include "engine/store/secrets.h"

namespace viasync::apply {

http::Task<base::Result<std::int64_t>> Journal::Open(store::Step step) {
  if (error_) co_return base::Fail(*error_);
  // Refused alone: in the store it would take the others of its transaction with it.
  auto harmless = store::HoldsNoSecret(step);
  if (!harmless) co_return base::Fail(std::move(harmless.error()));
  intents_.push_back(std::move(step));
  PlanFlush();
  auto written = http::Callback<base::Result<std::int64_t>>(
      [this](auto done) { waiting_.push_back(std::move(done)); });
  co_return co_await written;
}

void Journal::Close(store::Outcome outcome) {
  outcomes_.push_back(std::move(outcome));
  PlanFlush();
}

void Journal::PlanFlush() {
  if (planned_) return;
  planned_ = true;
  // The loop may turn again, for others, after the journal is gone.
  transport_.After(base::Millis{0}, [this, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired()) return;
    planned_ = false;
    Turn();
  });
}

void Journal::Turn() {
  if (!store_.IsFar()) {
    (void)Flush();  // an error is kept in error_, and each intent is told
    return;
  }
  if (far_.valid()) return;  // what came meanwhile goes with the next one
  Writing next = Gather();
  if (error_ || (next.outcomes.empty() && next.intents.empty())) return Tell(std::move(next));
  far_ = std::async(std::launch::async, [&store = store_, next = std::move(next)]() mutable {
    next.written = store.Journal(next.outcomes, next.intents);
    return std::move(next);
  });
  Look();
}

void Journal::Look() {
  constexpr base::Millis kBetweenLooks{1};
  transport_.After(kBetweenLooks, [this, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired() || !far_.valid()) return;
    if (far_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return Look();
    // The next one leaves before those who waited go on: they only add to the one after it.
    Writing done = far_.get();
    if (!done.written && !error_) error_ = done.written.error();
    Turn();
    Tell(std::move(done));
  });
}

Journal::Writing Journal::Gather() {
  return {.outcomes = std::exchange(outcomes_, {}),
          .intents = std::exchange(intents_, {}),
          .waiting = std::exchange(waiting_, {})};
}

void Journal::Tell(Writing done) {
  if (!done.written && !error_) error_ = done.written.error();
  for (std::size_t i = 0; i < done.waiting.size(); ++i) {
    if (error_)
      done.waiting[i](base::Fail(*error_));
    else
      done.waiting[i](done.intents[i].id);
  }
}

base::Result<void> Journal::Flush() {
  if (far_.valid()) Tell(far_.get());
  Writing last = Gather();
  if (!error_ && !(last.outcomes.empty() && last.intents.empty())) {
    last.written = store_.Journal(last.outcomes, last.intents);
  }
  Tell(std::move(last));
  if (error_) return base::Fail(*error_);
  return {};
}

}  // namespace viasync::apply
