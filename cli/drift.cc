#include <iostream>
#include <memory>

#include "cli/ci_run.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/plan_flow.h"

namespace viasync::cli {
namespace {

struct Flags {
  PlanFlags plan;
  std::string format = "text";
};

base::Error NoBase(const Session& session) {
  return {.kind = base::ErrorKind::kInvalid,
          .message = "there is no base to tell drift from: nothing was applied to " +
                     session.repository.environment.name + " from here yet",
          .hint =
              "run `viasync apply` once, or give --base-ref auto; `viasync plan` compares "
              "without a base"};
}

ExitCode RunDrift(const Globals& globals, Flags flags) {
  bool json = flags.format == "json";
  if (auto idle = IdleFull(flags.plan.full, flags.format)) return Report(*idle, ".", json);
  auto session = OpenSession(globals, flags.plan, Access::kRead, "drift");
  if (!session) return Report(session.error(), globals.directory, json);
  auto has_base = session->store->HasBase();
  if (!has_base) return Report(has_base.error(), globals.directory, json);
  if (!*has_base && flags.plan.options.base_ref.empty()) {
    return Report(NoBase(*session), globals.directory, json);
  }
  // What is missing in the org is shown, whether it was deleted there or never arrived.
  flags.plan.options.trust_base = !flags.plan.options.base_ref.empty();
  auto planned = PlanNow(*session, flags.plan);
  if (!planned) return Report(planned.error(), globals.directory, json);
  if (!planned->has_base) return Report(NoBase(*session), globals.directory, json);
  auto drift = plan::OnlyPulls(std::move(planned->plan));
  NotePlan(drift, report::Purpose::kApply);
  std::cout << Render(
      drift, {.format = flags.format, .full = flags.plan.full, .at = AtDirectory(globals)});
  bool moved = drift.summary.pull > 0 || drift.summary.conflict > 0;
  return moved ? ExitCode::kDifferences : ExitCode::kDone;
}

}  // namespace

Run DefineDrift(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  args.Text("--base-ref", flags->plan.options.base_ref,
            "use the files of that commit as the base instead of the store; auto: the commit that "
            "was applied last")
      .Value("COMMIT|auto");
  args.Flag("--allow-empty", flags->plan.allow_empty, "accept that one side is suddenly empty");
  AddFullFlag(args, flags->plan.full);
  AddCacheFlag(args, flags->plan);
  args.Text("--format", flags->format, "text, json, markdown or html")
      .Choices({"text", "json", "markdown", "html"});
  auto ci = AddCiFlag(args);
  return [&globals, flags, ci] {
    return WithCi(*ci, globals, "drift", [&] { return RunDrift(globals, *flags); });
  };
}

}  // namespace viasync::cli
