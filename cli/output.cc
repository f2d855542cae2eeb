#include "cli/output.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <string_view>

#include "cli/console.h"
#include "engine/base/redact.h"
#include "engine/base/strings.h"

namespace viasync::cli {
namespace {

constexpr std::size_t kPendingMax = 1 << 20;
// Longer than any secret in any spelling.
constexpr std::size_t kHeldBack = 64 << 10;

// 0, or why not.
int WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {  // a pipe that somebody made non-blocking
      pollfd ready{.fd = descriptor, .events = POLLOUT, .revents = 0};
      (void)::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

int OutputBuffer::overflow(int c) {
  if (c == traits_type::eof()) return 0;
  pending_ += static_cast<char>(c);
  return pending_.size() < kPendingMax || Drain(false) ? c : traits_type::eof();
}

std::streamsize OutputBuffer::xsputn(const char* bytes, std::streamsize size) {
  pending_.append(bytes, static_cast<std::size_t>(size));
  return pending_.size() < kPendingMax || Drain(false) ? size : 0;
}

int OutputBuffer::sync() { return Drain(true) ? 0 : -1; }

bool OutputBuffer::Drain(bool all) {
  const auto secrets = base::RunSecrets();
  std::size_t end = pending_.size() - (all ? 0 : std::min(kHeldBack, pending_.size()));
  std::string text;
  std::size_t at = 0;
  for (const auto& [first, last] : secrets->Find(pending_)) {
    if (last > end) end = std::min(end, first);
    if (first >= end) break;
    text.append(pending_, at, first - at).append("***");
    at = last;
  }
  text.append(pending_, at, end - at);
  pending_.erase(0, end);
  text = commands_.Pass(text, all);
  if (error_ == 0) error_ = WriteAll(descriptor_, text);
  return error_ == 0;
}

Outputs::Outputs()
    : out_(STDOUT_FILENO),
      err_(STDERR_FILENO),
      cout_was_(std::cout.rdbuf(&out_)),
      cerr_was_(std::cerr.rdbuf(&err_)) {}

Outputs::~Outputs() {
  std::cout.flush();
  std::cerr.flush();
  std::cout.rdbuf(cout_was_);
  std::cerr.rdbuf(cerr_was_);
}

ExitCode Outputs::Finish(ExitCode code) {
  std::cout.flush();
  if (out_.error() == 0) return code;
  const std::string why = out_.error() == EPIPE ? "whoever read it has stopped reading"
                                                : base::SystemReason(out_.error());
  Log(Level::kError, "error: the output could not be written: " + why + "; it is not complete");
  const bool went_well = code == ExitCode::kDone || code == ExitCode::kDifferences;
  return went_well ? ExitCode::kError : code;
}

}  // namespace viasync::cli
