#include "engine/report/plan_document.h"

#include <algorithm>
#include <map>

#include "engine/base/strings.h"
#include "engine/model/fields.h"
#include "engine/report/outline.h"
#include "engine/report/plan_words.h"

namespace viasync::report {
namespace {

using model::Kind;
using reconcile::Action;
using reconcile::Change;
using reconcile::Direction;

Act ActOf(const Change& change) {
  if (change.direction == Direction::kPull) return Act::kMoved;
  constexpr Act kActs[] = {Act::kCreate, Act::kUpdate, Act::kDelete};
  return kActs[static_cast<std::size_t>(change.action)];
}

std::string_view DiffWord(Action action) {
  constexpr std::string_view kWords[] = {"missing", "different", "extra"};
  return kWords[static_cast<std::size_t>(action)];
}

std::string WordOf(const Change& change, Purpose purpose) {
  if (purpose == Purpose::kDiff) return std::string(DiffWord(change.action));
  if (change.direction == Direction::kPull) {
    return purpose == Purpose::kApply ? "drift" : "pull";
  }
  return std::string(reconcile::ActionName(change.action));
}

// A criterion as lines with signs; without any where there is nothing to compare it with.
Clauses ClausesOf(const FieldView& field) {
  Clauses clauses{.name = field.name, .compared = field.was && field.becomes};
  if (clauses.compared) {
    clauses.lines = DiffCriteria(*field.was, *field.becomes);
    return clauses;
  }
  for (auto& line : CriteriaLines(field.becomes ? *field.becomes : *field.was)) {
    clauses.lines.push_back({' ', std::move(line)});
  }
  return clauses;
}

class PlanWriter {
 public:
  PlanWriter(const plan::Plan& plan, const PlanView& view)
      : plan_(plan), view_(view), outline_(MakeOutline(plan, view.changes_max, view.purpose)) {
    for (const auto& [from, to] : plan.renames) {
      new_names_.emplace(from, to);
      old_names_.emplace(to, from);
    }
  }

  Document Write() {
    Head();
    if (document_.quiet) {
      Warnings();
      Unmanaged();
      return std::move(document_);
    }
    Counts();
    Exceeded();
    Unprotecting(outline_.unprotecting, UnprotectTitle(plan_));
    Unprotecting(outline_.unprotecting_pulls, UnprotectPullTitle(plan_, view_.purpose));
    Warnings();
    Conflicts();
    for (const auto& section : outline_.sections.all) KindSection(section);
    Unmanaged();
    document_.changes_cut = outline_.changes_cut;
    document_.conflicts_cut = outline_.conflicts_cut;
    return std::move(document_);
  }

 private:
  bool Diff() const { return view_.purpose == Purpose::kDiff; }
  // Whether it is something that is sent, and so has an id, limits and a next step.
  bool Sends() const { return view_.purpose == Purpose::kApply || view_.purpose == Purpose::kSync; }

  void Head() {
    const std::string name = base::Printable(plan_.environment), org = base::Printable(plan_.org);
    document_.see_all = FullCommand(plan_, view_.purpose);
    if (Diff()) {
      document_.title = {{name, true, Tone::kStrong},
                         {" (", false, Tone::kStrong},
                         {org, true, Tone::kStrong},
                         {") compared with ", false, Tone::kStrong},
                         {base::Printable(view_.against), true, Tone::kStrong}};
    } else {
      constexpr std::string_view kTitles[] = {"Plan for ", "Pull for ", "Sync of "};
      document_.title = {
          {std::string(kTitles[static_cast<std::size_t>(view_.purpose)]), false, Tone::kStrong},
          {name, true, Tone::kStrong},
          {" ("},
          {org, true},
          {")"}};
      document_.origin.push_back({"base", BaseText(plan_)});
      if (Sends()) document_.origin.push_back({"plan", ShortId(plan_.id)});
      document_.origin.push_back({"made", MomentText(plan_.created) + " UTC"});
      document_.origin.push_back({"by", base::Printable(plan_.tool)});
    }
    if (auto line = NoChangesLine(plan_, view_.purpose)) {
      document_.quiet = true;
      document_.summary = std::move(*line);
      return;
    }
    document_.summary = {{SummaryLine(plan_, view_.purpose), false, Tone::kStrong}};
    document_.caution = NoBaseText(plan_, view_.purpose);
    auto next = WhatNext(plan_, view_.purpose, view_.at);
    if (!view_.next_step) return;
    document_.next_sentence = std::move(next.sentence);
    document_.command = std::move(next.command);
  }

  void Counts() {
    document_.counts.columns = Diff() ? std::vector<std::string>{"missing", "different", "extra"}
                                      : std::vector<std::string>{"create", "update", "delete"};
    document_.counts.columns.push_back(view_.purpose == Purpose::kApply || Diff() ? "drifted"
                                                                                  : "to pull");
    document_.counts.columns.emplace_back("conflicts");
    for (const auto& section : outline_.sections.all) {
      const auto& c = section.counts;
      document_.counts.rows.push_back({std::string(model::KindPlural(section.kind)),
                                       {c.create, c.update, c.remove, c.pull, c.conflict}});
    }
  }

