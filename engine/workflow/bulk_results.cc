#include "engine/workflow/bulk_results.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>

#include "engine/base/csv_cell.h"
#include "engine/base/redact.h"
#include "engine/base/strings.h"
#include "engine/config/csv.h"

namespace viasync::workflow {
namespace {

constexpr std::string_view kHeader = "line,key,state,answer,row\n";
constexpr std::string_view kPurposeState = "for";
constexpr std::uint64_t kFileBytesMax = std::uint64_t{4} << 30;
constexpr int kLinesMax = 100'000'000;
constexpr std::size_t kFields = 5;
constexpr std::array<std::string_view, 7> kStates = {"",       "sent",    "done",     "refused",
                                                     "failed", "unknown", "malformed"};

std::optional<RowState> StateOf(std::string_view text) {
  auto found = std::ranges::find(kStates, text);
  if (text.empty() || found == kStates.end()) return std::nullopt;
  return static_cast<RowState>(found - kStates.begin());
}

}  // namespace

std::string_view RowStateName(RowState state) { return kStates[static_cast<std::size_t>(state)]; }

base::Result<std::unique_ptr<BulkResults>> BulkResults::Open(const std::string& path,
                                                             const std::string& purpose) {
  // Without waiting at a FIFO; a terminal or pipe cannot be read again.
  constexpr int kFlags = O_RDWR | O_CREAT | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  int fd = ::open(path.c_str(), kFlags, 0600);
  auto results = std::unique_ptr<BulkResults>(new BulkResults(path, fd));
  if (fd < 0) return base::Fail(results->Io("opened"));
  struct stat info {};
  if (::fstat(fd, &info) != 0) return base::Fail(results->Io("read"));
  if (!S_ISREG(info.st_mode)) {
    return base::Fail(base::ErrorKind::kInvalid,
                      fmt::format("{} is not a regular file", base::Printable(path)),
                      "results are read again by the next run: name a file with --results");
  }
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return base::Fail(base::ErrorKind::kBusy,
                      fmt::format("another run is writing {}", base::Printable(path)),
                      "wait for it, or name another file with --results");
  }
  auto loaded = results->Load(purpose);
  if (!loaded) return base::Fail(std::move(loaded.error()));
  return results;
}

BulkResults::~BulkResults() {
  if (fd_ < 0) return;
  (void)Flush(/*sync=*/true);
  ::close(fd_);
}

base::Error BulkResults::Io(const char* what) const {
  return {.kind = base::ErrorKind::kIo,
          .message = fmt::format("the result file {} cannot be {}: {}", base::Printable(path_),
                                 what, base::SystemReason(errno)),
          .hint =
              "nothing is sent whose result cannot be kept; make room, or name another file "
              "with --results"};
}

