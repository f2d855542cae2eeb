#include <algorithm>
#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/job_flow.h"
#include "engine/base/strings.h"
#include "engine/config/migration_decoder.h"
#include "engine/report/migration_text.h"

namespace viasync::cli {
namespace {

struct Flags {
  WaitFlags wait;
  std::string name, from, to, file;
  bool plan = false, yes = false, restart = false;
};

// Everything that was opened, in the order in which it must live.
struct Desk {
  model::Migration migration;
  config::Environment from_environment, to_environment;
  std::unique_ptr<workflow::OpenSide> from, to;
};

std::expected<model::Migration, base::Errors> FindMigration(const config::Project& project,
                                                            const Flags& flags) {
  config::Migrations known = project.migrations;
  if (!flags.file.empty()) {
    auto loaded = config::LoadMigrations(flags.file);
    if (!loaded) return std::unexpected(loaded.error());
    known = std::move(*loaded);
  }
  auto found = known.find(flags.name);
  if (found != known.end()) return found->second.value;
  std::vector<std::string> names;
  for (const auto& [name, migration] : known) names.push_back(name);
  base::Error error{.kind = base::ErrorKind::kNotFound,
                    .message = "there is no migration `" + base::Printable(flags.name) + "`"};
  auto near = base::Nearest(flags.name, names);
  if (near) error.message += "; did you mean `" + base::Printable(*near) + "`?";
  error.hint = names.empty() ? "declare it below `migrations:` of viasync.yaml or of a file in "
                               "migrations/, or name a file with --file"
                             : "there are " + base::Printable(base::Join(names, ", "));
  return std::unexpected(base::Errors{std::move(error)});
}

std::expected<Desk, base::Errors> Open(const Globals& globals, const Flags& flags) {
  auto project = config::LoadProject(globals.directory);
  if (!project) return std::unexpected(project.error());
  auto migration = FindMigration(*project, flags);
  if (!migration) return std::unexpected(migration.error());
  auto from = NameEnvironment(*project, flags.from);
  if (!from) return std::unexpected(from.error());
  auto to = NameEnvironment(*project, flags.to);
  if (!to) return std::unexpected(to.error());
  if (from->name == to->name || (from->org == to->org && from->base_url == to->base_url)) {
    return std::unexpected(
        base::Errors{{.kind = base::ErrorKind::kInvalid,
                      .message = "--from and --to are the same org, " + from->org,
                      .hint = "name two environments of different orgs"}});
  }
  auto from_side = ReachOrg(*from);
  if (!from_side) return std::unexpected(base::Errors{from_side.error()});
  auto to_side = ReachOrg(*to);
  if (!to_side) return std::unexpected(base::Errors{to_side.error()});
  return Desk{.migration = std::move(*migration),
              .from_environment = std::move(*from),
              .to_environment = std::move(*to),
              .from = std::move(*from_side),
              .to = std::move(*to_side)};
}

ExitCode ShowPlan(const Globals& globals, Desk& desk, bool json) {
  auto plan = workflow::PlanMigration(*desk.from, *desk.to, desk.migration);
  if (!plan) return Report(plan.error(), globals.directory, json);
  std::cout << (json ? report::MigrationPlanJson(*plan)
                     : report::MigrationPlanText(*plan, StdoutStyle()));
  const bool stops = std::ranges::any_of(plan->objects, [&](const migrate::PlannedObject& object) {
    return migrate::WouldStop(*plan, object);
  });
  return stops ? ExitCode::kConflicts : ExitCode::kDone;
}

// The plan of an open run, or a new one, shown and agreed to. Nullopt: nobody agreed.
std::expected<std::optional<migrate::MigrationPlan>, base::Errors> Settle(Desk& desk,
                                                                          store::Store& store,
                                                                          const Flags& flags) {
  const bool json = flags.wait.format == "json";
  auto resumed = workflow::ResumedPlan(store, *desk.from, *desk.to, desk.migration);
  if (!resumed) return std::unexpected(base::Errors{resumed.error()});
  if (*resumed) {
    Log(Level::kInfo, "going on with " + base::Printable(desk.migration.name) +
                          ", which was stopped before its end");
    return std::move(**resumed);
  }
  auto plan = workflow::PlanMigration(*desk.from, *desk.to, desk.migration);
  if (!plan) return std::unexpected(plan.error());
  if (!flags.restart) {
    auto done = workflow::JustMigrated(store, *plan, base::SystemClock().Now());
    if (!done) return std::unexpected(base::Errors{done.error()});
    if (*done) return std::move(*plan);
  }
  if (!json) {
    std::cout << report::MigrationPlanText(*plan, StdoutStyle()) << "\n" << std::flush;
  }
  if (!flags.yes && !Confirm("Migrate this to " + base::Printable(plan->to_org) + "?")) {
    return std::nullopt;
  }
  return std::move(*plan);
}

ExitCode RunMigrate(const Globals& globals, const Flags& flags) {
  const bool json = flags.wait.format == "json";
  auto desk = Open(globals, flags);
  if (!desk) return Report(desk.error(), globals.directory, json);
  WarnOfIdleSalt(desk->migration.options, desk->migration.conflicts);
  if (flags.plan) return ShowPlan(globals, *desk, json);
  if (!flags.yes && !CanAsk()) {
    return Report({.kind = base::ErrorKind::kInvalid,
                   .message = "migrate asks before it writes, and there is no terminal to ask on",
                   .hint = "give --yes; --plan shows what it would do"},
                  globals.directory, json);
  }
  auto store =
      LockStore(globals, desk->to_environment, "migrate", {desk->from.get(), desk->to.get()});
  if (!store) return Report(store.error(), globals.directory, json);
  if (flags.restart) {
    auto dropped = workflow::DropRun(**store, workflow::MigrationRunName(desk->migration),
                                     desk->from.get(), *desk->to);
    if (!dropped) return Report(dropped.error(), globals.directory, json);
  }
  auto plan = Settle(*desk, **store, flags);
  if (!plan) return Report(plan.error(), globals.directory, json);
  if (!*plan) {
    Log(Level::kInfo, "nothing was written");
    return ExitCode::kError;
  }
  JobProgress progress;
  auto patience = PatienceFor(flags.wait, progress);
  if (!patience) return Report(patience.error(), globals.directory, json);
  auto outcome = workflow::RunMigration(
      *desk->from, *desk->to, **store, **plan,
      {.run = workflow::NewMigrationRun(base::SystemClock(), base::SystemRandom()),
       .patience = std::move(*patience),
       .told = progress.Told(),
       .folder = TransferFolder(desk->to_environment),
       .anew = flags.restart});
  progress.End();
  if (!outcome) return ReportRun(outcome.error(), json);
  const std::string name = base::Printable(desk->migration.name);
  const report::RunTitle title{
      .what = name + " migrated from " + (*plan)->from_org + " to " + (*plan)->to_org,
      .from = (*plan)->from_org,
      .to = (*plan)->to_org,
      .rules = "`migrations: " + name + "`",
      .again = "the same command",
      .at = AtDirectory(globals)};
  return TellAndClose(*outcome, title, **store, workflow::MigrationRunName(desk->migration), json);
}

}  // namespace

Run DefineMigrate(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  args.Text("NAME", flags->name, "as declared below `migrations:`")
      .Required()
      .Completes("migrations");
  args.Text("--from", flags->from, "the environment it comes from")
      .Value("ENV")
      .Completes("environments")
      .Required();
  args.Text("--to", flags->to, "the environment it goes to")
      .Value("ENV")
      .Completes("environments")
      .Required();
  args.Text("--file", flags->file, "a file with `migrations:`, instead of the repository's")
      .Value("FILE");
  args.Flag("--plan", flags->plan,
            "only show what would travel, what it would overwrite, and what would stop it; exit "
            "code 3 where the import would stop");
  args.Flag("--yes,-y", flags->yes, "do not ask");
  args.Flag("--restart", flags->restart,
            "drop a migration that was stopped or has just ended, and start over");
  args.Exclude({"--restart"}, "--plan", "--plan only shows; leave one of them out");
  AddWaitFlags(args, flags->wait);
  AddSettleFlag(args, flags->wait);
  return [&globals, flags] { return RunMigrate(globals, *flags); };
}

}  // namespace viasync::cli
