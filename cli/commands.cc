#include "cli/commands.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/ascii.h"
#include "cli/console.h"
#include "cli/examples.h"
#include "cli/hints.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/root.h"
#include "engine/base/strings.h"
#include "engine/report/plan_words.h"

namespace viasync::cli {
namespace {

constexpr Command kDeclare[] = {
    {"init", "create a repository with commented sample files", DefineInit},
    {"validate", "check the files, without contacting any org", DefineValidate},
    {"plan", "show what apply would change", DefinePlan},
    {"apply", "carry out a plan", DefineApply},
};

constexpr Command kBothDirections[] = {
    {"pull", "bring what changed in the org into the files", DefinePull},
    {"sync", "push what the files changed, and pull what the org changed", DefineSync},
    {"drift", "show what changed only in the org; exit code 2 if anything did", DefineDrift},
};

constexpr Command kBetweenOrgs[] = {
    {"diff", "compare the orgs of two environments", DefineDiff,
     "the two environments are its arguments: viasync diff FIRST SECOND"},
    {"export", "export objects of an org into a zip file", DefineExport},
    {"inspect", "list what an exported zip file holds, without trusting it", DefineInspect,
     "it only reads the file"},
    {"import", "import the objects of a zip file into an org", DefineImport},
    {"migrate", "move objects from one org to another, as a reviewed file says", DefineMigrate,
     "--from and --to name the environments"},
    {"jobs", "list, watch and control export and import jobs", DefineJobs},
};

constexpr Command kAct[] = {
    {"records", "insert or update records of a strategy, from a file", DefineRecords},
    {"fastpath", "insert records into a fast path list, from a file", DefineFastPath},
    {"attempts", "report call attempts, from a file", DefineAttempts},
    {"callbacks", "create or update callbacks, from a file", DefineCallbacks},
    {"scripts", "show, start and stop automation scripts", DefineScripts},
};

constexpr Command kLook[] = {
    {"status", "show the environments and what is known of them", DefineStatus},
    {"history", "show who changed what and when, through viasync", DefineHistory},
    {"check", "ask whether people may be contacted; exit code 2 if one may not", DefineCheck},
    {"strategies", "show strategies and the progress of their operations", DefineStrategies},
    {"timezones", "look up time zones", DefineTimeZones},
    {"reference", "show purposes, geocodes, dispositions, number types, schemas", DefineReference},
};

constexpr Command kTools[] = {
    {"store", "show, make and unlock what is known of an environment", DefineStore},
    {"api", "send any request of the API, or list them all", DefineApi},
    {"sandbox", "serve an org in memory that behaves like the API", DefineSandbox},
    {"demo", "show the main workflow on an embedded sandbox", DefineDemo,
     "it brings its own environment"},
    {"schema", "print a JSON Schema of the files or of the plan", DefineSchema,
     "it reads no environment"},
    {"completion", "print the completion script of a shell", DefineCompletion},
    {"version", "print version and commit", DefineVersion, "it reads no environment"},
};

constexpr CommandGroup kGroups[] = {
    {"Declare", kDeclare},
    {"Both directions", kBothDirections},
    {"Between orgs", kBetweenOrgs},
    {"Act", kAct},
    {"Look", kLook},
    {"Tools", kTools},
};

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 error, 2 differences found, 3 conflicts, 4 stopped half-way (rerun to "
    "go on), 5 refused by a limit, 6 plan stale, 130 interrupted.";

void DefineGlobals(Args& args, Globals& globals) {
  args.Text("-e,--env", globals.environment,
            "the environment of viasync.yaml; default: VIASYNC_ENV, or the only one")
      .Value("NAME")
      .Completes("environments");
  args.Text("-C,--directory", globals.typed_directory,
            "the repository's folder, or one inside it; default: the current one")
      .Value("DIR");
  args.Flag("--quiet,-q", globals.quiet, "print no progress: only results, warnings and errors");
  args.Flag("--verbose,-v", globals.verbose, "log every request");
  args.Text("--color", globals.colour, "when to use colour")
      .Choices({"auto", "always", "never"})
      .ShowDefault();
  args.Text("--log-format", globals.log_format, "format of the messages on stderr")
      .Choices({"text", "json"})
      .ShowDefault();
  args.Flag("--version", globals.version, "print version and commit");
  args.Exclude({"--quiet"}, "--verbose", "keep one of them");
}

const Command* FindCommand(std::string_view name) {
  for (const auto& group : kGroups) {
    for (const auto& command : group.commands) {
      if (command.name == name) return &command;
    }
  }
  return nullptr;  // `help`
}

void StartConsole(const Globals& globals) {
  WishColour(globals.colour == "always"  ? ColourWish::kAlways
             : globals.colour == "never" ? ColourWish::kNever
                                         : ColourWish::kAuto);
  StartLog(globals.log_format == "json", globals.verbose ? Volume::kVerbose
                                         : globals.quiet ? Volume::kQuiet
                                                         : Volume::kNormal);
}

// The environment and the folder that a command is about. Errors: -e where it does not act.
base::Errors Place(const Args& args, const Args& chosen, Globals& globals) {
  const auto name = std::string(base::Split(chosen.path(), ' ').front());
  const auto* command = FindCommand(name);
  const bool acts = command == nullptr || command->without_env.empty();
  if (!acts && args.Given("--env")) {
    return {{.kind = base::ErrorKind::kInvalid,
             .message = "--env does not act on " + name,
             .hint = "leave it out: " + std::string(command->without_env)}};
  }
  const char* variable = std::getenv("VIASYNC_ENV");
  if (acts && globals.environment.empty() && variable) globals.environment = variable;
  if (!globals.typed_directory.empty()) globals.directory = globals.typed_directory;
  RepeatDirectory(AtDirectory(globals));
  if (name != "init") globals.directory = FindRoot(globals.directory);
  return {};
}

// Commands that change nothing, neither in an org nor in files.
bool OnlyReads(const Args& chosen) {
  constexpr std::string_view kReaders[] = {"validate",   "plan",      "drift",    "diff",
                                           "inspect",    "status",    "history",  "check",
                                           "strategies", "timezones", "reference"};
  return std::ranges::find(kReaders, base::Split(chosen.path(), ' ').front()) != std::end(kReaders);
}

// Whether the chosen command prints for people: only that may be drawn in ASCII.
bool PrintsText(const Args& chosen) {
  constexpr std::string_view kData[] = {"api", "schema", "completion"};
  const auto name = base::Split(chosen.path(), ' ').front();
  if (std::ranges::find(kData, name) != std::end(kData)) return false;
  for (const Args* args = &chosen; args->parent() != nullptr; args = args->parent()) {
    for (const auto& option : args->options()) {
      if (option.label == "--format" && args->Given(option.label)) {
        return args->Typed(option.label) == "text";
      }
    }
  }
  return true;
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

std::string AtDirectory(const Globals& globals) {
  if (globals.typed_directory.empty()) return {};
  return " -C " + report::ShellWord(globals.typed_directory);
}

std::span<const CommandGroup> CommandGroups() { return kGroups; }

Program::Program()
    : args("viasync", "viasync keeps campaign organisations and a Git repository in step.") {
  DefineGlobals(args, globals);
  args.Footer(kFooter);
  for (const auto& group : kGroups) {
    for (const auto& command : group.commands) {
      auto& below = args.Command(std::string(command.name), std::string(command.help));
      below.Group(std::string(group.heading));
      runs[below.name()] = command.define(below, globals);
    }
  }
  AddExamples(args);
  auto& help = args.Command("help", "print this help, or that of a command");
  help.Group(std::string(std::end(kGroups)[-1].heading));
  std::vector<std::string> names;
  for (const auto* command : args.commands()) names.push_back(command->name());
  help.List("COMMAND", help_topic, "the command; left out: the program")
      .Completes("", std::move(names));
  runs["help"] = [this] { return PrintHelp(args, help_topic); };
}

namespace {

ExitCode RunChosen(Program& program, Args::Parsed parsed, bool typed_nothing) {
  const Args* chosen = &program.args.Innermost();
  const bool none = chosen == &program.args;
  if (program.globals.version) return program.runs.at("version")();
  if (parsed == Args::Parsed::kHelp || (none && typed_nothing)) {
    std::cout << chosen->Help();
    return ExitCode::kDone;
  }
  if (none) {
    return Report({.kind = base::ErrorKind::kInvalid,
                   .message = "no command was given",
                   .hint = "`viasync --help` lists the commands"});
  }
  if (auto errors = Place(program.args, *chosen, program.globals); !errors.empty()) {
    return Report(errors, ".");
  }
  std::optional<AsciiOutput> ascii;
  if (WantsAscii() && PrintsText(*chosen)) ascii.emplace(std::cout);
  std::optional<Reading> reading;
  if (OnlyReads(*chosen)) reading.emplace("`viasync " + chosen->path() + "` was at work");
  return program.runs.at(std::string(base::Split(chosen->path(), ' ').front()))();
}

ExitCode RunCommandLine(int argc, const char* const* argv) {
  ExplainSignals();
  Program program;
  auto parsed = program.args.Parse(argc, argv);
  StartConsole(program.globals);
  std::optional<AsciiOutput> ascii;
  if (WantsAscii()) ascii.emplace(std::cerr);
  if (!parsed) return Report(parsed.error(), ".");
  return RunChosen(program, *parsed, argc <= 1);
}

}  // namespace

ExitCode Main(int argc, const char* const* argv) {
  Outputs outputs;
  return outputs.Finish(RunCommandLine(argc, argv));
}

}  // namespace viasync::cli
