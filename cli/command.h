// A command: a row of the table in commands.cc, a function that declares its flags, and one that
// runs. One file per command.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "cli/args.h"
#include "cli/exit_code.h"

namespace viasync::cli {

// Options that every command takes.
struct Globals {
  std::string environment;      // -e, or VIASYNC_ENV
  std::string directory = ".";  // where viasync.yaml is: -C, or a folder above
  std::string typed_directory;  // -C; empty: not given
  bool verbose = false, quiet = false, version = false;
  std::string log_format = "text", colour = "auto";
};

// ` -C DIR` as it was typed, for commands that are shown to be copied; empty: it was not.
std::string AtDirectory(const Globals& globals);

using Run = std::function<ExitCode()>;

struct Command {
  std::string_view name;
  std::string_view help;
  // Declares options on `args` and returns what runs once they are parsed.
  Run (*define)(Args& args, const Globals& globals);
  // Why -e does not act on it; empty: it does.
  std::string_view without_env{};
};

struct CommandGroup {
  std::string_view heading;
  std::span<const Command> commands;
};

Run DefineInit(Args& args, const Globals& globals);
Run DefineValidate(Args& args, const Globals& globals);
Run DefinePlan(Args& args, const Globals& globals);
Run DefineApply(Args& args, const Globals& globals);
Run DefinePull(Args& args, const Globals& globals);
Run DefineSync(Args& args, const Globals& globals);
Run DefineDrift(Args& args, const Globals& globals);
Run DefineJobs(Args& args, const Globals& globals);
Run DefineExport(Args& args, const Globals& globals);
Run DefineInspect(Args& args, const Globals& globals);
Run DefineImport(Args& args, const Globals& globals);
Run DefineMigrate(Args& args, const Globals& globals);
Run DefineDiff(Args& args, const Globals& globals);
Run DefineStatus(Args& args, const Globals& globals);
Run DefineHistory(Args& args, const Globals& globals);
Run DefineStore(Args& args, const Globals& globals);
Run DefineApi(Args& args, const Globals& globals);
Run DefineCheck(Args& args, const Globals& globals);
Run DefineStrategies(Args& args, const Globals& globals);
Run DefineRecords(Args& args, const Globals& globals);
Run DefineFastPath(Args& args, const Globals& globals);
Run DefineAttempts(Args& args, const Globals& globals);
Run DefineCallbacks(Args& args, const Globals& globals);
Run DefineScripts(Args& args, const Globals& globals);
Run DefineTimeZones(Args& args, const Globals& globals);
Run DefineReference(Args& args, const Globals& globals);
Run DefineSandbox(Args& args, const Globals& globals);
Run DefineDemo(Args& args, const Globals& globals);
Run DefineSchema(Args& args, const Globals& globals);
Run DefineCompletion(Args& args, const Globals& globals);
Run DefineVersion(Args& args, const Globals& globals);

}  // namespace viasync::cli
