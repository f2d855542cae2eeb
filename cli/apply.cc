#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/files.h"
#include "cli/interrupt.h"
#include "cli/plan_flow.h"
#include "engine/base/strings.h"
#include "engine/plan/limits.h"
#include "engine/plan/plan_json.h"
#include "engine/report/plan_text.h"
#include "engine/report/plan_words.h"
#include "engine/report/result_text.h"
#include "engine/workflow/applying.h"

namespace viasync::cli {
namespace {

struct Flags {
  PlanFlags plan;
  std::string plan_file, expect, format = "text";
  bool yes = false;
};

// Somebody agreed to this very plan: what moves after it makes it stale.
bool IsReviewed(const Flags& flags) { return !flags.plan_file.empty() || !flags.expect.empty(); }

base::Error Stale(const std::string& message, const std::vector<std::string>& moved) {
  base::Error error{.kind = base::ErrorKind::kStale,
                    .message = message,
                    .hint = "plan again, review, and apply that"};
  constexpr std::size_t kNamedMax = 20;
  for (std::size_t i = 0; i < std::min(moved.size(), kNamedMax); ++i) {
    error.message += (i == 0 ? ": " : "; ") + moved[i];
  }
  if (moved.size() > kNamedMax) {
    error.message += "; and " + base::Thousands(moved.size() - kNamedMax) + " more";
  }
  return error;
}

// The reviewed plan, where one was given; its options are those of this run.
std::expected<std::optional<plan::Plan>, base::Errors> ReadReviewed(Flags& flags) {
  if (flags.plan_file.empty()) return std::nullopt;
  auto text = ReadFile(flags.plan_file);
  if (!text) return std::unexpected(base::Errors{text.error()});
  auto plan = plan::PlanFromJson(*text);
  if (!plan) {
    auto error = plan.error();
    error.message = base::Printable(flags.plan_file) + ": " + error.message;
    return std::unexpected(base::Errors{error});
  }
  flags.plan.options = plan->options;
  return std::move(*plan);
}

std::optional<base::Error> WrongPlace(const plan::Plan& reviewed,
                                      const config::Environment& environment) {
  if (reviewed.org == environment.org && reviewed.environment == environment.name) {
    return std::nullopt;
  }
  return base::Error{.kind = base::ErrorKind::kInvalid,
                     .message = "the plan is of environment " +
                                base::Printable(reviewed.environment) + " (org " +
                                base::Printable(reviewed.org) + "), this run is of " +
                                environment.name + " (org " + environment.org + ")",
                     .hint = "name the plan's environment with -e"};
}

bool Expected(const std::string& expect, const std::string& id) {
  constexpr std::string_view kPrefix = "sha256:";
  constexpr std::size_t kDigitsMin = 12;
  std::string_view digits = expect, whole = id;
  if (digits.starts_with(kPrefix)) digits.remove_prefix(kPrefix.size());
  whole.remove_prefix(kPrefix.size());
  return digits.size() >= kDigitsMin && whole.starts_with(digits);
}

// The plan for who is to agree to it; of one that was reviewed, that it still stands.
std::string PlanShown(const plan::Plan& plan, const std::optional<plan::Plan>& reviewed,
                      bool verbose) {
  if (!reviewed || verbose) {
    return report::PlanText(plan, StdoutStyle(), {.verbose = verbose, .next_step = false});
  }
  if (reviewed->id != plan.id) return {};
  return "Plan " + report::ShortId(plan.id) + " for " + plan.environment + " (" +
         base::Printable(plan.org) + ") is still what was reviewed.\n" + report::SummaryLine(plan) +
         "\n";
}

// Everything that may stand against the plan before its first write.
std::optional<ExitCode> Refuse(const Globals& globals, const Flags& flags, const Session& session,
                               const plan::Plan& plan, const std::optional<plan::Plan>& reviewed) {
  bool json = flags.format == "json";
  if (reviewed && reviewed->id != plan.id) {
    return Report(Stale("the plan is stale", plan::WhatMoved(*reviewed, plan)), globals.directory,
                  json);
  }
  if (!flags.expect.empty() && !Expected(flags.expect, plan.id)) {
    return Report(Stale("the plan made now is " + plan.id + ", not " +
                            base::Printable(flags.expect) + " as expected",
                        {}),
                  globals.directory, json);
  }
  if (!plan.conflicts.empty() && !flags.plan.options.skip_conflicts) {
    return StoppedByConflicts(plan.conflicts.size());
  }
  auto over = plan::CheckLimits(plan, session.repository.project.limits);
  if (!over.empty()) return Report(over, globals.directory, json);
  return std::nullopt;
}

ExitCode RunApply(const Globals& globals, Flags flags) {
  bool json = flags.format == "json";
  bool agreed = flags.yes || !flags.plan_file.empty();
  if (!agreed && !CanAsk()) {
    return Report({.kind = base::ErrorKind::kInvalid,
                   .message = "apply asks before it writes, and there is no terminal to ask on",
                   .hint = "give a reviewed plan (viasync apply PLAN), or --yes"});
  }
  if (flags.plan.merge && IsReviewed(flags)) {
    return Report({.kind = base::ErrorKind::kInvalid,
                   .message = "--merge cannot be used with a reviewed plan: a criterion that "
                              "somebody edits after the review makes the plan stale",
                   .hint = "leave --merge out, or apply without PLAN and --expect"});
  }
  auto reviewed = ReadReviewed(flags);
  if (!reviewed) return Report(reviewed.error(), globals.directory, json);
  Globals where = globals;
  if (where.environment.empty() && *reviewed) where.environment = (*reviewed)->environment;

  auto session = OpenSession(where, flags.plan, Access::kWrite, "apply");
  if (!session) return Report(session.error(), globals.directory, json);
  if (*reviewed) {
    if (auto wrong = WrongPlace(**reviewed, session->repository.environment)) {
      return Report(*wrong, globals.directory, json);
    }
  }
  auto planned = PlanNow(*session, flags.plan);
  if (!planned) return Report(planned.error(), globals.directory, json);
  const auto& plan = planned->plan;
  if (!json) std::cout << PlanShown(plan, *reviewed, globals.verbose) << std::flush;
  if (auto refused = Refuse(globals, flags, *session, plan, *reviewed)) return *refused;
  if (plan::HasPushes(plan) && !agreed) {
    if (!Confirm("Apply this to " + base::Printable(plan.org) + "?")) {
      Log(Level::kInfo, "nothing was written");
      return ExitCode::kError;
    }
  }

  const auto& stop = StopOnSignal();
  std::optional<ProgressBar> bar;
  if (plan::HasPushes(plan)) bar.emplace("applying to " + base::Printable(plan.org));
  auto result = workflow::ApplyPlan(*planned, session->org, *session->store,
                                    {.run = session->run,
                                     .reviewed = IsReviewed(flags),
                                     .merge = flags.plan.merge,
                                     .stop = &stop,
                                     .progress = bar ? bar->Callback() : nullptr});
  bar.reset();
  if (!result) return Report(result.error(), globals.directory, json);
  result->settled = session->settled;
  if (json)
    std::cout << report::ApplyJson(*result);
  else if (plan::HasPushes(plan))
    std::cout << "\n" << report::ApplyText(*result, StdoutStyle());
  return CodeOf(*result);
}

}  // namespace

Run DefineApply(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  args.Text("PLAN", flags->plan_file, "a reviewed plan: carried out as it is, or refused");
  AddPlanFlags(args, flags->plan);
  AddMergeFlag(args, flags->plan);
  args.Text("--expect", flags->expect, "the id the plan must have").Value("ID");
  args.Flag("--yes,-y", flags->yes, "do not ask");
  args.Number("--lock-wait", flags->plan.lock_wait_s,
              "wait for another run on the same environment")
      .Value("SECONDS");
  args.Text("--format", flags->format, "text or json").Choices({"text", "json"});
  return [&globals, flags] { return RunApply(globals, *flags); };
}

}  // namespace viasync::cli
