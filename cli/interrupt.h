// Ctrl-C. While something only reads, it ends the program at once and says so. While something
// writes, the first asks to stop, so that what is in flight ends and is recorded; a second ends the
// program at once, which is safe too, and the next run settles what was open.
#pragma once

#include <atomic>
#include <string>

namespace viasync::cli {

// Once, at the start: SIGINT and SIGTERM say that the program was stopped, and exit with 130.
void ExplainSignals();

// From now on the first SIGINT or SIGTERM asks. Set once somebody asked.
const std::atomic<bool>& StopOnSignal();

// While it lives, a signal says that the program was stopped while it did `what`, which changes
// nothing. Of several the newest counts.
class Reading {
 public:
  explicit Reading(const std::string& what);
  ~Reading();
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

 private:
  std::string before_;  // what a signal would have said
};

}  // namespace viasync::cli
