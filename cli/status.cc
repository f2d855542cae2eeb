#include "engine/workflow/status.h"

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/hints.h"
#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/report/migration_text.h"
#include "engine/report/style.h"
#include "engine/report/words.h"
#include "engine/workflow/applied_ref.h"

namespace viasync::cli {
namespace {

using report::Colour;
using workflow::Status;

std::string Where(const config::Environment& environment) {
  return environment.base_url.empty() ? "region " + environment.region : environment.base_url;
}

std::string Credentials(const config::Environment& environment, const Status& status) {
  if (status.missing.empty()) return "set in the process environment";
  if (!environment.credential_command.empty()) return "from credential_command (not run here)";
  return base::Join(status.missing, ", ") + (status.missing.size() == 1 ? " is" : " are") +
         " not set";
}

std::string BaseLine(const Status& status, base::UtcTime now) {
  if (!status.has_base) return "none: nothing was applied from here yet";
  std::size_t total = 0;
  std::string kinds;
  for (auto kind : model::kKinds) {
    auto count = status.records[kind];
    total += count;
    kinds += (kinds.empty() ? "" : ", ") + base::Plural(count, model::KindName(kind));
  }
  std::string text = base::Plural(total, "resource") + " (" + kinds + ")";
  if (status.base_moved) {
    text += ", last moved " + base::FormatDuration(now - *status.base_moved) + " ago";
  }
  return text;
}

// What a run would do with it.
std::string_view NextLine(const Status& status) {
  if (!status.has_base) {
    return "two-way: what is declared is pushed, what is not is left alone; `viasync pull` brings "
           "the org into the files";
  }
  return "three-way: what only the files changed is pushed, what only the org changed is pulled "
         "or left alone";
}

std::string LastLine(const Status& status, base::UtcTime now) {
  const auto& event = *status.last;
  return base::Printable(event.action + "d " + std::string(model::KindName(event.kind)) + " ") +
         report::KeyText(event.kind, event.key, false) + ", " +
         base::FormatDuration(now - event.at) + " ago, by " + base::Printable(event.user);
}

class Lines {
 public:
  explicit Lines(report::Style style) : style_(style) {}
  void Add(std::string_view label, const std::string& text, std::optional<Colour> colour = {}) {
    constexpr std::size_t kLabelColumns = 13;
    text_ += "  " + report::Paint(style_, Colour::kDim, report::Pad(label, kLabelColumns)) +
             (colour ? report::Paint(style_, *colour, text) : text) + "\n";
  }
  std::string text_;

 private:
  report::Style style_;
};

// The commit that was applied last, as Git has it.
std::string AppliedLine(const config::Environment& environment, const config::GitCommit& commit,
                        base::UtcTime now) {
  const auto age = now - commit.committed;
  return "commit " + commit.id.substr(0, 12) +
         (age < base::Millis(0) ? "" : ", committed " + base::FormatDuration(age) + " ago") + " (" +
         workflow::AppliedRef(environment.name) + ")";
}

std::string Text(const config::Environment& environment, const base::Result<Status>& status,
                 const std::optional<config::GitCommit>& applied, const report::Style& style) {
  Lines lines(style);
  lines.text_ = report::Paint(style, Colour::kBold, environment.name) + "  " + environment.org +
                "  " + base::Printable(Where(environment)) + "\n";
  if (!status) {
    lines.Add("store", base::Printable(status.error().message), Colour::kRed);
    if (!status.error().hint.empty()) lines.Add("", "→ " + Copyable(status.error().hint));
    return lines.text_;
  }
  bool lacking = !status->missing.empty() && environment.credential_command.empty();
  lines.Add("credentials", Credentials(environment, *status),
            lacking ? std::optional(Colour::kYellow) : std::nullopt);
  const auto now = base::SystemClock().Now();
  lines.Add("base", BaseLine(*status, now));
  if (applied) lines.Add("applied", AppliedLine(environment, *applied, now));
  lines.Add("next run", Copyable(NextLine(*status)));
  if (status->last) lines.Add("last change", LastLine(*status, now));
  if (status->open_steps > 0) {
    lines.Add("open",
              base::Plural(status->open_steps, "write") +
                  " of a killed run; the next apply settles them first",
              Colour::kYellow);
  }
  for (const auto& run : status->open_runs) {
    lines.Add("open", report::OpenRunWords(run) + "; the same command goes on", Colour::kYellow);
  }
  if (!status->held.empty()) lines.Add("lock", status->held, Colour::kYellow);
  return lines.text_;
}

nlohmann::ordered_json Json(const config::Environment& environment,
                            const base::Result<Status>& status,
                            const std::optional<config::GitCommit>& applied) {
  nlohmann::ordered_json json = {{"environment", environment.name}, {"org", environment.org}};
  if (!status) {
    json["error"] = status.error().message;
    return json;
  }
  json["missingCredentials"] = status->missing;
  json["hasBase"] = status->has_base;
  for (auto kind : model::kKinds) {
    json["base"][std::string(model::KindPlural(kind))] = status->records[kind];
  }
  if (applied) json["appliedCommit"] = applied->id;
  if (status->base_moved) json["baseMoved"] = base::FormatTime(*status->base_moved);
  if (status->last) json["lastWrite"] = base::FormatTime(status->last->at);
  json["openSteps"] = status->open_steps;
  json["openRuns"] = nlohmann::ordered_json::array();
  for (const auto& run : status->open_runs) json["openRuns"].push_back(run.name);
  json["heldBy"] = status->held;
  return json;
}

ExitCode RunStatus(const Globals& globals, const std::string& format) {
  auto project = config::LoadProject(globals.directory);
  if (!project) return Report(project.error(), globals.directory, format == "json");
  if (!globals.environment.empty()) {
    auto named = config::FindEnvironment(*project, globals.environment);
    if (!named) return Report(named.error(), globals.directory, format == "json");
  }
  auto all = nlohmann::ordered_json::array();
  std::string text;
  bool failed = false;
  for (const auto& [name, environment] : project->environments) {
    if (!globals.environment.empty() && name != globals.environment) continue;
    auto status = workflow::ReadStatus(environment, base::SystemClock());
    failed |= !status;
    auto applied = workflow::RecordedCommit(globals.directory, name);
    if (format == "json")
      all.push_back(Json(environment, status, applied));
    else
      text += (text.empty() ? "" : "\n") + Text(environment, status, applied, StdoutStyle());
  }
  if (format == "json") {
    text = base::DumpJson(all, 2) + "\n";
  }
  std::cout << text;
  return failed ? ExitCode::kError : ExitCode::kDone;
}

}  // namespace

Run DefineStatus(Args& args, const Globals& globals) {
  auto format = std::make_shared<std::string>("text");
  args.Text("--format", *format, "text or json").Choices({"text", "json"});
  return [&globals, format] { return RunStatus(globals, *format); };
}

}  // namespace viasync::cli
