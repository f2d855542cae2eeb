#include "engine/store/postgres/postgres_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <utility>

#include "engine/base/strings.h"
#include "engine/store/codec.h"
#include "engine/store/postgres/cache.h"
#include "engine/store/postgres/core.h"
#include "engine/store/postgres/runs.h"
#include "engine/store/postgres/schema.h"
#include "engine/store/secrets.h"
#include "engine/store/sqlite_db.h"
#include "engine/store/trail.h"

namespace viasync::store {
namespace {

using base::ErrorKind;
using base::Result;

constexpr std::int64_t kPage = 10'000;  // records of the base that are read at once
constexpr std::size_t kPrefix = 500;    // of a key, as the index has it

constexpr std::string_view kSelectStep =
    "SELECT id, run, plan, kind, key, action, resource, version, before, after, move, opened, "
    "state, note, org_user, org_at, closed FROM {s}.journal WHERE env = $1::bigint";

std::string MaybeMs(const std::optional<base::UtcTime>& time) {
  return time ? fmt::format("{}", Ms(*time)) : "NULL";
}

std::optional<Step> ReadStep(const Rows& rows, int i) {
  Step step;
  step.id = rows.Int(i, 0);
  step.run = rows.Bytes(i, 1);
  step.plan_id = rows.Bytes(i, 2);
  step.key = rows.Bytes(i, 4);
  step.action = rows.Bytes(i, 5);
  step.resource_id = rows.Bytes(i, 6);
  step.version = rows.Int(i, 7);
  step.opened = FromMs(rows.Int(i, 11));
  step.state = static_cast<StepState>(rows.Int(i, 12));
  step.note = rows.Bytes(i, 13);
  step.org.user = rows.Bytes(i, 14);
  if (auto at = rows.MaybeInt(i, 15)) step.org.at = FromMs(*at);
  if (auto at = rows.MaybeInt(i, 16)) step.closed = FromMs(*at);
  const auto kind = KindFromNumber(rows.Int(i, 3));
  auto before = DecodeValues(step.key, rows.Bytes(i, 8));
  auto after = DecodeValues(step.key, rows.Bytes(i, 9));
  auto move = DecodeMove(step.key, rows.Bytes(i, 10));
  const bool known_state = step.state >= StepState::kOpen && step.state <= StepState::kUnknown;
  if (!kind || !before || !after || !move || !known_state) return std::nullopt;
  step.kind = *kind;
  step.before = std::move(*before);
  step.after = std::move(*after);
  step.move = std::move(*move);
  return step;
}

std::optional<Event> ReadEvent(const Rows& rows, int i) {
  Event event;
  event.id = rows.Int(i, 0);
  event.at = FromMs(rows.Int(i, 1));
  event.run = rows.Bytes(i, 2);
  event.user = rows.Bytes(i, 3);
  event.commit = rows.Bytes(i, 4);
  event.job = rows.Bytes(i, 5);
  event.what = rows.Bytes(i, 6);
  event.key = rows.Bytes(i, 8);
  event.action = rows.Bytes(i, 9);
  const auto kind = KindFromNumber(rows.Int(i, 7));
  auto before = DecodeValues(event.key, rows.Bytes(i, 10));
  auto after = DecodeValues(event.key, rows.Bytes(i, 11));
  if (!kind || !before || !after) return std::nullopt;
  event.kind = *kind;
  event.before = std::move(*before);
  event.after = std::move(*after);
  event.org.user = rows.Bytes(i, 12);
  if (auto at = rows.MaybeInt(i, 13)) event.org.at = FromMs(*at);
  event.hash = rows.Bytes(i, 14);
  event.version = rows.Int(i, 15);
  return event;
}

// Rows of one INSERT, as many as fit a part.
class Inserts {
 public:
  Inserts(Batch& batch, std::string head, std::string tail)
      : batch_(batch), head_(std::move(head)), tail_(std::move(tail)) {}
  ~Inserts() { Flush(); }
  Inserts(const Inserts&) = delete;
  Inserts& operator=(const Inserts&) = delete;

  void Row(const std::string& values) {
    text_ += (text_.empty() ? "(" : ",\n(") + values + ")";
    constexpr std::size_t kBytes = 1 << 20;
    if (text_.size() > kBytes) Flush();
  }

 private:
  void Flush() {
    if (!text_.empty()) batch_.Add(head_ + text_ + tail_);
    text_.clear();
  }
  Batch& batch_;
  std::string head_, tail_, text_;
};

class PostgresStore final : public Store {
 public:
  explicit PostgresStore(std::shared_ptr<PostgresCore> core) : core_(std::move(core)) {}

