// The lease in virtual time: its rules one by one, and a simulation in which everything goes wrong.
#include "engine/store/lease.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "tests/fakes/clock.h"

namespace viasync::store {
namespace {

using base::Millis;
using Leave = base::SendGate::Leave;

const base::Error kWhy{base::ErrorKind::kLeaseLost, "taken", ""};

TEST_CASE("of 60 seconds half are for sending, and they are renewed four times") {
  const auto times = LeaseTimes::Of(std::chrono::seconds(60));
  CHECK(times.renew_every == std::chrono::seconds(15));
  CHECK(times.deadline == std::chrono::seconds(20));
  CHECK(times.may_send() == std::chrono::seconds(30));
  CHECK(times.may_send() + times.deadline + times.linger + times.margin == times.lease);
}

TEST_CASE("nothing leaves once it might outlive the lease; a renewal opens the gate again") {
  LeaseWatch watch(LeaseTimes::Of(Millis(60'000)), Millis(1'000));
  CHECK(watch.Ask(Millis(31'000)) == Leave::kGo);
  CHECK(watch.Ask(Millis(31'001)) == Leave::kWait);
  watch.Renewed(Millis(20'000));
  CHECK(watch.Ask(Millis(50'000)) == Leave::kGo);
  watch.Renewed(Millis(10'000));  // an answer that came late takes nothing back
  CHECK(watch.Ask(Millis(50'000)) == Leave::kGo);
}

TEST_CASE("a lease that was refused stays lost") {
  LeaseWatch watch(LeaseTimes::Of(Millis(60'000)), Millis(0));
  watch.Refused(kWhy);
  watch.Renewed(Millis(5));
  CHECK(watch.Ask(Millis(6)) == Leave::kNever);
  CHECK(watch.lost()->message == "taken");
}

TEST_CASE("renewals that fail are tried again soon, and lose the lease when it may be over") {
  LeaseWatch watch(LeaseTimes::Of(Millis(60'000)), Millis(0));
  CHECK(watch.RenewAt() == Millis(15'000));
  watch.Failed(Millis(16'000), kWhy);
  CHECK(watch.RenewAt() == Millis(17'000));
  CHECK(watch.Ask(Millis(16'000)) == Leave::kGo);
  watch.Failed(Millis(59'999), kWhy);
  CHECK(watch.Ask(Millis(59'999)) == Leave::kWait);
  watch.Failed(Millis(60'000), kWhy);
  CHECK(watch.Ask(Millis(60'000)) == Leave::kNever);
}

TEST_CASE("what a transaction came to is read from the row, never guessed") {
  const HistoryMark before{7, 3, "c3"}, after{7, 4, "c4"};
  auto judge = [&](HistoryMark mark, const std::string& token) {
    return JudgeLostAnswer({std::move(mark), token}, "mine", before, after);
  };
  CHECK(judge(after, "mine") == Fate::kDone);
  CHECK(judge(before, "mine") == Fate::kNotDone);
  CHECK(judge({8, 3, "c3"}, "yours") == Fate::kTaken);
  CHECK(judge({7, 3, "c3"}, "yours") == Fate::kTaken);  // the same epoch twice, after a failover
  CHECK(judge({6, 3, "c3"}, "mine") == Fate::kWentBack);
  CHECK(judge({7, 2, "c2"}, "mine") == Fate::kWentBack);
  CHECK(judge({7, 4, "other"}, "mine") == Fate::kWentBack);
  CHECK(judge({7, 3, "other"}, "mine") == Fate::kWentBack);
}

TEST_CASE("a history that lost something, or is another one, is told apart") {
  const HistoryMark seen{3, 10, "c10"};
  CHECK_FALSE(WhatIsMissing(seen, {3, 10, "c10"}, "c10"));
  CHECK_FALSE(WhatIsMissing(seen, {5, 12, "c12"}, "c10"));
  CHECK(WhatIsMissing(seen, {3, 9, "c9"}, std::nullopt));
  CHECK(WhatIsMissing(seen, {3, 12, "d12"}, "d10"));
  CHECK(WhatIsMissing(seen, {3, 12, "d12"}, std::nullopt));
  CHECK(WhatIsMissing(seen, {2, 10, "c10"}, "c10"));
}

// --- simulation -------------------------------------------------------------------------------

// The server's row, as lease_row.cc has it in SQL.
struct Row {
  HistoryMark mark;
  std::string token;
  std::int64_t turn = 0;
  int server = 0;
  bool free = true;
  Millis renewed{0};
  std::vector<std::string> done;  // what was committed, in order
};

// Several runners on one environment. Each is a process whose own steps wait while it is stopped;
// every message takes its time, and its answer may get lost. The server fails over and forgets what
// it did last, and its clock goes wrong within the margin.
class Simulation {
 public:
  explicit Simulation(std::uint64_t seed) : random_(seed) {
    for (int i = 0; i < 3; ++i) runners_.push_back({.name = i});
    for (auto& runner : runners_)
      At(runner, Between(0, 3'000), [this, &runner] { Acquire(runner); });
    At(Between(20'000, 200'000), [this] { FailOver(); });
  }

  void Run() {
    while (!events_.empty() && now_ < Millis(900'000)) {
      Event next = events_.top();
      events_.pop();
      now_ = std::max(now_, next.due);
      Runner* runner = next.runner;
      if (runner && runner->stopped_until > now_) {  // its own steps come when it goes on
        next.due = runner->stopped_until;
        events_.push(next);
        continue;
      }
      if (runner && Chance(200)) {  // a laptop that sleeps, a debugger, a busy host
        runner->stopped_until = now_ + Millis(Between(100, 150'000));
        next.due = runner->stopped_until;
        events_.push(next);
        continue;
      }
      next.act();
    }
  }

  int sends = 0, takeovers = 0, settled = 0, lost = 0;

 private:
  struct Runner {
    int name = 0;
    Millis stopped_until{0};
    std::optional<LeaseWatch> watch{};
    HistoryMark mark{};
    std::string token{};
    std::int64_t turn = 0;
    int server = 0;
    int holding = 0;  // counts its leases: what comes for an older one is void
    Millis open_at{0};
    int work = 0;
    std::vector<std::string> believed{};
  };
  struct Event {
    Millis due;
    std::uint64_t serial;
    Runner* runner;  // whose step it is; null: the world's
    std::function<void()> act;
    friend bool operator<(const Event& a, const Event& b) {
      return std::pair(a.due, a.serial) > std::pair(b.due, b.serial);
    }
  };

  std::int64_t Between(std::int64_t low, std::int64_t high) {
    return low +
           static_cast<std::int64_t>(random_.Next() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool Chance(int one_in) { return Between(1, one_in) == 1; }
  void At(Runner& runner, std::int64_t wait, std::function<void()> act) {
    events_.push({now_ + Millis(wait), serial_++, &runner, std::move(act)});
  }
  void At(std::int64_t wait, std::function<void()> act) {
    events_.push({now_ + Millis(wait), serial_++, nullptr, std::move(act)});
  }
  // A statement on its way to the server, and its answer back; nullopt: the answer was lost.
  template <class T>
  void Ask(Runner& runner, std::function<T()> on_server,
           std::function<void(std::optional<T>)> then) {
    const bool lost_there = Chance(25), lost_back = Chance(12);
    const std::int64_t there = Chance(15) ? Between(100, 40'000) : Between(1, 60);
    const std::int64_t patience = 5'000;
    auto answered = std::make_shared<bool>(false);
    const int holding = runner.holding;
    auto deliver = [this, &runner, then, answered, holding](std::optional<T> answer) {
      if (*answered || runner.holding != holding) return;
      *answered = true;
      then(std::move(answer));
    };
    if (!lost_there) {
      At(there, [this, &runner, on_server, deliver, lost_back] {
        T answer = on_server();
        if (!lost_back) At(runner, Between(1, 60), [deliver, answer] { deliver(answer); });
      });
    }
    At(runner, patience, [deliver] { deliver(std::nullopt); });
  }

  Millis ServerClock() const { return now_ + skew_; }
  void Commit() {  // what a failover may lose
    history_.push_back(row_);
    if (history_.size() > 6) history_.erase(history_.begin());
  }
  bool Ours(const Runner& runner) const {
    return row_.mark.epoch == runner.mark.epoch && row_.token == runner.token &&
           row_.server == server_;
  }

  void FailOver() {
    const auto back = static_cast<std::size_t>(Between(0, 4));
    if (back < history_.size()) row_ = history_[history_.size() - 1 - back];
    history_.assign(1, row_);
    ++server_;
    skew_ = Millis(Between(-times_.margin.count() / 2, times_.margin.count() / 2));
    At(Between(20'000, 300'000), [this] { FailOver(); });
  }

  struct Taken {
    bool taken;
    HistoryMark mark;
    int server, before;
    std::vector<std::string> done;
  };
  void Acquire(Runner& runner) {
    runner.token = "t" + std::to_string(++tokens_);
    const Millis asked = now_;
    const std::string token = runner.token;
    Ask<Taken>(
        runner,
        [this, token] {
          Taken taken{false, row_.mark, server_, row_.server, row_.done};
          const bool over = row_.renewed + times_.lease < ServerClock();
          if (!row_.free && !over && row_.token != token) return taken;
          ++row_.mark.epoch;
          row_.token = token;
          row_.turn = 0;
          row_.free = false;
          row_.server = server_;
          row_.renewed = ServerClock();
          Commit();
          taken.taken = true;
          taken.mark = row_.mark;
          return taken;
        },
        [this, &runner, asked](std::optional<Taken> answer) {
          if (!answer || !answer->taken) {
            At(runner, Between(200, 5'000), [this, &runner] { Acquire(runner); });
            return;
          }
          ++takeovers;
          ++runner.holding;
          runner.watch.emplace(times_, asked);
          runner.mark = answer->mark;
          runner.server = answer->server;
          runner.turn = 0;
          runner.believed = answer->done;
          runner.open_at = answer->before != answer->server ? asked + times_.lease : asked;
          lease_number_[&runner] = ++leases_;
          runner.work = static_cast<int>(Between(20, 400));
          Renew(runner);
          Work(runner);
        });
  }

  void Lose(Runner& runner) {
    ++lost;
    ++runner.holding;
    runner.watch.reset();
    At(runner, Between(1, 20'000), [this, &runner] { Acquire(runner); });
  }

  void Renew(Runner& runner) {
    const std::int64_t wait = std::max<std::int64_t>((runner.watch->RenewAt() - now_).count(), 1);
    const int holding = runner.holding;
    At(runner, wait, [this, &runner, holding] {
      if (runner.holding != holding) return;
      const Millis asked = now_;
      const Runner asking = runner;
      Ask<bool>(
          runner,
          [this, asking] {
            if (!Ours(asking)) return false;
            row_.renewed = ServerClock();
            Commit();
            return true;
          },
          [this, &runner, asked](std::optional<bool> ours) {
            if (ours && *ours) runner.watch->Renewed(asked);
            if (ours && !*ours) runner.watch->Refused(kWhy);
            if (!ours) runner.watch->Failed(now_, kWhy);
            if (runner.watch->lost()) return Lose(runner);
            Renew(runner);
          });
    });
  }

  void Work(Runner& runner) {
    const int holding = runner.holding;
    At(runner, Between(5, 400), [this, &runner, holding] {
      if (runner.holding != holding) return;
      if (--runner.work <= 0) return Finish(runner);
      if (Chance(4)) return Write(runner, "w" + std::to_string(++tokens_), 1);
      Send(runner);
      Work(runner);
    });
  }

  // Asks and sends in one moment, as the transport does.
  void Send(Runner& runner) {
    if (now_ < runner.open_at || runner.watch->Ask(now_) != Leave::kGo) return;
    const int number = lease_number_[&runner];
    ++sends;
    if (number != last_sender_) {
      CHECK_MESSAGE(number > last_sender_, "a lease that was over sent");
      CHECK_MESSAGE(now_ >= under_way_until_, "two epochs are under way to the org at once");
    }
    last_sender_ = std::max(last_sender_, number);
    under_way_until_ = std::max(under_way_until_, now_ + times_.deadline + times_.linger);
  }

  void Write(Runner& runner, const std::string& what, int tries) {
    HistoryMark after{runner.mark.epoch, runner.mark.batch + 1, NextLink(runner.mark.chain, what)};
    const Millis asked = now_;
    const Runner asking = runner;
    Ask<bool>(
        runner,
        [this, asking, after, what] {
          if (!Ours(asking) || row_.turn != asking.turn || row_.mark != asking.mark) return false;
          row_.mark = after;
          row_.renewed = ServerClock();
          row_.done.push_back(what);
          Commit();
          return true;
        },
        [this, &runner, asked, after, what, tries](std::optional<bool> done) {
          if (done && *done) {
            runner.watch->Renewed(asked);
            return Believe(runner, after, what);
          }
          Settle(runner, after, what, tries);
        });
  }

  void Settle(Runner& runner, const HistoryMark& after, const std::string& what, int tries) {
    const Millis asked = now_;
    const Runner asking = runner;
    Ask<std::optional<Row>>(
        runner,
        [this, asking]() -> std::optional<Row> {
          if (!Ours(asking)) return std::nullopt;
          ++row_.turn;
          row_.renewed = ServerClock();
          Commit();
          return row_;
        },
        [this, &runner, asked, after, what, tries](std::optional<std::optional<Row>> answer) {
          if (!answer) {
            runner.watch->Failed(now_, kWhy);
            if (runner.watch->lost()) return Lose(runner);
            return Settle(runner, after, what, tries);
          }
          ++settled;
          if (!*answer) return Lose(runner);
          const Row& row = **answer;
          runner.watch->Renewed(asked);
          runner.turn = row.turn;
          switch (JudgeLostAnswer({row.mark, row.token}, runner.token, runner.mark, after)) {
            case Fate::kDone:
              CHECK(row.done.back() == what);
              CHECK(std::ranges::count(row.done, what) == 1);
              return Believe(runner, after, what);
            case Fate::kNotDone:
              CHECK(std::ranges::count(row.done, what) == 0);
              if (tries < 6) return Write(runner, what, tries + 1);
              return Work(runner);
            default:
              return Lose(runner);
          }
        });
  }

  void Believe(Runner& runner, const HistoryMark& after, const std::string& what) {
    runner.mark = after;
    runner.believed.push_back(what);
    // As long as nobody took the history back: what a run was told is what the server has.
    if (Ours(runner) && row_.mark == runner.mark) CHECK(row_.done == runner.believed);
    Work(runner);
  }

  void Finish(Runner& runner) {
    const Runner asking = runner;
    ++runner.holding;
    runner.watch.reset();
    const bool quiet = now_ >= runner.open_at && now_ > under_way_until_;
    if (quiet) {
      At(Between(1, 500), [this, asking] {
        if (Ours(asking)) row_.free = true;
        Commit();
      });
    }
    At(runner, Between(100, 20'000), [this, &runner] { Acquire(runner); });
  }

  const LeaseTimes times_ = LeaseTimes::Of(kTeamLease);
  fakes::SeededRandom random_;
  std::vector<Runner> runners_;
  std::priority_queue<Event> events_;
  std::uint64_t serial_ = 0;
  Millis now_{0}, skew_{0};
  Row row_;
  int server_ = 0, tokens_ = 0, leases_ = 0;
  std::vector<Row> history_;
  std::map<const Runner*, int> lease_number_;
  int last_sender_ = 0;
  Millis under_way_until_{0};
};

TEST_CASE("whatever stops, gets lost or fails over, never do two epochs send") {
  const char* given = std::getenv("VIASYNC_SEED");
  const char* rounds = std::getenv("VIASYNC_ROUNDS");
  const std::uint64_t first = given ? std::strtoull(given, nullptr, 10) : 1;
  const std::uint64_t count = rounds ? std::strtoull(rounds, nullptr, 10) : 100;
  int sends = 0, takeovers = 0, settled = 0, lost = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    CAPTURE(seed);
    Simulation simulation(seed);
    simulation.Run();
    sends += simulation.sends;
    takeovers += simulation.takeovers;
    settled += simulation.settled;
    lost += simulation.lost;
  }
  // It would prove nothing if nothing happened.
  const auto enough = static_cast<int>(count);
  CHECK(sends > 100 * enough);
  CHECK(takeovers > 5 * enough);
  CHECK(settled > 5 * enough);
  CHECK(lost > enough);
  MESSAGE(sends, " requests, ", takeovers, " leases, ", settled, " settled, ", lost, " lost");
}

}  // namespace
}  // namespace viasync::store
