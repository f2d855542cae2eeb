// The lease on an environment as decisions: when it is renewed, until when something may be sent,
// and what a transaction came to whose answer was lost. Pure; the server's row and the clock are
// arguments.
//
// A POST carries no version, so that a run that lost the lease must be silent before another may
// begin. Every time is counted from BEFORE the renewal was asked for, by a clock that goes on while
// the machine sleeps, and the server counts from when it did it, which is later:
//
//   renewal asked for                                               the lease ends at the server
//   |------------ may send ------------|-- deadline --|- linger -|- margin -|
//
// A request that leaves at the last moment is cut off at its deadline; what the kernel still holds
// of it is given up after the linger; the margin is for clocks that do not run alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/base/send_gate.h"

namespace viasync::store {

inline constexpr base::Millis kTeamLease = std::chrono::seconds(60);

struct LeaseTimes {
  base::Millis lease, renew_every, retry_every, deadline, linger, margin;

  // All in proportion: 60 s are renewed every 15 s, and a request has 20 s.
  static LeaseTimes Of(base::Millis lease);
  // For how long after a renewal was asked for something may leave.
  base::Millis may_send() const { return lease - (deadline + linger + margin); }
};

// What a run knows of its own lease. Not for two threads at once.
class LeaseWatch {
 public:
  // `asked`: when the lease was asked for, before the request left.
  LeaseWatch(LeaseTimes times, base::Millis asked) : times_(times), renewed_(asked) {}

  // A renewal that was asked for at `asked` was done. Without effect once the lease is lost.
  void Renewed(base::Millis asked);
  // The server says that the lease is not ours.
  void Refused(base::Error why);
  // A renewal got no answer. Once the lease may have ended meanwhile, it counts as lost.
  void Failed(base::Millis now, base::Error why);

  base::SendGate::Leave Ask(base::Millis now) const;
  // When to renew next.
  base::Millis RenewAt() const;

  const LeaseTimes& times() const { return times_; }
  base::Millis renewed() const { return renewed_; }
  const std::optional<base::Error>& lost() const { return lost_; }

 private:
  LeaseTimes times_;
  base::Millis renewed_;
  std::optional<base::Millis> failed_;  // the last try, if it failed
  std::optional<base::Error> lost_;
};

// How far an environment's history has come: counts its writing transactions, with a hash over all
// of them. The epoch counts the holders of the lease.
struct HistoryMark {
  std::int64_t epoch = 0;
  std::int64_t batch = 0;
  std::string chain;
  friend bool operator==(const HistoryMark&, const HistoryMark&) = default;
};

// The server's row, with nobody else writing any more.
struct LeaseRow {
  HistoryMark mark;
  std::string token;
};

// What became of a transaction that would have moved the history from `before` to `after`.
enum class Fate {
  kDone,     // it was committed
  kNotDone,  // it was not, and cannot be any more: it may be repeated
  kTaken,    // somebody else has the lease now
  kWentBack  // the server knows less than it had said: a failover or a restored backup
};
Fate JudgeLostAnswer(const LeaseRow& row, const std::string& token, const HistoryMark& before,
                     const HistoryMark& after);

// Whether the server's history goes on from what was last seen here. `chain_then`: its hash at
// `seen.batch`; nullopt: it has no such batch. nullopt: it does. Else what is missing, for people.
std::optional<std::string> WhatIsMissing(const HistoryMark& seen, const HistoryMark& now,
                                         const std::optional<std::string>& chain_then);

// The next link of a chain of hashes (32 bytes; empty: its beginning).
std::string NextLink(std::string_view link, std::string_view content);

}  // namespace viasync::store