  Result<void> ReadBase(model::Kind kind,
                        const std::function<Result<void>(BaseRecord)>& each) override;
  Result<bool> HasBase() override;
  Result<std::optional<base::UtcTime>> BaseMoved() override;
  using Store::MoveBase;
  Result<void> MoveBase(const std::vector<BaseMove>& moves,
                        const std::vector<Pulled>& pulled) override;
  Result<void> Journal(const std::vector<Outcome>& outcomes, std::vector<Step>& intents) override;
  Result<std::vector<Step>> OpenSteps() override;
  Result<std::vector<Step>> UndoneSteps(base::UtcTime since) override;
  Result<std::vector<Event>> Events(std::size_t limit) override;
  Result<std::string> TrailHead() override;
  MigrationRuns* Migrations() override { return &runs_; }
  const std::string& Org() const override { return core_->options.org; }
  std::shared_ptr<base::SendGate> Gate() override { return core_->keeper; }
  bool IsFar() const override { return true; }
  const base::Errors& Warnings() const override { return core_->warnings; }
  std::unique_ptr<DetailCache> Details(const std::string& origin) override {
    return OpenPostgresCache(core_, origin);
  }

 private:
  Result<std::vector<Step>> ReadSteps(std::string_view rest, std::vector<Parameter> parameters);
  Result<std::optional<std::int64_t>> Moved();
  void AddMoves(Batch& batch, const std::vector<const BaseMove*>& moves) const;
  void AddEvents(Batch& batch, std::vector<Event>& events, std::int64_t first_id) const;
  Event NewEvent() const;
  Result<void> Close(const std::vector<Outcome>& outcomes, Batch& batch,
                     std::vector<Event>& events);

