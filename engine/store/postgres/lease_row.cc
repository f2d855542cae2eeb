#include "engine/store/postgres/lease_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/strings.h"
#include "engine/base/times.h"

namespace viasync::store {
namespace {

using base::ErrorKind;

// The lease has run out by the server's clock.
constexpr const char* kOver =
    "lease.renewed + lease.lease_ms * interval '1 ms' < clock_timestamp()";

constexpr const char* kHint =
    "What was in flight has ended, and nothing more was sent. Run the command again once the other "
    "run has finished: it settles what is open";

}  // namespace

// The cluster, and the timeline that it writes: each promotion and each restored backup begins one.
const char* const kThisServer =
    "((SELECT system_identifier FROM pg_control_system()) || '/' || "
    "substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))";

Reply<std::optional<TakenLease>> TakeLease(Connection& connection, const LeasePlace& place,
                                           const LeaseTaker& taker) {
  // A transaction of its holder that is under way is waited for; the condition is then checked on
  // the row as that one left it.
  auto rows = connection.Query(
      fmt::format("INSERT INTO {0}.lease AS lease(env, epoch, token, turn, batch, chain, trail, "
                  "free, server, taken, renewed, lease_ms, pid, host, command, person, job, "
                  "revision) "
                  "VALUES ($1::bigint, 1, $2::bytea, 0, 0, '', '', false, {2}, clock_timestamp(), "
                  "clock_timestamp(), $3::bigint, $4::bigint, $5::bytea, $6::bytea, $7::bytea, "
                  "$8::bytea, $9::bytea) "
                  "ON CONFLICT (env) DO UPDATE SET epoch = lease.epoch + 1, token = "
                  "excluded.token, turn = 0, free = false, server = excluded.server, taken = "
                  "clock_timestamp(), renewed = "
                  "clock_timestamp(), lease_ms = excluded.lease_ms, pid = excluded.pid, host = "
                  "excluded.host, command = excluded.command, person = excluded.person, job = "
                  "excluded.job, revision = excluded.revision "
                  "WHERE lease.free OR {1} OR lease.token = excluded.token "
                  "RETURNING epoch, batch, chain, trail, server",
                  place.schema, kOver, kThisServer)
          .c_str(),
      {place.env, taker.token, static_cast<std::int64_t>(taker.lease.count()), taker.pid,
       taker.host, taker.command, taker.person, taker.job, taker.commit});
  if (!rows) return std::unexpected(std::move(rows.error()));
  if (rows->size() == 0) return std::optional<TakenLease>();
  return TakenLease{.mark = {rows->Int(0, 0), rows->Int(0, 1), rows->Bytes(0, 2)},
                    .trail = rows->Bytes(0, 3),
                    .server = rows->Bytes(0, 4)};
}

namespace {

Reply<bool> UpdateOwn(Connection& connection, const LeasePlace& place, const char* set,
                      std::int64_t epoch, const std::string& token) {
  auto rows = connection.Query(
      fmt::format("UPDATE {}.lease SET {} WHERE env = $1::bigint AND epoch = $2::bigint AND token "
                  "= $3::bytea AND server = {} RETURNING epoch",
                  place.schema, set, kThisServer)
          .c_str(),
      {place.env, epoch, token});
  if (!rows) return std::unexpected(std::move(rows.error()));
  return rows->size() == 1;
}

}  // namespace

Reply<bool> RenewLease(Connection& connection, const LeasePlace& place, std::int64_t epoch,
                       const std::string& token) {
  return UpdateOwn(connection, place, "renewed = clock_timestamp()", epoch, token);
}

Reply<bool> ReleaseLease(Connection& connection, const LeasePlace& place, std::int64_t epoch,
                         const std::string& token) {
  return UpdateOwn(connection, place, "free = true", epoch, token);
}

Reply<bool> RevokeLease(Connection& connection, const LeasePlace& place, std::int64_t epoch) {
  auto rows =
      connection.Query(fmt::format("UPDATE {}.lease SET epoch = epoch + 1, token = '' WHERE "
                                   "env = $1::bigint AND epoch = $2::bigint RETURNING "
                                   "epoch",
                                   place.schema)
                           .c_str(),
                       {place.env, epoch});
  if (!rows) return std::unexpected(std::move(rows.error()));
  return rows->size() == 1;
}

Reply<std::optional<SettledLease>> SettleLease(Connection& connection, const LeasePlace& place,
                                               std::int64_t epoch, const std::string& token) {
  auto rows = connection.Query(
      fmt::format("UPDATE {}.lease SET turn = turn + 1, renewed = clock_timestamp() WHERE env = "
                  "$1::bigint AND epoch = $2::bigint AND token = $3::bytea AND server = {} "
                  "RETURNING epoch, batch, chain, token, turn, trail",
                  place.schema, kThisServer)
          .c_str(),
      {place.env, epoch, token});
  if (!rows) return std::unexpected(std::move(rows.error()));
  if (rows->size() == 0) return std::optional<SettledLease>();
  return SettledLease{.row = {.mark = {rows->Int(0, 0), rows->Int(0, 1), rows->Bytes(0, 2)},
                              .token = rows->Bytes(0, 3)},
                      .turn = rows->Int(0, 4),
                      .trail = rows->Bytes(0, 5)};
}

Reply<std::optional<LeaseHolder>> ReadLease(Connection& connection, const LeasePlace& place) {
  auto ms = [](std::string_view span) {
    return fmt::format("(extract(epoch FROM {}) * 1000)::bigint", span);
  };
  auto rows = connection.Query(
      fmt::format("SELECT epoch, batch, chain, token, free, pid, host, command, person, job, "
                  "revision, {1}, {2}, {3} FROM {0}.lease WHERE env = $1::bigint",
                  place.schema, ms("clock_timestamp() - taken"), ms("clock_timestamp() - renewed"),
                  ms("renewed + lease_ms * interval '1 ms' - clock_timestamp()"))
          .c_str(),
      {place.env});
  if (!rows) return std::unexpected(std::move(rows.error()));
  if (rows->size() == 0) return std::optional<LeaseHolder>();
  return LeaseHolder{.mark = {rows->Int(0, 0), rows->Int(0, 1), rows->Bytes(0, 2)},
                     .token = rows->Bytes(0, 3),
                     .free = rows->Bool(0, 4),
                     .pid = rows->Int(0, 5),
                     .host = rows->Bytes(0, 6),
                     .command = rows->Bytes(0, 7),
                     .person = rows->Bytes(0, 8),
                     .job = rows->Bytes(0, 9),
                     .commit = rows->Bytes(0, 10),
                     .age = base::Millis(rows->Int(0, 11)),
                     .quiet = base::Millis(rows->Int(0, 12)),
                     .left = base::Millis(rows->Int(0, 13))};
}

std::string HolderText(const LeaseHolder& holder) {
  std::string text = fmt::format("`{}`", base::Printable(holder.command));
  if (!holder.person.empty()) text += " of " + base::Printable(holder.person);
  text += fmt::format(", pid {} on {}", holder.pid, base::Printable(holder.host));
  if (!holder.job.empty()) text += " (" + base::Printable(holder.job) + ")";
  if (!holder.commit.empty()) text += ", commit " + base::Printable(holder.commit.substr(0, 12));
  if (holder.age > base::Millis(0)) text += ", for " + base::FormatDuration(holder.age);
  return text;
}

base::Error HeldError(const LeaseHolder& holder) {
  return {ErrorKind::kBusy, "another run is at work on this environment: " + HolderText(holder),
          fmt::format("Wait until it has finished. If it was killed, its lease ends in {}",
                      base::FormatDuration(std::max(holder.left, base::Millis(0))))};
}

base::Error TakenError(const std::optional<LeaseHolder>& holder, const std::string& token) {
  std::string who = "nobody has it now";
  if (holder && holder->token.empty())
    who = "somebody took it away with `viasync store unlock`";
  else if (holder && holder->token == token)
    who = "another server answers for the store now, after a failover or from a backup";
  else if (holder && !holder->free)
    who = "it is held by " + HolderText(*holder);
  else if (holder)
    who = "it was held since by " + HolderText(*holder);
  return {ErrorKind::kLeaseLost, "this run lost the lease on its environment: " + who, kHint};
}

}  // namespace viasync::store
