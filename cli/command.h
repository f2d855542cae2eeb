// A command: a row of the table in commands.cc, a function that declares its flags, and one that
// runs. One file per command.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "cli/exit_code.h"

namespace CLI {
class App;
}

namespace viasync::cli {

// Flags that every command takes.
struct Globals {
  std::string environment;      // -e
  std::string directory = ".";  // -C
  bool verbose = false;
  std::string log_format = "text";
};

using Run = std::function<ExitCode()>;

struct Command {
  std::string_view name;
  std::string_view help;
  // Declares flags on `app` and returns what runs once they are parsed.
  Run (*define)(CLI::App& app, const Globals& globals);
};

Run DefineInit(CLI::App& app, const Globals& globals);
Run DefineValidate(CLI::App& app, const Globals& globals);
Run DefinePlan(CLI::App& app, const Globals& globals);
Run DefineApply(CLI::App& app, const Globals& globals);
Run DefinePull(CLI::App& app, const Globals& globals);
Run DefineSync(CLI::App& app, const Globals& globals);
Run DefineDrift(CLI::App& app, const Globals& globals);
Run DefineJobs(CLI::App& app, const Globals& globals);
Run DefineExport(CLI::App& app, const Globals& globals);
Run DefineInspect(CLI::App& app, const Globals& globals);
Run DefineImport(CLI::App& app, const Globals& globals);
Run DefineMigrate(CLI::App& app, const Globals& globals);
Run DefineDiff(CLI::App& app, const Globals& globals);
Run DefineStatus(CLI::App& app, const Globals& globals);
Run DefineHistory(CLI::App& app, const Globals& globals);
Run DefineApi(CLI::App& app, const Globals& globals);
Run DefineCheck(CLI::App& app, const Globals& globals);
Run DefineStrategies(CLI::App& app, const Globals& globals);
Run DefineRecords(CLI::App& app, const Globals& globals);
Run DefineFastPath(CLI::App& app, const Globals& globals);
Run DefineAttempts(CLI::App& app, const Globals& globals);
Run DefineCallbacks(CLI::App& app, const Globals& globals);
Run DefineScripts(CLI::App& app, const Globals& globals);
Run DefineTimeZones(CLI::App& app, const Globals& globals);
Run DefineReference(CLI::App& app, const Globals& globals);
Run DefineSandbox(CLI::App& app, const Globals& globals);
Run DefineDemo(CLI::App& app, const Globals& globals);
Run DefineSchema(CLI::App& app, const Globals& globals);
Run DefineCompletion(CLI::App& app, const Globals& globals);
Run DefineVersion(CLI::App& app, const Globals& globals);

}  // namespace viasync::cli
