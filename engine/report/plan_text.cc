#include "engine/report/plan_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/report/criteria_diff.h"
#include "engine/report/outline.h"
#include "engine/report/plan_words.h"
#include "engine/report/row_text.h"
#include "engine/report/words.h"

namespace viasync::report {
namespace {

using model::Kind;
using reconcile::Action;
using reconcile::Change;
using reconcile::Direction;

constexpr std::size_t kCellMax = 48;  // a longer cell pushes its own row out of line, no other
constexpr std::string_view kFieldIndent = "      ";

class PlanWriter {
 public:
  PlanWriter(const plan::Plan& plan, const Style& style, const TextOptions& options)
      : plan_(plan),
        style_(style),
        full_(options.full),
        next_step_(options.next_step),
        purpose_(options.purpose),
        against_(options.against),
        at_(options.at),
        outline_(MakeOutline(
            plan, options.full ? plan.changes.size() + plan.conflicts.size() : options.changes_max,
            options.purpose)) {}

  std::string Write() {
    if (auto line = NoChangesLine(plan_, purpose_)) return NoChanges(*line);
    Header();
    Unprotecting();
    for (const auto& section : outline_.sections) WriteSection(section);
    Conflicts();
    if (full_) Unmanaged();
    Footer();
    return std::move(out_);
  }

 private:
  // What does not fit goes on under the text, two columns further in.
  void Line(std::string_view text = {}) {
    auto indent = std::min(text.find_first_not_of(' '), text.size());
    Line(text, indent + 2);
  }
  void Line(std::string_view text, std::size_t indent) {
    for (auto line : base::Split(text, '\n')) {
      out_ += Wrap(style_, line, indent);
      out_ += '\n';
    }
  }
  std::string Dim(std::string_view text) const { return Paint(style_, Colour::kDim, text); }
  std::string Bold(std::string_view text) const { return Paint(style_, Colour::kBold, text); }

  std::string NoChanges(const std::string& line) {
    Line(Paint(style_, Colour::kGreen, line));
    if (full_) {
      Line();
      Unmanaged();
    } else if (plan_.summary.unmanaged > 0) {
      Line(Dim(base::Plural(plan_.summary.unmanaged, "unmanaged resource") +
               " left alone (--full names them)."));
    }
    return std::move(out_);
  }

  void Header() {
    std::string environment = base::Printable(plan_.environment);
    if (purpose_ == Purpose::kDiff) {
      Line(Bold(environment + " (" + base::Printable(plan_.org) + ") compared with " +
                base::Printable(against_)));
      return Line();
    }
    constexpr std::string_view kTitles[] = {"Plan for ", "Pull for ", "Sync of "};
    std::string title(kTitles[static_cast<std::size_t>(purpose_)]);
    Line(Bold(title + environment) + " (" + base::Printable(plan_.org) + ")" +
         Dim(" · base: " + BaseText(plan_)));
    if (auto text = NoBaseText(plan_, purpose_); !text.empty()) {
      for (auto line : base::Split(text, '\n')) Line(Paint(style_, Colour::kYellow, line));
    }
    Line();
  }

  // What may harm somebody comes first, and is never cut.
  void Unprotecting() {
    ListUnprotecting(outline_.unprotecting, UnprotectTitle(plan_));
    ListUnprotecting(outline_.unprotecting_pulls, UnprotectPullTitle(plan_, purpose_));
  }

  void ListUnprotecting(const std::vector<const Change*>& changes, const std::string& title) {
    if (changes.empty()) return;
    Line(Paint(style_, Colour::kRed, title) + Dim(" (times are UTC)"));
    Line();
    for (const auto& text : RowTexts(changes, style_, purpose_)) out_ += text;
    Line();
  }

  void WriteSection(const Section& section) {
    if (section.blocks.empty() && section.unprotecting == 0) return;
    std::string title(model::KindPlural(section.kind));
    title[0] = static_cast<char>(title[0] - 'a' + 'A');
    std::string_view zone = section.kind == Kind::kExclusion ? " (times are UTC)" : "";
    Line(Bold(title) + ": " + CountsText(section, purpose_) + Dim(zone));
    Line();
    if (section.blocks.empty()) return;
    if (section.kind == Kind::kFilter)
      FilterBlocks(section);
    else
      Rows(section);
  }

