#include "cli/console.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>

#include "cli/ascii.h"
#include "cli/ci_run.h"
#include "cli/heartbeat.h"
#include "cli/hints.h"
#include "engine/base/ci_commands.h"
#include "engine/base/json.h"
#include "engine/base/redact.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/config/excerpts.h"
#include "engine/report/error_text.h"

namespace viasync::cli {
namespace {

// A line as it is, or a JSON object a line (spdlog's patterns cannot escape, and lines may hold
// anything); safe from CI runners.
class LineFormatter final : public spdlog::formatter {
 public:
  explicit LineFormatter(bool json) : json_(json) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    std::string line(message.payload.data(), message.payload.size());
    if (json_) {
      auto time = std::chrono::time_point_cast<base::Millis>(message.time);
      nlohmann::ordered_json json = {
          {"time", base::FormatTime(time)},
          {"level", std::string(spdlog::level::to_string_view(message.level).data())},
          {"message", line}};
      line = base::DumpJson(json);
    }
    line = base::BreakUpCommands(line) + "\n";
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<LineFormatter>(json_);
  }

 private:
  bool json_;
};

// The columns that the environment asks for; 0 = it does not.
int ColumnsAsked() {
  const char* text = std::getenv("COLUMNS");
  int columns = 0;
  if (text) std::from_chars(text, text + std::strlen(text), columns);
  return columns;
}

// The answer of the person at the terminal, without blanks around it.
std::string Ask(const std::string& prompt) {
  std::cerr << prompt << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return std::string(base::Trim(answer));
}

ColourWish colour_wish = ColourWish::kAuto;
Volume volume_wish = Volume::kNormal;
bool ascii = false;

// A terminal whose cursor can be moved.
bool CanDraw(int descriptor) {
  const char* term = std::getenv("TERM");
  return isatty(descriptor) && !(term && std::string_view(term) == "dumb");
}

report::Style StyleOf(int descriptor) {
  constexpr int kColumnsMin = 40, kColumnsMax = 200;
  report::Style style;
  const char* no_color = std::getenv("NO_COLOR");
  bool terminal = isatty(descriptor);
  style.colour =
      colour_wish == ColourWish::kAlways ||
      (colour_wish == ColourWish::kAuto && CanDraw(descriptor) && !(no_color && *no_color));
  winsize size{};
  if (terminal && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    style.width = std::clamp<int>(size.ws_col, kColumnsMin, kColumnsMax);
  } else if (int columns = ColumnsAsked(); columns > 0) {
    style.width = std::clamp(columns, kColumnsMin, kColumnsMax);
  }
  return style;
}

ExitCode CodeOf(const base::Errors& errors) {
  using base::ErrorKind;
  auto any = [&](ErrorKind kind) {
    return std::ranges::any_of(errors, [&](const auto& error) { return error.kind == kind; });
  };
  if (any(ErrorKind::kInterrupted)) return ExitCode::kInterrupted;
  if (any(ErrorKind::kLimit)) return ExitCode::kLimit;
  if (any(ErrorKind::kStale)) return ExitCode::kStale;
  if (any(ErrorKind::kLeaseLost)) return ExitCode::kHalfWay;
  return ExitCode::kError;
}

// The lines that errors are about, where whoever made an error did not have it at hand.
void AddExcerpts(base::Errors& errors, const std::string& directory) {
  config::FillExcerpts(errors, [&](const std::string& name) -> std::unique_ptr<std::streambuf> {
    const std::string path = directory + "/" + name;
    std::error_code failed;
    // A pipe may never say anything.
    if (!std::filesystem::is_regular_file(path, failed)) return nullptr;
    auto file = std::make_unique<std::filebuf>();
    if (!file->open(path, std::ios::in | std::ios::binary)) return nullptr;
    return file;
  });
}

}  // namespace

void WishColour(ColourWish wish) { colour_wish = wish; }

void StartLog(bool json, Volume volume) {
  volume_wish = volume;
  ascii = !json && WantsAscii();
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto logger = std::make_shared<spdlog::logger>("viasync", sink);
  logger->set_formatter(std::make_unique<LineFormatter>(json));
  constexpr spdlog::level::level_enum kLowest[] = {spdlog::level::warn, spdlog::level::info,
                                                   spdlog::level::debug};
  logger->set_level(kLowest[static_cast<int>(volume)]);
  spdlog::set_default_logger(logger);
}