  std::shared_ptr<PostgresCore> core_;
  PostgresRuns runs_{*core_};
  std::mutex mutex_;                   // of open_
  std::map<std::int64_t, Step> open_;  // steps that this run opened or read, and nobody closed
};

// --- base -------------------------------------------------------------------------------------

Result<void> PostgresStore::ReadBase(model::Kind kind,
                                     const std::function<Result<void>(BaseRecord)>& each) {
  if (core_->env == 0 || core_->base_lost) return {};
  // Page by page, each behind the last key of the one before: memory stays flat, and whoever takes
  // the records may use the store meanwhile.
  std::optional<std::string> last;
  for (;;) {
    auto rows = core_->Read(
        "SELECT key, record FROM {s}.base WHERE env = $1::bigint AND kind = $2::bigint AND "
        "($3::boolean OR (substring(key FROM 1 FOR 500) >= $4::bytea AND (substring(key FROM 1 FOR "
        "500) > $4::bytea OR key > $5::bytea))) ORDER BY substring(key FROM 1 FOR 500), key LIMIT "
        "$6::bigint",
        {core_->env, std::int64_t{KindNumber(kind)}, std::string_view(last ? "\0" : "\1", 1),
         last ? last->substr(0, kPrefix) : "", last.value_or(""), kPage});
    if (!rows) return base::Fail(std::move(rows.error()));
    for (int i = 0; i < rows->size(); ++i) {
      last = rows->Bytes(i, 0);
      std::optional<BaseRecord> record = DecodeRecord(*last, rows->Bytes(i, 1));
      if (!record) return base::Fail(core_->DamagedRow("base", *last));
      record->kind = kind;
      record->key = *last;
      Result<void> taken = each(std::move(*record));
      if (!taken) return taken;
    }
    if (rows->size() < kPage) return {};
  }
}

Result<std::optional<std::int64_t>> PostgresStore::Moved() {
  if (core_->env == 0 || core_->base_lost) return std::nullopt;
  auto rows =
      core_->Read("SELECT base_moved FROM {s}.environment WHERE id = $1::bigint", {core_->env});
  if (!rows) return base::Fail(std::move(rows.error()));
  return rows->size() == 1 ? rows->MaybeInt(0, 0) : std::nullopt;
}

Result<bool> PostgresStore::HasBase() {
  auto moved = Moved();
  if (!moved) return base::Fail(std::move(moved.error()));
  return moved->has_value();
}

Result<std::optional<base::UtcTime>> PostgresStore::BaseMoved() {
  auto moved = Moved();
  if (!moved) return base::Fail(std::move(moved.error()));
  if (!*moved) return std::nullopt;
  return FromMs(**moved);
}

void PostgresStore::AddMoves(Batch& batch, const std::vector<const BaseMove*>& moves) const {
  // Of two moves of one key the later one counts; one statement may not touch a row twice.
  std::map<std::pair<int, std::string_view>, const BaseMove*> last;
  for (const BaseMove* move : moves) last[{KindNumber(move->kind), move->key}] = move;
  {
    Inserts puts(batch,
                 core_->Sql(fmt::format("INSERT INTO {{s}}.base AS base(env, kind, digest, key, "
                                        "record) SELECT {}, kind, sha256(key), key, record FROM "
                                        "(VALUES ",
                                        core_->env)),
                 ") AS v(kind, key, record) ON CONFLICT (env, kind, digest) DO UPDATE SET record = "
                 "excluded.record WHERE base.record <> excluded.record");
    for (const auto& [key, move] : last) {
      if (!move->record) continue;
      puts.Row(fmt::format("{}::bigint, {}, {}", key.first, Literal(move->key),
                           Literal(EncodeRecord(move->key, WithoutSecrets(*move->record)))));
    }
  }
  Inserts erases(
      batch,
      core_->Sql(fmt::format("DELETE FROM {{s}}.base WHERE env = {} AND (kind, digest) IN "
                             "(SELECT kind, sha256(key) FROM (VALUES ",
                             core_->env)),
      ") AS v(kind, key))");
  for (const auto& [key, move] : last) {
    if (!move->record) erases.Row(fmt::format("{}::bigint, {}", key.first, Literal(move->key)));
  }
}

Result<void> PostgresStore::MoveBase(const std::vector<BaseMove>& moves,
                                     const std::vector<Pulled>& pulled) {
  if (auto may = core_->Writable(); !may) return may;
  Batch batch(core_->env);
  std::vector<const BaseMove*> all;
  for (const BaseMove& move : moves) all.push_back(&move);
  AddMoves(batch, all);
  std::vector<Event> events;
  for (const Pulled& one : pulled) {
    Event event = NewEvent();
    event.what = "pull";
    event.kind = one.kind;
    event.key = one.key;
    event.action = one.action;
    event.before = one.before;
    event.after = one.after;
    event.org = one.org;
    events.push_back(std::move(event));
  }
  AddEvents(batch, events, core_->NextIds());
  batch.Add(core_->Sql(fmt::format("UPDATE {{s}}.environment SET base_moved = {} WHERE id = {}",
                                   Ms(core_->clock.Now()), core_->env)));
  return core_->Write(batch);
}

// --- audit trail ------------------------------------------------------------------------------

Event PostgresStore::NewEvent() const {
  Event event;
  event.at = core_->clock.Now();
  event.run = core_->options.run;
  event.user = core_->options.user;
  event.commit = core_->options.commit;
  event.job = core_->options.job;
  return event;
}

void PostgresStore::AddEvents(Batch& batch, std::vector<Event>& events,
                              std::int64_t first_id) const {
  if (events.empty()) return;
  std::string head = core_->trail;
  Inserts inserts(
      batch,
      core_->Sql("INSERT INTO {s}.audit(env, id, at, run, person, revision, job, what, "
                 "kind, key, action, before, after, org_user, org_at, version, hash) VALUES "),
      "");
  for (Event& event : events) {
    HideSecrets(event);
    event.hash = head = EventHash(head, event);
    inserts.Row(fmt::format("{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}",
                            core_->env, first_id++, Ms(event.at), Literal(event.run),
                            Literal(event.user), Literal(event.commit), Literal(event.job),
                            Literal(event.what), KindNumber(event.kind), Literal(event.key),
                            Literal(event.action), Literal(EncodeValues(event.key, event.before)),
                            Literal(EncodeValues(event.key, event.after)), Literal(event.org.user),
                            MaybeMs(event.org.at), event.version, Literal(event.hash)));
  }
  batch.trail = head;
}

Result<std::vector<Event>> PostgresStore::Events(std::size_t limit) {
  std::vector<Event> events;
  if (core_->env == 0) return events;
  constexpr std::size_t kMost = std::numeric_limits<std::int64_t>::max();
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  auto left = static_cast<std::int64_t>(std::min(limit, kMost));
  while (left > 0) {
    const std::int64_t page = std::min(left, kPage);
    auto rows = core_->Read(
        "SELECT id, at, run, person, revision, job, what, kind, key, action, before, after, "
        "org_user, org_at, hash, version FROM {s}.audit WHERE env = $1::bigint AND id < $2::bigint "
        "ORDER BY "
        "id DESC LIMIT $3::bigint",
        {core_->env, before, page});
    if (!rows) return base::Fail(std::move(rows.error()));
    for (int i = 0; i < rows->size(); ++i) {
      std::optional<Event> event = ReadEvent(*rows, i);
      if (!event) return base::Fail(core_->DamagedRow("audit trail", rows->Bytes(i, 8)));
      before = event->id;
      events.push_back(std::move(*event));
    }
    if (rows->size() < page) break;
    left -= page;
  }
  return events;
}

Result<std::string> PostgresStore::TrailHead() {
  if (core_->env == 0) return std::string();
  auto rows = core_->Read("SELECT trail FROM {s}.lease WHERE env = $1::bigint", {core_->env});
  if (!rows) return base::Fail(std::move(rows.error()));
  return rows->size() == 1 ? rows->Bytes(0, 0) : std::string();
}

// --- journal ----------------------------------------------------------------------------------

Result<std::vector<Step>> PostgresStore::ReadSteps(std::string_view rest,
                                                   std::vector<Parameter> parameters) {
  std::vector<Step> steps;
  if (core_->env == 0) return steps;
  parameters.insert(parameters.begin(), Parameter(core_->env));
  auto rows =
      core_->Read(std::string(kSelectStep) + std::string(rest) + " ORDER BY id", parameters);
  if (!rows) return base::Fail(std::move(rows.error()));
  for (int i = 0; i < rows->size(); ++i) {
    std::optional<Step> step = ReadStep(*rows, i);
    if (!step) return base::Fail(core_->DamagedRow("journal", rows->Bytes(i, 4)));
    steps.push_back(std::move(*step));
  }
  return steps;
}

Result<std::vector<Step>> PostgresStore::OpenSteps() {
  auto steps = ReadSteps(" AND state = 0", {});
  if (steps && core_->keeper) {
    const std::lock_guard lock(mutex_);
    for (const Step& step : *steps) open_.insert_or_assign(step.id, step);
  }
  return steps;
}

Result<std::vector<Step>> PostgresStore::UndoneSteps(base::UtcTime since) {
  return ReadSteps(" AND state <> 0 AND opened >= $2::bigint", {Ms(since)});
}

Result<void> PostgresStore::Close(const std::vector<Outcome>& outcomes, Batch& batch,
                                  std::vector<Event>& events) {
  std::vector<std::int64_t> closing, done;
  std::vector<const BaseMove*> moves;
  for (const Outcome& outcome : outcomes) {
    auto found = open_.find(outcome.step);
    if (found == open_.end() || outcome.state == StepState::kOpen ||
        std::ranges::count(closing, outcome.step) != 0) {
      return base::Fail(
          ErrorKind::kInvalid,
          fmt::format("step {} of the journal cannot be closed: it is not open", outcome.step),
          "This is a defect of viasync: please report it");
    }
    closing.push_back(outcome.step);
    if (outcome.state != StepState::kDone) {
      batch.Add(core_->Sql(fmt::format(
          "UPDATE {{s}}.journal SET closed = {}, state = {}, note = {} WHERE env = {} AND id = {}",
          Ms(core_->clock.Now()), static_cast<int>(outcome.state),
          Literal(WithoutSecrets(outcome.note)), core_->env, outcome.step)));
      continue;
    }
    // A step that is done moves to the audit trail; one closed by another run than opened it was
    // settled.
    const Step& step = found->second;
    done.push_back(outcome.step);
    if (outcome.move) moves.push_back(&*outcome.move);
    Event event = NewEvent();
    event.what = step.run == core_->options.run ? "apply" : "settled";
    event.kind = step.kind;
    event.key = step.key;
    event.action = step.action;
    event.before = step.before;
    event.after = step.after;
    event.org = step.org;
    event.version = step.version;
    events.push_back(std::move(event));
  }
  if (!done.empty()) {
    batch.Add(core_->Sql(fmt::format("DELETE FROM {{s}}.journal WHERE env = {} AND id IN ({})",
                                     core_->env, fmt::join(done, ", "))));
  }
  AddMoves(batch, moves);
  return {};
}

Result<void> PostgresStore::Journal(const std::vector<Outcome>& outcomes,
                                    std::vector<Step>& intents) {
  if (auto may = core_->Writable(); !may) return may;
  const std::lock_guard lock(mutex_);
  const base::UtcTime now = core_->clock.Now();
  const std::int64_t first_id = core_->NextIds();
  Batch batch(core_->env);
  std::vector<Event> events;
  if (auto closed = Close(outcomes, batch, events); !closed) return closed;
  AddEvents(batch, events, first_id);
  if (!outcomes.empty()) {
    batch.Add(
        core_->Sql(fmt::format("UPDATE {{s}}.environment SET base_moved = {} WHERE id = {} "
                               "AND base_moved IS NOT NULL",
                               Ms(now), core_->env)));
  }
  {
    Inserts inserts(
        batch,
        core_->Sql("INSERT INTO {s}.journal(env, id, run, plan, kind, key, action, resource, "
                   "version, before, after, move, org_user, org_at, state, note, opened) VALUES "),
        "");
    std::int64_t id = first_id;
    for (const Step& step : intents) {
      if (auto harmless = HoldsNoSecret(step); !harmless) return harmless;
      inserts.Row(fmt::format(
          "{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}::bigint, 0, ''::bytea, {}",
          core_->env, id++, Literal(core_->options.run), Literal(step.plan_id),
          KindNumber(step.kind), Literal(step.key), Literal(step.action), Literal(step.resource_id),
          step.version, Literal(EncodeValues(step.key, step.before)),
          Literal(EncodeValues(step.key, step.after)), Literal(EncodeMove(step.key, step.move)),
          Literal(WithoutSecrets(step.org.user)), MaybeMs(step.org.at), Ms(now)));
    }
  }
  if (auto written = core_->Write(batch); !written) return written;
  for (const Outcome& outcome : outcomes) open_.erase(outcome.step);
  std::int64_t id = first_id;
  for (Step& step : intents) {
    step.id = id++;
    step.run = core_->options.run;
    step.state = StepState::kOpen;
    step.opened = now;
    open_.insert_or_assign(step.id, step);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> OpenPostgresStore(const PostgresOptions& options,
                                                 base::Clock& clock) {
  PostgresOptions shown = options;
  for (std::string* text : {&shown.user, &shown.commit, &shown.command, &shown.job}) {
    *text = WithoutSecrets(*text);
  }
  auto core = std::make_shared<PostgresCore>(shown, clock);
  auto there = core->Open();
  if (!there) return base::Fail(std::move(there.error()));
  if (!options.read_only) {
    auto taken = core->Take();
    if (!taken) return base::Fail(std::move(taken.error()));
  }
  return std::make_unique<PostgresStore>(std::move(core));
}

Result<void> InitPostgresStore(const PostgresAddress& address, const std::string& schema) {
  auto opened = Connection::Open(address, true, std::chrono::seconds(10));
  if (!opened) return base::Fail(Explain(opened.error(), address.shown));
  return MakeSchema(**opened, schema, address.shown);
}

namespace {

// The environment, with a connection that may write where `writes`.
Result<std::optional<std::pair<std::unique_ptr<Connection>, LeasePlace>>> Find(
    const PostgresOptions& options, bool writes) {
  const std::string& shown = options.address.shown;
  auto opened = Connection::Open(options.address, writes, std::chrono::seconds(10));
  if (!opened) return base::Fail(Explain(opened.error(), shown));
  auto state = LookAtSchema(**opened, options.schema, shown);
  if (!state) return base::Fail(std::move(state.error()));
  if (*state == SchemaState::kMissing) return std::nullopt;
  auto rows = (*opened)->Query(
      fmt::format("SELECT id FROM {}.environment WHERE name = $1::text", options.schema).c_str(),
      {options.environment});
  if (!rows) return base::Fail(Explain(rows.error(), shown));
  if (rows->size() == 0) return std::nullopt;
  LeasePlace place{options.schema, shown, rows->Int(0, 0)};
  return std::pair(std::move(*opened), std::move(place));
}

}  // namespace

Result<std::optional<LeaseHolder>> ReadHolder(const PostgresOptions& options) {
  auto found = Find(options, false);
  if (!found) return base::Fail(std::move(found.error()));
  if (!*found) return std::nullopt;
  auto holder = ReadLease(*(*found)->first, (*found)->second);
  if (!holder) return base::Fail(Explain(holder.error(), options.address.shown));
  return std::move(*holder);
}

Result<bool> Unlock(const PostgresOptions& options, std::int64_t epoch) {
  auto found = Find(options, true);
  if (!found) return base::Fail(std::move(found.error()));
  if (!*found) return false;
  auto revoked = RevokeLease(*(*found)->first, (*found)->second, epoch);
  if (!revoked) return base::Fail(Explain(revoked.error(), options.address.shown));
  return *revoked;
}

}  // namespace viasync::store
