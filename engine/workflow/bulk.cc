#include "engine/workflow/bulk.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/strings.h"
#include "engine/http/group.h"
#include "engine/http/transport.h"
#include "engine/workflow/bulk_decision.h"
#include "engine/workflow/bulk_send.h"
#include "engine/workflow/bulk_update.h"

namespace viasync::workflow {
namespace {

constexpr std::size_t kShownMax = 20;
constexpr std::size_t kRefusedInARow = 20;  // with none taken: something else is wrong than a row
constexpr std::size_t kWorkersMax = 32;     // as many rows may be of unknown outcome at once
constexpr std::size_t kUnknownInARow = 40;  // an org in trouble: more would only be more to look up
constexpr base::Millis kGatherMax{5};       // of rows for one sync
constexpr base::Millis kBusyPause{2'000};
constexpr int kBusyTriesMax = 150;  // five minutes, as http::Client has patience

// A row that left once must not turn into another one: lines were inserted or removed.
std::optional<base::Error> Moved(const std::string& path, const BulkRow& row,
                                 const BulkResults::Known& known) {
  const bool left = known.state == RowState::kDone || known.state == RowState::kSent ||
                    known.state == RowState::kUnknown;
  if (!left || known.digest == row.digest) return std::nullopt;
  return base::Error{.kind = base::ErrorKind::kInvalid,
                     .message = "this row was sent by an earlier run, with other content",
                     .hint =
                         "restore the file as it was and rerun, or put new rows into a new "
                         "file; nothing was sent now",
                     .where = base::SourcePos{path, row.line, 0}};
}

// All workers of one run share this.
struct Sending {
  Org& org;
  const BulkTarget& target;
  RowsToSend rows;
  BulkResults& results;
  const BulkOptions& options;
  std::size_t total;
  BulkOutcome outcome{};
  std::size_t settled = 0;
  std::size_t unknown_in_a_row = 0;
  bool flush_planned = false;
  base::Millis sync_takes{0};  // how long the last one took
  std::optional<base::Error> disk{};
  http::Signal flushed{};

  bool Stopped() {
    if (options.stop && *options.stop) outcome.interrupted = true;
    return outcome.interrupted || outcome.stopped || disk;
  }
};

// One write and sync for all rows that are about to leave. On a slow disk rows are gathered as long
// as a sync takes, so that syncs never take more than half of the time.
void PlanFlush(Sending& sending) {
  if (std::exchange(sending.flush_planned, true)) return;
  http::Transport& transport = *sending.org.transport;
  transport.After(std::min(sending.sync_takes, kGatherMax), [&sending, &transport] {
    sending.flush_planned = false;
    const base::Millis begun = transport.clock().Steady();
    auto written = sending.results.Flush(/*sync=*/true);
    sending.sync_takes = transport.clock().Steady() - begun;
    if (!written) sending.disk = written.error();
    sending.flushed.Notify();
  });
}

void Keep(std::vector<BulkOutcome::Row>& rows, const BulkRow& row, const std::string& answer) {
  if (rows.size() < kShownMax) rows.push_back({row.line, row.key, answer});
}

// What an answer says about its row, and whether the run goes on.
RowState Judge(Sending& sending, const BulkRow& row, const base::Result<std::string>& answer) {
  auto& outcome = sending.outcome;
  if (answer) {
    ++outcome.done;
    sending.unknown_in_a_row = 0;
    return RowState::kDone;
  }
  const base::Error& error = answer.error();
  auto stop = [&] {
    if (!outcome.stopped) outcome.stopped = error;
  };
  switch (error.kind) {
    case base::ErrorKind::kUnknown:
    case base::ErrorKind::kProtocol:
      ++outcome.unknown;
      Keep(outcome.unknowns, row, error.message);
      if (++sending.unknown_in_a_row >= kUnknownInARow) stop();
      return RowState::kUnknown;
    case base::ErrorKind::kRejected:
      ++outcome.refused;
      Keep(outcome.refusals, row, error.message);
      if (outcome.done == 0 && outcome.refused >= kRefusedInARow) stop();
      return RowState::kRefused;
    default:
      // Not carried out, and the next row would fare no better.
      ++outcome.failed;
      stop();
      return RowState::kFailed;
  }
}

// The next row that is to be sent; false: none is left.
bool NextToSend(Sending& sending, BulkRow& row) {
  auto more = sending.rows.Next(row);
  if (!more && !sending.outcome.stopped) sending.outcome.stopped = more.error();
  return more && *more;
}

http::Task<base::Result<std::string>> SendPatiently(Sending& sending, const BulkRow& row) {
  for (int tries = 1;; ++tries) {
    auto answer = co_await SendBulkRow(*sending.org.session, sending.target, row.item);
    // 409: the strategy is busy with something else, and did nothing.
    const bool busy = !answer && answer.error().kind == base::ErrorKind::kConflict;
    if (!busy || tries >= kBusyTriesMax || sending.Stopped()) co_return answer;
    co_await http::Sleep(*sending.org.transport, kBusyPause);
  }
}

http::Task<void> Work(Sending& sending) {
  BulkRow row;
  while (!sending.Stopped() && NextToSend(sending, row)) {
    sending.results.Note(row.line, row.key, RowState::kSent, "", row.digest);
    PlanFlush(sending);
    co_await sending.flushed.Wait();
    if (sending.disk) co_return;  // the intent may not be on disk: nothing leaves
    if (sending.Stopped()) {
      sending.results.Note(row.line, row.key, RowState::kFailed, "not sent: the run was stopped",
                           row.digest);
      co_return;
    }
    base::Result<std::string> answer = co_await SendPatiently(sending, row);
    const RowState state = Judge(sending, row, answer);
    sending.results.Note(row.line, row.key, state, answer ? *answer : answer.error().message,
                         row.digest);
    // An outcome is worth a write of its own, so that a kill finds it; it needs no sync.
    auto written = sending.results.Flush(/*sync=*/false);
    if (!written && !sending.disk) sending.disk = written.error();
    ++sending.settled;
    if (sending.options.progress) sending.options.progress(sending.settled, sending.total);
  }
}

http::Task<void> WorkSideBySide(Sending& sending) {
  const std::size_t workers =
      std::min({sending.total, sending.org.client->in_flight_max(), kWorkersMax});
  http::Group group;
  for (std::size_t i = 0; i < workers; ++i) group.Add(Work(sending));
  co_await group.Wait();
}

}  // namespace

base::Result<BulkScan> ScanBulk(BulkKind kind, const std::string& path, const BulkResults& results,
                                bool resend_unknown) {
  auto rows = BulkRows::Open(kind, path);
  if (!rows) return base::Fail(std::move(rows.error()));
  BulkScan scan;
  BulkRow row;
  for (;;) {
    auto more = (*rows)->Next(row);
    if (!more) return base::Fail(std::move(more.error()));
    if (!*more) return scan;
    ++scan.rows;
    const auto known = results.Of(row.line);
    if (auto moved = Moved(path, row, known)) return base::Fail(std::move(*moved));
    switch (Decide(row, known, resend_unknown)) {
      case Decision::kSend:
        ++scan.to_send;
        break;
      case Decision::kDone:
        ++scan.before;
        break;
      case Decision::kRefused:
        ++scan.refused;
        break;
      case Decision::kUnknown:
        ++scan.unknown;
        break;
      case Decision::kMalformed:
        ++scan.malformed;
        if (scan.problems.size() < kShownMax) scan.problems.push_back(std::move(*row.problem));
        break;
    }
  }
}

BulkOutcome RunBulk(Org& org, const BulkTarget& target, const std::string& path,
                    BulkResults& results, const BulkScan& scan, const BulkOptions& options) {
  auto rows = BulkRows::Open(target.kind, path);
  if (!rows) {
    BulkOutcome outcome;
    outcome.stopped = std::move(rows.error());
    return outcome;
  }
  if (target.kind == BulkKind::kUpdate) {
    return RunUpdates(org, target.id, **rows, results, scan, options);
  }
  Sending sending{.org = org,
                  .target = target,
                  .rows = RowsToSend(**rows, results, options.resend_unknown),
                  .results = results,
                  .options = options,
                  .total = scan.to_send};
  if (scan.to_send > 0) http::Run(*org.transport, WorkSideBySide(sending));
  BulkRow rest;
  if (!sending.Stopped()) NextToSend(sending, rest);  // notes the malformed rows behind the last
  auto written = results.Flush(/*sync=*/true);
  if (!written && !sending.disk) sending.disk = written.error();
  if (sending.disk) sending.outcome.stopped = sending.disk;
  return std::move(sending.outcome);
}

}  // namespace viasync::workflow
