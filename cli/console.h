// The terminal: results to stdout, log and progress to stderr.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "engine/base/ports.h"
#include "engine/base/result.h"
#include "engine/report/style.h"

namespace viasync::cli {

class Heartbeat;

enum class Level { kDebug, kInfo, kWarn, kError };

enum class Volume { kQuiet, kNormal, kVerbose };  // warnings alone; …; debug lines, too

// Once, before the first Log.
void StartLog(bool json, Volume volume);
void Log(Level level, const std::string& line);
// For workflow::OpenOrg: its trace, seen with --verbose, and its notices.
std::function<void(std::string)> TraceLog();
std::function<void(std::string)> NoticeLog();

enum class ColourWish { kAuto, kAlways, kNever };
// Once, at the start.
void WishColour(ColourWish wish);

// Colour as wished; kAuto: only on a terminal that knows more than text, and never with NO_COLOR.
// Width from the terminal, elsewhere from COLUMNS, else 100.
report::Style StdoutStyle();
report::Style StderrStyle();

// Prints all errors (to stderr; as JSON to stdout too when `json`) and gives the exit code that
// their kinds stand for.
ExitCode Report(const base::Errors& errors, const std::string& directory, bool json = false);
ExitCode Report(const base::Error& error, const std::string& directory = ".", bool json = false);

// Prints them to stderr, each as a warning.
void Warn(const base::Errors& warnings, const std::string& directory);

// Ask on the terminal; true for y or yes, or for the number.
bool Confirm(const std::string& question);
bool ConfirmNumber(const std::string& question, std::size_t number);
bool CanAsk();  // stdin and stderr are a terminal

// Whether progress is drawn on stderr: it is a terminal that can do more than print lines, and
// --quiet was not given.
bool DrawsProgress();

// A bar on stderr while it lives, drawn only on a terminal; elsewhere a line at the start, and
// every 15 seconds another. `what` changes nothing, unless StopOnSignal was called before: then
// Ctrl-C waits. With --quiet nothing.
class ProgressBar {
 public:
  explicit ProgressBar(std::string what);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  std::function<void(std::size_t done, std::size_t total)> Callback();

 private:
  void Draw(std::size_t done, std::size_t total);
  void Beat(std::chrono::seconds since_start);
  std::string what_;
  bool terminal_;
  bool drawn_ = false;
  base::Millis last_{0};
  std::atomic<std::size_t> done_{0}, total_{0};
  Reading reading_;
  std::unique_ptr<Heartbeat> heartbeat_;
};

}  // namespace viasync::cli
