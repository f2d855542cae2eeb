// Result<T>: a value, or an Error that a person can act on. No exception crosses a room's wall.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace viasync::base {

// What went wrong, as far as a caller decides differently by it.
enum class ErrorKind {
  kInvalid,      // an input the user wrote is wrong
  kNotFound,     // the thing named does not exist
  kIo,           // a file or the store could not be read or written
  kNetwork,      // no answer: connection refused, reset, timed out
  kAuth,         // credentials missing or refused
  kRejected,     // the org refused the request as it stands (400, 403, 404, 405)
  kConflict,     // the org holds another version than the one we planned against (409)
  kUnavailable,  // the org could not answer in spite of retries (408, 429, 5xx)
  kProtocol,     // an answer that breaks the reference: no JSON, cut off, wrong type, incomplete
  kLimit,        // a limit of the project stands against it
  kStale,        // a plan that no longer matches the org
  kBusy,         // somebody else holds the lock
  kLeaseLost,    // this run held the environment, and must not send any more
  kUnknown,      // a write whose outcome could not be learned
  kInterrupted,  // the user asked to stop
};

// A place in a file the user wrote. line and column count from 1; 0 = not known.
struct SourcePos {
  std::string file;
  int line = 0;
  int column = 0;
  friend auto operator<=>(const SourcePos&, const SourcePos&) = default;
};

struct Error {
  ErrorKind kind = ErrorKind::kInvalid;
  std::string message;               // what is wrong, one sentence without a final stop
  std::string hint;                  // what to do about it; may be empty
  std::optional<SourcePos> where{};  // the place in the user's files
  std::string excerpt{};             // the line at `where`, as it stands there
  int http_status = 0;               // of the answer that caused it; 0 = none
};

// All problems of a run; empty = none.
using Errors = std::vector<Error>;

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> Fail(ErrorKind kind, std::string message,
                                                 std::string hint = {}) {
  return std::unexpected<Error>(
      Error{.kind = kind, .message = std::move(message), .hint = std::move(hint)});
}

[[nodiscard]] inline std::unexpected<Error> Fail(Error error) {
  return std::unexpected<Error>(std::move(error));
}

}  // namespace viasync::base
