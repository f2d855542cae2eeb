#include "cli/ci_run.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/console.h"
#include "cli/files.h"
#include "engine/base/redact.h"
#include "engine/base/strings.h"
#include "engine/files/atomic_file.h"
#include "engine/plan/plan_json.h"
#include "engine/report/ci/formats.h"
#include "engine/report/plan_html.h"
#include "engine/report/plan_markdown.h"
#include "engine/workflow/version.h"

namespace viasync::cli {
namespace {

namespace ci = report::ci;

constexpr std::uintmax_t kSummaryBytesMax = 1024u << 10;  // of $GITHUB_STEP_SUMMARY, for one step

bool IsSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value && base::ToLower(value) != "false" && std::string_view(value) != "0";
}

// From the top of the platform's checkout to the user's repository: `outbound/`; empty where it is
// the same folder, or elsewhere.
std::string PrefixOf(const std::string& directory) {
  const char* top = nullptr;
  for (const char* variable : {"CI_PROJECT_DIR", "GITHUB_WORKSPACE"}) {
    if (IsSet(variable)) top = std::getenv(variable);
  }
  std::error_code failed;
  const auto from = std::filesystem::weakly_canonical(top ? top : ".", failed);
  const auto to = std::filesystem::weakly_canonical(directory, failed);
  const std::string prefix = failed ? "" : to.lexically_relative(from).string();
  return prefix.empty() || prefix == "." || prefix.starts_with("..") ? "" : prefix + "/";
}

// Writes into the folder, and keeps what went wrong.
class CiFolder {
 public:
  CiFolder() {
    // A pull request can commit a link under this name: it would lead elsewhere.
    struct stat status {};
    if (::lstat(kCiFolder, &status) == 0) {
      if (!S_ISDIR(status.st_mode)) Fail("", ENOTDIR);
    } else if (::mkdir(kCiFolder, 0755) != 0) {
      Fail("", errno);
    }
  }

  bool Write(const std::string& name, const std::string& content,
             files::Rights rights = files::Rights::kAsBefore) {
    if (!error_.empty()) return false;
    const auto written = files::WriteWhole(std::string(kCiFolder) + "/" + name,
                                           base::RunSecrets()->Redacted(content), rights);
    if (!written) Fail("/" + name, written.error());
    return written.has_value();
  }
  // What an earlier run left: it would be taken for this one's.
  void Remove(const std::string& name) {
    const std::string path = std::string(kCiFolder) + "/" + name;
    if (error_.empty() && ::unlink(path.c_str()) != 0 && errno != ENOENT) Fail("/" + name, errno);
  }
  const std::string& error() const { return error_; }

 private:
  void Fail(const std::string& what, int code) {
    error_ = kCiFolder + what + " cannot be written: " + base::SystemReason(code);
  }
  std::string error_;
};

// One run with --ci.
class CiRun {
 public:
  CiRun(const Globals& globals, std::string command)
      : prefix_(PrefixOf(globals.directory)), collector_(prefix_) {
    run_.tool = "viasync " + std::string(workflow::Version());
    run_.command = std::move(command);
    run_.environment = base::Printable(globals.environment);
    run_.prefix = prefix_;
  }

  report::FindingCollector& collector() { return collector_; }

  void Plan(const plan::Plan& plan, report::Purpose purpose, std::string markdown,
            std::string page) {
    planned_ = true;
    run_.environment = base::Printable(plan.environment);
    run_.org = base::Printable(plan.org);
    run_.summary = plan.summary;
    // Only what can be applied has an id to apply it by.
    if (run_.command == "plan" || run_.command == "apply") run_.plan_id = plan.id;
    run_.plan_markdown = std::move(markdown);
    page_ = std::move(page);
    plans_ = report::FindingCollector(prefix_);
    plans_.AddPlan(plan, purpose);
  }
  void PlanFile(std::string json) { plan_file_ = std::move(json); }

  // Writes everything, and says what could not be written.
  void Finish(ExitCode code) {
    run_.exit_code = static_cast<int>(code);
    for (auto* one : {&collector_, &plans_}) merged_.Merge(std::move(*one));
    run_.findings = merged_.Take();
    CiFolder folder;
    WriteFiles(folder);
    std::string failed = folder.error();
    if (IsSet("GITHUB_ACTIONS")) {
      if (auto why = AppendTo("GITHUB_OUTPUT", ci::GitHubOutput(run_), 0); failed.empty()) {
        failed = std::move(why);
      }
      auto why = AppendTo("GITHUB_STEP_SUMMARY", ci::StepSummary(run_), kSummaryBytesMax);
      if (failed.empty()) failed = std::move(why);
      Annotate();
    }
    if (failed.empty()) return;
    Log(Level::kError, "error: " + failed +
                           "; what the CI platform is to show is not complete\n→ the run itself is "
                           "as its exit code says; --ci=off writes nothing");
  }