void Log(Level level, const std::string& line) {
  constexpr spdlog::level::level_enum kLevels[] = {spdlog::level::debug, spdlog::level::info,
                                                   spdlog::level::warn, spdlog::level::err};
  static std::mutex mutex;  // a heartbeat logs beside the run
  const std::lock_guard lock(mutex);
  std::cout.flush();  // what was said before it is to stand before it, wherever both end up
  const auto safe = base::RunSecrets()->Redacted(Copyable(line));
  spdlog::log(kLevels[static_cast<int>(level)], "{}", ascii ? ToAscii(safe) : safe);
}

std::function<void(std::string)> TraceLog() {
  return [](const std::string& line) { Log(Level::kDebug, line); };
}

std::function<void(std::string)> NoticeLog() {
  return [](const std::string& line) { Log(Level::kWarn, line); };
}

report::Style StdoutStyle() { return StyleOf(STDOUT_FILENO); }
report::Style StderrStyle() { return StyleOf(STDERR_FILENO); }

ExitCode Report(const base::Errors& errors, const std::string& directory, bool json) {
  NoteErrors(errors);
  base::Errors shown = errors;
  AddExcerpts(shown, directory);
  for (auto& error : shown) error.hint = Copyable(error.hint);
  std::string text = report::ErrorsText(shown, StderrStyle());
  while (text.ends_with('\n')) text.pop_back();
  Log(Level::kError, text);
  if (json) std::cout << report::ErrorsJson(shown);
  return CodeOf(errors);
}

ExitCode Report(const base::Error& error, const std::string& directory, bool json) {
  return Report(base::Errors{error}, directory, json);
}

void Warn(const base::Errors& warnings, const std::string& directory) {
  if (warnings.empty()) return;
  base::Errors shown = warnings;
  AddExcerpts(shown, directory);
  for (auto& warning : shown) warning.message = "warning: " + warning.message;
  std::string text = report::ErrorsText(shown, StderrStyle());
  while (text.ends_with('\n')) text.pop_back();
  Log(Level::kWarn, text);
}

bool DrawsProgress() { return CanDraw(STDERR_FILENO) && volume_wish != Volume::kQuiet; }

bool CanAsk() { return isatty(STDIN_FILENO) && isatty(STDERR_FILENO); }

bool Confirm(const std::string& question) {
  auto answer = base::ToLower(Ask(question + " [y/N] "));
  return answer == "y" || answer == "yes";
}

bool ConfirmNumber(const std::string& question, std::size_t number) {
  const std::string digits = std::to_string(number);
  return Ask(question + ": type " + digits + " to go on: ") == digits;
}

ProgressBar::ProgressBar(std::string what)
    : what_(std::move(what)), terminal_(CanDraw(STDERR_FILENO)), reading_(what_) {
  if (volume_wish == Volume::kQuiet) return;
  if (terminal_) {
    std::cerr << what_ << " …" << std::flush;
    drawn_ = true;
  } else {
    Log(Level::kInfo, what_ + " …");
    heartbeat_ = std::make_unique<Heartbeat>(
        [this](std::chrono::seconds since_start) { Beat(since_start); });
  }
}

ProgressBar::~ProgressBar() {
  heartbeat_.reset();
  if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
}

std::function<void(std::size_t, std::size_t)> ProgressBar::Callback() {
  if (volume_wish == Volume::kQuiet) return {};
  return [this](std::size_t done, std::size_t total) {
    done_ = done;
    total_ = total;
    if (terminal_) Draw(done, total);
  };
}

// `reading acme-dev: 1,200 of 4,000 after 45s`
void ProgressBar::Beat(std::chrono::seconds since_start) {
  std::string line = what_ + ": ";
  if (total_ > 0)
    line += base::Thousands(done_) + " of " + base::Thousands(total_);
  else
    line += "waiting for the first answer";
  Log(Level::kInfo, line + ", after " + base::FormatDuration(since_start));
}

void ProgressBar::Draw(std::size_t done, std::size_t total) {
  constexpr base::Millis kBetweenFrames{80};
  constexpr std::size_t kCells = 24;
  auto now = base::SystemClock().Steady();
  if (done != total && now - last_ < kBetweenFrames) return;
  last_ = now;
  drawn_ = true;
  std::size_t filled = total ? kCells * done / total : 0;
  std::string bar;
  for (std::size_t i = 0; i < kCells; ++i) bar += i < filled ? "█" : "░";
  std::cerr << "\r\x1b[K" << what_ << "  " << bar << "  " << base::Thousands(done) << " of "
            << base::Thousands(total) << std::flush;
}

}  // namespace viasync::cli
