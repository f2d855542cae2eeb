// The result file of a bulk run: what became of each row, so that a rerun goes on where the last
// one stopped and sends no row twice. CSV, append-only, one physical line a record, the last one of
// an input line wins:
//
//   line,key,state,answer,row
//   0,"insert into strategy 50 of acme-dev",for,,       what the run is for: never another one
//   17,100545,sent,,0123456789ab                        on disk before the request leaves
//   17,100545,done,id 4711,0123456789ab                 after its answer
//
// A `sent` without an outcome is a request whose answer nobody has seen: unknown. A torn last line
// is dropped: an intent so torn never left, an outcome so torn leaves its row unknown.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace viasync::workflow {

enum class RowState : unsigned char {
  kNone,
  kSent,       // an intent without an outcome
  kDone,       // the org took it
  kRefused,    // the org refused it as it stands; it was not carried out
  kFailed,     // it was not carried out: no connection, throttled too long; to be sent again
  kUnknown,    // it may have been carried out
  kMalformed,  // never sent
};
std::string_view RowStateName(RowState state);

class BulkResults {
 public:
  // Opens or makes `path` for `purpose`, and holds it alone. Errors: kIo; kBusy (another run holds
  // it); kInvalid (another run's, or no result file).
  static base::Result<std::unique_ptr<BulkResults>> Open(const std::string& path,
                                                         const std::string& purpose);
  ~BulkResults();
  BulkResults(const BulkResults&) = delete;
  BulkResults& operator=(const BulkResults&) = delete;

  struct Known {
    RowState state = RowState::kNone;
    std::string_view digest;  // of the row as it was then
  };
  // What the file says of an input line; good until the next Note().
  Known Of(int line) const;

  // Keeps a record in memory until Flush().
  void Note(int line, std::string_view key, RowState state, std::string_view answer,
            const std::string& digest);
  // Writes what was noted; with `sync` also past the system's cache. Errors: kIo.
  base::Result<void> Flush(bool sync);
  bool pending() const { return !buffer_.empty(); }

 private:
  struct Entry {
    RowState state = RowState::kNone;
    char digest[12] = {};
  };
  explicit BulkResults(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  base::Result<void> Load(const std::string& purpose);
  enum class Kinship { kOwn, kTorn, kOther, kNone };
  base::Result<Kinship> KinshipWith(std::string_view first_lines) const;
  base::Result<void> DropTornLine();
  base::Error Io(const char* what) const;
  void Remember(int line, RowState state, std::string_view digest);

  const std::string path_;
  const int fd_;
  std::string buffer_;
  std::vector<Entry> known_;  // by input line
};

}  // namespace viasync::workflow
