#include "engine/workflow/bulk_update.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <utility>

#include "engine/http/transport.h"
#include "engine/workflow/bulk_decision.h"
#include "engine/workflow/bulk_send.h"
#include "engine/workflow/operations.h"
#include "engine/workflow/record_details.h"

namespace viasync::workflow {
namespace {

using base::ErrorKind;

// Of one request. A strategy may have one text for each field, and show only so many.
constexpr std::size_t kFieldsMax = 500;
constexpr std::size_t kShownMax = 20;
constexpr std::size_t kRefusedInARow = 20;  // with none taken: something else is wrong than a row
constexpr int kUnknownInARow = 3;           // batches
constexpr base::Millis kPauseFirst{250}, kPauseMax{2'000};
constexpr base::Millis kBusyMax{300'000};  // somebody else's operation, as http::Client waits
constexpr base::Millis kOperationMax{3'600'000};  // ours
constexpr base::Millis kShowsAfter{5'000};        // an operation that was accepted

std::string RowLookup(const BulkRow& row) {
  return LookupOf(row.item.value("lookupKey", ""), row.item.value("lookupValue", ""));
}

std::size_t FieldsOf(const BulkRow& row) {
  auto fields = row.item.find("fields");
  return fields == row.item.end() ? 1 : std::max<std::size_t>(1, fields->size());
}

bool SameSight(const api::StrategyStatuses& a, const api::StrategyStatuses& b) {
  return a.status == b.status && a.modified == b.modified && a.details == b.details;
}

class Updates {
 public:
  Updates(Org& org, const std::string& id, BulkRows& rows, BulkResults& results,
          const BulkScan& scan, const BulkOptions& options)
      : org_(org),
        id_(id),
        results_(results),
        scan_(scan),
        options_(options),
        queue_(rows, results, options.resend_unknown) {}

  BulkOutcome Run() {
    std::vector<BulkRow> batch;
    while (!Stopped() && Gather(batch)) {
      for (const BulkRow& row : batch) Note(row, RowState::kSent, "");
      if (auto written = results_.Flush(/*sync=*/true); !written) {
        outcome_.stopped = written.error();  // the intent may not be on disk: nothing leaves
        break;
      }
      Send(batch);
    }
    auto written = results_.Flush(/*sync=*/true);
    if (!written) outcome_.stopped = written.error();
    return std::move(outcome_);
  }

 private:
  bool Stopped() {
    if (options_.stop && *options_.stop) outcome_.interrupted = true;
    return outcome_.interrupted || outcome_.stopped;
  }
  base::Millis Now() { return org_.transport->clock().Steady(); }
  void Sleep(base::Millis& pause) {
    http::Run(*org_.transport, http::Sleep(*org_.transport, pause));
    pause = std::min(kPauseMax, 2 * pause);
  }
  void Note(const BulkRow& row, RowState state, const std::string& answer) {
    results_.Note(row.line, row.key, state, answer, row.digest);
  }

  // The next rows, each of another record: what a strategy says does not tell two of one apart, and
  // their order counts.
  bool Gather(std::vector<BulkRow>& batch) {
    batch.clear();
    std::set<std::string> lookups;
    std::size_t fields = 0;
    for (;;) {
      BulkRow row;
      if (ahead_) {
        row = std::move(*std::exchange(ahead_, std::nullopt));
      } else {
        auto more = queue_.Next(row);
        if (!more) outcome_.stopped = more.error();
        if (!more || !*more) break;
      }
      const bool fits = fields + FieldsOf(row) <= kFieldsMax && !lookups.contains(RowLookup(row));
      if (!batch.empty() && !fits) {
        ahead_ = std::move(row);
        break;
      }
      fields += FieldsOf(row);
      lookups.insert(RowLookup(row));
      batch.push_back(std::move(row));
    }
    return !batch.empty();
  }

  void Send(std::span<const BulkRow> rows) {
    if (Stopped()) return NotSent(rows);
    auto before = WaitUntilIdle();
    if (!before) {
      outcome_.stopped = before.error();
      return NotSent(rows);
    }
    auto sent = Patch(rows);
    if (sent) return Settle(rows, *before);
    const base::Error& error = sent.error();
    if (error.kind == ErrorKind::kRejected) return Refused(rows, error);
    if (error.kind == ErrorKind::kUnknown || error.kind == ErrorKind::kProtocol) {
      for (const BulkRow& row : rows) Unknown(row, error.message);
      if (++unknown_in_a_row_ >= kUnknownInARow) outcome_.stopped = error;
      return Told(rows.size());
    }
    outcome_.stopped = error;
    NotSent(rows);
  }

  // Nothing of a refused request was carried out: halves find the rows that are to blame.
  void Refused(std::span<const BulkRow> rows, const base::Error& error) {
    if (rows.size() > 1) {
      Send(rows.first(rows.size() / 2));
      return Send(rows.subspan(rows.size() / 2));
    }
    ++outcome_.refused;
    Keep(outcome_.refusals, rows[0], error.message);
    Note(rows[0], RowState::kRefused, error.message);
    if (outcome_.done == 0 && outcome_.refused >= kRefusedInARow) outcome_.stopped = error;
    Told(1);
  }

  // 409: something else is under way, and nothing was done.
  base::Result<void> Patch(std::span<const BulkRow> rows) {
    std::vector<api::RecordUpdate> updates;
    for (const BulkRow& row : rows) updates.push_back(UpdateOf(row.item));
    base::Millis pause = kPauseFirst;
    for (const base::Millis until = Now() + kBusyMax;;) {
      auto sent = http::Run(*org_.transport, api::UpdateRecords(*org_.session, id_, updates));
      const bool busy = !sent && sent.error().kind == ErrorKind::kConflict;
      if (!busy || Now() >= until || Stopped()) return sent;
      Sleep(pause);
    }
  }

  base::Result<api::StrategyStatuses> WaitUntilIdle() {
    base::Millis pause = kPauseFirst;
    for (const base::Millis until = Now() + kBusyMax;;) {
      auto statuses = ReadStatuses(org_, id_);
      if (!statuses || !IsBusy(*statuses)) return statuses;
      if (Now() >= until || Stopped()) {
        return base::Fail(ErrorKind::kUnavailable, "the strategy is busy with something else",
                          "run again when it is done");
      }
      Sleep(pause);
    }
  }

  // What the strategy says once the operation that was accepted is over. Right after it was
  // accepted it may still say what it said `before`.
  base::Result<api::StrategyStatuses> WaitForEnd(const api::StrategyStatuses& before) {
    base::Millis pause = kPauseFirst;
    const base::Millis begun = Now();
    for (;;) {
      auto statuses = ReadStatuses(org_, id_);
      if (!statuses) return statuses;
      const bool shows = !SameSight(*statuses, before) || Now() >= begun + kShowsAfter;
      if (shows && !IsBusy(*statuses)) return statuses;
      if (Stopped() || Now() >= begun + kOperationMax) {
        return base::Fail(Stopped() ? ErrorKind::kInterrupted : ErrorKind::kUnavailable,
                          "the strategy is still updating records", "it goes on in the org");
      }
      Sleep(pause);
    }
  }

  void Settle(std::span<const BulkRow> rows, const api::StrategyStatuses& before) {
    auto statuses = WaitForEnd(before);
    if (!statuses) {
      for (const BulkRow& row : rows) {
        Unknown(row, "accepted, but what became of it was not seen: " + statuses.error().message);
      }
      if (!outcome_.interrupted) outcome_.stopped = statuses.error();
      return Told(rows.size());
    }
    std::vector<std::string> lookups;
    for (const BulkRow& row : rows) lookups.push_back(RowLookup(row));
    const RecordDetails details = ReadDetails(*statuses, lookups);
    // Where something went wrong that no text pins to a record, nobody knows which went well.
    const bool pinned = details.complete && details.unclear.empty() &&
                        (!details.problems.empty() || !EndedBadly(*statuses));
    for (const BulkRow& row : rows) {
      auto problem = details.problems.find(RowLookup(row));
      if (problem != details.problems.end()) {
        ++outcome_.refused;
        Keep(outcome_.refusals, row, problem->second);
        Note(row, RowState::kRefused, problem->second);
      } else if (pinned) {
        ++outcome_.done;
        Note(row, RowState::kDone, "updated");
      } else {
        Unknown(row, details.unclear.empty()
                         ? "the update ended with errors, and the org does not say of which records"
                         : "the update ended with: " + details.unclear.front());
      }
    }
    if (pinned || !details.problems.empty()) unknown_in_a_row_ = 0;
    Told(rows.size());
  }

  void Unknown(const BulkRow& row, const std::string& why) {
    ++outcome_.unknown;
    Keep(outcome_.unknowns, row, why);
    Note(row, RowState::kUnknown, why);
  }
  void NotSent(std::span<const BulkRow> rows) {
    for (const BulkRow& row : rows) {
      ++outcome_.failed;
      Note(row, RowState::kFailed, "not sent: the run was stopped");
    }
  }
  static void Keep(std::vector<BulkOutcome::Row>& kept, const BulkRow& row,
                   const std::string& answer) {
    if (kept.size() < kShownMax) kept.push_back({row.line, row.key, answer});
  }
  void Told(std::size_t rows) {
    // Outcomes are worth a write of their own, so that a kill finds them; they need no sync.
    if (auto written = results_.Flush(/*sync=*/false); !written) outcome_.stopped = written.error();
    settled_ += rows;
    if (options_.progress) options_.progress(settled_, scan_.to_send);
  }

  Org& org_;
  const std::string& id_;
  BulkResults& results_;
  const BulkScan& scan_;
  const BulkOptions& options_;
  RowsToSend queue_;
  std::optional<BulkRow> ahead_{};  // read, but not of the last batch
  BulkOutcome outcome_{};
  std::size_t settled_ = 0;
  int unknown_in_a_row_ = 0;
};

}  // namespace

BulkOutcome RunUpdates(Org& org, const std::string& strategy_id, BulkRows& rows,
                       BulkResults& results, const BulkScan& scan, const BulkOptions& options) {
  return Updates(org, strategy_id, rows, results, scan, options).Run();
}

}  // namespace viasync::workflow
