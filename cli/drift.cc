#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/plan_flow.h"

namespace viasync::cli {
namespace {

struct Flags {
  PlanFlags plan;
  std::string format = "text";
};

ExitCode RunDrift(const Globals& globals, Flags flags) {
  bool json = flags.format == "json";
  auto session = OpenSession(globals, flags.plan, Access::kRead, "drift");
  if (!session) return Report(session.error(), globals.directory, json);
  auto has_base = session->store->HasBase();
  if (!has_base) return Report(has_base.error(), globals.directory, json);
  if (!*has_base && flags.plan.options.base_ref.empty()) {
    return Report({.kind = base::ErrorKind::kInvalid,
                   .message = "there is no base to tell drift from: nothing was applied to " +
                              session->repository.environment.name + " from here yet",
                   .hint = "run `viasync apply` once; `viasync plan` compares without a base"},
                  globals.directory, json);
  }
  auto planned = PlanNow(*session, flags.plan);
  if (!planned) return Report(planned.error(), globals.directory, json);
  auto drift = plan::OnlyPulls(std::move(planned->plan));
  std::cout << Render(drift, flags.format, globals.verbose, false, false);
  bool moved = drift.summary.pull > 0 || drift.summary.conflict > 0;
  return moved ? ExitCode::kDifferences : ExitCode::kDone;
}

}  // namespace

Run DefineDrift(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  args.Text("--base-ref", flags->plan.options.base_ref,
            "take the files of that commit for the base, instead of the store")
      .Value("COMMIT");
  args.Flag("--allow-empty", flags->plan.allow_empty,
            "a side that lists nothing all at once is meant");
  AddCacheFlag(args, flags->plan);
  args.Text("--format", flags->format, "text, json, markdown or html")
      .Choices({"text", "json", "markdown", "html"});
  return [&globals, flags] { return RunDrift(globals, *flags); };
}

}  // namespace viasync::cli
