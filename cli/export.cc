#include <filesystem>
#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/files.h"
#include "cli/job_flow.h"
#include "engine/base/strings.h"
#include "engine/report/migration_text.h"

namespace viasync::cli {
namespace {

struct Flags {
  WaitFlags wait;
  std::vector<std::string> objects;
  workflow::ExportInputs inputs;
  bool restart = false;
};

// The name of the zip without its end.
std::string Stem(const std::string& path) { return std::filesystem::path(path).stem().string(); }

base::Result<workflow::ExportInputs> InputsOf(const Flags& flags, const std::string& org) {
  workflow::ExportInputs inputs = flags.inputs;
  for (const std::string& text : flags.objects) {
    if (auto added = migrate::AddObjects(text, inputs.objects); !added) {
      return base::Fail(added.error());
    }
  }
  if (inputs.name.empty()) inputs.name = inputs.out.empty() ? "export-" + org : Stem(inputs.out);
  if (inputs.out.empty()) inputs.out = inputs.name + ".zip";
  if (inputs.comment.empty()) inputs.comment = "Exported from " + org + " by viasync";
  std::error_code ignored;
  if (std::filesystem::is_directory(inputs.out, ignored)) {
    return base::Fail(base::ErrorKind::kInvalid,
                      "--out " + base::Printable(inputs.out) + " is a folder",
                      "name a file, like --out " + base::Printable(inputs.out) + "/spring.zip");
  }
  return inputs;
}

ExitCode RunExport(const Globals& globals, const Flags& flags) {
  const bool json = flags.wait.format == "json";
  auto project = config::LoadProject(globals.directory);
  if (!project) return Report(project.error(), globals.directory, json);
  auto environment = NameEnvironment(*project, globals.environment);
  if (!environment) return Report(environment.error(), globals.directory, json);
  auto inputs = InputsOf(flags, environment->org);
  if (!inputs) return Report(inputs.error(), globals.directory, json);
  if (auto can = CheckWritable(inputs->out, Folders::kAreMade); !can) {
    return Report(can.error(), globals.directory, json);
  }
  // A pipe or a terminal cannot be downloaded into: the zip passes through a file of ours.
  const std::string out = inputs->out;
  const bool through = IsStream(out);
  if (through) {
    inputs->out = (std::filesystem::path(TransferFolder(*environment)) /
                   (base::Sha256Hex(inputs->name).substr(0, 12) + "-out.zip"))
                      .string();
  }
  auto side = ReachOrg(*environment);
  if (!side) return Report(side.error(), globals.directory, json);
  auto selection = workflow::PlanExport(**side, inputs->objects, inputs->related);
  if (!selection) return Report(selection.error(), globals.directory, json);
  auto store = LockStore(globals, *environment, "export", {side->get()});
  if (!store) return Report(store.error(), globals.directory, json);
  if (flags.restart) {
    auto dropped = workflow::DropRun(**store, workflow::ExportRunName(*inputs), nullptr, **side);
    if (!dropped) return Report(dropped.error(), globals.directory, json);
  }
  JobProgress progress;
  auto patience = PatienceFor(flags.wait, progress);
  if (!patience) return Report(patience.error(), globals.directory, json);
  auto outcome = workflow::RunExport(
      **side, **store, *inputs, *selection,
      {.run = workflow::NewMigrationRun(base::SystemClock(), base::SystemRandom()),
       .patience = std::move(*patience),
       .told = progress.Told()});
  progress.End();
  if (!outcome) return ReportRun(outcome.error(), json);
  if (through && outcome->end == migrate::JobEnd::kDone) {
    auto copied = CopyThrough(inputs->out, out);
    std::error_code ignored;
    std::filesystem::remove(inputs->out, ignored);
    if (!copied) return ReportRun(copied.error(), json);
    auto closed = workflow::CloseRun(**store, workflow::ExportRunName(*inputs), *outcome);
    if (!closed) return ReportRun(closed.error(), json);
    // What was written may have gone to where the report would go.
    Log(Level::kInfo, base::Plural(selection->objects.size(), "object") + " of " +
                          environment->org + " exported to " + base::Printable(out));
    return CodeOf(*outcome);
  }
  const report::RunTitle title{.what = base::Plural(selection->objects.size(), "object") + " of " +
                                       environment->org + " exported to " +
                                       base::Printable(inputs->out),
                               .from = environment->org,
                               .rules = "the rules",
                               .again = "the same command",
                               .at = AtDirectory(globals)};
  return TellAndClose(*outcome, title, **store, workflow::ExportRunName(*inputs), json);
}

}  // namespace

Run DefineExport(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  args.List("--objects", flags->objects,
            "what to export, like STRATEGY=ABC_Strategy or 'INPUTS=ABC_*'; may be repeated")
      .Value("TYPE=NAME")
      .Required();
  args.Flag("--with-related", flags->inputs.related, "also what they refer to");
  args.Text("--name", flags->inputs.name, "of the export; default: that of --out");
  args.Text("--comment", flags->inputs.comment, "kept with the export");
  args.Text("--out", flags->inputs.out, "where the zip goes").Value("FILE");
  args.Flag("--restart", flags->restart, "drop an export that was stopped, and start over");
  AddWaitFlags(args, flags->wait);
  AddSettleFlag(args, flags->wait);
  return [&globals, flags] { return RunExport(globals, *flags); };
}

}  // namespace viasync::cli
