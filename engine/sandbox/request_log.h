// What was asked of the server, in order: the evidence for "nothing twice".
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

#include "engine/base/ports.h"

namespace viasync::sandbox {

struct LogEntry {
  std::int64_t sequence = 0;  // from 1, in order of arrival
  base::UtcTime time{};
  std::string method;
  std::string target;        // path and query
  std::string org;           // empty = the token endpoint, or no org in the path
  std::string body;          // its beginning, where it is long
  int status = 0;            // 0 = not answered yet, or not at all
  bool carried_out = false;  // the org changed
  bool lost = false;         // the answer did not leave whole
  std::string fault;         // the action of the fault that struck
};

// Thread-safe.
class RequestLog {
 public:
  explicit RequestLog(std::size_t entries_max) : entries_max_(entries_max) {}

  // Notes an arrival; gives its sequence.
  std::int64_t Begin(LogEntry entry);
  // Notes the outcome. Nothing where the entry has been dropped or cleared meanwhile.
  void End(std::int64_t sequence, int status, bool carried_out, bool lost, std::string fault);
  void Clear();
  // {"entries": [...]}: those after `since`, all or the writes alone (not GET, not the token).
  std::string ToJson(std::int64_t since, bool writes_only) const;

 private:
  const std::size_t entries_max_;
  mutable std::mutex mutex_;
  std::int64_t last_ = 0;
  std::deque<LogEntry> entries_;  // consecutive sequences, ending with last_
};

}  // namespace viasync::sandbox
