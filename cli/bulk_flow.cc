#include "cli/bulk_flow.h"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/console.h"
#include "cli/files.h"
#include "cli/interrupt.h"
#include "cli/org_flow.h"
#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/contract/codes.h"
#include "engine/workflow/operations.h"

namespace viasync::cli {
namespace {

using base::ErrorKind;
using workflow::BulkOutcome;
using workflow::BulkScan;

std::string PurposeOf(const std::string& command, const std::string& id, const std::string& org) {
  return command + (id.empty() ? "" : " " + id) + " of " + org;
}

// Where Report() finds the file that an error points into.
std::string FolderOf(const std::string& file) { return file.starts_with('/') ? "" : "."; }

void TellProblems(const BulkScan& scan, const std::string& file) {
  if (scan.problems.empty()) return;
  Report(scan.problems, FolderOf(file));
  std::size_t more = scan.malformed - scan.problems.size();
  Log(Level::kWarn, (more ? base::Thousands(more) + " more of them; " : std::string()) +
                        base::Plural(scan.malformed, "row") + " cannot be sent; the others go on");
}

std::string Counts(const BulkScan& scan, const BulkOutcome& outcome) {
  std::string text =
      base::Thousands(outcome.done) + " of " + base::Thousands(scan.rows) + " rows done";
  auto add = [&text](std::size_t count, const char* what) {
    if (count > 0) text += ", " + base::Thousands(count) + " " + what;
  };
  add(scan.before, "done by an earlier run");
  add(outcome.refused, "refused");
  add(scan.refused, "refused by an earlier run");
  add(scan.malformed, "malformed");
  add(outcome.unknown + scan.unknown, "of unknown outcome");
  std::size_t tried = outcome.done + outcome.refused + outcome.unknown;
  add(scan.to_send - std::min(scan.to_send, tried), "not sent");
  return text;
}

void TellRows(const std::vector<BulkOutcome::Row>& rows, std::size_t count, const char* what) {
  for (const auto& row : rows) {
    Log(Level::kWarn, fmt::format("line {} ({}) {}: {}", row.line, base::Printable(row.key), what,
                                  base::Printable(row.answer)));
  }
  if (count > rows.size()) {
    Log(Level::kWarn, fmt::format("{} more rows {}", base::Thousands(count - rows.size()), what));
  }
}

// What is to be done now; empty = nothing.
std::string NextStep(const BulkFlags& flags, const BulkScan& scan, const BulkOutcome& outcome) {
  const std::string results = base::Printable(flags.results);
  std::string text;
  if (outcome.stopped || outcome.interrupted) {
    text += "run the same command again to go on where it stopped: " + results +
            " knows what was sent\n";
  }
  if (scan.refused > 0) {
    text += "rows that were refused are not sent again as they are: correct them in the file (" +
            results + " says why)\n";
  }
  if (outcome.unknown + scan.unknown > 0) {
    text +=
        "rows of unknown outcome may have arrived and are not sent again: look for them in the "
        "org (state `unknown` or a last `sent` in " +
        results + "); only if none arrived, rerun with --resend-unknown\n";
  }
  return text;
}

ExitCode CodeOf(const BulkScan& scan, const BulkOutcome& outcome) {
  const std::size_t tried = outcome.done + outcome.refused + outcome.unknown;
  if (outcome.interrupted && tried < scan.to_send) return ExitCode::kInterrupted;
  const bool open = outcome.unknown + scan.unknown > 0;
  if (outcome.stopped) {
    const auto kind = outcome.stopped->kind;
    bool patience = kind == ErrorKind::kUnavailable || kind == ErrorKind::kNetwork;
    return patience || open || outcome.done > 0 ? ExitCode::kHalfWay : ExitCode::kError;
  }
  if (open) return ExitCode::kHalfWay;
  return outcome.refused + scan.refused + scan.malformed > 0 ? ExitCode::kError : ExitCode::kDone;
}

std::string Json(const BulkFlags& flags, const BulkScan& scan, const BulkOutcome& outcome) {
  nlohmann::ordered_json json = {
      {"rows", scan.rows},           {"done", outcome.done},
      {"before", scan.before},       {"refused", outcome.refused + scan.refused},
      {"malformed", scan.malformed}, {"unknown", outcome.unknown + scan.unknown},
      {"results", flags.results}};
  if (outcome.stopped) json["stopped"] = outcome.stopped->message;
  return base::DumpJson(json, 2) + "\n";
}

// Records are carried out after they were accepted: what became of them all.
ExitCode TellStatuses(workflow::Org& org, const BulkFlags& flags, const std::string& id) {
  static const contract::Codes kStatuses("StrategyStatus");
  base::Result<api::StrategyStatuses> statuses =
      flags.wait ? workflow::WaitForStrategy(org, id, {.stop = &StopOnSignal(), .changed = {}})
                 : workflow::ReadStatuses(org, id);
  if (!statuses) return Report(statuses.error());
  std::string text = "the strategy says: " + kStatuses.Word(statuses->status);
  if (!flags.wait) text += " (--wait waits for the end)";
  Log(Level::kInfo, text);
  for (const auto& detail : statuses->details) Log(Level::kWarn, "  " + base::Printable(detail));
  return flags.wait && workflow::EndedBadly(*statuses) ? ExitCode::kError : ExitCode::kDone;
}

}  // namespace

void AddBulkFlags(Args& args, BulkFlags& flags) {
  args.Text("FILE", flags.file, "CSV with a header, or JSON Lines (.jsonl)").Required();
  args.Text("--results", flags.results,
            "what became of each row; a rerun with it goes on (default: FILE.results.csv)")
      .Value("FILE");
  args.Flag("--yes,-y", flags.yes, "do not ask");
  args.Flag("--resend-unknown", flags.resend_unknown,
            "send rows of unknown outcome again: none of them arrived");
  args.Text("--format", flags.format, "of the summary: text or json").Choices({"text", "json"});
}

ExitCode RunBulkCommand(const Globals& globals, BulkFlags flags, const std::string& command,
                        const std::string& what) {
  if (flags.results.empty()) flags.results = flags.file + ".results.csv";
  if (auto can = CheckWritable(flags.results); !can) return Report(can.error());
  // Read before the result file is made: a file that cannot be read leaves none behind.
  if (auto rows = workflow::BulkRows::Open(flags.kind, flags.file); !rows) {
    return Report(rows.error(), FolderOf(flags.file));
  }
  auto opened = OpenOrgOf(globals);
  if (!opened) return Report(opened.error(), globals.directory);
  auto id = workflow::FindTarget(opened->org, flags.kind, flags.target);
  if (!id) return Report(id.error());
  auto results =
      workflow::BulkResults::Open(flags.results, PurposeOf(command, *id, opened->environment.org));
  if (!results) return Report(results.error());
  auto scan = workflow::ScanBulk(flags.kind, flags.file, **results, flags.resend_unknown);
  if (!scan) return Report(scan.error(), FolderOf(flags.file));
  TellProblems(*scan, flags.file);
  if (scan->to_send > 0 &&
      !MayWrite(flags.yes, command,
                fmt::format("Send {} to {}?", base::Plural(scan->to_send, what),
                            opened->environment.org))) {
    return ExitCode::kError;
  }
  BulkOutcome outcome;
  {
    std::optional<ProgressBar> bar;
    if (scan->to_send > 0) bar.emplace("sending to " + opened->environment.org);
    workflow::BulkOptions options{.resend_unknown = flags.resend_unknown,
                                  .stop = &StopOnSignal(),
                                  .progress = bar ? bar->Callback() : nullptr};
    outcome = workflow::RunBulk(
        opened->org, {.kind = flags.kind, .id = *id, .client_session = flags.client_session},
        flags.file, **results, *scan, options);
  }
  TellRows(outcome.refusals, outcome.refused, "refused");
  TellRows(outcome.unknowns, outcome.unknown, "of unknown outcome");
  if (outcome.stopped) Report(*outcome.stopped);
  std::cout << (flags.format == "json" ? Json(flags, *scan, outcome)
                                       : Counts(*scan, outcome) + "\n");
  if (auto next = NextStep(flags, *scan, outcome); !next.empty()) {
    next.pop_back();
    Log(Level::kWarn, next);
  }
  // Updates have waited for the end of each request already.
  const bool records = flags.kind == workflow::BulkKind::kInsert;
  if (records && outcome.done > 0 && !outcome.interrupted && !outcome.stopped) {
    auto told = TellStatuses(opened->org, flags, *id);
    if (told != ExitCode::kDone) return told;
  }
  return CodeOf(*scan, outcome);
}

}  // namespace viasync::cli
