#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/job_flow.h"
#include "engine/base/strings.h"
#include "engine/config/migration_decoder.h"
#include "engine/migrate/zip_file.h"
#include "engine/report/migration_text.h"

namespace viasync::cli {
namespace {

struct Flags {
  WaitFlags wait;
  std::vector<std::string> objects;
  std::string rules;
  workflow::ImportInputs inputs;
  bool yes = false, restart = false;
};

std::expected<workflow::ImportInputs, base::Errors> InputsOf(const Flags& flags) {
  workflow::ImportInputs inputs = flags.inputs;
  base::Errors errors;
  auto bad = [&](std::string message, std::string hint) {
    errors.push_back({.kind = base::ErrorKind::kInvalid,
                      .message = std::move(message),
                      .hint = std::move(hint)});
  };
  for (const std::string& text : flags.objects) {
    auto added = migrate::AddObjects(text, inputs.objects);
    if (!added) errors.push_back(added.error());
  }
  const auto& options = inputs.options;
  if (auto problem = model::SaltProblem(options.salt); !problem.empty()) {
    bad("--salt `" + base::Printable(options.salt) + "` " + problem,
        "use up to 4 letters and digits");
  }
  if (!flags.rules.empty()) {
    auto rules = config::LoadConflictRules(flags.rules, options);
    if (!rules) {
      for (auto& error : rules.error()) errors.push_back(std::move(error));
    } else {
      inputs.rules = std::move(*rules);
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  WarnOfIdleSalt(options, inputs.rules);
  return inputs;
}

// Shows what comes in, and asks.
bool Agree(const std::vector<migrate::Chosen>& objects, const std::string& org) {
  constexpr std::size_t kShown = 20;
  std::cerr << "\r\x1b[K";
  for (std::size_t i = 0; i < std::min(objects.size(), kShown); ++i) {
    std::cerr << "  " << objects[i].type << "  " << base::Printable(objects[i].name) << "\n";
  }
  if (objects.size() > kShown) std::cerr << "  … and " << objects.size() - kShown << " more\n";
  return Confirm("Import " + base::Plural(objects.size(), "object") + " into " + org + "?");
}

ExitCode RunImport(const Globals& globals, const Flags& flags) {
  const bool json = flags.wait.format == "json";
  auto inputs = InputsOf(flags);
  if (!inputs) return Report(inputs.error(), ".", json);
  auto content = migrate::InspectZip(inputs->path);
  if (!content) return Report(content.error(), globals.directory, json);
  auto project = config::LoadProject(globals.directory);
  if (!project) return Report(project.error(), globals.directory, json);
  auto environment = NameEnvironment(*project, globals.environment);
  if (!environment) return Report(environment.error(), globals.directory, json);
  auto side = ReachOrg(*environment);
  if (!side) return Report(side.error(), globals.directory, json);
  if (!flags.yes && !CanAsk()) {
    return Report({.kind = base::ErrorKind::kInvalid,
                   .message = "import asks before it writes, and there is no terminal to ask on",
                   .hint = "give --yes"},
                  globals.directory, json);
  }
  auto store = LockStore(globals, *environment, "import", {side->get()});
  if (!store) return Report(store.error(), globals.directory, json);
  if (flags.restart) {
    auto dropped =
        workflow::DropRun(**store, workflow::ImportRunName(content->sha256), nullptr, **side);
    if (!dropped) return Report(dropped.error(), globals.directory, json);
  }
  if (!flags.yes) {
    inputs->agree = [&](const auto& objects) { return Agree(objects, environment->org); };
  }
  JobProgress progress;
  auto patience = PatienceFor(flags.wait, progress);
  if (!patience) return Report(patience.error(), globals.directory, json);
  auto outcome = workflow::RunImport(
      **side, **store, *inputs,
      {.run = workflow::NewMigrationRun(base::SystemClock(), base::SystemRandom()),
       .patience = std::move(*patience),
       .told = progress.Told(),
       .anew = flags.restart});
  progress.End();
  if (!outcome) return ReportRun(outcome.error(), json);
  const report::RunTitle title{
      .what = base::Printable(inputs->path) + " imported into " + environment->org,
      .to = environment->org,
      .rules = flags.rules.empty() ? "a file for --conflicts" : base::Printable(flags.rules),
      .again = "the same command",
      .at = AtDirectory(globals)};
  return TellAndClose(*outcome, title, **store, workflow::ImportRunName(content->sha256), json);
}

}  // namespace

Run DefineImport(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  auto& options = flags->inputs.options;
  args.Text("FILE", flags->inputs.path, "the zip of an export").Required();
  args.List("--objects", flags->objects, "only these; may be repeated; default: all it holds")
      .Value("TYPE=NAME");
  args.Text("--conflicts", flags->rules, "a file with `conflicts:`: what answers them")
      .Value("RULES.yaml");
  args.Text("--dialer", options.dialer, "the dialer to be defaulted").Value("NAME");
  args.Text("--salt", options.salt, "up to 4 letters and digits for names in conflict");
  args.Flag("--append-salt", options.append_salt, "behind the name, not in front");
  args.Flag("--insert-only", options.insert_only, "never update what the org has");
  args.Flag("--update-all", options.update_all, "only update what the org has");
  args.Flag("--ignore-errors", options.ignore_errors, "let the org go on after an error");
  args.Flag("--yes,-y", flags->yes, "do not ask");
  args.Flag("--restart", flags->restart,
            "drop an import that was stopped or has just ended, and start over");
  args.Exclude({"--insert-only"}, "--update-all",
               "keep one: the first never updates, the second never inserts");
  args.Need("--append-salt", "--salt", "it says where the salt goes");
  AddWaitFlags(args, flags->wait);
  AddSettleFlag(args, flags->wait);
  return [&globals, flags] { return RunImport(globals, *flags); };
}

}  // namespace viasync::cli
