#include "engine/apply/apply.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <utility>

#include "engine/apply/step.h"
#include "engine/apply/writer.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/plan/order.h"

namespace viasync::apply {
namespace {

using http::Task;
using reconcile::Change;

// For how long a request whose answer was lost may still arrive, to be on the safe side.
constexpr std::chrono::hours kMayComeFor{1};
constexpr std::chrono::minutes kFreshStart{1};  // from the start that was given to its intent

std::string Label(model::Kind kind, const std::string& key) {
  return std::string(model::KindName(kind)) + " " + base::Printable(key);
}

// Hands steps to workers in the plan's order, each as soon as what it needs has ended.
class Run {
 public:
  Run(const plan::Plan& plan, api::Session& session, const api::Schemas& schemas,
      store::Store& store, ApplyOptions options)
      : options_(std::move(options)),
        plan_id_(plan.id),
        session_(session),
        store_(store),
        journal_(store, session.client().transport()) {
    for (const auto& change : plan.changes) {
      if (change.direction == reconcile::Direction::kPush) pushes_.push_back(change);
    }
    for (auto kind : model::kKinds) writers_[kind] = MakeWriter(kind, session, schemas);
    Prepare();
  }

  Task<void> Go() {
    if (auto read = ReadStarts(); !read) {
      stopped_ = read.error().message + "; " + read.error().hint;
      co_return;
    }
    // Twice what may be in flight, so that steps which wait for the disk do not leave it idle.
    std::size_t workers = std::min(pushes_.size(), 2 * session_.client().in_flight_max());
    http::Group group;
    for (std::size_t i = 0; i < workers; ++i) group.Add(Work());
    auto all = group.Wait();
    co_await all;
    if (auto flushed = journal_.Flush(); !flushed) stopped_ = flushed.error().message;
  }

  void Report(ApplyResult& result) {
    for (std::size_t i = 0; i < pushes_.size(); ++i) {
      auto& outcome = outcomes_[i];
      result.steps.push_back({std::move(pushes_[i]), outcome.state, std::move(outcome.note),
                              std::move(outcome.moved)});
    }
    result.stopped = stopped_;
    result.interrupted = interrupted_;
  }

 private:
  void Prepare() {
    outcomes_.assign(pushes_.size(), {.state = StepState::kNotStarted});
    open_needs_.resize(pushes_.size());
    needed_by_.resize(pushes_.size());
    const auto needs = plan::NeedsOf(pushes_);
    for (std::size_t i = 0; i < pushes_.size(); ++i) {
      open_needs_[i] = needs[i].size();
      for (auto need : needs[i]) needed_by_[need].push_back(i);
      protecting_ += plan::RankOf(pushes_[i]) == plan::Rank::kProtect ? 1 : 0;
    }
    for (std::size_t i = 0; i < pushes_.size(); ++i) Offer(i);
  }

  void Offer(std::size_t i) {
    if (open_needs_[i] > 0) return;
    if (plan::RankOf(pushes_[i]) == plan::Rank::kUnprotect && protecting_ > 0)
      held_back_.push_back(i);
    else
      ready_.push_back(i);
  }

  bool Stopped() {
    if (options_.stop && options_.stop->load()) interrupted_ = true;
    return interrupted_ || !stopped_.empty();
  }

  Task<void> Work() {
    for (;;) {
      if (Stopped() || ended_ == pushes_.size()) co_return;
      if (ready_.empty()) {
        if (running_ == 0) co_return;
        auto progress = changed_.Wait();
        co_await progress;
        continue;
      }
      std::size_t i = ready_.front();
      ready_.pop_front();
      ++running_;
      StepContext context{*writers_[pushes_[i].kind],
                          journal_,
                          session_.client().transport(),
                          options_.run,
                          plan_id_,
                          options_.reviewed,
                          options_.merge,
                          StartOf(pushes_[i])};
      StepOutcome outcome = co_await RunStep(std::move(context), pushes_[i]);
      --running_;
      if (outcome.hopeless && stopped_.empty()) stopped_ = outcome.note;
      End(i, std::move(outcome));
      changed_.Notify();
    }
  }