// How far the file is one of this run, by its first lines.
base::Result<BulkResults::Kinship> BulkResults::KinshipWith(std::string_view first_lines) const {
  std::string head(first_lines.size(), '\0');
  std::size_t size = 0;
  while (size < head.size()) {
    const ssize_t count =
        ::pread(fd_, head.data() + size, head.size() - size, static_cast<off_t>(size));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return base::Fail(Io("read"));
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  head.resize(size);
  // A run that was killed may have written a part of the header.
  if (head == first_lines || (size < kHeader.size() && kHeader.starts_with(head))) {
    return Kinship::kOwn;
  }
  if (!head.starts_with(kHeader)) return Kinship::kNone;
  return first_lines.starts_with(head) ? Kinship::kTorn : Kinship::kOther;
}

// The last line may have been cut off by a kill or a full disk.
base::Result<void> BulkResults::DropTornLine() {
  struct stat info {};
  if (::fstat(fd_, &info) != 0) return base::Fail(Io("read"));
  off_t end = info.st_size;
  while (end > 0) {
    char last = 0;
    if (::pread(fd_, &last, 1, end - 1) != 1) return base::Fail(Io("read"));
    if (last == '\n') break;
    --end;
  }
  if (end != info.st_size && ::ftruncate(fd_, end) != 0) return base::Fail(Io("written"));
  return {};
}

base::Result<void> BulkResults::Load(const std::string& purpose) {
  const std::string first_lines =
      fmt::format("{}0,{},{},,\n", kHeader, base::CsvCell(purpose), kPurposeState);
  auto kinship = KinshipWith(first_lines);
  if (!kinship) return base::Fail(std::move(kinship.error()));
  if (*kinship == Kinship::kNone) {
    return base::Fail(base::ErrorKind::kInvalid,
                      fmt::format("{} is not a result file of viasync; it was left as it is",
                                  base::Printable(path_)),
                      "name another file with --results; nothing was sent");
  }
  if (*kinship == Kinship::kTorn) {
    return base::Fail(base::ErrorKind::kInvalid,
                      fmt::format("{} does not say what it is for", base::Printable(path_)),
                      "name another file with --results; nothing was sent");
  }
  if (*kinship == Kinship::kOwn) {
    auto torn = DropTornLine();
    if (!torn) return torn;
  }
  auto file = std::make_unique<std::filebuf>();
  if (!file->open(path_, std::ios::in | std::ios::binary)) return base::Fail(Io("read"));
  config::TextStream stream(std::move(file), kFileBytesMax, config::TextKind::kRows);
  config::CsvReader reader(stream);
  auto invalid = [&](std::string what) {
    return base::Fail(base::ErrorKind::kInvalid,
                      fmt::format("{}:{} {}", base::Printable(path_), reader.line(), what),
                      "name another file with --results; nothing was sent");
  };
  if (!reader.Next()) {
    if (reader.problem()) return invalid("cannot be read: " + reader.problem()->message);
    buffer_ = first_lines;
    return Flush(/*sync=*/true);
  }
  if (reader.size() != kFields || reader.field(0) != "line") return invalid("is not a result file");
  bool for_this = false;
  while (reader.Next()) {
    if (reader.size() != kFields) return invalid("is not a line of a result file");
    if (reader.field(2) == kPurposeState) {
      if (reader.field(1) != purpose) {
        return invalid("says that it is of another run: " + base::Printable(reader.field(1)));
      }
      for_this = true;
      continue;
    }
    int line = 0;
    auto text = reader.field(0);
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), line);
    auto state = StateOf(reader.field(2));
    bool number = error == std::errc() && end == text.data() + text.size();
    if (!number || !state || line < 1 || line > kLinesMax) {
      return invalid("is not a line of a result file");
    }
    Remember(line, *state, reader.field(4));
  }
  if (reader.problem()) return invalid("cannot be read: " + reader.problem()->message);
  return for_this ? base::Result<void>() : invalid("does not say what it is for");
}

void BulkResults::Remember(int line, RowState state, std::string_view digest) {
  auto index = static_cast<std::size_t>(line);
  if (index >= known_.size()) known_.resize(std::max(index + 1, known_.size() * 2));
  known_[index].state = state;
  std::fill(std::begin(known_[index].digest), std::end(known_[index].digest), '\0');
  digest.copy(known_[index].digest, sizeof known_[index].digest);
}

BulkResults::Known BulkResults::Of(int line) const {
  auto index = static_cast<std::size_t>(line);
  if (index >= known_.size()) return {};
  const Entry& entry = known_[index];
  return {entry.state, {entry.digest, ::strnlen(entry.digest, sizeof entry.digest)}};
}

void BulkResults::Note(int line, std::string_view key, RowState state, std::string_view answer,
                       const std::string& digest) {
  buffer_ += std::to_string(line);
  buffer_ += ',';
  buffer_ += base::CsvCell(key);
  buffer_ += ',';
  buffer_ += RowStateName(state);
  buffer_ += ',';
  buffer_ += base::CsvCell(base::RunSecrets()->Redacted(answer));
  buffer_ += ',';
  buffer_ += digest;
  buffer_ += '\n';
  Remember(line, state, digest);
}

base::Result<void> BulkResults::Flush(bool sync) {
  for (std::size_t done = 0; done < buffer_.size();) {
    ssize_t count = ::write(fd_, buffer_.data() + done, buffer_.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return base::Fail(Io("written"));
    done += static_cast<std::size_t>(count);
  }
  buffer_.clear();
  if (sync && ::fdatasync(fd_) != 0) return base::Fail(Io("written"));
  return {};
}

}  // namespace viasync::workflow
