#include "cli/spool.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ostream>
#include <tuple>

#include "engine/base/strings.h"

namespace viasync::cli {
namespace {

std::unexpected<base::Error> Failed() {
  return base::Fail(base::ErrorKind::kIo,
                    std::string("a temporary file cannot be used: ") + base::SystemReason(errno),
                    "look at the room in the folder for temporary files (TMPDIR)");
}

}  // namespace

base::Result<void> Spool::Add(const std::string& id, const std::string& text) {
  if (!file_) file_.reset(std::tmpfile());
  if (!file_ || std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) {
    return Failed();
  }
  entries_.push_back({id, end_, text.size()});
  end_ += static_cast<std::int64_t>(text.size());
  return {};
}

void Spool::Clear() {
  entries_.clear();
  file_.reset();
  end_ = 0;
}

base::Result<void> Spool::Write(std::ostream& out, const std::string& before) {
  std::ranges::stable_sort(entries_, [](const Entry& a, const Entry& b) {
    return std::forward_as_tuple(a.id.size(), a.id) < std::forward_as_tuple(b.id.size(), b.id);
  });
  out << '[';
  std::string text;
  const char* separator = "";
  for (const Entry& entry : entries_) {
    text.resize(entry.bytes);
    if (std::fseek(file_.get(), entry.offset, SEEK_SET) != 0 ||
        std::fread(text.data(), 1, text.size(), file_.get()) != text.size()) {
      return Failed();
    }
    out << separator << "\n" << before << text;
    separator = ",";
    if (!out) break;  // said at the end of the run
  }
  out << (entries_.empty() ? "]\n" : "\n]\n");
  return {};
}

}  // namespace viasync::cli
