#include "engine/http/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <coroutine>
#include <deque>
#include <optional>
#include <utility>

#include "engine/base/times.h"
#include "engine/http/backoff.h"
#include "engine/http/outcome_text.h"
#include "engine/http/pace.h"
#include "engine/http/rate_headers.h"
#include "engine/http/retry_policy.h"
#include "engine/http/throttle.h"

namespace viasync::http {
namespace {

// What the org asks for, seen from its own clock where it tells it.
std::optional<base::Millis> AskedWait(const base::Result<Response>& outcome, base::UtcTime now) {
  if (!outcome) return std::nullopt;
  const std::string_view header = HeaderOf(*outcome, "retry-after");
  if (header.empty() && !TellsOfRate(*outcome)) return std::nullopt;
  const base::UtcTime there = ParseHttpDate(HeaderOf(*outcome, "date")).value_or(now);
  return header.empty() ? UsedUpFor(*outcome, there) : ParseRetryAfter(header, there);
}

// A refusal that asks for less holds back the refused request alone: a gateway's bucket fills all
// the time, and the pace sees to the others. One that asks for more means everybody.
constexpr base::Millis kHoldsAll{5000};

bool IsThrottled(const base::Result<Response>& outcome) {
  return outcome && outcome->status == 429;
}

// Whether everybody is to wait: for a refusal that asks for long, and where the last request that
// the org's quota allowed has just been answered.
bool Holds(const base::Result<Response>& outcome, std::optional<base::Millis> asked) {
  return outcome && asked && *asked >= kHoldsAll &&
         (outcome->status == 429 || outcome->status < 400);
}

// A 429 speaks of the rate, which is the pace's business.
Throttle::Load LoadOf(const base::Result<Response>& outcome) {
  if (!outcome) return Throttle::Load::kSilent;
  if (IsThrottled(outcome)) return Throttle::Load::kRefused;
  return outcome->status == 408 ? Throttle::Load::kTooMuch : Throttle::Load::kBorne;
}

}  // namespace

struct Client::State {
  State(Transport& port, base::Random& chance, ClientOptions given)
      : transport(port),
        random(chance),
        options(given),
        throttle(given.in_flight_first, given.in_flight_max),
        pace(0, given.rate_max),
        backoff(given.backoff_first, given.backoff_cap) {}

  Transport& transport;
  base::Random& random;
  const ClientOptions options;
  Counters counters;
  Throttle throttle;
  Pace pace;
  Backoff backoff;
  bool reached = false;  // somebody has answered
  std::deque<std::coroutine_handle<>> waiting;
  std::optional<base::Millis> wake_at;  // when the earliest timer that is planned goes off
  base::Millis throttled_first{0};
  std::optional<base::Millis> throttled_last{}, told{};
  std::shared_ptr<State*> self = std::make_shared<State*>(this);  // timers may outlive the client

  base::Millis Now() { return transport.clock().Steady(); }

  // How long the org wants nothing to be sent, where that is longer than a request may take; else
  // 0.
  base::Millis PausedTooLongFor() {
    const base::Millis pause = throttle.paused_until() - Now();
    return pause > options.give_up_after ? pause : base::Millis(0);
  }

  // Awaits leave to send. Whoever has begun goes before those who have not, so that a long queue
  // does not eat up the time of a retry.
  auto Slot(bool has_begun) {
    struct Awaiter {
      State* state;
      bool has_begun;
      bool await_ready() const {
        return (has_begun || state->waiting.empty()) && state->MayStart();
      }
      void await_suspend(std::coroutine_handle<> task) {
        has_begun ? state->waiting.push_front(task) : state->waiting.push_back(task);
        state->PlanWake();
      }
      // nullopt: the org asks for a longer pause than anybody here has patience for.
      std::optional<Throttle::Ticket> await_resume() {
        if (state->PausedTooLongFor() > base::Millis(0)) return std::nullopt;
        state->pace.Start(state->Now());
        return state->throttle.Start();
      }
    };
    return Awaiter{this, has_begun};
  }

  bool MayStart() { return throttle.MayStart(Now()) && pace.MayStart(Now()); }

  // Lets in whoever may start. Each of them suspends in its exchange before it comes back here.
  void Admit() {
    while (!waiting.empty() && MayStart()) {
      auto next = waiting.front();
      waiting.pop_front();
      next.resume();
    }
    PlanWake();
  }

  // Nobody sits out a pause that is too long.
  void TurnAway() {
    for (auto& next : std::exchange(waiting, {})) next.resume();
  }

