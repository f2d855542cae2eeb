// Sends the rows of a file, many at a time, each at most once over all runs with one result file.
// Checking the rows first, asking and reporting are the caller's.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/workflow/bulk_results.h"
#include "engine/workflow/bulk_rows.h"
#include "engine/workflow/org.h"

namespace viasync::workflow {

struct BulkTarget {
  BulkKind kind = BulkKind::kInsert;
  std::string id;              // of the strategy or list; empty for attempts and callbacks
  std::string client_session;  // fast path: whom the events are for
};

// What a first reading of the file finds. Sends nothing.
struct BulkScan {
  std::size_t rows = 0;     // all of them
  std::size_t to_send = 0;  // sound, and not settled by an earlier run
  std::size_t malformed = 0;
  std::size_t before = 0;   // done by an earlier run
  std::size_t refused = 0;  // by an earlier run, and the row is the same still
  std::size_t unknown = 0;  // sent by an earlier run, outcome not known
  base::Errors problems;    // of the malformed rows, the first of them
};
// `resend_unknown`: the user says that rows of unknown outcome did not arrive. Errors: the file
// cannot be read; kInvalid where a row that was sent is another one now.
base::Result<BulkScan> ScanBulk(BulkKind kind, const std::string& path, const BulkResults& results,
                                bool resend_unknown);

struct BulkOptions {
  bool resend_unknown = false;
  const std::atomic<bool>* stop = nullptr;
  std::function<void(std::size_t done, std::size_t total)> progress;
};

struct BulkOutcome {
  std::size_t done = 0, refused = 0, failed = 0, unknown = 0;  // by this run
  std::optional<base::Error> stopped;  // why rows are left that were not sent
  bool interrupted = false;
  struct Row {
    int line;
    std::string key, answer;
  };
  std::vector<Row> refusals, unknowns;  // the first of them
};
// Sends what ScanBulk counted. Stops early where going on is pointless: the org does not answer
// with all the patience of http::Client, refuses the credentials, knows no such strategy or list,
// refuses row after row from the first, or leaves row after row without an answer.
BulkOutcome RunBulk(Org& org, const BulkTarget& target, const std::string& path,
                    BulkResults& results, const BulkScan& scan, const BulkOptions& options);

}  // namespace viasync::workflow
