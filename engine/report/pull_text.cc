#include "engine/report/pull_text.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/report/result_text.h"
#include "engine/report/words.h"

namespace viasync::report {
namespace {

using nlohmann::ordered_json;

std::string PlaceText(const base::SourcePos& place) {
  std::string text = base::Printable(place.file);
  return place.line > 0 ? text + ":" + std::to_string(place.line) : text;
}

std::string Name(const reconcile::Change& change, const Style& style) {
  return std::string(model::KindName(change.kind)) + " " +
         KeyText(change.kind, change.key, style.mask);
}

// How many resources of each kind went into a file.
using PerKind = std::map<model::Kind, std::size_t>;

std::string CountText(const PerKind& counts) {
  std::vector<std::string> parts;
  for (const auto& [kind, count] : counts) {
    parts.push_back(base::Plural(count, model::KindName(kind)));
  }
  return base::Join(parts, ", ");
}

std::map<std::string, PerKind> PerFile(const PullReport& report) {
  std::map<std::string, PerKind> files;
  for (const auto& [change, places] : report.written) {
    std::set<std::string> once;
    for (const auto& place : places) once.insert(place.file);
    for (const auto& file : once) ++files[file][change.kind];
  }
  return files;
}

std::size_t CountUnprotecting(const PullReport& report) {
  return static_cast<std::size_t>(std::ranges::count_if(
      report.written, [](const auto& written) { return written.change.unprotects; }));
}

std::string Files(const PullReport& report, const Style& style, std::size_t listed_max) {
  auto files = PerFile(report);
  if (files.empty()) return {};
  std::string text = Paint(style, Colour::kBold,
                           (report.dry_run ? "Would write " : "Wrote ") +
                               base::Plural(report.written.size(), "change") + " into " +
                               base::Plural(files.size(), "file")) +
                     "\n";
  if (auto count = CountUnprotecting(report); count > 0) {
    text += "  " +
            Paint(style, Colour::kRed,
                  base::Thousands(count) + (count == 1 ? " of these takes" : " of these take") +
                      " protection out of the files") +
            "\n";
  }
  std::size_t columns = 0, listed = 0;
  for (const auto& [file, counts] : files) {
    if (listed++ < listed_max) columns = std::max(columns, Columns(base::Printable(file)));
  }
  listed = 0;
  for (const auto& [file, counts] : files) {
    if (listed++ >= listed_max) continue;
    text += "  " + Pad(base::Printable(file), columns) + "  " + CountText(counts) + "\n";
  }
  if (listed > listed_max) {
    text += "  … and " + base::Plural(listed - listed_max, "more file") + " (--full lists them)\n";
  }
  return text;
}

std::string Hands(const PullReport& report, const Style& style, std::size_t listed_max) {
  if (report.by_hand.empty()) return {};
  std::string text = "\n" + Paint(style, Colour::kBold, "To be written by hand") + ": " +
                     base::Thousands(report.by_hand.size()) + "\n\n";
  std::size_t listed = 0;
  for (const auto& [change, why] : report.by_hand) {
    if (listed++ >= listed_max) continue;
    text += "  " + Paint(style, Colour::kMagenta, "!") + " " +
            Paint(style, Colour::kBold, Name(change, style));
    if (why.where) text += "  " + Paint(style, Colour::kDim, PlaceText(*why.where));
    text += "\n      " + base::Printable(why.message) + "\n";
    if (!why.hint.empty()) text += "      → " + base::Printable(why.hint) + "\n";
  }
  if (listed > listed_max)
    text += "  … and " + base::Thousands(listed - listed_max) + " more (--full lists them)\n";
  return text;
}

std::string LeftOut(const PullReport& report, const Style& style, std::size_t listed_max) {
  if (report.left_out.empty()) return {};
  std::size_t entries = 0;
  for (const auto& alike : report.left_out) entries += alike.ids.size();
  std::string text = "\n" + Paint(style, Colour::kBold, "Left out") + ": " +
                     base::Thousands(entries) +
                     " new entries of the org that cannot be told apart\n";
  std::size_t listed = 0;
  for (const auto& [kind, key, ids] : report.left_out) {
    if (listed++ >= listed_max) continue;
    text += "  " + Paint(style, Colour::kMagenta, "!") + " " + std::string(model::KindName(kind)) +
            " " + KeyText(kind, key, style.mask) + "  " +
            Paint(style, Colour::kDim, "ids " + base::Printable(base::Join(ids, ", "))) + "\n";
  }
  if (listed > listed_max)
    text += "  … and " + base::Thousands(listed - listed_max) + " more (--full lists them)\n";
  return text + "  → delete all but one of each in the vendor's UI, and pull again\n";
}

std::string PutOff(const PullReport& report, const Style& style, std::size_t listed_max) {
  if (report.put_off.empty()) return {};
  std::string text = "\n" + Paint(style, Colour::kBold, "Not written yet") + ": " +
                     base::Thousands(report.put_off.size()) +
                     ", since the org has not taken a change of the same entry\n";
  std::size_t listed = 0;
  for (const auto& change : report.put_off) {
    if (listed++ >= listed_max) continue;
    text += "  " + Paint(style, Colour::kMagenta, "!") + " " + Name(change, style) + "\n";
  }
  if (listed > listed_max) text += "  … and " + base::Thousands(listed - listed_max) + " more\n";
  return text + "  → run `viasync" + report.at + " sync` again\n";
}

ordered_json Json(const reconcile::Change& change) {
  const bool pull = change.direction == reconcile::Direction::kPull;
  ordered_json fields = ordered_json::array();
  for (const auto& field : change.fields) {
    const auto& [before, after] =
        pull ? std::tie(field.local, field.remote) : std::tie(field.remote, field.local);
    ordered_json one = {{"name", field.name}};
    if (before) one["before"] = *before;
    if (change.action != reconcile::Action::kDelete) {
      one["after"] = field.merged ? *field.merged : after.value_or("");
    }
    fields.push_back(std::move(one));
  }
  ordered_json json = {{"kind", std::string(model::KindName(change.kind))},
                       {"key", change.key},
                       {"action", std::string(reconcile::ActionName(change.action))}};
  if (change.unprotects) json["unprotects"] = true;
  json["fields"] = std::move(fields);
  return json;
}

ordered_json SummaryJson(const plan::Summary& s) {
  return {{"create", s.create},       {"update", s.update},
          {"delete", s.remove},       {"unprotect", s.unprotect},
          {"pull", s.pull},           {"pullUnprotect", s.pull_unprotect},
          {"conflict", s.conflict},   {"unchanged", s.unchanged}};
}

// By key, of either side.
ordered_json UnprotectingJson(const PullReport& report) {
  ordered_json json = ordered_json::array();
  auto add = [&](const reconcile::Change& change) {
    if (!change.unprotects) return;
    json.push_back({{"key", change.key},
                    {"action", std::string(reconcile::ActionName(change.action))},
                    {"direction", std::string(reconcile::DirectionName(change.direction))}});
  };
  for (const auto& change : report.pushes) add(change);
  for (const auto& written : report.written) add(written.change);
  for (const auto& left : report.by_hand) add(left.change);
  for (const auto& change : report.put_off) add(change);
  return json;
}

}  // namespace

std::string FirstPullText(const plan::Plan& plan, const Style& style) {
  constexpr std::size_t kNamed = 5;
  std::map<model::Kind, std::vector<std::string>> names;
  PerKind counts;
  for (const auto& change : plan.changes) {
    ++counts[change.kind];
    auto& named = names[change.kind];
    if (named.size() < kNamed) named.push_back(KeyText(change.kind, change.key, style.mask));
  }
  std::string text = Paint(style, Colour::kBold, "New in the files") + ", from " +
                     base::Printable(plan.org) + "\n\n";
  for (const auto& [kind, count] : counts) {
    text += "  " + Paint(style, Colour::kGreen, "+ ") + base::Plural(count, model::KindName(kind)) +
            "\n      " + base::Join(names[kind], ", ");
    if (count > kNamed) text += ", and " + base::Thousands(count - kNamed) + " more";
    text += "\n";
  }
  return text + "\n" + Paint(style, Colour::kDim, "--full shows each with its values.") + "\n";
}

std::string PullText(const PullReport& report, const Style& style, std::size_t listed_max) {
  std::string text = Files(report, style, listed_max) + Hands(report, style, listed_max) +
                     LeftOut(report, style, listed_max) + PutOff(report, style, listed_max);
  if (!report.shared.empty()) {
    text += "\nThese files are read by " + base::Printable(base::Join(report.shared, ", ")) +
            " too: what changed here is planned for there.\n";
  }
  return text;
}

std::string PullJson(const PullReport& report) {
  ordered_json json = {{"format", "viasync-pull/1"},
                       {"environment", report.environment},
                       {"org", report.org},
                       {"dryRun", report.dry_run},
                       {"summary", SummaryJson(report.summary)},
                       {"unprotecting", UnprotectingJson(report)},
                       {"warnings", ordered_json::array()},
                       {"pushes", ordered_json::array()},
                       {"written", ordered_json::array()},
                       {"byHand", ordered_json::array()},
                       {"leftOut", ordered_json::array()},
                       {"putOff", ordered_json::array()},
                       {"sharedWith", report.shared}};
  for (const auto& warning : report.warnings) {
    json["warnings"].push_back({{"message", warning.message}, {"hint", warning.hint}});
  }
  for (const auto& change : report.pushes) json["pushes"].push_back(Json(change));
  if (report.applied) json["applied"] = base::ParseOrderedJson(ApplyJson(*report.applied));
  for (const auto& [change, places] : report.written) {
    ordered_json one = Json(change);
    one["places"] = ordered_json::array();
    for (const auto& place : places) {
      one["places"].push_back({{"file", place.file}, {"line", place.line}});
    }
    json["written"].push_back(std::move(one));
  }
  for (const auto& [change, why] : report.by_hand) {
    ordered_json one = Json(change);
    one["reason"] = why.message;
    one["hint"] = why.hint;
    if (why.where) one["place"] = {{"file", why.where->file}, {"line", why.where->line}};
    json["byHand"].push_back(std::move(one));
  }
  for (const auto& change : report.put_off) json["putOff"].push_back(Json(change));
  for (const auto& [kind, key, ids] : report.left_out) {
    json["leftOut"].push_back(
        {{"kind", std::string(model::KindName(kind))}, {"key", key}, {"ids", ids}});
  }
  return base::DumpJson(json, 2) + "\n";
}

}  // namespace viasync::report
