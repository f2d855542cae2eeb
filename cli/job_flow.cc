#include "cli/job_flow.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>

#include "cli/console.h"
#include "cli/heartbeat.h"
#include "cli/interrupt.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/migrate/job_status.h"
#include "engine/report/migration_text.h"
#include "engine/workflow/open_store.h"
#include "engine/workflow/provenance.h"

namespace viasync::cli {

using base::ErrorKind;

base::Result<base::Millis> ReadDuration(const std::string& flag, const std::string& text) {
  std::int64_t number = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string unit(end, text.data() + text.size());
  const std::int64_t seconds = unit.empty() || unit == "s" ? 1
                               : unit == "m"               ? 60
                               : unit == "h"               ? 3600
                                                           : 0;
  constexpr std::int64_t kHoursMax = 24 * 365;
  const bool good =
      failed == std::errc() && number > 0 && seconds > 0 && number <= kHoursMax * 3600;
  if (good) return base::Millis(number * seconds * 1000);
  return base::Fail(ErrorKind::kInvalid,
                    flag + " `" + base::Printable(text) + "` is not a duration",
                    "write seconds, or a number with s, m or h: " + flag + " 30m");
}

std::expected<config::Environment, base::Errors> NameEnvironment(const config::Project& project,
                                                                 const std::string& name) {
  if (name.empty() && project.environments.size() == 1) {
    return project.environments.begin()->second;
  }
  auto found = config::FindEnvironment(project, name);
  if (!found) return std::unexpected(base::Errors{found.error()});
  return **found;
}

base::Result<std::unique_ptr<workflow::OpenSide>> ReachOrg(const config::Environment& environment) {
  auto side = workflow::OpenMigrationSide(environment, TraceLog(), NoticeLog());
  if (!side) return base::Fail(side.error());
  return std::make_unique<workflow::OpenSide>(std::move(*side));
}

base::Result<std::unique_ptr<store::Store>> LockStore(const Globals& globals,
                                                      const config::Environment& environment,
                                                      const std::string& command,
                                                      std::vector<workflow::OpenSide*> sides) {
  auto store = workflow::OpenStore(
      environment,
      {.run = workflow::NewMigrationRun(base::SystemClock(), base::SystemRandom()),
       .command = "viasync " + command,
       .who = workflow::WhoRuns(globals.directory)},
      base::SystemClock());
  if (!store) return store;
  for (workflow::OpenSide* side : sides) side->org.transport->Guard((*store)->Gate());
  Warn((*store)->Warnings(), globals.directory);
  return store;
}

namespace {

std::string DurationProblem(const std::string& text) {
  return ReadDuration("", text) ? "" : "is not a duration: write it like 90s, 30m or 2h";
}

}  // namespace

void AddWaitFlags(Args& args, WaitFlags& flags) {
  args.Text("--timeout", flags.timeout, "how long to wait for jobs: 90, 30m, 2h")
      .Value("TIME")
      .Check(DurationProblem)
      .ShowDefault();
  AddRunFormat(args, flags);
}

void AddRunFormat(Args& args, WaitFlags& flags) {
  args.Text("--format", flags.format, "text or json").Choices({"text", "json"});
}

void AddSettleFlag(Args& args, WaitFlags& flags) {
  args.Text("--settle", flags.settle,
            "how long a job whose request got no answer may take to show in the org, before it "
            "is asked for again")
      .Value("TIME")
      .Check(DurationProblem)
      .ShowDefault();
}

JobProgress::JobProgress() : terminal_(DrawsProgress()) {}

JobProgress::~JobProgress() { End(); }

void JobProgress::End() {
  heartbeat_.reset();
  if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

migrate::Told JobProgress::Told() {
  return {.stage = [this](const std::string& stage) { Stage(stage); },
          .bytes = [this](std::uint64_t done, std::uint64_t total) { Bytes(done, total); }};
}

std::function<void(const api::Job&)> JobProgress::Status() {
  return [this](const api::Job& job) { Show(job); };
}

void JobProgress::Stage(const std::string& stage) {
  stage_ = base::Printable(stage);
  since_ = base::SystemClock().Steady();
  last_.clear();
  if (terminal_) {
    Draw(stage_ + " …");
  } else {
    Log(Level::kInfo, stage_ + " …");
    heartbeat_ = std::make_unique<Heartbeat>([stage = stage_](std::chrono::seconds since_start) {
      Log(Level::kInfo, stage + ": still waiting, after " + base::FormatDuration(since_start));
    });
  }
}

void JobProgress::Show(const api::Job& job) {
  const std::string words = migrate::StatusWords(job);
  const std::string line = words + (job.message.empty() ? "" : ": " + base::Printable(job.message));
  const auto now = base::SystemClock().Steady();
  if (since_.count() == 0) since_ = now;
  if (terminal_) {
    constexpr std::size_t kLineMax = 100;
    Draw(report::Clip(fmt::format("{}  {}, {}", stage_, words, base::FormatDuration(now - since_)),
                      kLineMax));
  } else if (line != last_) {
    Log(Level::kInfo, "  " + line);
  }
  last_ = line;
}

void JobProgress::Bytes(std::uint64_t done, std::uint64_t total) {
  constexpr base::Millis kBetweenFrames{80};
  constexpr std::uint64_t kCells = 24;
  const auto now = base::SystemClock().Steady();
  if (!terminal_ || (done != total && now - drawn_at_ < kBetweenFrames)) return;
  const std::uint64_t filled = total ? kCells * done / total : 0;
  std::string bar;
  for (std::uint64_t i = 0; i < kCells; ++i) bar += i < filled ? "█" : "░";
  Draw(stage_ + "  " + bar + "  " + report::BytesText(done) + " of " + report::BytesText(total));
}

void JobProgress::Draw(const std::string& line) {
  drawn_ = true;
  drawn_at_ = base::SystemClock().Steady();
  std::cerr << "\r\x1b[K" << line << std::flush;
}

base::Result<migrate::Patience> PatienceFor(const WaitFlags& flags, JobProgress& progress) {
  auto timeout = ReadDuration("--timeout", flags.timeout);
  if (!timeout) return base::Fail(timeout.error());
  auto settle = ReadDuration("--settle", flags.settle);
  if (!settle) return base::Fail(settle.error());
  return migrate::Patience{.deadline = base::SystemClock().Steady() + *timeout,
                           .stop = &StopOnSignal(),
                           .status = progress.Status(),
                           .settle = *settle};
}

void WarnOfIdleSalt(const model::ImportOptions& options, const model::ConflictRules& rules) {
  if (options.salt.empty() || rules.Salts()) return;
  Log(Level::kWarn, "the salt " + options.salt +
                        " is not used: no rule of `conflicts:` salts (`default: salt` does)");
}

std::string TransferFolder(const config::Environment& environment) {
  return (std::filesystem::path(environment.store).parent_path() / "transfers").string();
}

ExitCode CodeOf(const migrate::Outcome& outcome) {
  using migrate::JobEnd;
  switch (outcome.end) {
    case JobEnd::kDone:
      break;
    case JobEnd::kConflict:
      return ExitCode::kConflicts;
    case JobEnd::kTimeout:
      return ExitCode::kHalfWay;
    case JobEnd::kInterrupted:
      return outcome.job.empty() ? ExitCode::kError : ExitCode::kInterrupted;
    case JobEnd::kFailed:
    case JobEnd::kVanished:
      return ExitCode::kError;
  }
  const bool missing = std::ranges::any_of(outcome.objects, [](const migrate::ObjectFate& object) {
    return object.fate == migrate::Fate::kMissing;
  });
  return missing ? ExitCode::kError : ExitCode::kDone;
}

ExitCode TellAndClose(const migrate::Outcome& outcome, const report::RunTitle& title,
                      store::Store& store, const std::string& name, bool json) {
  std::cout << (json ? report::RunJson(outcome, title)
                     : report::RunText(outcome, title, StdoutStyle()))
            << std::flush;
  if (!std::cout) {
    return Report({.kind = ErrorKind::kIo,
                   .message = "what came of the run could not be written to standard output",
                   .hint = "run the same command again: it says so without doing anything twice"},
                  ".", json);
  }
  if (auto closed = workflow::CloseRun(store, name, outcome); !closed) {
    return ReportRun(closed.error(), json);
  }
  return CodeOf(outcome);
}

ExitCode ReportRun(const base::Error& error, bool json) {
  const ExitCode code = Report(error, ".", json);
  const bool goes_on = error.kind == ErrorKind::kNetwork || error.kind == ErrorKind::kUnavailable ||
                       error.kind == ErrorKind::kUnknown || error.kind == ErrorKind::kIo ||
                       error.kind == ErrorKind::kLeaseLost;
  return code == ExitCode::kError && goes_on ? ExitCode::kHalfWay : code;
}

}  // namespace viasync::cli
