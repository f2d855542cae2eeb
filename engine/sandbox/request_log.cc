#include "engine/sandbox/request_log.h"

#include "engine/base/strings.h"
#include "engine/sandbox/json_writer.h"

namespace viasync::sandbox {
namespace {

constexpr std::size_t kBodyBytesMax = 4096;

void WriteEntry(std::string& out, const LogEntry& entry) {
  ObjectWriter writer(out);
  writer("sequence", entry.sequence);
  writer("time", entry.time);
  writer("method", entry.method);
  writer("target", base::Printable(entry.target));
  writer("org", base::Printable(entry.org));
  writer("body", base::IsValidUtf8(entry.body) ? entry.body : base::Printable(entry.body));
  writer("status", entry.status);
  writer("carried_out", entry.carried_out);
  writer("lost", entry.lost);
  writer("fault", entry.fault);
  writer.Close();
}

}  // namespace

std::int64_t RequestLog::Begin(LogEntry entry) {
  if (entry.body.size() > kBodyBytesMax) entry.body.resize(kBodyBytesMax);
  std::lock_guard lock(mutex_);
  entry.sequence = ++last_;
  entries_.push_back(std::move(entry));
  if (entries_.size() > entries_max_) entries_.pop_front();
  return last_;
}

void RequestLog::End(std::int64_t sequence, int status, bool carried_out, bool lost,
                     std::string fault) {
  std::lock_guard lock(mutex_);
  if (entries_.empty() || sequence < entries_.front().sequence) return;
  LogEntry& entry = entries_[static_cast<std::size_t>(sequence - entries_.front().sequence)];
  entry.status = status;
  entry.carried_out = carried_out;
  entry.lost = lost;
  entry.fault = std::move(fault);
}

void RequestLog::Clear() {
  std::lock_guard lock(mutex_);
  entries_.clear();
}

std::string RequestLog::ToJson(std::int64_t since, bool writes_only) const {
  std::lock_guard lock(mutex_);
  std::string out = R"({"entries":[)";
  bool first = true;
  for (const LogEntry& entry : entries_) {
    bool is_write = entry.method != "GET" && !entry.org.empty();
    if (entry.sequence <= since || (writes_only && !is_write)) continue;
    if (!first) out += ',';
    first = false;
    WriteEntry(out, entry);
  }
  return out += "]}";
}

}  // namespace viasync::sandbox
