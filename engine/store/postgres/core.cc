#include "engine/store/postgres/core.h"

#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/store/postgres/schema.h"
#include "engine/store/postgres/seen.h"

namespace viasync::store {
namespace {

using base::ErrorKind;
using base::Result;

// A statement is sent with its likes up to here; more goes on its way in parts.
constexpr std::size_t kPartBytes = 4 << 20;
constexpr int kTriesMax = 5;
constexpr base::Millis kConnectPatience{10'000};
constexpr base::Millis kPoll{250};
// What the guard of a transaction ends with where the lease is not ours.
constexpr std::string_view kGuardState = "22012";  // division by zero

std::string RandomBytes(std::size_t size) {
  std::random_device device;
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(device());
  return bytes;
}

std::string ThisHost() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

void Nap(base::Millis nap) {
  const timespec time{.tv_sec = nap.count() / 1000, .tv_nsec = nap.count() % 1000 * 1'000'000};
  nanosleep(&time, nullptr);
}

}  // namespace

void Batch::Add(std::string_view statement) {
  if (parts_.empty() || parts_.back().size() > kPartBytes) parts_.emplace_back();
  parts_.back() += statement;
  parts_.back() += ";\n";
}

PostgresCore::~PostgresCore() {
  if (!keeper) return;
  keeper->Stop();
  Remember();
  // Where bytes of a request that was cut off may be under way, the lease runs out by itself. So
  // it does where it cannot be given back.
  if (!keeper->IsQuiet() || !connection_ || connection_->lost()) return;
  const LeasePlace place{options.schema, options.address.shown, env};
  (void)ReleaseLease(*connection_, place, mark.epoch, token_);
}

std::string PostgresCore::Sql(std::string_view sql) const {
  std::string text(sql);
  for (auto at = text.find("{s}"); at != std::string::npos; at = text.find("{s}", at)) {
    text.replace(at, 3, options.schema);
  }
  return text;
}

Result<void> PostgresCore::Connect() {
  auto opened = Connection::Open(options.address, !options.read_only, kConnectPatience);
  if (!opened) return base::Fail(Explain(opened.error(), options.address.shown));
  connection_ = std::move(*opened);
  return {};
}

// Within the lease; longer, and the run has lost it.
Result<void> PostgresCore::Reconnect() {
  connection_.reset();
  for (int tries = 1;; ++tries) {
    if (keeper && keeper->Ask() == base::SendGate::Leave::kNever) {
      return base::Fail(keeper->Why());
    }
    auto connected = Connect();
    if (connected) return connected;
    if (!keeper && tries >= 2) return connected;
    if (keeper) keeper->Failed(std::move(connected.error()));
    Nap(kPoll);
  }
}

Result<bool> PostgresCore::Open() {
  const std::string& shown = options.address.shown;
  if (auto connected = Connect(); !connected) return base::Fail(std::move(connected.error()));
  auto state = LookAtSchema(*connection_, options.schema, shown);
  if (!state) return base::Fail(std::move(state.error()));
  if (*state != SchemaState::kReady) {
    if (options.read_only) {
      if (*state == SchemaState::kMissing) return false;
      return base::Fail(ErrorKind::kIo,
                        fmt::format("the store {} was made by an older viasync", shown),
                        "Run `viasync store init` with a role that owns its tables");
    }
    auto made = MakeSchema(*connection_, options.schema, shown);
    if (!made) return base::Fail(std::move(made.error()));
  }
  if (auto found = FindEnvironment(); !found) return base::Fail(std::move(found.error()));
  if (env == 0 && options.read_only) return false;
  if (env == 0) {
    auto made = MakeEnvironment();
    if (!made) return base::Fail(std::move(made.error()));
  }
  if (options.read_only) {
    auto compared = CompareWithSeen();
    if (!compared) return base::Fail(std::move(compared.error()));
    if (!base_lost && !other_store) Remember();
  }
  return true;
}

Result<void> PostgresCore::FindEnvironment() {
  auto rows =
      connection_->Query(Sql("SELECT e.id, e.org, e.identity, l.epoch, l.batch, l.chain, l.trail, "
                             "l.server FROM {s}.environment "
                             "e LEFT JOIN {s}.lease l ON l.env = e.id WHERE e.name = $1::text")
                             .c_str(),
                         {options.environment});
  if (!rows) return base::Fail(Explain(rows.error(), options.address.shown));
  if (rows->size() == 0) return {};
  const std::string org = rows->Bytes(0, 1);
  if (org != options.org) {
    return base::Fail(
        ErrorKind::kInvalid,
        fmt::format("the environment {} of the store {} is of the org {}, but viasync.yaml names "
                    "the org {}",
                    base::Printable(options.environment), options.address.shown,
                    base::Printable(org), base::Printable(options.org)),
        "Correct `org` in viasync.yaml; or, if another repository uses this name, give this one a "
        "schema of its own with `store_schema`");
  }
  env = rows->Int(0, 0);
  identity_ = rows->Bytes(0, 2);
  if (!rows->IsNull(0, 3)) {
    mark = {rows->Int(0, 3), rows->Int(0, 4), rows->Bytes(0, 5)};
    trail = rows->Bytes(0, 6);
    last_server_ = rows->Bytes(0, 7);
  }
  return {};
}

Result<void> PostgresCore::MakeEnvironment() {
  // Two runs may come at once: the second finds what the first one made.
  auto made = connection_->Query(
      Sql("INSERT INTO {s}.environment(id, name, org, identity) SELECT coalesce(max(id), 0) + 1, "
          "$1::text, $2::text, $3::bytea FROM {s}.environment ON CONFLICT DO NOTHING")
          .c_str(),
      {options.environment, options.org, RandomBytes(16)});
  if (!made) return base::Fail(Explain(made.error(), options.address.shown));
  auto found = FindEnvironment();
  if (!found || env != 0) return found;
  return MakeEnvironment();  // another environment took the number
}

Result<void> PostgresCore::CompareWithSeen() {
  const auto seen = ReadSeen(options.seen_path);
  if (!seen) return {};
  if (seen->identity != identity_) {
    other_store = true;
    warnings.push_back(
        {ErrorKind::kIo,
         fmt::format("the store {} is not the one that was used from here before",
                     options.address.shown),
         "If nobody moved it on purpose, find out which database this is before you go on"});
    return {};
  }
  auto rows = connection_->Query(
      Sql("SELECT chain FROM {s}.batch WHERE env = $1::bigint AND number = $2::bigint").c_str(),
      {env, seen->mark.batch});
  if (!rows) return base::Fail(Explain(rows.error(), options.address.shown));
  std::optional<std::string> then;
  if (rows->size() == 1) then = rows->Bytes(0, 0);
  if (seen->mark.batch == 0) then = "";
  const auto missing = WhatIsMissing(seen->mark, mark, then);
  if (!missing) return {};
  base_lost = true;
  warnings.push_back(
      {ErrorKind::kIo,
       fmt::format("the store {} went back in time: {}", options.address.shown, *missing),
       "A failover or a restored backup lost it. The base does not count any more: files and org "
       "are compared as they are, and nothing is deleted"});
  return {};
}

Result<void> PostgresCore::Take() {
  token_ = RandomBytes(16);
  const LeasePlace place{options.schema, options.address.shown, env};
  const LeaseTaker taker{.token = token_,
                         .lease = options.lease,
                         .pid = getpid(),
                         .host = ThisHost(),
                         .command = options.command,
                         .person = options.user,
                         .job = options.job,
                         .commit = options.commit};
  const base::Millis give_up = BootTime() + options.lock_wait;
  for (int lost = 0;;) {
    const base::Millis asked = BootTime();
    auto taken = TakeLease(*connection_, place, taker);
    if (!taken && taken.error().lost && lost++ < 2) {
      if (auto again = Reconnect(); !again) return again;
      continue;
    }
    if (!taken) return base::Fail(Explain(taken.error(), options.address.shown));
    if (*taken) {
      mark = std::move((*taken)->mark);
      trail = std::move((*taken)->trail);
      const bool new_server = !last_server_.empty() && last_server_ != (*taken)->server;
      if (new_server) {
        warnings.push_back(
            {ErrorKind::kIo,
             fmt::format("the store {} is on another server than before, after a failover or from "
                         "a backup",
                         options.address.shown),
             fmt::format("Nothing is sent for {}: until then a run that this server does not know "
                         "of may be at work",
                         base::FormatDuration(options.lease))});
      }
      keeper = std::make_shared<LeaseKeeper>(options.address, place, mark.epoch, token_,
                                             LeaseTimes::Of(options.lease), asked, new_server);
      break;
    }
    auto holder = ReadLease(*connection_, place);
    if (!holder) return base::Fail(Explain(holder.error(), options.address.shown));
    if (BootTime() >= give_up) return base::Fail(HeldError(**holder));
    Nap(std::clamp(give_up - BootTime(), base::Millis(1), kPoll));
  }
  auto compared = CompareWithSeen();
  if (compared && base_lost) {
    compared = Write(Forgetting());
    base_lost = !compared;  // there is none
  }
  if (compared) Remember();
  return compared;
}

Batch PostgresCore::Forgetting() const {
  Batch batch(env);
  batch.Add(Sql(fmt::format("DELETE FROM {{s}}.base WHERE env = {}", env)));
  batch.Add(Sql(fmt::format("UPDATE {{s}}.environment SET base_moved = NULL WHERE id = {}", env)));
  return batch;
}

void PostgresCore::Remember() { WriteSeen(options.seen_path, {identity_, mark}); }

Result<void> PostgresCore::Writable() const {
  if (keeper) return {};
  return base::Fail(ErrorKind::kIo,
                    fmt::format("the store {} was opened for reading only", options.address.shown),
                    "This is a defect of viasync: a command that only looks must not write");
}

base::Error PostgresCore::DamagedRow(std::string_view table, std::string_view key) const {
  return {ErrorKind::kIo,
          fmt::format("the store {} is damaged: the entry of {} in its {} was altered",
                      options.address.shown, base::Printable(key), table),
          "Restore a backup of the database, or undo what was changed by hand"};
}

Result<Rows> PostgresCore::Read(const std::string& sql, const std::vector<Parameter>& parameters) {
  const std::lock_guard lock(mutex_);
  for (int tries = 1;; ++tries) {
    if (!connection_ || connection_->lost()) {
      if (auto again = Reconnect(); !again) return base::Fail(std::move(again.error()));
    }
    auto rows = connection_->Query(Sql(sql).c_str(), parameters);
    if (rows) return std::move(*rows);
    if (!rows.error().lost || tries >= kTriesMax) {
      return base::Fail(Explain(rows.error(), options.address.shown));
    }
  }
}

Result<bool> PostgresCore::WriteApart(const std::string& script) {
  const std::lock_guard lock(mutex_);
  if (!connection_ || connection_->lost()) {
    if (auto again = Reconnect(); !again) return base::Fail(std::move(again.error()));
  }
  auto done = connection_->Run(Sql("BEGIN; SET LOCAL lock_timeout = '5s'; " + script + "; COMMIT"));
  if (done) return true;
  if (done.error().state == kGuardState) return false;
  return base::Fail(Explain(done.error(), options.address.shown));
}

// The first statement renews the lease and moves the history on, or ends the transaction.
Reply<void> PostgresCore::Send(const Batch& batch, const HistoryMark& after) {
  const std::string guard = Sql(fmt::format(
      "BEGIN; SET LOCAL lock_timeout = '30s'; SET LOCAL idle_in_transaction_session_timeout = "
      "'30s'; SELECT set_config('synchronous_commit', 'on', true) WHERE "
      "current_setting('synchronous_commit') IN ('off', 'local');\n"
      "WITH ours AS (UPDATE {{s}}.lease SET renewed = clock_timestamp(), batch = {}, chain = {}, "
      "trail = {} WHERE env = {} AND epoch = {} AND token = {} AND turn = {} AND batch = {} AND "
      "chain = {} AND server = {} RETURNING 1) SELECT 1 / count(*) FROM ours;\n"
      "INSERT INTO {{s}}.batch(env, number, epoch, run, chain, at) VALUES ({}, {}, {}, {}, {}, "
      "clock_timestamp());\n",
      after.batch, Literal(after.chain), Literal(batch.trail.value_or(trail)), env, mark.epoch,
      Literal(token_), turn_, mark.batch, Literal(mark.chain), kThisServer, env, after.batch,
      mark.epoch, Literal(options.run), Literal(after.chain)));
  const auto& parts = batch.parts();
  base::Millis asked = BootTime();
  std::string script = guard;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    script += parts[i];
    if (i + 1 == parts.size()) break;
    auto sent = connection_->Run(script);
    if (!sent) return std::unexpected(std::move(sent.error()));
    script.clear();
  }
  if (parts.size() > 1) {  // it took its time
    asked = BootTime();
    script += Sql(
        fmt::format("UPDATE {{s}}.lease SET renewed = clock_timestamp() WHERE env = {};\n", env));
  }
  auto sent = connection_->Run(script + "COMMIT");
  if (!sent) return std::unexpected(std::move(sent.error()));
  keeper->Renewed(asked);
  return {};
}

// What became of a transaction without an answer. From then on it cannot happen any more.
Result<Fate> PostgresCore::Settle(const HistoryMark& after, std::optional<SettledLease>& row) {
  const LeasePlace place{options.schema, options.address.shown, env};
  for (int tries = 1;; ++tries) {
    if (!connection_ || connection_->lost()) {
      if (auto again = Reconnect(); !again) return base::Fail(std::move(again.error()));
    }
    const base::Millis asked = BootTime();
    auto settled = SettleLease(*connection_, place, mark.epoch, token_);
    if (settled && *settled) {
      keeper->Renewed(asked);
      turn_ = (*settled)->turn;
      row = std::move(*settled);
      return JudgeLostAnswer(row->row, token_, mark, after);
    }
    auto holder = settled ? ReadLease(*connection_, place) : std::unexpected(settled.error());
    if (holder) {
      const LeaseRow seen = *holder ? LeaseRow{(*holder)->mark, (*holder)->token} : LeaseRow{};
      const Fate fate = JudgeLostAnswer(seen, token_, mark, after);
      if (fate != Fate::kWentBack) keeper->Refused(TakenError(*holder, token_));
      return fate == Fate::kWentBack ? fate : Fate::kTaken;
    }
    if (!holder.error().lost || tries >= kTriesMax) {
      return base::Fail(Explain(holder.error(), options.address.shown));
    }
  }
}

// The run has come to its end. What the server still holds of the base is not to be trusted, by
// anybody: where the lease is ours, it goes.
base::Error PostgresCore::WentBack(std::optional<SettledLease> row) {
  if (row) {
    mark = std::move(row->row.mark);
    trail = std::move(row->trail);
    (void)WriteOnce(Forgetting());
  }
  Remember();
  keeper->Refused({ErrorKind::kLeaseLost,
                   fmt::format("the store {} went back in time while this run was at work: a "
                               "failover lost what it had confirmed",
                               options.address.shown),
                   "Nothing more was sent. Run the command again from here: it takes the base for "
                   "lost and settles what is open by reading the org"});
  return keeper->Why();
}

Result<void> PostgresCore::Write(const Batch& batch) {
  if (auto may = Writable(); !may) return may;
  const std::lock_guard lock(mutex_);
  return WriteOnce(batch);
}

Result<void> PostgresCore::WriteOnce(const Batch& batch) {
  HistoryMark after{mark.epoch, mark.batch + 1, {}};
  std::string content =
      fmt::format("{} {} {} {}", options.run, after.batch, mark.epoch, batch.trail.value_or(trail));
  for (const std::string& part : batch.parts()) content += base::Sha256Hex(part);
  after.chain = NextLink(mark.chain, content);
  struct Busy {
    explicit Busy(LeaseKeeper& keeper) : keeper(keeper) { keeper.Writing(true); }
    ~Busy() { keeper.Writing(false); }
    LeaseKeeper& keeper;
  } busy(*keeper);
  for (int tries = 1;; ++tries) {
    if (keeper->Ask() == base::SendGate::Leave::kNever) return base::Fail(keeper->Why());
    Fate fate = Fate::kDone;
    const bool connected = connection_ && !connection_->lost();
    auto sent = connected ? Send(batch, after)
                          : Reply<void>(std::unexpected(PostgresFailure{.lost = true}));
    if (!sent) {
      const bool guard = sent.error().state == kGuardState;
      if (!sent.error().lost && (!guard || tries >= kTriesMax)) {
        return base::Fail(Explain(sent.error(), options.address.shown));
      }
      std::optional<SettledLease> row;
      auto settled = Settle(after, row);
      if (settled && *settled == Fate::kWentBack) return base::Fail(WentBack(std::move(row)));
      if (!settled) return base::Fail(std::move(settled.error()));
      fate = *settled;
    }
    if (fate == Fate::kDone) {
      mark = std::move(after);
      if (batch.trail) trail = *batch.trail;
      return {};
    }
    if (fate == Fate::kTaken) return base::Fail(keeper->Why());
    if (tries >= kTriesMax) {
      return base::Fail(ErrorKind::kIo,
                        fmt::format("the store {} lost {} in a row", options.address.shown,
                                    base::Plural(static_cast<std::size_t>(tries), "transaction")),
                        "Nothing of it was written. Run the command again");
    }
  }
}

}  // namespace viasync::store
