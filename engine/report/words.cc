#include "engine/report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/model/fields.h"
#include "engine/report/criteria_diff.h"
#include "engine/report/style.h"

namespace viasync::report {
namespace {

using model::Kind;
using reconcile::Action;
using reconcile::Change;
using reconcile::Direction;

constexpr std::string_view kHidden = "•••";

bool IsCriteria(Kind kind, std::string_view name) {
  return model::ShapeOf(kind, name) == model::Shape::kCriteria;
}

// The value a change leaves behind, or takes away where it deletes.
std::string_view ValueOf(const Change& change, std::string_view name) {
  for (const auto& field : change.fields) {
    if (field.name != name) continue;
    bool push = change.direction == Direction::kPush;
    bool local = push != (change.action == Action::kDelete);
    const auto& term = local ? field.local : field.remote;
    if (term) return *term;
  }
  return {};
}

std::string Period(std::string_view start, std::string_view end) {
  if (start.empty() && end.empty()) return "from now on, no end";
  std::string from = start.empty() ? "now" : MomentText(start);
  return from + " → " + ValueText(Kind::kExclusion, "end", end);
}

// What somebody who loses protection may expect; where it is pulled, it holds in the org already.
std::string Effect(const Change& change, std::string_view type) {
  if (!change.unprotects) return {};
  const bool already = change.direction == Direction::kPull;
  if (change.action == Action::kUpdate) {
    return already ? "less protection already" : "less protection";
  }
  std::string_view deed = type == "email"     ? "mailed"
                          : type == "sms"     ? "texted"
                          : type == "account" ? "contacted"
                                              : "called";
  return already ? fmt::format("may be {} already", deed) : fmt::format("may be {} again", deed);
}

bool IsWritable(Kind kind, std::string_view name) {
  auto writable = model::WritableFieldNames(kind);
  return std::ranges::find(writable, name) != writable.end();
}

std::vector<std::string> TermLines(const Change& change, const reconcile::FieldChange& field,
                                   const base::OptionalText& term, bool against_base) {
  if (!term) return {"(does not exist)"};
  if (!IsCriteria(change.kind, field.name)) return {ValueText(change.kind, field.name, *term)};
  if (!against_base || !field.base) return CriteriaLines(*term);
  std::vector<std::string> lines;
  for (const auto& line : DiffCriteria(*field.base, *term)) {
    lines.push_back(line.sign == '@' ? line.text : std::string(1, line.sign) + " " + line.text);
  }
  return lines;
}

}  // namespace

bool LacksBase(const Change& change) {
  return change.action != Action::kCreate &&
         std::ranges::none_of(change.fields, [](const auto& f) { return f.base.has_value(); });
}

std::string MaskAddress(std::string_view type, std::string_view address) {
  std::string text = base::Printable(address);
  // Anything but plain characters is no address; there is nothing to recognise.
  bool plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
  if (!plain || text.empty()) return std::string(kHidden);
  if (type == "email") {
    auto at = text.rfind('@');
    std::string domain = at == std::string::npos ? "" : text.substr(at);
    return text.substr(0, 1) + std::string(kHidden) + domain;
  }
  std::size_t ends = text.size() >= 11 ? 4 : text.size() >= 7 ? 2 : 0;
  return text.substr(0, ends) + std::string(kHidden) + text.substr(text.size() - ends);
}

std::string KeyText(Kind kind, std::string_view key, bool mask) {
  if (kind != Kind::kExclusion || !mask) return base::Printable(key);
  auto parts = model::ParseExclusionKey(key);
  std::string text = base::Printable(parts.type) + ":" + MaskAddress(parts.type, parts.address);
  text += "@" + (parts.list.empty() ? std::string("*") : base::Printable(parts.list));
  return parts.start.empty() ? text : text + "#" + parts.start;
}

std::string MomentText(base::UtcTime time) {
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto day = std::chrono::floor<std::chrono::days>(time);
  std::chrono::year_month_day date{day};
  std::chrono::hh_mm_ss clock{time - day};
  auto text =
      fmt::format("{} {} {} {:02}:{:02}", static_cast<unsigned>(date.day()),
                  kMonths.at(static_cast<unsigned>(date.month()) - 1),
                  static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count());
  if (clock.seconds().count()) text += fmt::format(":{:02}", clock.seconds().count());
  return text;
}

std::string MomentText(std::string_view canonical) {
  auto time = base::ParseTime(canonical);
  return time ? MomentText(*time) : base::Printable(canonical);
}

std::string MomentColumn(base::UtcTime time) {
  return Pad(MomentText(time) + " UTC", kMomentColumns);
}

std::string ValueText(Kind kind, std::string_view field, std::string_view value) {
  const bool time = model::ShapeOf(kind, field) == model::Shape::kTime;
  if (time && !value.empty()) return MomentText(value);
  if (time && model::InfoOf(kind).protects) return field == "end" ? "no end" : "now";
  return value.empty() ? "none" : base::Printable(value);
}

std::vector<FieldView> ViewFields(const Change& change) {
  std::vector<FieldView> views;
  for (const auto& field : change.fields) {
    if (!IsWritable(change.kind, field.name)) continue;
    bool push = change.direction == Direction::kPush;
    auto was = push ? field.remote : field.local;
    auto becomes = push ? field.local : field.remote;
    if (field.merged) becomes = field.merged;
    if (change.action == Action::kCreate) was.reset();
    if (change.action == Action::kDelete) becomes.reset();
    if (was.value_or("").empty() && becomes.value_or("").empty()) continue;
    FieldView view{base::Printable(field.name), IsCriteria(change.kind, field.name), was, becomes};
    if (!view.criteria) {
      if (was) view.was = ValueText(change.kind, field.name, *was);
      if (becomes) view.becomes = ValueText(change.kind, field.name, *becomes);
      if (view.was && view.was == view.becomes) {  // they differ in the milliseconds alone
        view.was = base::Printable(*was);
        view.becomes = base::Printable(*becomes);
      }
    }
    views.push_back(std::move(view));
  }
  return views;
}

std::vector<ConflictField> ViewConflict(const Change& change) {
  std::vector<ConflictField> views;
  for (const auto& field : change.fields) {
    if (!IsWritable(change.kind, field.name)) continue;
    views.push_back({base::Printable(field.name), TermLines(change, field, field.base, false),
                     TermLines(change, field, field.local, true),
                     TermLines(change, field, field.remote, true)});
  }
  return views;
}

ExclusionView ViewExclusion(const Change& change, bool mask) {
  auto key = model::ParseExclusionKey(change.key);
  // The fields of a create or delete tell address and list without doubt, the key nearly so.
  if (auto address = ValueOf(change, "address"); !address.empty()) {
    key.address = address;
    key.list = ValueOf(change, "list");
  }
  ExclusionView view;
  view.type = base::Printable(key.type);
  view.address = mask ? MaskAddress(key.type, key.address) : base::Printable(key.address);
  view.list = key.list.empty() ? "all lists" : base::Printable(key.list);
  view.effect = Effect(change, key.type);
  if (change.action != Action::kUpdate) {
    view.period = Period(ValueOf(change, "start"), ValueOf(change, "end"));
    view.reason = base::Printable(ValueOf(change, "reason"));
  }
  return view;
}

std::string UpdateText(const Change& change) {
  std::string text;
  for (const auto& field : ViewFields(change)) {
    if (!text.empty()) text += ", ";
    text += field.name + ": " + field.was.value_or("none") + " → " + field.becomes.value_or("none");
  }
  return text;
}

std::string WhoChanged(const Change& change) {
  std::string who;
  if (!change.modified_by.empty()) who += "by " + base::Printable(change.modified_by.str());
  if (change.modified_at) {
    who += (who.empty() ? "on " : ", ") + MomentText(*change.modified_at) + " UTC";
  }
  return who;
}

std::string DriftNote(const Change& change, Purpose purpose) {
  std::string who = WhoChanged(change);
  if (!who.empty()) who = " " + who;
  if (change.direction == Direction::kPull && purpose != Purpose::kApply) {
    if (change.action == Action::kCreate) return "new: only in the org, changed there" + who;
    if (change.action == Action::kDelete) return "deleted in the org: its entry leaves the files";
    return "changed in the org" + who;
  }
  if (change.direction == Direction::kPull) {
    if (change.action == Action::kDelete) return "deleted in the org; apply will not recreate it";
    std::string what =
        change.action == Action::kCreate ? "only in the org, changed there" : "changed in the org";
    return what + who + "; apply leaves it alone";
  }
  if (!change.reverts_drift) {
    const bool no_base = purpose != Purpose::kDiff && LacksBase(change);
    return no_base && !who.empty() ? "last changed in the org" + who : std::string();
  }
  if (change.action == Action::kCreate) return "takes back its deletion in the org";
  return "takes back a change made in the org" + who;
}

std::string SourceText(const model::Source& source) {
  if (source.file.empty()) return {};
  std::string text = base::Printable(source.file.str());
  return source.line > 0 ? text + ":" + std::to_string(source.line) : text;
}

std::string CutText(std::size_t count, const Change& alike, Purpose purpose) {
  auto noun = count == 1 ? model::KindName(alike.kind) : model::KindPlural(alike.kind);
  std::string text = fmt::format("… and {} more {}", base::Thousands(count), noun);
  if (alike.direction == Direction::kPull)
    text += purpose == Purpose::kApply ? " drifted" : " to pull";
  else if (purpose == Purpose::kDiff)
    text += alike.action == Action::kCreate   ? " missing"
            : alike.action == Action::kUpdate ? " different"
                                              : " extra";
  else
    text += fmt::format(" to {}", reconcile::ActionName(alike.action));
  if (alike.reverts_drift) text += ", taking back what was done in the org";
  return text;
}

}  // namespace viasync::report
