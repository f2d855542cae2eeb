// The lease as a row of the server: taking, renewing and giving it back, each in one statement, by
// the server's clock. The row is never deleted, so that the epoch only grows.
//
// A lease counts on the server that gave it. Another one, which took over after a failover or was
// restored from a backup, may not know of its last moments: there nothing renews it, and whoever
// takes it there waits until every lease that this server never heard of has run out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/store/lease.h"
#include "engine/store/postgres/connection.h"

namespace viasync::store {

// Which row.
struct LeasePlace {
  std::string schema, shown;
  std::int64_t env = 0;
};

// Who takes it.
struct LeaseTaker {
  std::string token;  // 16 random bytes
  base::Millis lease{};
  std::int64_t pid = 0;
  std::string host, command, person, job, commit;
};

struct TakenLease {
  HistoryMark mark;    // with the new epoch
  std::string trail;   // the hash of the newest event
  std::string server;  // that gave it
};

// Who has it, or had it last.
struct LeaseHolder {
  HistoryMark mark;
  std::string token;
  bool free = false;
  std::int64_t pid = 0;
  std::string host, command, person, job, commit;
  base::Millis age{}, quiet{}, left{};  // since taken; since renewed; until it ends, <= 0 over
};

// nullopt: somebody else has it. Asking again with the same token after a lost answer is safe.
Reply<std::optional<TakenLease>> TakeLease(Connection& connection, const LeasePlace& place,
                                           const LeaseTaker& taker);
// False: it is not ours.
Reply<bool> RenewLease(Connection& connection, const LeasePlace& place, std::int64_t epoch,
                       const std::string& token);
Reply<bool> ReleaseLease(Connection& connection, const LeasePlace& place, std::int64_t epoch,
                         const std::string& token);
// Raises the epoch, so that its holder can renew it no more: it is free once it has run out.
// False: `epoch` is not the current one any more.
Reply<bool> RevokeLease(Connection& connection, const LeasePlace& place, std::int64_t epoch);
// nullopt: nobody ever had it.
Reply<std::optional<LeaseHolder>> ReadLease(Connection& connection, const LeasePlace& place);

// After a lost answer: waits for a transaction of ours that is under way still, and makes sure that
// none comes after it. The row then, and the turn that the next transaction names; nullopt: it is
// not ours.
struct SettledLease {
  LeaseRow row;
  std::int64_t turn = 0;
  std::string trail;
};
Reply<std::optional<SettledLease>> SettleLease(Connection& connection, const LeasePlace& place,
                                               std::int64_t epoch, const std::string& token);

// `viasync apply` of maria, pid 12 on ci-7 (https://…), for 3 min
std::string HolderText(const LeaseHolder& holder);
// kBusy: who has it, and when it ends.
base::Error HeldError(const LeaseHolder& holder);
// kLeaseLost: who has it now, instead of the one with `token`.
base::Error TakenError(const std::optional<LeaseHolder>& holder, const std::string& token);

// SQL for what names the server: another one after a failover.
extern const char* const kThisServer;

}  // namespace viasync::store
