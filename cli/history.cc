#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/table.h"
#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/model/fields.h"
#include "engine/report/criteria_diff.h"
#include "engine/report/migration_text.h"
#include "engine/report/style.h"
#include "engine/report/words.h"
#include "engine/workflow/status.h"

namespace viasync::cli {
namespace {

using report::Colour;
using store::Event;

constexpr std::string_view kFieldIndent = "                              ";
static_assert(kFieldIndent.size() == report::kMomentColumns + 6);

struct Flags {
  workflow::EventFilter filter;
  std::string list, kind, since, format = "text";
  bool verify = false;
};

struct FieldChange {
  std::string name, was, becomes;
};

// What differs between before and after, in the order of the fields.
std::vector<FieldChange> Changes(const Event& event) {
  std::vector<FieldChange> changes;
  std::map<std::string, std::string> after(event.after.begin(), event.after.end());
  for (const auto& [name, was] : event.before) {
    auto found = after.find(name);
    std::string becomes = found == after.end() ? "" : found->second;
    if (found != after.end()) after.erase(found);
    if (was != becomes) changes.push_back({name, was, becomes});
  }
  for (const auto& [name, becomes] : event.after) {
    if (after.contains(name)) changes.push_back({name, "", becomes});
  }
  return changes;
}

Colour ColourOf(const std::string& action) {
  if (action == "create") return Colour::kGreen;
  return action == "delete" ? Colour::kRed : Colour::kYellow;
}

std::string_view Mark(const std::string& action) {
  if (action == "create") return "+";
  return action == "delete" ? "-" : "~";
}

// Criteria as a diff of their clauses, all else in one line.
std::string FieldText(model::Kind kind, const FieldChange& change, bool gone,
                      const report::Style& style) {
  constexpr std::size_t kValueMax = 200;
  std::string name = base::Printable(change.name);
  if (model::ShapeOf(kind, change.name) == model::Shape::kCriteria) {
    std::string text;
    std::string label = name + "  ";
    for (const auto& [sign, clause] : report::DiffCriteria(change.was, change.becomes)) {
      std::string line = sign == '@' ? "  …" : std::string{sign, ' '} + clause;
      if (sign == '+') line = report::Paint(style, Colour::kGreen, line);
      if (sign == '-') line = report::Paint(style, Colour::kRed, line);
      text += std::string(kFieldIndent) + label + line + "\n";
      label = std::string(label.size(), ' ');
    }
    return text;
  }
  auto value = [&](const std::string& raw) {
    return report::Clip(report::ValueText(kind, change.name, raw), kValueMax);
  };
  return std::string(kFieldIndent) + name + "  " + value(change.was) +
         (gone ? "" : " → " + value(change.becomes)) + "\n";
}

// Who changed it in the org, where that is known: whose change was pulled, or written over.
std::string InOrg(const Event& event) {
  std::string who;
  if (!event.org.user.empty()) who = " by " + base::Printable(event.org.user);
  if (event.org.at) {
    who += (who.empty() ? " on " : ", ") + report::MomentText(*event.org.at) + " UTC";
  }
  if (who.empty()) return who;
  return (event.what == "pull" ? "changed in the org" : "last changed in the org before that") +
         who;
}

std::string Text(const Event& event, const report::Style& style) {
  constexpr std::size_t kKindColumns = 9;
  std::string who = "by " + base::Printable(event.user);
  if (event.what != "apply") who += ", " + base::Printable(event.what);
  if (!event.commit.empty()) who += ", commit " + base::Printable(event.commit.substr(0, 12));
  if (!event.run.empty()) who += ", run " + base::Printable(event.run);
  std::string text = report::Paint(style, Colour::kDim, report::MomentColumn(event.at)) + "  " +
                     report::Paint(style, ColourOf(event.action), Mark(event.action)) + " " +
                     report::Pad(model::KindName(event.kind), kKindColumns) + "  " +
                     report::KeyText(event.kind, event.key, style.mask) + "  " +
                     report::Paint(style, Colour::kDim, who) + "\n";
  if (auto in_org = InOrg(event); !in_org.empty()) {
    text += std::string(kFieldIndent) + report::Paint(style, Colour::kCyan, in_org) + "\n";
  }
  // What a create made stands in the files; what a delete took away stands nowhere else.
  if (event.action == "create") return text;
  for (const auto& change : Changes(event)) {
    text += FieldText(event.kind, change, event.action == "delete", style);
  }
  return text;
}

std::string JsonLine(const Event& event) {
  auto values = [](const store::Values& from) {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (const auto& [name, value] : from) object[name] = value;
    return object;
  };
  nlohmann::ordered_json json = {{"at", base::FormatTime(event.at)},
                                 {"user", event.user},
                                 {"commit", event.commit},
                                 {"run", event.run},
                                 {"what", event.what},
                                 {"kind", std::string(model::KindName(event.kind))},
                                 {"key", event.key},
                                 {"action", event.action},
                                 {"before", values(event.before)},
                                 {"after", values(event.after)}};
  if (!event.org.user.empty()) json["orgUser"] = event.org.user;
  if (event.org.at) json["orgAt"] = base::FormatTime(*event.org.at);
  return base::DumpJson(json) + "\n";
}

// `2026-11-24T08:00:00Z`, or `7d`, `12h`, `30m` back from now. nullopt: neither.
std::optional<base::UtcTime> ParseSince(const std::string& text) {
  if (auto time = base::ParseTime(text)) return time;
  std::size_t digits = text.find_first_not_of("0123456789");
  constexpr std::size_t kDigitsMax = 6;
  if (digits == 0 || digits > kDigitsMax || digits + 1 != text.size()) return std::nullopt;
  constexpr std::pair<char, std::chrono::minutes> kUnits[] = {
      {'d', std::chrono::hours(24)}, {'h', std::chrono::hours(1)}, {'m', std::chrono::minutes(1)}};
  for (const auto& [unit, length] : kUnits) {
    if (text.back() == unit) return base::SystemClock().Now() - length * std::stol(text);
  }
  return std::nullopt;
}

// `migrate` and `spring-release`.
std::pair<std::string, std::string> VerbAndName(const store::MigrationRun& run) {
  const auto blank = std::min(run.name.find(' '), run.name.size());
  return {run.name.substr(0, blank), run.name.substr(std::min(blank + 1, run.name.size()))};
}

std::string_view StateName(store::RunState state) {
  constexpr std::string_view kNames[] = {"open", "done", "failed"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string Seconds(base::UtcTime at) {
  return base::FormatTimeShort(std::chrono::floor<std::chrono::seconds>(at));
}

constexpr const char* kFieldColumns[] = {"at",     "user",   "what",   "kind",  "key",
                                         "action", "field",  "before", "after", "orgUser",
                                         "orgAt",  "commit", "run"};

// One row for each field that changed.
void AddFieldRows(Table& table, const Event& event) {
  auto changes = Changes(event);
  if (changes.empty()) changes.push_back({});
  for (const auto& change : changes) {
    table.rows.push_back({Seconds(event.at), event.user, event.what,
                          std::string(model::KindName(event.kind)), event.key, event.action,
                          change.name, change.was, change.becomes, event.org.user,
                          MomentOf(event.org.at), event.commit, event.run});
  }
}

// One row for a whole export, import or migration; its action is how it ended.
void AddFieldRows(Table& table, const store::MigrationRun& run) {
  const auto [verb, name] = VerbAndName(run);
  table.rows.push_back({Seconds(run.started), run.user, verb, "", name,
                        std::string(StateName(run.state)), "", run.source, run.note, "", "",
                        run.commit, run.run});
}

// What `history runs` lists of one run.
std::vector<std::string> RunRow(const workflow::RunSummary& run) {
  return {Seconds(run.first),
          Seconds(run.last),
          run.run,
          run.what,
          run.user,
          run.commit.substr(0, 12),
          std::to_string(run.create),
          std::to_string(run.update),
          std::to_string(run.remove),
          std::to_string(run.undone),
          ""};
}

std::vector<std::string> RunRow(const store::MigrationRun& run) {
  const auto [verb, name] = VerbAndName(run);
  return {Seconds(run.started),
          run.ended ? Seconds(*run.ended) : "",
          run.run,
          verb,
          run.user,
          run.commit.substr(0, 12),
          "",
          "",
          "",
          "",
          name + ", " + std::string(StateName(run.state))};
}

// Calls `each` with what is in both, newest first, `limit` of them.
template <class A, class B, class AtA, class AtB, class Each>
void NewestFirst(const std::vector<A>& some, AtA at, const std::vector<B>& others, AtB other_at,
                 std::size_t limit, Each each) {
  auto one = some.begin();
  auto other = others.begin();
  for (std::size_t shown = 0; shown < limit; ++shown) {
    if (one == some.end() && other == others.end()) return;
    if (one == some.end() || (other != others.end() && other_at(*other) > at(*one)))
      each(*other++);
    else
      each(*one++);
  }
}

constexpr auto kStarted = [](const store::MigrationRun& run) { return run.started; };

Table RunRows(const std::vector<workflow::RunSummary>& runs,
              const std::vector<store::MigrationRun>& migrations, std::size_t limit) {
  Table table{.columns = {"started", "ended", "run", "what", "user", "commit", "created", "updated",
                          "deleted", "notDone", "migration"}};
  NewestFirst(
      runs, [](const workflow::RunSummary& run) { return run.first; }, migrations, kStarted, limit,
      [&](const auto& run) { table.rows.push_back(RunRow(run)); });
  return table;
}

// Both kinds of entries in one row, newest first.
void Print(const std::vector<Event>& events, const std::vector<store::MigrationRun>& runs,
           const Flags& flags) {
  const bool json = flags.format == "json";
  const auto style = StdoutStyle();
  Table table{.columns = {std::begin(kFieldColumns), std::end(kFieldColumns)}};
  NewestFirst(
      events, [](const Event& event) { return event.at; }, runs, kStarted, flags.filter.limit,
      [&](const auto& entry) {
        if (flags.format == "csv") {
          AddFieldRows(table, entry);
        } else if constexpr (std::is_same_v<decltype(entry), const Event&>) {
          std::cout << (json ? JsonLine(entry) : Text(entry, style));
        } else {
          std::cout << (json ? report::RunHistoryJson(entry)
                             : report::RunHistoryText(entry, style));
        }
      });
  if (flags.format == "csv") std::cout << RenderTable(table, "csv", "");
}

ExitCode Verify(const config::Environment& environment) {
  auto check = workflow::VerifyTrail(environment, base::SystemClock());
  if (!check) return Report(check.error());
  if (check->fault) {
    return Report({.kind = base::ErrorKind::kIo,
                   .message = "the audit trail of " + environment.name +
                              " is not as it was written: " + *check->fault,
                   .hint = "Compare it with a backup: somebody changed the store by hand"});
  }
  std::cout << "The audit trail of " << environment.name
            << " is as it was written: " << base::Plural(check->count, "event") << ".\n";
  if (check->unproved > 0) {
    std::cout << base::Plural(check->unproved, "event")
              << " of them are from before events were chained, and prove nothing.\n";
  }
  return ExitCode::kDone;
}

ExitCode RunHistory(const Globals& globals, const Flags& flags) {
  workflow::EventFilter filter = flags.filter;
  filter.kind = model::ParseKind(flags.kind);
  if (!flags.since.empty()) {
    filter.since = ParseSince(flags.since);
    if (!filter.since) {
      return Report(
          {.kind = base::ErrorKind::kInvalid,
           .message = "--since `" + base::Printable(flags.since) + "` is not a valid time",
           .hint = "write 7d, 12h, 30m, or 2026-11-24T08:00:00Z"});
    }
  }
  auto project = config::LoadProject(globals.directory);
  if (!project) return Report(project.error(), globals.directory);
  std::string name = globals.environment;
  if (name.empty() && project->environments.size() == 1) {
    name = project->environments.begin()->first;
  }
  auto environment = config::FindEnvironment(*project, name);
  if (!environment) return Report(environment.error(), globals.directory);
  if (flags.verify) return Verify(**environment);
  if (!flags.list.empty()) {
    auto summaries = workflow::ReadRunSummaries(**environment, filter, base::SystemClock());
    if (!summaries) return Report(summaries.error(), globals.directory);
    auto migrations = workflow::ReadRuns(**environment, filter, base::SystemClock());
    if (!migrations) return Report(migrations.error(), globals.directory);
    std::cout << RenderTable(RunRows(*summaries, *migrations, filter.limit), flags.format,
                             filter.run.empty() && !filter.kind && filter.key.empty() &&
                                     filter.user.empty() && filter.what.empty() && !filter.since
                                 ? "No run is on record here yet."
                                 : "No run of that kind is on record here.");
    return ExitCode::kDone;
  }
  auto events = workflow::ReadHistory(**environment, filter, base::SystemClock());
  if (!events) return Report(events.error(), globals.directory);
  auto runs = workflow::ReadRuns(**environment, filter, base::SystemClock());
  if (!runs) return Report(runs.error(), globals.directory);
  if (events->empty() && runs->empty() && flags.format == "text") {
    std::cout << "Nothing of that kind was pushed to " << (*environment)->org
              << " or pulled from it here yet.\n";
  }
  Print(*events, *runs, flags);
  return ExitCode::kDone;
}

}  // namespace

Run DefineHistory(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  constexpr std::size_t kMost = 10'000'000;
  args.Text("LIST", flags->list, "runs: one line for each run instead of each change")
      .Choices({"runs"});
  args.Number("--limit", flags->filter.limit, "how many, newest first")
      .Range(std::size_t{1}, kMost)
      .ShowDefault();
  args.Text("--kind", flags->kind, "only of filter, exclusion or list")
      .Choices({"filter", "exclusion", "list"});
  args.Text("--key", flags->filter.key, "only of resources whose key matches")
      .Value("GLOB")
      .Completes("keys");
  args.Text("--what", flags->filter.what,
            "only apply, pull, settled after a stop, migrate, export, or import")
      .Choices({"apply", "pull", "settled", "migrate", "export", "import"});
  args.Text("--user", flags->filter.user, "only by this user").Value("NAME");
  args.Text("--run", flags->filter.run, "only of this run").Value("ID");
  args.Text("--since", flags->since, "only from then on: 7d, 12h, 30m, or a moment").Value("TIME");
  args.Text("--format", flags->format, "text, json (one object a line), or csv")
      .Choices({"text", "json", "csv"});
  args.Flag(
      "--verify", flags->verify,
      "hold the whole audit trail against its chain of hashes; exit code 1 if it was changed");
  args.Exclude(
      {"LIST", "--limit", "--kind", "--key", "--what", "--user", "--run", "--since", "--format"},
      "--verify", "it always looks at all of it");
  return [&globals, flags] { return RunHistory(globals, *flags); };
}

}  // namespace viasync::cli
