#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/interrupt.h"
#include "cli/org_flow.h"
#include "cli/table.h"
#include "engine/base/strings.h"
#include "engine/contract/codes.h"
#include "engine/workflow/operations.h"

namespace viasync::cli {
namespace {

struct Flags {
  std::string which, name, status, client_session, format = "text";
  bool wait = false, yes = false;
};

constexpr std::int64_t kError = 2;  // ScriptStatus

const contract::Codes& Statuses() {
  static const contract::Codes kStatuses("ScriptStatus");
  return kStatuses;
}

Table TableOf(const std::vector<api::Script>& scripts) {
  Table table{.columns = {"id", "name", "running", "status", "message", "executed", "description"},
              .rows = {}};
  for (const auto& s : scripts) {
    table.rows.push_back({s.id, s.name, s.running ? "yes" : "no",
                          s.status ? Statuses().Word(*s.status) : std::string(), s.message,
                          MomentOf(s.executed), s.description});
  }
  return table;
}

ExitCode RunList(const Globals& globals, const Flags& flags) {
  std::optional<std::int64_t> status;
  if (!flags.status.empty()) {
    auto code = Statuses().Parse(flags.status);
    if (!code) return Report(code.error());
    status = *code;
  }
  auto opened = OpenOrgOf(globals);
  if (!opened) return Report(opened.error(), globals.directory);
  auto all = workflow::ReadScripts(opened->org, flags.name, status);
  if (!all) return Report(all.error());
  std::cout << RenderTable(TableOf(*all), flags.format, "no scripts");
  return ExitCode::kDone;
}

// Waits for its end where asked to, and shows it. Exit code 1: it ended with an error.
ExitCode Follow(workflow::Org& org, const Flags& flags, const std::string& id) {
  base::Result<api::Script> script =
      flags.wait ? workflow::WaitForScript(org, id, {.stop = &StopOnSignal(), .changed = {}})
                 : workflow::FindScript(org, id);
  if (!script) return Report(script.error());
  std::cout << RenderItem(TableOf({*script}), flags.format);
  return flags.wait && script->status == kError ? ExitCode::kError : ExitCode::kDone;
}

ExitCode RunAct(const Globals& globals, const Flags& flags, bool start) {
  auto opened = OpenOrgOf(globals);
  if (!opened) return Report(opened.error(), globals.directory);
  auto script = workflow::FindScript(opened->org, flags.which);
  if (!script) return Report(script.error());
  const char* verb = start ? "start" : "stop";
  auto question = std::string(start ? "Start" : "Stop") + " the script " + script->name + " in " +
                  opened->environment.org + "?";
  if (script->running != start && !MayWrite(flags.yes, std::string("scripts ") + verb, question)) {
    return ExitCode::kError;
  }
  auto act = start ? workflow::StartScript : workflow::StopScript;
  auto done = act(opened->org, *script, flags.client_session);
  if (!done) return Report(done.error());
  return Follow(opened->org, flags, script->id);
}

ExitCode RunShow(const Globals& globals, const Flags& flags) {
  auto opened = OpenOrgOf(globals);
  if (!opened) return Report(opened.error(), globals.directory);
  auto script = workflow::FindScript(opened->org, flags.which);
  if (!script) return Report(script.error());
  return Follow(opened->org, flags, script->id);
}

}  // namespace

Run DefineScripts(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  AddFormat(args, flags->format);
  auto* list = AddVerb(args, "list", "show all, or those of a name or status");
  list->Text("--name", flags->name, "those of this name").Value("NAME");
  list->Text("--status", flags->status, "of the last run: ok, warning or error").Value("STATUS");
  auto* show = AddVerb(args, "show", "show one");
  auto* start = AddVerb(args, "start", "start one that is not running");
  auto* stop = AddVerb(args, "stop", "stop one that is running");
  for (auto* verb : {show, start, stop}) {
    verb->Text("SCRIPT", flags->which, "its name or id").Required();
    verb->Flag("--wait", flags->wait, "wait until it is over; exit code 1 if by an error");
    if (verb != show) verb->Flag("--yes,-y", flags->yes, "do not ask");
  }
  return [&globals, flags, show, start, stop] {
    if (start->Chosen() || stop->Chosen()) return RunAct(globals, *flags, start->Chosen());
    return show->Chosen() ? RunShow(globals, *flags) : RunList(globals, *flags);
  };
}

}  // namespace viasync::cli
