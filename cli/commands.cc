#include "cli/commands.h"

#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/output.h"
#include "engine/base/strings.h"

namespace viasync::cli {
namespace {

constexpr Command kCommands[] = {
    {"init", "lay out a repository that validates, with comments that teach", DefineInit},
    {"validate", "check the files, without touching any org", DefineValidate},
    {"plan", "show what apply would change", DefinePlan},
    {"apply", "carry out a plan", DefineApply},
    {"pull", "bring what changed in the org into the files", DefinePull},
    {"sync", "both: push what the files changed, pull what the org changed", DefineSync},
    {"drift", "show what changed in the org only; exit code 2 if anything did", DefineDrift},
    {"export", "export objects of an org into a zip", DefineExport},
    {"inspect", "list what the zip of an export holds, without trusting it", DefineInspect},
    {"import", "import the objects of a zip into an org", DefineImport},
    {"migrate", "move objects from one org to another, as a reviewed file says", DefineMigrate},
    {"jobs", "look at export and import jobs, and steer them", DefineJobs},
    {"diff", "compare the orgs of two environments", DefineDiff},
    {"status", "show the environments and what is known of them", DefineStatus},
    {"history", "show who changed what and when, through viasync", DefineHistory},
    {"api", "send any request of the API, or list them all", DefineApi},
    {"check", "ask whether people may be contacted; exit code 2 if one may not", DefineCheck},
    {"strategies", "show strategies and how their operations go", DefineStrategies},
    {"records", "insert or update records of a strategy, from a file", DefineRecords},
    {"fastpath", "insert records into a fast path list, from a file", DefineFastPath},
    {"attempts", "report call attempts, from a file", DefineAttempts},
    {"callbacks", "create or update callbacks, from a file", DefineCallbacks},
    {"scripts", "show, start and stop automation scripts", DefineScripts},
    {"timezones", "look up time zones", DefineTimeZones},
    {"reference", "show purposes, geocodes, dispositions, number types, schemas", DefineReference},
    {"sandbox", "serve an org in memory that behaves like the API", DefineSandbox},
    {"demo", "show the main job on an embedded sandbox", DefineDemo},
    {"schema", "print a JSON Schema of the files or of the plan", DefineSchema},
    {"completion", "print the completion script of a shell", DefineCompletion},
    {"version", "print version and commit", DefineVersion},
};

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 error, 2 differences found, 3 conflicts, 4 stopped half-way (rerun to\n"
    "go on), 5 refused by a limit, 6 plan stale, 130 interrupted.";

void DefineGlobals(Args& args, Globals& globals) {
  args.Text("-e,--env", globals.environment, "the environment of viasync.yaml").Value("NAME");
  args.Text("-C,--directory", globals.directory, "the repository's folder").Value("DIR");
  args.Flag("--verbose,-v", globals.verbose, "log every request");
  args.Text("--log-format", globals.log_format, "of what goes to stderr").Choices({"text", "json"});
}

// `viasync help jobs list`
ExitCode PrintHelp(const Args& program, const std::vector<std::string>& topic) {
  const Args* of = &program;
  for (const auto& word : topic) {
    const Args* below = of->Find(word);
    if (below == nullptr) return Report(UnknownCommand(*of, word));
    of = below;
  }
  std::cout << of->Help();
  return ExitCode::kDone;
}

}  // namespace

std::span<const Command> Commands() { return kCommands; }

Program::Program()
    : args("viasync", "viasync keeps campaign organisations and a Git repository in step.") {
  DefineGlobals(args, globals);
  args.Footer(kFooter);
  for (const auto& command : kCommands) {
    auto& below = args.Command(std::string(command.name), std::string(command.help));
    runs[below.name()] = command.define(below, globals);
  }
  auto& help = args.Command("help", "print this help, or that of a command");
  help.List("COMMAND", help_topic, "the command; left out: the program");
  runs["help"] = [this] { return PrintHelp(args, help_topic); };
}

namespace {

ExitCode RunCommandLine(int argc, const char* const* argv) {
  Program program;
  const auto& globals = program.globals;
  auto parsed = program.args.Parse(argc, argv);
  StartLog(globals.log_format == "json", globals.verbose);
  if (!parsed) return Report(parsed.error(), globals.directory);
  const Args* chosen = &program.args.Innermost();
  if (*parsed == Args::Parsed::kHelp || chosen == &program.args) {
    std::cout << chosen->Help();
    return ExitCode::kDone;
  }
  return program.runs.at(std::string(base::Split(chosen->path(), ' ').front()))();
}

}  // namespace

ExitCode Main(int argc, const char* const* argv) {
  Outputs outputs;
  return outputs.Finish(RunCommandLine(argc, argv));
}

}  // namespace viasync::cli