  void Exceeded() {
    if (plan_.exceeded.empty() || !Sends()) return;
    document_.notices.push_back({"Over the limit", ExceededLines(plan_)});
  }

  // What may harm somebody comes first, and is never cut.
  void Unprotecting(const std::vector<const Change*>& changes, std::string title) {
    if (changes.empty()) return;
    Section section{.role = Section::Role::kDanger, .title = std::move(title), .utc = true};
    section.columns = ColumnsOf(Kind::kExclusion);
    section.parts.reserve(changes.size());
    for (const auto* change : changes) section.parts.emplace_back(RowItem(*change));
    document_.sections.push_back(std::move(section));
  }

  void Warnings() {
    if (plan_.warnings.empty() || view_.warnings_max == 0) return;
    Section section{.role = Section::Role::kWarnings, .title = WarningsTitle(plan_)};
    auto lines = WarningLines(plan_, view_.mask);
    const std::size_t cut = lines.size() - std::min(lines.size(), view_.warnings_max);
    lines.resize(lines.size() - cut);
    for (auto& line : lines) section.parts.emplace_back(Item{.name = {std::move(line)}});
    if (cut > 0) section.parts.emplace_back(More{{{"… and " + base::Plural(cut, "more warning")}}});
    document_.sections.push_back(std::move(section));
  }

  // None: a paragraph each.
  static std::vector<std::string> ColumnsOf(Kind kind) {
    if (kind == Kind::kExclusion) return {"who", "list", "what (UTC)", "reason"};
    if (model::InfoOf(kind).layout == model::Layout::kParagraph) return {};
    return {std::string(model::KindName(kind)), "what"};
  }

  void KindSection(const report::OutlineSection& from) {
    if (from.blocks.empty() && from.unprotecting == 0) return;
    Section section{.title = std::string(model::KindPlural(from.kind)),
                    .detail = CountsText(from, view_.purpose),
                    .utc = model::HasTimes(from.kind),
                    .columns = ColumnsOf(from.kind)};
    const bool rows = !section.columns.empty();
    for (const auto& block : from.blocks) {
      for (const auto* change : block.shown) {
        section.parts.emplace_back(rows ? RowItem(*change) : ParagraphItem(*change));
      }
      if (!block.cut.empty()) section.parts.emplace_back(More{CutLine(block, view_.purpose)});
    }
    document_.sections.push_back(std::move(section));
  }

  Item NewItem(const Change& change) const {
    return {.act = ActOf(change),
            .word = WordOf(change, view_.purpose),
            .kind = std::string(model::KindName(change.kind)),
            .file = base::Printable(change.source.file.str()),
            .line = change.source.line};
  }

  void AddDriftNote(Item& item, const Change& change) const {
    auto note = DriftNote(change, view_.purpose);
    if (note.empty()) return;
    const Tone tone = change.direction == Direction::kPull ? Tone::kMoved
                      : change.reverts_drift               ? Tone::kConflict
                                                           : Tone::kDim;
    if (tone == Tone::kConflict) note = "↺ " + note;
    item.notes.push_back({{std::move(note), true, tone}});
  }

  Item RowItem(const Change& change) const {
    Item item = NewItem(change);
    const bool update = change.action == Action::kUpdate;
    // Of many new ones a word each is enough.
    const bool is_new = (view_.purpose == Purpose::kPull || view_.purpose == Purpose::kSync) &&
                        change.direction == Direction::kPull && change.action == Action::kCreate;
    if (change.kind == Kind::kExclusion) {
      auto view = ViewExclusion(change, view_.mask);
      item.name = {view.type + " " + view.address, std::move(view.list)};
      item.detail = {update ? UpdateText(change) : std::move(view.period),
                     update ? std::string() : std::move(view.reason)};
      // In a comparison nothing is about to happen.
      if (!Diff()) item.warning = {std::move(view.effect), false, Tone::kDanger};
    } else {
      item.name = {base::Printable(change.key)};
      item.detail = {UpdateText(change)};
    }
    if (is_new)
      item.warning = {"new", false, Tone::kMoved};
    else
      AddDriftNote(item, change);
    return item;
  }

  Item ParagraphItem(const Change& change) const {
    Item item = NewItem(change);
    item.name = {base::Printable(change.key)};
    AddDriftNote(item, change);
    if (auto note = RenameNote(change); !note.empty()) {
      item.notes.push_back({{std::move(note), true, Tone::kMoved}});
    }
    if (change.action == Action::kDelete && change.direction == Direction::kPush) return item;
    for (auto& field : ViewFields(change)) {
      if (field.criteria)
        item.fields.emplace_back(ClausesOf(field));
      else
        item.fields.emplace_back(Value{std::move(field.name), field.was, field.becomes});
    }
    return item;
  }

  // `renamed to LateStage: same criteria, so it does not count as deleted`; empty = not renamed.
  std::string RenameNote(const Change& change) const {
    if (change.kind != Kind::kFilter || change.direction != Direction::kPush) return {};
    if (change.action == Action::kCreate) {
      auto old_name = old_names_.find(change.key);
      if (old_name == old_names_.end()) return {};
      return "the new name of " + base::Printable(old_name->second) + ": same criteria";
    }
    auto new_name = new_names_.find(change.key);
    if (change.action != Action::kDelete || new_name == new_names_.end()) return {};
    return "renamed to " + base::Printable(new_name->second) +
           ": same criteria, so it does not count as deleted";
  }