  // During a pause, or between two requests of a pace, nothing in flight may be left to call
  // Admit().
  void PlanWake() {
    const base::Millis now = Now();
    const base::Millis next = std::max(throttle.paused_until(), pace.NextStart(now));
    if (waiting.empty() || next <= now || (wake_at && *wake_at <= next)) return;
    wake_at = next;
    transport.After(next - now, [weak = std::weak_ptr<State*>(self), next] {
      auto alive = weak.lock();
      if (!alive) return;
      State& state = **alive;
      if (state.wake_at == next) state.wake_at.reset();
      state.Admit();
    });
  }

  // Once it has lasted, and again from time to time: nobody should wonder why nothing moves.
  void TellOfThrottle(const base::Result<Response>& outcome, std::optional<base::Millis> asked,
                      const std::function<void(std::string)>& notice) {
    constexpr base::Millis kLasts{10'000}, kAgain{60'000};
    if (!outcome || outcome->status != 429 || PausedTooLongFor() > base::Millis(0)) return;
    if (!throttled_last || Now() - *throttled_last > kAgain) throttled_first = Now();
    throttled_last = Now();
    const bool lasts = Now() - throttled_first >= kLasts || (asked && *asked >= kLasts);
    if (!lasts || (told && Now() - *told < kAgain)) return;
    told = Now();
    notice("the org slows this run down (429)" +
           (asked ? ": it asks to wait " + base::FormatDuration(*asked) : std::string()) +
           "; nothing is lost, it takes longer");
  }

  void TellPace(base::Millis sent, const base::Result<Response>& outcome) {
    if (!outcome || outcome->status == 408) {
      pace.Silent(Now());
    } else if (outcome->status == 429) {
      pace.Refused(sent, Now());
    } else {
      pace.Accepted(Now());
    }
  }

  void Settle(Throttle::Ticket ticket, base::Millis sent, const base::Result<Response>& outcome,
              std::optional<base::Millis> asked) {
    if (outcome) reached = true;
    TellPace(sent, outcome);
    if (IsThrottled(outcome)) ++counters.throttled;
    if (Holds(outcome, asked)) throttle.PauseUntil(Now() + *asked);
    if (PausedTooLongFor() > base::Millis(0)) TurnAway();
    throttle.Finish(ticket, LoadOf(outcome), Now() - sent);
    Admit();
  }
};

Client::Client(Transport& transport, base::Random& random, ClientOptions options)
    : state_(std::make_unique<State>(transport, random, options)) {}

Client::~Client() = default;

Task<base::Result<Response>> Client::Send(Request request, Repeat repeat) {
  State& state = *state_;
  Tries tries(state.options);
  for (;;) {
    const base::Millis pause = state.PausedTooLongFor();
    if (pause > base::Millis(0)) co_return base::Fail(PausedTooLong(request, pause));
    const std::optional<Throttle::Ticket> ticket = co_await state.Slot(tries.count() > 0);
    if (!ticket) continue;
    const base::Millis sent = state.Now();
    tries.Begin(sent);
    ++state.counters.requests;
    auto exchange = Exchange(state.transport, request);
    base::Result<Response> outcome = co_await exchange;

    const auto asked = AskedWait(outcome, state.transport.clock().Now());
    state.Settle(*ticket, sent, outcome, asked);
    if (notice) state.TellOfThrottle(outcome, asked, notice);
    if (trace) {
      trace(fmt::format("{} {} {} {} ms", MethodName(request.method), PathOf(request.url),
                        ReasonOf(request, outcome), (state.Now() - sent).count()));
    }
    const Verdict verdict = Judge(outcome, repeat);
    if (verdict == Verdict::kDone) co_return outcome;
    if (verdict == Verdict::kUnsure) co_return base::Fail(Unsure(request, outcome));

    base::Millis wait = state.backoff.Wait(tries.count(), state.random);
    if (asked) wait = std::max(*asked, wait);
    const bool throttled = IsThrottled(outcome);
    if (throttled && state.PausedTooLongFor() > base::Millis(0)) continue;
    if (!tries.MayGoOn(state.Now(), wait, state.reached, throttled)) {
      co_return base::Fail(GaveUp(request, outcome, tries.count(), tries.Spent(state.Now())));
    }
    ++state.counters.retries;
    co_await Sleep(state.transport, wait);
  }
}

const Counters& Client::counters() const { return state_->counters; }

double Client::learnt_rate() const { return state_->pace.learnt_per_s(); }

void Client::BeginAt(double requests_per_s) {
  state_->pace = Pace(requests_per_s, state_->options.rate_max);
}

std::size_t Client::in_flight_max() const { return state_->options.in_flight_max; }

Transport& Client::transport() { return state_->transport; }

}  // namespace viasync::http
