#include "cli/commands.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "cli/console.h"
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

// The first word that is no flag, nor the value of a flag that takes one.
std::string CommandWord(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    if (word == "-e" || word == "--env" || word == "-C" || word == "--directory" ||
        word == "--log-format") {
      ++i;
    } else if (!word.starts_with('-')) {
      return word;
    }
  }
  return {};
}

bool IsCommand(const std::string& word) {
  for (const auto& command : kCommands) {
    if (command.name == word) return true;
  }
  return word == "help";
}

ExitCode UnknownCommand(const std::string& word) {
  std::vector<std::string> names;
  for (const auto& command : kCommands) names.emplace_back(command.name);
  auto nearest = base::Nearest(word, names);
  std::cerr << "viasync: there is no command `" << base::Printable(word) << "`"
            << (nearest ? "; did you mean `" + *nearest + "`?" : "") << "\n"
            << "`viasync help` lists the commands\n";
  return ExitCode::kError;
}

void DefineGlobals(CLI::App& app, Globals& globals) {
  app.add_option("-e,--env", globals.environment, "the environment of viasync.yaml")
      ->type_name("NAME");
  app.add_option("-C,--directory", globals.directory, "the repository's folder")->type_name("DIR");
  app.add_flag("--verbose,-v", globals.verbose, "say more: each exchange, everything of a plan");
  app.add_option("--log-format", globals.log_format, "of what goes to stderr")
      ->check(CLI::IsMember({"text", "json"}));
}

}  // namespace

std::span<const Command> Commands() { return kCommands; }

ExitCode Main(int argc, const char* const* argv) {
  if (auto word = CommandWord(argc, argv); !word.empty() && !IsCommand(word)) {
    return UnknownCommand(word);
  }
  CLI::App app("viasync keeps campaign organisations and a Git repository in step.", "viasync");
  Globals globals;
  DefineGlobals(app, globals);
  app.set_help_flag("-h,--help", "print this help");
  app.footer(kFooter);
  app.require_subcommand(0, 1);
  Run run;
  for (const auto& command : kCommands) {
    auto* sub = app.add_subcommand(std::string(command.name), std::string(command.help));
    sub->fallthrough();
    sub->callback([&run, defined = command.define(*sub, globals)] { run = defined; });
  }
  auto* help = app.add_subcommand("help", "print this help, or that of a command");
  std::string topic;
  help->add_option("COMMAND", topic);
  help->callback([&] {
    run = [&] {
      if (!topic.empty() && !IsCommand(topic)) return UnknownCommand(topic);
      // Not App::help(): that of the program turns into that of the chosen command, `help`.
      const CLI::App* of = topic.empty() ? &app : app.get_subcommand(topic);
      std::cout << app.get_formatter()->make_help(
          of, topic.empty() ? "viasync" : "viasync " + topic, CLI::AppFormatMode::Normal);
      return ExitCode::kDone;
    };
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    bool wanted_help = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
    app.exit(error);
    return wanted_help ? ExitCode::kDone : ExitCode::kError;
  }
  StartLog(globals.log_format == "json", globals.verbose);
  if (!run) {
    std::cout << app.help();
    return ExitCode::kDone;
  }
  ExitCode code = run();
  std::cout.flush();
  if (!std::cout && code == ExitCode::kDone) {
    Log(Level::kError, "the output could not be written");
    return ExitCode::kError;
  }
  return code;
}

}  // namespace viasync::cli
