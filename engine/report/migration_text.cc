#include "engine/report/migration_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/migrate/job_status.h"
#include "engine/model/object_types.h"

namespace viasync::report {
namespace {

using migrate::Fate;
using migrate::JobEnd;
using migrate::MigrationPlan;
using migrate::PlannedObject;

constexpr std::size_t kNameColumnsMax = 40;

// A line of an object: its sign, its name, what is to be said about it.
struct Line {
  std::string type;
  char sign = ' ';
  std::string name;
  std::string note;
  Colour colour = Colour::kDim;
};

// Grouped by type, names in one column.
std::string Lines(const std::vector<Line>& lines, const Style& style) {
  std::size_t columns = 0;
  for (const Line& line : lines) columns = std::max(columns, Columns(line.name));
  columns = std::min(columns, kNameColumnsMax);
  std::string text, type;
  for (const Line& line : lines) {
    if (line.type != type) {
      const auto count = std::ranges::count(lines, line.type, &Line::type);
      text += (type.empty() ? "" : "\n") + Paint(style, Colour::kBold, line.type) +
              fmt::format("  {}\n", count);
      type = line.type;
    }
    text += "  " + Paint(style, line.colour, std::string(1, line.sign)) + " " +
            (line.note.empty() ? line.name : Pad(line.name, columns)) +
            (line.note.empty() ? "" : "  " + Paint(style, Colour::kDim, line.note)) + "\n";
  }
  return text;
}

std::string AnswerWords(const MigrationPlan& plan, const PlannedObject& object) {
  const auto& options = plan.migration.options;
  if (options.insert_only) return "stays as it is (insert_only)";
  if (options.update_all) return "overwritten (update_all)";
  const auto& answer = object.answer;
  const std::string what = "overwritten, unless the org raises a conflict; ";
  if (object.taken) {
    return what + "a conflict would stop the import: " + answer.rule + " makes it " +
           base::Printable(answer.new_name) + ", which the target has, too";
  }
  if (!answer.new_name.empty()) {
    return what + "in a conflict becomes " + base::Printable(answer.new_name) + " (" + answer.rule +
           ")";
  }
  if (answer.what == model::OnConflict::kIgnore) {
    return what + "in a conflict the target's stays (" + answer.rule + ")";
  }
  return what + "a conflict would stop the import (" + answer.rule + ")";
}

Line PlanLine(const MigrationPlan& plan, const PlannedObject& object) {
  Line line{.type = object.chosen.type, .sign = '+', .name = base::Printable(object.chosen.name)};
  line.colour = Colour::kGreen;
  line.note = base::Printable(Clip(object.chosen.description, 60));
  if (!object.there && plan.migration.options.update_all) {
    line.sign = '-';
    line.colour = Colour::kYellow;
    line.note = "new to the target, left out (update_all)";
  }
  if (object.there) {
    line.sign = '=';
    line.colour = migrate::WouldStop(plan, object) ? Colour::kMagenta : Colour::kYellow;
    line.note = "there already: " + AnswerWords(plan, object);
  }
  if (!object.chosen.because.empty()) {
    line.note += (line.note.empty() ? "" : "; ") + std::string("related to ") +
                 base::Printable(object.chosen.because);
  }
  return line;
}

std::string OptionsText(const model::ImportOptions& options) {
  std::vector<std::string> parts;
  if (!options.dialer.empty()) parts.push_back("dialer " + base::Printable(options.dialer));
  if (!options.salt.empty()) {
    parts.push_back("salt " + options.salt +
                    (options.append_salt ? " behind the name" : " in front of the name"));
  }
  if (options.insert_only) parts.push_back("insert_only");
  if (options.update_all) parts.push_back("update_all");
  if (options.ignore_errors) parts.push_back("ignore_errors");
  return base::Join(parts, ", ");
}

std::string StopRules(const MigrationPlan& plan) {
  std::map<std::string, migrate::Unanswered> open;
  for (const PlannedObject& object : plan.objects) {
    if (!migrate::WouldStop(plan, object)) continue;
    auto& unanswered = open[object.chosen.type];
    unanswered.object = object.chosen.type;
    unanswered.names.push_back(object.chosen.name);
  }
  std::string rules;
  for (const auto& [type, unanswered] : open) {
    const std::string rule = migrate::RuleToAdd(unanswered);
    rules += rules.empty() ? rule : rule.substr(rule.find('\n'));
  }
  return rules;
}

std::string Indent(std::string_view text, std::string_view by) {
  std::string indented;
  for (std::string_view line : base::Split(text, '\n')) {
    indented += std::string(by) + std::string(line) + "\n";
  }
  return indented;
}

std::string DanglingText(const std::vector<std::string>& dangling, const Style& style) {
  if (dangling.empty()) return {};
  std::string text = "\n" + Paint(style, Colour::kYellow, "Referred to, but not offered") + "\n";
  for (const auto& what : dangling) text += "    " + base::Printable(what) + "\n";
  return text;
}

// The word for a fate, and what is to be said of it.
Line FateLine(const migrate::ObjectFate& object, const std::string& target) {
  Line line{.type = object.type, .name = base::Printable(object.name)};
  switch (object.fate) {
    case Fate::kCreated:
      return line.sign = '+', line.colour = Colour::kGreen, line.note = "new", line;
    case Fate::kUpdated:
      return line.sign = '~', line.colour = Colour::kYellow, line.note = "updated", line;
    case Fate::kRenamed:
      line.sign = '+', line.colour = Colour::kGreen;
      line.note = "new, as " + base::Printable(object.new_name);
      return line;
    case Fate::kIgnored:
      return line.sign = '=', line.note = "ignored: " + target + " keeps its own", line;
    case Fate::kLeftOut:
      return line.sign = '=', line.note = "left out by the options", line;
    case Fate::kMissing:
      line.sign = '!', line.colour = Colour::kRed;
      line.note = "missing: " + target + " does not list it after the import";
      return line;
    case Fate::kUnknown:
      return line.sign = '?', line.colour = Colour::kYellow, line.note = "not known", line;
  }
  return line;
}

std::string CountsText(const std::vector<migrate::ObjectFate>& objects) {
  constexpr std::pair<Fate, const char*> kWords[] = {
      {Fate::kCreated, "new"},      {Fate::kUpdated, "updated"},  {Fate::kRenamed, "renamed"},
      {Fate::kIgnored, "ignored"},  {Fate::kLeftOut, "left out"}, {Fate::kMissing, "missing"},
      {Fate::kUnknown, "not known"}};
  std::vector<std::string> parts;
  for (const auto& [fate, word] : kWords) {
    const auto count = std::ranges::count(objects, fate, &migrate::ObjectFate::fate);
    if (count) parts.push_back(fmt::format("{} {}", count, word));
  }
  return base::Join(parts, ", ");
}

std::string JobName(const migrate::Outcome& outcome) {
  return "job " + base::Printable(outcome.job) + " of " + base::Printable(outcome.job_org);
}

std::string MessageOf(const migrate::Outcome& outcome) {
  const std::string message = base::Printable(base::Trim(outcome.watched.job.message));
  return message.empty() ? "" : ": " + message;
}

// How a job that was left gets on.
std::string GoesOn(const migrate::Outcome& outcome, const RunTitle& title) {
  if (migrate::PhaseOf(outcome.watched.job.status) != migrate::Phase::kPaused) {
    return "\n  → it goes on in the org; " + title.again + " picks it up again\n";
  }
  return "\n  → somebody paused it: viasync" + title.at + " jobs resume " +
         base::Printable(outcome.job) + " -e " + base::Printable(outcome.job_environment) +
         "; then " + title.again + " picks it up again\n";
}

// What a run that did not come to its end says.
std::string EndText(const migrate::Outcome& outcome, const RunTitle& title, const Style& style) {
  const std::string job = JobName(outcome);
  const std::string status = migrate::StatusWords(outcome.watched.job);
  switch (outcome.end) {
    case JobEnd::kDone:
      return {};
    case JobEnd::kFailed:
      return Paint(style, Colour::kRed, "Failed") + ": " + job + " ended as " + status +
             MessageOf(outcome) + "\n  → correct what it says, and run again: that starts over\n";
    case JobEnd::kConflict:
      return ConflictText(outcome.watched, title, style);
    case JobEnd::kTimeout:
      return Paint(style, Colour::kYellow, "Not finished in time") + ": " + job + " is " + status +
             GoesOn(outcome, title);
    case JobEnd::kInterrupted:
      if (outcome.job.empty()) return "Stopped before the import: nothing was changed.\n";
      return Paint(style, Colour::kYellow, "Stopped on request") + ": " + job + " is " + status +
             GoesOn(outcome, title);
    case JobEnd::kVanished:
      return Paint(style, Colour::kRed, "Lost") + ": " + job +
             " is not there any more; what it did is not known\n  → look at the org; with "
             "--restart the next run starts over\n";
  }
  return {};
}

std::string_view EndWord(JobEnd end) {
  constexpr std::string_view kWords[] = {"done",    "failed",      "conflict",
                                         "timeout", "interrupted", "vanished"};
  return kWords[static_cast<std::size_t>(end)];
}

}  // namespace

std::string BytesText(std::uint64_t bytes) {
  constexpr std::uint64_t kKilo = 1000, kMega = 1'000'000, kGiga = 1'000'000'000;
  const auto whole = static_cast<double>(bytes);
  if (bytes < kKilo) return fmt::format("{} B", bytes);
  if (bytes < kMega) return fmt::format("{:.1f} kB", whole / kKilo);
  if (bytes < kGiga) return fmt::format("{:.1f} MB", whole / kMega);
  return fmt::format("{:.2f} GB", whole / kGiga);
}

std::string MigrationPlanText(const MigrationPlan& plan, const Style& style) {
  std::string text =
      Paint(style, Colour::kBold, "Migration " + base::Printable(plan.migration.name)) + ": " +
      base::Printable(plan.from_environment) + " (" + base::Printable(plan.from_org) + ") → " +
      base::Printable(plan.to_environment) + " (" + base::Printable(plan.to_org) + ")\n\n";
  std::vector<Line> lines;
  std::size_t there = 0, stops = 0, overwritten = 0;
  for (const PlannedObject& object : plan.objects) {
    lines.push_back(PlanLine(plan, object));
    there += object.there;
    stops += migrate::WouldStop(plan, object);
    overwritten += migrate::WouldOverwrite(plan, object) != migrate::Overwrites::kNo;
  }
  text += Lines(lines, style) + DanglingText(plan.dangling, style);
  const std::string options = OptionsText(plan.migration.options);
  if (!options.empty()) text += "\nOptions: " + options + "\n";
  text += fmt::format(
      "\nPlan: {} would travel: {} new to {}, {} there already{}.\n",
      base::Plural(plan.objects.size(), "object"), plan.objects.size() - there,
      base::Printable(plan.to_org), there,
      stops ? fmt::format(", of which {} would stop the import in a conflict", stops) : "");
  if (overwritten) {
    const bool sure = plan.migration.options.update_all;
    text += fmt::format("{} of {} {} be overwritten; {}.\n", base::Plural(overwritten, "object"),
                        base::Printable(plan.to_org), sure ? "will" : "may",
                        sure ? "update_all asks for it" : "insert_only prevents it");
  }
  if (stops) {
    text += "To answer them, below `migrations: " + base::Printable(plan.migration.name) +
            "`:\n\n" + Indent(StopRules(plan), "    ");
  }
  return text;
}

std::string MigrationPlanJson(const MigrationPlan& plan) {
  using Json = nlohmann::ordered_json;
  Json json = {{"format", "viasync-migration-plan/1"},
               {"migration", plan.migration.name},
               {"from", {{"environment", plan.from_environment}, {"org", plan.from_org}}},
               {"to", {{"environment", plan.to_environment}, {"org", plan.to_org}}},
               {"objects", Json::array()},
               {"notOffered", plan.dangling}};
  for (const PlannedObject& object : plan.objects) {
    Json entry = {{"type", object.chosen.type},
                  {"name", object.chosen.name},
                  {"relatedTo", object.chosen.because},
                  {"there", object.there}};
    if (object.there) {
      const auto& answer = object.answer;
      entry["onConflict"] = answer.new_name.empty() ? std::string(OnConflictName(answer.what))
                                                    : std::string("rename");
      if (!answer.new_name.empty()) entry["newName"] = answer.new_name;
      entry["rule"] = answer.rule;
      entry["wouldStop"] = migrate::WouldStop(plan, object);
      const auto overwrites = migrate::WouldOverwrite(plan, object);
      entry["overwritten"] = overwrites == migrate::Overwrites::kYes     ? "yes"
                             : overwrites == migrate::Overwrites::kMaybe ? "unless in conflict"
                                                                         : "no";
    }
    json["objects"].push_back(std::move(entry));
  }
  return base::DumpJson(json, 2) + "\n";
}

std::string ConflictText(const migrate::Watched& watched, const RunTitle& title,
                         const Style& style) {
  const auto& open = *watched.unanswered;
  constexpr std::size_t kShown = 12;
  std::string names;
  for (std::size_t i = 0; i < std::min(open.names.size(), kShown); ++i) {
    names += (i ? ", " : "") + base::Printable(open.names[i]);
  }
  if (open.names.size() > kShown) names += fmt::format(" and {} more", open.names.size() - kShown);
  std::string text =
      Paint(style, Colour::kMagenta, "Conflict") + ": " + base::Printable(open.object) +
      (names.empty() ? "" : " ") + names + "\n  " +
      (watched.why.empty() ? "the target has objects of these names, and no rule says "
                             "what becomes of them"
                           : watched.why) +
      "\n  job " + base::Printable(watched.job.id) +
      (watched.paused ? " is paused" : " waits for an answer") + "\n\nAdd this to " + title.rules +
      ", and run " + title.again + ":\n\n" + Indent(migrate::RuleToAdd(open), "    ");
  return text;
}

std::string RunText(const migrate::Outcome& outcome, const RunTitle& title, const Style& style) {
  std::vector<Line> lines;
  const bool imported = outcome.end == JobEnd::kDone && !outcome.objects.empty();
  if (imported) {
    for (const auto& object : outcome.objects) {
      lines.push_back(FateLine(object, base::Printable(title.to)));
    }
  }
  std::string text = Lines(lines, style);
  text += DanglingText(outcome.dangling, style);
  if (!text.empty()) text += "\n";
  if (outcome.end != JobEnd::kDone) return text + EndText(outcome, title, style);
  const std::string done =
      outcome.ended ? "Done before, at " + base::FormatTimeShort(*outcome.ended) : "Done";
  text += Paint(style, Colour::kGreen, done) + ": " + title.what;
  if (imported) text += fmt::format(": {}", CountsText(outcome.objects));
  if (outcome.rounds) text += "; " + base::Plural(outcome.rounds, "conflict") + " answered";
  text += "\n";
  if (outcome.ended) text += "  → nothing was written this time; --restart does it once more\n";
  if (!outcome.sha256.empty()) {
    text +=
        Paint(style, Colour::kDim, BytesText(outcome.bytes) + ", sha256 " + outcome.sha256) + "\n";
  }
  return text;
}

std::string RunJson(const migrate::Outcome& outcome, const RunTitle& title) {
  using Json = nlohmann::ordered_json;
  constexpr std::string_view kFates[] = {"created",  "updated", "renamed", "ignored",
                                         "left-out", "missing", "unknown"};
  Json json = {{"format", "viasync-run/1"},
               {"what", title.what},
               {"run", outcome.run},
               {"resumed", outcome.resumed},
               {"result", std::string(EndWord(outcome.end))},
               {"job", outcome.job},
               {"org", outcome.job_org},
               {"status", outcome.watched.job.status},
               {"message", outcome.watched.job.message},
               {"file", outcome.file},
               {"bytes", outcome.bytes},
               {"sha256", outcome.sha256},
               {"conflictsAnswered", outcome.rounds},
               {"objects", Json::array()}};
  if (outcome.ended) json["doneBefore"] = base::FormatTime(*outcome.ended);
  for (const auto& object : outcome.objects) {
    Json entry = {{"type", object.type},
                  {"name", object.name},
                  {"result", std::string(kFates[static_cast<std::size_t>(object.fate)])}};
    if (!object.new_name.empty()) entry["newName"] = object.new_name;
    json["objects"].push_back(std::move(entry));
  }
  if (outcome.watched.unanswered) {
    json["conflict"] = {{"object", outcome.watched.unanswered->object},
                        {"names", outcome.watched.unanswered->names},
                        {"paused", outcome.watched.paused},
                        {"rule", migrate::RuleToAdd(*outcome.watched.unanswered)}};
  }
  return base::DumpJson(json, 2) + "\n";
}

}  // namespace viasync::report
