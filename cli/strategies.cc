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
  std::string which, name, purpose, format = "text";
  bool wait = false;
};

std::string StatusWord(std::optional<std::int64_t> status) {
  static const contract::Codes kStatuses("StrategyStatus");
  return status ? kStatuses.Word(*status) : std::string();
}

Table TableOf(const std::vector<api::Strategy>& strategies) {
  Table table{.columns = {"id", "name", "status", "purpose", "built", "modified", "description"},
              .rows = {}};
  for (const auto& s : strategies) {
    table.rows.push_back({s.id, s.name, StatusWord(s.status), s.purpose, MomentOf(s.built),
                          MomentOf(s.modified), s.description});
  }
  return table;
}

ExitCode RunList(const Globals& globals, const Flags& flags) {
  auto opened = OpenOrgOf(globals);
  if (!opened) return Report(opened.error(), globals.directory);
  auto all = workflow::ReadStrategies(opened->org, flags.name, flags.purpose);
  if (!all) return Report(all.error());
  std::cout << RenderTable(TableOf(*all), flags.format, "no strategies");
  return ExitCode::kDone;
}

ExitCode RunShow(const Globals& globals, const Flags& flags) {
  auto opened = OpenOrgOf(globals);
  if (!opened) return Report(opened.error(), globals.directory);
  auto strategy = workflow::FindStrategy(opened->org, flags.which);
  if (!strategy) return Report(strategy.error());
  std::cout << RenderItem(TableOf({*strategy}), flags.format);
  return ExitCode::kDone;
}

ExitCode RunStatus(const Globals& globals, const Flags& flags) {
  auto opened = OpenOrgOf(globals);
  if (!opened) return Report(opened.error(), globals.directory);
  auto strategy = workflow::FindStrategy(opened->org, flags.which);
  if (!strategy) return Report(strategy.error());
  base::Result<api::StrategyStatuses> statuses =
      flags.wait ? workflow::WaitForStrategy(opened->org, strategy->id,
                                             {.stop = &StopOnSignal(), .changed = {}})
                 : workflow::ReadStatuses(opened->org, strategy->id);
  if (!statuses) return Report(statuses.error());
  Table table{.columns = {"name", "status", "progress", "modified", "details"},
              .rows = {{strategy->name, StatusWord(statuses->status), statuses->progress,
                        statuses->modified, base::Join(statuses->details, "; ")}}};
  std::cout << RenderItem(table, flags.format);
  return flags.wait && workflow::EndedBadly(*statuses) ? ExitCode::kError : ExitCode::kDone;
}

}  // namespace

Run DefineStrategies(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  AddFormat(args, flags->format);
  auto* list = AddVerb(args, "list", "show all, or those of a name or purpose");
  list->Text("--name", flags->name, "those of this name").Value("NAME");
  list->Text("--purpose", flags->purpose, "those of this purpose").Value("NAME");
  auto* show = AddVerb(args, "show", "show one");
  show->Text("STRATEGY", flags->which, "its name or id").Required();
  auto* status = AddVerb(args, "status", "show how its last operation goes or went");
  status->Text("STRATEGY", flags->which, "its name or id").Required();
  status->Flag("--wait", flags->wait, "wait until it is over");
  return [&globals, flags, show, status] {
    if (show->Chosen()) return RunShow(globals, *flags);
    return status->Chosen() ? RunStatus(globals, *flags) : RunList(globals, *flags);
  };
}

}  // namespace viasync::cli
