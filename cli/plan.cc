#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/files.h"
#include "cli/plan_flow.h"
#include "engine/plan/limits.h"
#include "engine/plan/plan_json.h"

namespace viasync::cli {
namespace {

struct Flags {
  PlanFlags plan;
  std::string out, format = "text";
  bool exit_code = false, mask = false, no_mask = false;
};

ExitCode RunPlan(const Globals& globals, Flags flags) {
  bool json = flags.format == "json";
  auto session = OpenSession(globals, flags.plan, Access::kRead, "plan");
  if (!session) return Report(session.error(), globals.directory, json);
  auto planned = PlanNow(*session, flags.plan);
  if (!planned) return Report(planned.error(), globals.directory, json);
  const auto& plan = planned->plan;
  if (!flags.out.empty()) {
    auto written = WriteFile(flags.out, plan::PlanToJson(plan));
    if (!written) return Report(written.error());
  }
  std::cout << Render(plan, flags.format, globals.verbose, flags.no_mask, flags.mask,
                      flags.out.empty());
  if (!flags.out.empty()) {
    Log(Level::kInfo, "the plan is in " + flags.out + "; apply it with viasync apply " + flags.out);
  }
  auto over = plan::CheckLimits(plan, session->repository.project.limits);
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
  args.Flag("--exit-code", flags->exit_code, "exit 2 when anything differs");
  args.Text("--format", flags->format, "text, json, markdown or html")
      .Choices({"text", "json", "markdown", "html"});
  args.Flag("--mask", flags->mask, "hide most of addresses (always in markdown and html)");
  args.Flag("--no-mask", flags->no_mask, "show addresses in markdown and html, too");
  return [&globals, flags] { return RunPlan(globals, *flags); };
}

}  // namespace viasync::cli
