#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/demo_stage.h"
#include "cli/plan_flow.h"
#include "engine/base/redact.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/report/plan_text.h"
#include "engine/report/result_text.h"
#include "engine/workflow/applying.h"

namespace viasync::cli {
namespace {

constexpr const char* kFilters = "config/filters.yaml";

void ShowMainJob(DemoStage& stage) {
  stage.Heading("Are the files right?");
  stage.Say("A repository describes how acme-dev should be. Checking it asks no org at all.");
  stage.Run({"validate"});

  stage.Heading("What would change?");
  stage.Say(
      "plan reads the org and compares by meaning: white space or the case of SQL key words are\n"
      "no change. What no file declares is listed as unmanaged and left alone. It never writes.");
  stage.Run({"plan", "--out", "plan.json"});

  stage.Heading("Do it");
  stage.Say(
      "Filters are made before the lists that take them, and whatever protects a person goes\n"
      "first. Each write is noted in the journal before it leaves and after it was answered.");
  stage.Say(
      "Nothing was ever applied here, so there is no base that could tell an edit made in the org\n"
      "from a change in the files: --no-base says that the files win this once.");
  stage.Run({"apply", "plan.json", "--no-base"});
  stage.Say("\nBoth sides agree now, and viasync remembers on what: that is the base.");
  stage.Run({"plan"});
}

std::vector<std::string> MariaWrites(const std::string& description) {
  return {"sandbox", "edit",        "filter",
          "update",  "HighBalance", "--user",
          "maria",   "--set",       "filterDescription=" + description};
}

void ShowStalePlan(DemoStage& stage) {
  stage.Heading("A reviewed plan is done as it was reviewed, or not at all");
  stage.Say("You lower a threshold and save the plan for review …");
  stage.EditFile(kFilters, "Balance >= 5000 AND Attempts < 4", "Balance >= 2500 AND Attempts < 4");
  stage.Run({"plan", "--out", "plan.json"});
  stage.Say("\n… and while it is reviewed, maria edits the same filter in the vendor's UI:");
  stage.Run(MariaWrites("Large balances (maria: evenings first)"));
  stage.Run({"apply", "plan.json"}, ExitCode::kStale);
}

// What `apply --yes` does, with maria's change in the one moment that no plan can know of: after
// the org was read and before the write is sent.
base::Result<void> ApplyWithMariaInBetween(DemoStage& stage) {
  PlanFlags flags;
  auto session = OpenSession(Globals{}, flags, Access::kWrite, "apply");
  if (!session) return base::Fail(session.error().front());
  stage.ShowCommand({"apply", "--yes"});
  auto planned = PlanNow(*session, flags);
  if (!planned) return base::Fail(planned.error().front());
  std::cout << report::PlanText(planned->plan, stage.style(), {.next_step = false});

  stage.Say("\nIn this very moment, after the org was read and before the write is sent:");
  stage.Run(MariaWrites("Large balances (maria: evenings first, no Sundays)"));
  auto before = stage.LastRequest();
  auto result = workflow::ApplyPlan(*planned, session->org, *session->store, {.run = session->run});
  if (!result) return base::Fail(result.error());
  std::cout << "\n" << report::ApplyText(*result, stage.style());
  if (!report::CountSteps(*result).Complete()) stage.Miss("the apply with a change in between");

  stage.Say(
      "\nWhat the org was asked: our PUT carried the version it was planned against and was\n"
      "refused. viasync read again, saw that maria had changed another field, and sent a PUT\n"
      "with both. Had she changed the criteria too, it would be a conflict for you to settle.");
  stage.Run({"sandbox", "log", "--since", std::to_string(before)});
  const std::vector<std::string> expected = {"PUT 409", "GET 200", "PUT 200"};
  auto asked = stage.RequestsSince(before);
  auto found = std::ranges::search(asked, expected);
  if (found.empty()) stage.Miss("the stale write was not refused, read again and rebased");
  return {};
}

void ShowRebase(DemoStage& stage) {
  stage.Heading("Somebody is always faster");
  stage.Say("Without a reviewed plan, apply deals with it. maria is still at work:");
  auto done = ApplyWithMariaInBetween(stage);
  if (!done) {
    Report(done.error());
    stage.Miss("the apply with a change in between");
  }
}

void ShowDrift(DemoStage& stage) {
  stage.Heading("What changed behind our back?");
  stage.Say(
      "maria's note is in the org and in no file; drift ends with exit code 2, for CI. (The last "
      "hand on\n"
      "that filter was ours, the API client demo-client, when the PUT above carried her note "
      "along.)");
  stage.Run({"drift"}, ExitCode::kDifferences);
}

// `viasync` where the shell finds this program under that name; else the line that makes it so.
std::string AliasLine() {
  std::error_code ignored;
  auto self = std::filesystem::canonical("/proc/self/exe", ignored);
  const char* path = std::getenv("PATH");
  for (auto folder : base::Split(path ? path : "", ':')) {
    auto found = std::filesystem::canonical(std::filesystem::path(folder) / "viasync", ignored);
    if (!ignored && found == self) return {};
  }
  return "  alias viasync=" + self.string() + "\n";
}

void ShowWhereThingsLie(DemoStage& stage) {
  stage.Heading("Where everything is");
  std::string url = stage.org().Url();
  std::string port = url.substr(url.rfind(':') + 1);
  base::ForgetSecrets();  // those of the demo are for whoever goes on with it
  stage.Say(
      fmt::format("  {0}\n"
                  "    repo/viasync.yaml, repo/config/   the files\n"
                  "    repo/.viasync/dev.db              base, journal, audit trail\n"
                  "    org.json                          the org\n\n"
                  "Nothing is left running. To go on with it:\n\n"
                  "  cd {0}/repo\n{1}"
                  "  export VIASYNC_DEV_CLIENT_ID=demo-client \\\n"
                  "    VIASYNC_DEV_CLIENT_SECRET=demo-secret VIASYNC_DEV_API_KEY=demo-key\n"
                  "  viasync sandbox --data ../org.json --port {2} &\n"
                  "  viasync history\n"
                  "  viasync status\n\n"
                  "To start a repository of your own: viasync init DIR",
                  stage.folder(), AliasLine(), port));
}

ExitCode RunDemo() {
  auto began = base::SystemClock().Steady();
  auto stage = DemoStage::Set();
  if (!stage) return Report(stage.error());
  ShowMainJob(**stage);
  ShowStalePlan(**stage);
  ShowRebase(**stage);
  ShowDrift(**stage);
  ShowWhereThingsLie(**stage);
  auto took = base::FormatDuration(base::SystemClock().Steady() - began);
  if ((*stage)->missed().empty()) {
    (*stage)->Say("\nEvery step went as it should, in " + took + ".");
    return ExitCode::kDone;
  }
  for (const auto& what : (*stage)->missed()) {
    (*stage)->Say("\nnot as it should be: " + base::Printable(what));
  }
  return ExitCode::kError;
}

}  // namespace

Run DefineDemo(Args&, const Globals&) {
  return [] { return RunDemo(); };
}

}  // namespace viasync::cli