  void Conflicts() {
    if (plan_.conflicts.empty()) return;
    const bool left_out = plan_.options.skip_conflicts;
    Section section{
        .role = Section::Role::kConflicts,
        .title = "conflicts",
        .detail = base::Thousands(plan_.conflicts.size()),
        .remark = left_out ? "left out of this plan" : "nothing is written until they are settled",
        .stops = !left_out && !Diff()};
    for (const auto* conflict : outline_.conflicts) {
      section.parts.emplace_back(ConflictItem(*conflict));
    }
    if (outline_.conflicts_cut > 0) {
      section.parts.emplace_back(
          More{{{"… and " + base::Plural(outline_.conflicts_cut, "more conflict")}}});
    }
    document_.sections.push_back(std::move(section));
  }

  Item ConflictItem(const reconcile::Conflict& conflict) const {
    const auto& change = conflict.change;
    Item item = NewItem(change);
    item.act = Act::kConflict;
    item.word = "conflict";
    item.name = {KeyText(change.kind, change.key, view_.mask)};
    Line reason = {{base::Printable(conflict.reason), true, Tone::kConflict}};
    if (auto who = WhoChanged(change); !who.empty()) {
      reason.push_back({" (in the org ", false, Tone::kDim});
      reason.push_back({std::move(who), true, Tone::kDim});
      reason.push_back({")", false, Tone::kDim});
    }
    item.notes.push_back(std::move(reason));
    for (auto& field : ViewConflict(change)) {
      item.fields.emplace_back(Terms{std::move(field.name), std::move(field.base),
                                     std::move(field.local), std::move(field.remote)});
    }
    return item;
  }

  void Unmanaged() {
    if (plan_.unmanaged.empty()) return;
    const std::size_t count = plan_.unmanaged.size();
    if (view_.named_max == 0) {  // else the summary counts them
      if (document_.quiet)
        document_.aside = base::Plural(count, "unmanaged resource") + " left alone";
      return;
    }
    Section section{.role = Section::Role::kAside,
                    .title = "unmanaged",
                    .detail = "only in the org, declared nowhere, left alone"};
    const std::size_t named = std::min(view_.named_max, count);
    for (std::size_t i = 0; i < named; ++i) {
      const auto& one = plan_.unmanaged[i];
      section.parts.emplace_back(Item{.kind = std::string(model::KindName(one.kind)),
                                      .name = {KeyText(one.kind, one.key, view_.mask)},
                                      .detail = {"id " + base::Printable(one.id)}});
    }
    if (named < count) {
      section.parts.emplace_back(More{{{"… and " + base::Thousands(count - named) + " more"}}});
    }
    document_.sections.push_back(std::move(section));
  }

  const plan::Plan& plan_;
  const PlanView& view_;
  Outline outline_;
  std::map<std::string, std::string> new_names_, old_names_;  // of what is renamed
  Document document_;
};

// `1 missing, 3 different, 1 extra`
std::string IntendedCounts(const plan::Plan& plan) {
  std::vector<std::string> parts;
  auto add = [&](std::size_t count, Action action) {
    if (count == 0) return;
    parts.push_back(base::Thousands(count) + " " + std::string(DiffWord(action)));
  };
  add(plan.summary.create, Action::kCreate);
  add(plan.summary.update, Action::kUpdate);
  add(plan.summary.remove, Action::kDelete);
  return base::Join(parts, ", ");
}

}  // namespace

Document PlanDocument(const plan::Plan& plan, const PlanView& view) {
  return PlanWriter(plan, view).Write();
}

void AddIntended(Document& document, const plan::Plan& intended, bool mask, std::size_t named_max) {
  const auto& changes = intended.changes;
  if (changes.empty()) return;
  Section section{.role = Section::Role::kAside,
                  .title = base::Plural(changes.size(), "difference") +
                           (changes.size() == 1 ? " is" : " are") +
                           " as the files ask, by variables and overlays",
                  .detail = IntendedCounts(intended)};
  const std::size_t named = std::min(named_max, changes.size());
  for (std::size_t i = 0; i < named; ++i) {
    const auto& change = changes[i];
    std::vector<std::string> fields;
    if (change.action == Action::kUpdate) {
      for (const auto& field : change.fields) fields.push_back(base::Printable(field.name));
    }
    std::string detail(DiffWord(change.action));
    if (!fields.empty()) detail += ": " + base::Join(fields, ", ");
    section.parts.emplace_back(Item{.kind = std::string(model::KindName(change.kind)),
                                    .name = {KeyText(change.kind, change.key, mask)},
                                    .detail = {std::move(detail)}});
  }
  if (named < changes.size()) {
    section.parts.emplace_back(
        More{{{"… and " + base::Thousands(changes.size() - named) + " more"}}});
  }
  document.sections.push_back(std::move(section));
}

}  // namespace viasync::report