  // --- filters: a paragraph each ----------------------------------------------------------------

  void FilterBlocks(const Section& section) {
    std::size_t columns = 0;
    for (const auto& block : section.blocks) {
      for (const auto* change : block.shown) {
        auto taken = Columns(base::Printable(change->key));
        if (taken <= kCellMax) columns = std::max(columns, taken);
      }
    }
    for (const auto& block : section.blocks) {
      for (const auto* change : block.shown) WriteFilter(*change, columns);
      WriteCut(block);
      if (!block.cut.empty()) Line();
    }
  }

  void WriteFilter(const Change& change, std::size_t columns) {
    auto mark = MarkOf(change);
    std::string name = base::Printable(change.key);
    std::string line = Head(mark, name);
    if (auto source = SourceText(change.source); !source.empty()) {
      auto taken = Columns(name);
      line += std::string(2 + (columns > taken ? columns - taken : 0), ' ') + Dim(source);
    }
    Line(line, kFieldIndent.size());
    out_ += NoteText(change, style_, purpose_);
    if (auto note = RenameNote(plan_, change); !note.empty()) {
      Line(std::string(kFieldIndent) + Paint(style_, Colour::kCyan, note));
    }
    if (change.action == Action::kDelete && change.direction == Direction::kPush) return Line();
    auto fields = ViewFields(change);
    std::size_t names = 0;
    for (const auto& field : fields) names = std::max(names, Columns(field.name));
    for (const auto& field : fields) WriteField(field, names);
    Line();
  }

  std::string Head(const Mark& mark, std::string_view name) const {
    return "  " + Paint(style_, mark.colour, mark.sign) + " " + Bold(name);
  }

  void WriteField(const FieldView& field, std::size_t names) {
    std::string label = std::string(kFieldIndent) + Dim(Pad(field.name, names)) + "  ";
    if (field.criteria) return WriteCriteria(field, label, names);
    if (!field.was || !field.becomes) {
      return Line(label + (field.becomes ? *field.becomes : *field.was), Columns(label));
    }
    std::string was = Paint(style_, Colour::kRed, *field.was);
    std::string becomes = Paint(style_, Colour::kGreen, *field.becomes);
    std::size_t columns =
        kFieldIndent.size() + names + 2 + Columns(*field.was) + 3 + Columns(*field.becomes);
    if (style_.width == 0 || columns <= static_cast<std::size_t>(style_.width)) {
      return Line(label + was + " → " + becomes);
    }
    Line(label + Paint(style_, Colour::kRed, "- " + *field.was), Columns(label) + 2);
    Line(std::string(Columns(label), ' ') + Paint(style_, Colour::kGreen, "+ " + *field.becomes),
         Columns(label) + 2);
  }

  void WriteCriteria(const FieldView& field, const std::string& label, std::size_t names) {
    std::string indent(kFieldIndent.size() + names + 2, ' ');
    bool first = true;
    auto put = [&](std::string_view line) {
      Line((first ? label : indent) + std::string(line), indent.size() + 4);
      first = false;
    };
    if (field.was && field.becomes) {
      for (const auto& line : DiffCriteria(*field.was, *field.becomes)) put(DiffText(line));
      return;
    }
    for (const auto& line : CriteriaLines(field.becomes ? *field.becomes : *field.was)) put(line);
  }

  std::string DiffText(const DiffLine& line) const {
    if (line.sign == '@') return Dim("  " + line.text);
    std::string text = std::string(1, line.sign) + " " + line.text;
    if (line.sign == '+') return Paint(style_, Colour::kGreen, text);
    return line.sign == '-' ? Paint(style_, Colour::kRed, text) : text;
  }

  // --- exclusions and lists: rows ---------------------------------------------------------------

  void Rows(const Section& section) {
    std::vector<const Change*> changes;
    for (const auto& block : section.blocks) {
      changes.insert(changes.end(), block.shown.begin(), block.shown.end());
    }
    const auto texts = RowTexts(changes, style_, purpose_);
    auto next = texts.begin();
    for (const auto& block : section.blocks) {
      for (std::size_t i = 0; i < block.shown.size(); ++i) out_ += *next++;
      WriteCut(block);
    }
    Line();
  }

