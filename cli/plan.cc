#include <iostream>
#include <memory>

#include "cli/ci_run.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/files.h"
#include "cli/plan_flow.h"
#include "cli/reviewed_plan.h"
#include "engine/base/strings.h"
#include "engine/plan/plan_json.h"
#include "engine/plan/signature.h"

namespace viasync::cli {
namespace {

struct Flags {
  PlanFlags plan;
  std::string out, format = "text";
  bool new_key = false;
  bool exit_code = false, mask = false, no_mask = false;
};

ExitCode PrintNewKey() {
  auto key = plan::NewKey();
  if (!key) return Report(key.error());
  std::cout << *key << "\n";
  return ExitCode::kDone;
}

// Options that would not do what they seem to.
base::Errors Idle(const Flags& flags) {
  base::Errors errors;
  const bool shared = flags.format == "markdown" || flags.format == "html";
  if (flags.mask && flags.format == "json") {
    errors.push_back({.kind = base::ErrorKind::kInvalid,
                      .message = "--mask does not act on --format json, which is complete",
                      .hint = "share the plan as markdown or html, which are masked"});
  }
  if (auto idle = IdleFull(flags.plan.full, flags.format)) errors.push_back(std::move(*idle));
  if (flags.no_mask && !shared) {
    errors.push_back(
        {.kind = base::ErrorKind::kInvalid,
         .message = "--no-mask does not act on --format " + flags.format + ", which is not masked",
         .hint = "leave it out"});
  }
  return errors;
}

ExitCode RunPlan(const Globals& globals, Flags flags) {
  if (flags.new_key) return PrintNewKey();
  bool json = flags.format == "json";
  auto errors = Idle(flags);
  if (!flags.out.empty()) {
    if (auto can = CheckWritable(flags.out); !can) errors.push_back(can.error());
  }
  if (!errors.empty()) return Report(errors, ".", json);
  flags.plan.mask = flags.mask;
  auto key = PlanKey();
  if (!key) return Report(key.error(), globals.directory, json);
  auto session = OpenSession(globals, flags.plan, Access::kRead, "plan");
  if (!session) return Report(session.error(), globals.directory, json);
  auto planned = PlanNow(*session, flags.plan);
  if (!planned) return Report(planned.error(), globals.directory, json);
  if (!planned->blocked.empty()) return Report(planned->blocked, globals.directory, json);
  const auto& plan = planned->plan;
  NotePlan(plan, report::Purpose::kApply);
  NotePlanFile(plan, key->value_or(""));
  if (!flags.out.empty()) {
    auto written = WriteOutput(flags.out, plan::PlanToJson(plan, key->value_or("")));
    if (!written) return Report(written.error());
  }
  if (json) {
    plan::WritePlanJson(plan, key->value_or(""), [](std::string_view part) { std::cout << part; });
  } else {
    std::cout << Render(plan, {.format = flags.format,
                               .full = flags.plan.full,
                               .mask = flags.mask,
                               .no_mask = flags.no_mask,
                               .next_step = flags.out.empty(),
                               .at = AtDirectory(globals)});
  }
  if (!flags.out.empty()) {
    Log(Level::kInfo,
        "the plan is in " + base::Printable(flags.out) +
            (plan.exceeded.empty()
                 ? "; apply it with " +
                       ApplyFileCommand(flags.out, plan, key->has_value(), AtDirectory(globals))
                 : "; it cannot be applied, since it exceeds a limit"));
  }
  if (NeedsBase(plan, flags.plan)) {
    Log(Level::kWarn,
        "without a base, apply refuses this where nobody can be asked\n→ give a base (--base-ref "
        "auto, --base-ref COMMIT, or the last run's .viasync folder), or\n  --no-base to let the "
        "files win over what the org has");
  }
  auto over = OverLimits(plan, /*asks=*/CanAsk() && flags.out.empty());
  if (!over.empty()) return Report(over, globals.directory);
  if (!plan.conflicts.empty() && !flags.plan.options.skip_conflicts) return ExitCode::kConflicts;
  bool differs = plan::HasPushes(plan) || plan.summary.pull > 0;
  return flags.exit_code && differs ? ExitCode::kDifferences : ExitCode::kDone;
}

}  // namespace

Run DefinePlan(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  AddPlanFlags(args, flags->plan);
  args.Text("--out", flags->out, "also save the plan, for `viasync apply FILE`").Value("FILE");
  args.Flag("--new-key", flags->new_key,
            "print a new key for VIASYNC_PLAN_KEY, which signs plans, and do nothing else");
  args.Flag("--exit-code", flags->exit_code, "exit 2 when anything differs");
  args.Text("--format", flags->format, "text, json, markdown or html")
      .Choices({"text", "json", "markdown", "html"});
  args.Flag("--mask", flags->mask, "hide most of addresses (always in markdown and html)");
  args.Flag("--no-mask", flags->no_mask, "show addresses in markdown and html, too");
  args.Exclude({"--mask"}, "--no-mask", "keep one of them");
  auto ci = AddCiFlag(args);
  for (const auto& option : args.options()) {
    if (option.label == "--new-key") continue;
    args.Exclude({option.label}, "--new-key", "--new-key does nothing else");
  }
  return [&globals, flags, ci] {
    if (flags->new_key) return RunPlan(globals, *flags);
    return WithCi(*ci, globals, "plan", [&] { return RunPlan(globals, *flags); });
  };
}

}  // namespace viasync::cli