  // The starts with which exclusions that declare none were sent, and nobody saw them arrive. One
  // that this program gave lies right before its intent; a declared one is another wish.
  base::Result<void> ReadStarts() {
    const bool asked = std::ranges::any_of(
        pushes_, [](const Change& change) { return change.kind == model::kProtector; });
    if (!asked) return {};
    auto undone = store_.UndoneSteps(session_.client().transport().clock().Now() - kMayComeFor);
    if (!undone) return base::Fail(std::move(undone.error()));
    for (const store::Step& step : *undone) {
      if (step.state != store::StepState::kUnknown || step.action != "create") continue;
      for (const auto& [name, value] : step.after) {
        if (name != "start" || step.kind != model::kProtector) continue;
        const auto start = base::ParseTime(value);
        const bool ours = start && *start <= step.opened && step.opened - *start < kFreshStart;
        if (ours) starts_[step.key] = value;
      }
    }
    return {};
  }

  std::string StartOf(const Change& change) const {
    if (change.kind != model::kProtector || change.action != reconcile::Action::kCreate) return {};
    auto found = starts_.find(change.key);
    return found == starts_.end() ? std::string() : found->second;
  }

  // The step has ended, one way or the other; whoever waited for it may start, or is skipped.
  void End(std::size_t i, StepOutcome outcome) {
    std::deque<std::size_t> ended;
    outcomes_[i] = std::move(outcome);
    ended.push_back(i);
    while (!ended.empty()) {
      std::size_t at = ended.front();
      ended.pop_front();
      ++ended_;
      bool done = outcomes_[at].state == StepState::kDone;
      for (auto next : needed_by_[at]) {
        if (outcomes_[next].state == StepState::kSkipped) continue;
        if (!done) {
          outcomes_[next] = {
              StepState::kSkipped,
              "needs " + Label(pushes_[at].kind, pushes_[at].key) + ", which was not done", false};
          ended.push_back(next);
        } else if (--open_needs_[next] == 0) {
          Offer(next);
        }
      }
      bool protects = plan::RankOf(pushes_[at]) == plan::Rank::kProtect;
      if (protects && --protecting_ == 0) {
        for (auto held : std::exchange(held_back_, {})) {
          if (outcomes_[held].state == StepState::kNotStarted) ready_.push_back(held);
        }
      }
    }
    if (options_.progress) options_.progress(ended_, pushes_.size());
  }

  ApplyOptions options_;
  std::string plan_id_;
  api::Session& session_;
  store::Store& store_;
  Journal journal_;
  std::vector<Change> pushes_;
  model::ByKind<std::unique_ptr<Writer>> writers_;

  std::vector<StepOutcome> outcomes_;
  std::vector<std::size_t> open_needs_;
  std::vector<std::vector<std::size_t>> needed_by_;
  std::deque<std::size_t> ready_;
  std::vector<std::size_t> held_back_;
  std::size_t protecting_ = 0, running_ = 0, ended_ = 0;
  http::Signal changed_;
  std::string stopped_;
  bool interrupted_ = false;
  std::map<std::string, std::string> starts_;  // by key
};

}  // namespace

Task<ApplyResult> Apply(const plan::Plan& plan, api::Session& session, const api::Schemas& schemas,
                        store::Store& store, ApplyOptions options) {
  ApplyResult result{.environment = plan.environment, .org = plan.org, .plan_id = plan.id};
  auto& clock = session.client().transport().clock();
  const auto begun = clock.Steady();
  const auto before = session.client().counters();
  Run run(plan, session, schemas, store, std::move(options));
  co_await run.Go();
  run.Report(result);
  const auto& counters = session.client().counters();
  result.requests = counters.requests - before.requests;
  result.retries = counters.retries - before.retries;
  result.throttled = counters.throttled - before.throttled;
  result.took = clock.Steady() - begun;
  co_return result;
}

}  // namespace viasync::apply