  void WriteCut(const Block& block) {
    if (block.cut.empty()) return;
    auto plain = [](const std::string& file) { return file; };
    Line("    " + Dim(CutText(block, purpose_, plain) + " (--full lists them)"));
  }

  // --- conflicts, unmanaged, the end
  // ----------------------------------------------------------------

  void Conflicts() {
    if (plan_.conflicts.empty()) return;
    std::string_view what = plan_.options.skip_conflicts
                                ? "left out of this plan"
                                : "nothing is written until they are settled";
    Line(Bold("Conflicts") + ": " + base::Thousands(plan_.conflicts.size()) + ", " +
         std::string(what));
    Line();
    for (const auto* conflict : outline_.conflicts) WriteConflict(*conflict);
    if (outline_.conflicts_cut > 0) {
      Line("    " + Dim("… and " + base::Plural(outline_.conflicts_cut, "more conflict") +
                        " (--full lists them)"));
      Line();
    }
  }

  void WriteConflict(const reconcile::Conflict& conflict) {
    const auto& change = conflict.change;
    std::string name = std::string(model::KindName(change.kind)) + " " +
                       KeyText(change.kind, change.key, style_.mask);
    std::string source = SourceText(change.source);
    if (!source.empty()) source.insert(0, "  ");
    Line(Head({"!", Colour::kMagenta}, name) + Dim(source));
    std::string who = WhoChanged(change);
    Line(std::string(kFieldIndent) +
         Paint(style_, Colour::kMagenta, base::Printable(conflict.reason)) +
         Dim(who.empty() ? who : " (in the org " + who + ")"));
    for (const auto& field : ViewConflict(change)) {
      Line(std::string(kFieldIndent) + field.name);
      WriteTerm("base", field.base, Colour::kDim);
      WriteTerm("local", field.local, Colour::kGreen);
      WriteTerm("remote", field.remote, Colour::kCyan);
    }
    Line();
  }

  void WriteTerm(std::string_view side, const std::vector<std::string>& lines, Colour colour) {
    std::string label = std::string(kFieldIndent) + "  " + Dim(Pad(side, 6)) + "  ";
    for (const auto& line : lines) {
      Line(label + Paint(style_, colour, line), kFieldIndent.size() + 14);
      label = std::string(kFieldIndent.size() + 10, ' ');
    }
  }

  void Unmanaged() {
    if (plan_.unmanaged.empty()) return;
    Line(Bold("Unmanaged") + ": only in the org, declared nowhere, left alone");
    Line();
    for (const auto& item : plan_.unmanaged) {
      Line("    " + std::string(model::KindName(item.kind)) + " " +
           KeyText(item.kind, item.key, style_.mask) + Dim("  id " + base::Printable(item.id)));
    }
    Line();
  }

  void Footer() {
    Line(Bold(SummaryLine(plan_, purpose_)), 0);
    bool sends = purpose_ == Purpose::kApply || purpose_ == Purpose::kSync;
    if (sends) Line(Dim("Plan " + ShortId(plan_.id)));
    if (sends) Exceeded();
    auto next = WhatNext(plan_, purpose_, at_);
    if (!next_step_ || next.sentence.empty()) return;
    Line();
    Line(next.sentence, 0);
    out_ += "  " + Bold(next.command) + "\n";  // in one piece, to be copied
  }

  void Exceeded() {
    if (plan_.exceeded.empty()) return;
    Line();
    Line(Paint(style_, Colour::kRed, "Over the limit"));
    for (const auto& line : ExceededLines(plan_)) Line("  " + line);
  }

  const plan::Plan& plan_;
  const Style& style_;
  bool full_;
  bool next_step_;
  Purpose purpose_;
  std::string against_;
  std::string at_;
  Outline outline_;
  std::string out_;
};

}  // namespace

std::string PlanText(const plan::Plan& plan, const Style& style, const TextOptions& options) {
  return PlanWriter(plan, style, options).Write();
}

}  // namespace viasync::report