 private:
  void WriteFiles(CiFolder& folder) {
    folder.Write("terraform.json", ci::TerraformWidget(run_));
    folder.Write("codequality.json", ci::CodeQuality(run_));
    folder.Write("junit.xml", ci::JUnit(run_));
    folder.Write("metrics.txt", ci::OpenMetrics(run_));
    folder.Write("viasync.env", ci::Dotenv(run_));
    folder.Write("viasync.sarif", ci::Sarif(run_));
    folder.Write("result.json", ci::ResultJson(run_));
    folder.Write("comment.md", ci::Comment(run_));
    if (planned_)
      folder.Write("plan.html", page_);
    else
      folder.Remove("plan.html");
    const char* job = std::getenv("CI_JOB_URL");
    folder.Write("annotations.json",
                 planned_ && job ? ci::Annotations(run_, job, std::string(kCiFolder) + "/plan.html")
                                 : "{}\n");
    // A plan that another command made must never stand in for one that somebody reviewed.
    if (run_.command != "plan") return;
    if (plan_file_)
      folder.Write("plan.json", *plan_file_, files::Rights::kOwner);
    else
      folder.Remove("plan.json");
  }

  // Appends to a file that the runner names; empty: done, or there is nothing to do. `bytes_max`:
  // of the file as a whole; 0 = any number.
  static std::string AppendTo(const char* variable, const std::string& text,
                              std::uintmax_t bytes_max) {
    if (!IsSet(variable)) return {};
    const std::string path = std::getenv(variable), safe = base::RunSecrets()->Redacted(text);
    std::error_code none;
    const auto before =
        std::filesystem::exists(path, none) ? std::filesystem::file_size(path, none) : 0;
    if (bytes_max > 0 && before + safe.size() + 1 > bytes_max) {
      return std::string("$") + variable + " has no room left for this run";
    }
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) {
      return std::string("$") + variable + " cannot be written: " + base::SystemReason(errno);
    }
    const auto written = files::WriteAll(descriptor, safe);
    ::close(descriptor);
    if (written) return {};
    return std::string("$") + variable +
           " cannot be written: " + base::SystemReason(written.error());
  }

  // Past the filter that breaks up commands: these are our own, and hold nothing unescaped.
  void Annotate() const {
    std::cout.flush();
    std::cerr.flush();
    (void)files::WriteAll(STDERR_FILENO, base::RunSecrets()->Redacted(ci::WorkflowCommands(run_)));
  }

  std::string prefix_;
  ci::RunReport run_;
  report::FindingCollector collector_, plans_, merged_;  // plans_: of the last plan that was shown
  bool planned_ = false;
  std::string page_;
  std::optional<std::string> plan_file_;
};

std::optional<CiRun> current;

}  // namespace

CiFlag::CiFlag(Args& args)
    : option_(args.Flag("--ci", value_,
                        "write what a CI platform shows into viasync-ci/; by itself on GitLab and "
                        "GitHub, where --ci=off turns it off")) {}

bool CiFlag::On() const {
  return option_.Given() ? value_ : IsSet("GITLAB_CI") || IsSet("GITHUB_ACTIONS");
}

std::shared_ptr<CiFlag> AddCiFlag(Args& args) { return std::make_shared<CiFlag>(args); }

ExitCode WithCi(const CiFlag& flag, const Globals& globals, const std::string& command,
                const std::function<ExitCode()>& run) {
  if (!flag.On()) return run();
  current.emplace(globals, command);
  const ExitCode code = run();
  current->Finish(code);
  current.reset();
  return code;
}

void NoteErrors(const base::Errors& errors) {
  if (current) current->collector().AddErrors(errors);
}

void NoteWarnings(const base::Errors& warnings) {
  if (current) current->collector().AddWarnings(warnings);
}

void NotePlan(const plan::Plan& plan, report::Purpose purpose) {
  if (!current) return;
  current->Plan(
      plan, purpose,
      report::PlanMarkdown(plan, {.bytes_max = ci::kPlanInCommentBytesMax, .purpose = purpose}),
      report::PlanHtml(plan, {.purpose = purpose}));
}

void NotePlanFile(const plan::Plan& plan, const std::string& key) {
  if (current) current->PlanFile(plan::PlanToJson(plan, key));
}

void NoteDiff(const plan::Plan& unasked, const plan::Plan& intended, const std::string& against) {
  if (!current) return;
  const auto purpose = report::Purpose::kDiff;
  current->Plan(
      unasked, purpose,
      report::DiffMarkdown(
          unasked, intended,
          {.bytes_max = ci::kPlanInCommentBytesMax, .purpose = purpose, .against = against}),
      report::DiffHtml(unasked, intended, {.purpose = purpose, .against = against}));
}

void NoteResult(const apply::ApplyResult& result) {
  if (current) current->collector().AddResult(result);
}

}  // namespace viasync::cli
