#include "engine/apply/journal.h"

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
    (void)Flush();  // an error is kept in error_, and each intent is told
  });
}

base::Result<void> Journal::Flush() {
  auto outcomes = std::exchange(outcomes_, {});
  auto intents = std::exchange(intents_, {});
  auto waiting = std::exchange(waiting_, {});
  if (!error_ && !(outcomes.empty() && intents.empty())) {
    if (auto written = store_.Journal(outcomes, intents); !written) error_ = written.error();
  }
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (error_)
      waiting[i](base::Fail(*error_));
    else
      waiting[i](intents[i].id);
  }
  if (error_) return base::Fail(*error_);
  return {};
}

}  // namespace viasync::apply
