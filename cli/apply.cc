#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/ci_run.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/interrupt.h"
#include "cli/plan_flow.h"
#include "cli/reviewed_plan.h"
#include "engine/base/strings.h"
#include "engine/report/plan_text.h"
#include "engine/report/plan_words.h"
#include "engine/report/result_text.h"
#include "engine/workflow/applied_ref.h"
#include "engine/workflow/applying.h"

namespace viasync::cli {
namespace {

struct Flags {
  PlanFlags plan;
  std::string plan_file, expect, push_ref, format = "text";
  bool yes = false;
};

// Somebody agreed to this very plan: what moves after it makes it stale.
bool IsReviewed(const Flags& flags) { return !flags.plan_file.empty() || !flags.expect.empty(); }

// Nobody is to be asked: --yes, or the plan was reviewed.
bool Agreed(const Flags& flags) { return flags.yes || !flags.plan_file.empty(); }

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

constexpr std::string_view kIdPrefix = "sha256:";

std::string_view DigitsOf(std::string_view id) {
  if (id.starts_with(kIdPrefix)) id.remove_prefix(kIdPrefix.size());
  return id;
}

// Of an id that --expect takes; empty: it is one, or enough of one.
std::string ExpectProblem(const std::string& expect) {
  constexpr std::size_t kDigitsMin = 12, kDigitsMax = 64;
  const auto digits = DigitsOf(expect);
  if (digits.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    return "is not the id of a plan: it is `sha256:` and digits from 0 to f";
  }
  if (digits.size() > kDigitsMax) return "is longer than the id of a plan";
  return digits.size() < kDigitsMin ? "is too short to name a plan: give 12 digits or more" : "";
}

bool Expected(const std::string& expect, const std::string& id) {
  return DigitsOf(id).starts_with(DigitsOf(expect));
}

// The plan for who is to agree to it; of one that was reviewed, that it still stands.
std::string PlanShown(const plan::Plan& plan, const std::optional<plan::Plan>& reviewed, bool full,
                      const report::Style& style) {
  if (!reviewed || full) {
    return report::PlanText(plan, style, {.full = full, .next_step = false});
  }
  if (reviewed->id != plan.id) return {};
  return "Plan " + report::ShortId(plan.id) + " for " + plan.environment + " (" +
         base::Printable(plan.org) + ") is still what was reviewed.\n" + report::SummaryLine(plan) +
         "\n";
}

// What the org would refuse. A reviewed plan had none of it: since then something has moved.
ExitCode Blocked(const Globals& globals, const Flags& flags, const base::Errors& blocked,
                 bool was_reviewed) {
  const bool json = flags.format == "json";
  if (!was_reviewed) return Report(blocked, globals.directory, json);
  std::vector<std::string> moved;
  for (const auto& error : blocked) moved.push_back(error.message);
  return Report(Stale("the plan is stale", moved), globals.directory, json);
}

// Everything that may stand against the plan before its first write.
std::optional<ExitCode> Refuse(const Globals& globals, const Flags& flags, const plan::Plan& plan,
                               const std::optional<plan::Plan>& reviewed) {
  bool json = flags.format == "json";
  if (reviewed && reviewed->id != plan.id) {
    return Report(Stale("the plan is stale", plan::WhatMoved(*reviewed, plan)), globals.directory,
                  json);
  }
  if (reviewed && reviewed->options.base_ref != plan.options.base_ref) {
    return Report(Stale("the plan was made with commit " +
                            base::Printable(reviewed->options.base_ref.substr(0, 12)) +
                            " as its base, and --base-ref is commit " +
                            plan.options.base_ref.substr(0, 12) + " now",
                        {}),
                  globals.directory, json);
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
  auto over = OverLimits(plan, /*asks=*/!Agreed(flags));
  if (reviewed) {
    for (auto& error : over) error.hint += "; plan again with that, and review it";
  }
  if (!over.empty()) return Report(over, globals.directory, json);
  if (auto needs = NeedsBase(plan, flags.plan)) return Report(*needs, globals.directory, json);
  return std::nullopt;
}

// Moves refs/viasync/<environment> to the commit whose files were applied, or says why it stays.
ExitCode Record(const Session& session, const plan::Plan& plan, const workflow::FilesCommit& files,
                const std::string& push_ref) {
  const std::string& root = session.repository.project.root;
  const std::string& name = session.repository.environment.name;
  if (!files.in_git) return ExitCode::kDone;
  std::string why = files.why_not;
  if (!plan.conflicts.empty()) why = "conflicts were left out";
  if (!why.empty()) {
    Log(Level::kWarn, workflow::AppliedRef(name) + " was not moved: " + why +
                          "\n→ it records the commit that was applied: commit the files and apply "
                          "again");
    return ExitCode::kDone;
  }
  auto moved = workflow::MoveAppliedRef(root, name, files.commit, session.run);
  if (moved && !push_ref.empty()) moved = workflow::PushAppliedRef(root, name, push_ref);
  if (moved) return ExitCode::kDone;
  moved.error().message.insert(0, "everything was applied, but ");
  cli::Report(moved.error());
  return ExitCode::kHalfWay;
}

ExitCode Carry(const Globals& globals, const Flags& flags, Session& session,
               const workflow::Planned& planned, bool reviewed) {
  bool json = flags.format == "json";
  const auto& plan = planned.plan;
  auto files = workflow::CommitOfFiles(session.repository);
  const auto& stop = StopOnSignal();
  std::optional<ProgressBar> bar;
  if (plan::HasPushes(plan)) bar.emplace("applying to " + base::Printable(plan.org));
  auto result = workflow::ApplyPlan(planned, session.org, *session.store,
                                    {.run = session.run,
                                     .reviewed = reviewed,
                                     .merge = flags.plan.merge,
                                     .stop = &stop,
                                     .progress = bar ? bar->Callback() : nullptr});
  bar.reset();
  if (!result) return Report(result.error(), globals.directory, json);
  result->settled = session.settled;
  NoteResult(*result);
  if (json)
    std::cout << report::ApplyJson(*result) << std::flush;
  else if (plan::HasPushes(plan))
    std::cout << "\n"
              << report::ApplyText(*result, StdoutStyle(), ListedAtMost(flags.plan)) << std::flush;
  ExitCode code = CodeOf(*result);
  return code == ExitCode::kDone ? Record(session, plan, files, flags.push_ref) : code;
}

ExitCode RunApply(const Globals& globals, Flags flags) {
  bool json = flags.format == "json";
  if (auto idle = IdleFull(flags.plan.full, flags.format)) return Report(*idle, ".", json);
  if (!Agreed(flags) && !CanAsk()) {
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
  Globals where = globals;
  std::optional<plan::Plan> reviewed;
  if (!flags.plan_file.empty()) {
    auto read = ReadReviewed(flags.plan_file, where, flags.plan);
    if (!read) return Report(read.error(), globals.directory, json);
    reviewed = std::move(*read);
  }
  if (!flags.push_ref.empty()) {
    auto remote = workflow::CheckRemote(globals.directory, flags.push_ref);
    if (!remote) return Report(remote.error(), globals.directory, json);
  }

  auto session = OpenSession(where, flags.plan, Access::kWrite, "apply");
  if (!session) return Report(session.error(), globals.directory, json);
  if (reviewed) {
    if (auto wrong = WrongPlace(*reviewed, session->repository.environment)) {
      return Report(*wrong, globals.directory, json);
    }
  }
  auto planned = PlanNow(*session, flags.plan);
  if (!planned) return Report(planned.error(), globals.directory, json);
  if (!planned->blocked.empty()) {
    return Blocked(globals, flags, planned->blocked, IsReviewed(flags));
  }
  const auto& plan = planned->plan;
  NotePlan(plan, report::Purpose::kApply);
  // Standard output is for the JSON alone; who is asked sees on the terminal what it is about.
  if (!json) {
    std::cout << PlanShown(plan, reviewed, flags.plan.full, StdoutStyle()) << std::flush;
  } else if (!Agreed(flags)) {
    std::cerr << PlanShown(plan, reviewed, flags.plan.full, StderrStyle()) << std::flush;
  }
  if (auto refused = Refuse(globals, flags, plan, reviewed)) return *refused;
  if (plan::HasPushes(plan) && !Agreed(flags)) {
    if (!ConfirmPushes("Apply this to " + base::Printable(plan.org) + "?", plan)) {
      Log(Level::kInfo, "nothing was written");
      return ExitCode::kError;
    }
  }
  return Carry(globals, flags, *session, *planned, IsReviewed(flags));
}

}  // namespace

Run DefineApply(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  args.Text("PLAN", flags->plan_file, "a reviewed plan: carried out as it is, or refused");
  AddPlanFlags(args, flags->plan);
  AddMergeFlag(args, flags->plan);
  args.Text("--expect", flags->expect, "the id the plan must have; 12 digits of it are enough")
      .Value("ID")
      .Check(ExpectProblem);
  args.Flag("--yes,-y", flags->yes, "do not ask");
  AddNoBaseFlag(args, flags->plan);
  args.Text("--push-ref", flags->push_ref,
            "push refs/viasync/<environment>, which records the commit that was applied, to this "
            "remote")
      .Value("REMOTE");
  args.Number("--lock-wait", flags->plan.lock_wait_s,
              "wait for another run on the same environment")
      .Value("SECONDS")
      .Range(0, 86400);
  args.Text("--format", flags->format, "text or json").Choices({"text", "json"});
  auto ci = AddCiFlag(args);
  return [&globals, flags, ci] {
    return WithCi(*ci, globals, "apply", [&] { return RunApply(globals, *flags); });
  };
}

}  // namespace viasync::cli
