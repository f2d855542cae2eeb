#include "engine/report/plan_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/base/strings.h"
#include "engine/report/criteria_diff.h"
#include "engine/report/outline.h"
#include "engine/report/plan_words.h"
#include "engine/report/words.h"

namespace viasync::report {
namespace {

using model::Kind;
using reconcile::Action;
using reconcile::Change;
using reconcile::Direction;

constexpr std::size_t kCellMax = 48;  // a longer cell pushes its own row out of line, no other
constexpr std::size_t kReasonMin = 12;
constexpr std::string_view kFieldIndent = "      ";

struct Mark {
  std::string_view sign;
  Colour colour;
};

Mark MarkOf(const Change& change) {
  if (change.direction == Direction::kPull) return {"<", Colour::kCyan};
  if (change.action == Action::kCreate) return {"+", Colour::kGreen};
  if (change.action == Action::kUpdate) return {"~", Colour::kYellow};
  return {"-", Colour::kRed};
}

// A change on one line.
struct Row {
  const Change* change;
  std::array<std::string, 4> cells;
  std::string warning;
};

class PlanWriter {
 public:
  PlanWriter(const plan::Plan& plan, const Style& style, const TextOptions& options)
      : plan_(plan),
        style_(style),
        verbose_(options.verbose),
        next_step_(options.next_step),
        purpose_(options.purpose),
        against_(options.against),
        outline_(MakeOutline(plan, options.verbose ? plan.changes.size() + plan.conflicts.size()
                                                   : options.changes_max)) {}

  std::string Write() {
    if (auto line = NoChangesLine(plan_, purpose_)) return NoChanges(*line);
    Header();
    for (const auto& section : outline_.sections) WriteSection(section);
    Conflicts();
    if (verbose_) Unmanaged();
    Footer();
    return std::move(out_);
  }

 private:
  void Line(std::string_view text = {}) {
    out_ += text;
    out_ += '\n';
  }
  std::string Dim(std::string_view text) const { return Paint(style_, Colour::kDim, text); }
  std::string Bold(std::string_view text) const { return Paint(style_, Colour::kBold, text); }

  std::string NoChanges(const std::string& line) {
    Line(Paint(style_, Colour::kGreen, line));
    if (verbose_) {
      Line();
      Unmanaged();
    } else if (plan_.summary.unmanaged > 0) {
      Line(Dim(base::Plural(plan_.summary.unmanaged, "unmanaged resource") +
               " left alone (--verbose names them)."));
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
      Line(Paint(style_, Colour::kYellow, text));
    }
    Line();
  }

  void WriteSection(const Section& section) {
    auto counts = section.counts;
    counts.conflict = 0;  // they have a section of their own
    if (counts == KindCounts{}) return;
    std::string title(model::KindPlural(section.kind));
    title[0] = static_cast<char>(title[0] - 'a' + 'A');
    std::string_view zone = section.kind == Kind::kExclusion ? " (times are UTC)" : "";
    Line(Bold(title) + ": " + CountsText(counts, purpose_) + Dim(zone));
    Line();
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
    Line(line);
    WriteNote(change);
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

  void WriteNote(const Change& change) {
    auto note = DriftNote(change, purpose_);
    if (note.empty()) return;
    bool pull = change.direction == Direction::kPull;
    Line(std::string(kFieldIndent) + (pull ? Paint(style_, Colour::kCyan, note)
                                      : change.reverts_drift
                                          ? Paint(style_, Colour::kMagenta, "↺ " + note)
                                          : Dim(note)));
  }

  void WriteField(const FieldView& field, std::size_t names) {
    std::string label = std::string(kFieldIndent) + Dim(Pad(field.name, names)) + "  ";
    if (field.criteria) return WriteCriteria(field, label, names);
    if (!field.was || !field.becomes) {
      return Line(label + (field.becomes ? *field.becomes : *field.was));
    }
    std::string was = Paint(style_, Colour::kRed, *field.was);
    std::string becomes = Paint(style_, Colour::kGreen, *field.becomes);
    std::size_t columns =
        kFieldIndent.size() + names + 2 + Columns(*field.was) + 3 + Columns(*field.becomes);
    if (style_.width == 0 || columns <= static_cast<std::size_t>(style_.width)) {
      return Line(label + was + " → " + becomes);
    }
    Line(label + Paint(style_, Colour::kRed, "- " + *field.was));
    Line(std::string(kFieldIndent.size() + names + 2, ' ') +
         Paint(style_, Colour::kGreen, "+ " + *field.becomes));
  }

  void WriteCriteria(const FieldView& field, const std::string& label, std::size_t names) {
    std::string indent(kFieldIndent.size() + names + 2, ' ');
    bool first = true;
    auto put = [&](std::string_view line) {
      Line((first ? label : indent) + std::string(line));
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

  // --- exclusions and lists: a line each
  // ----------------------------------------------------------

  Row MakeRow(const Change& change) const {
    bool update = change.action == Action::kUpdate;
    if (change.kind == Kind::kList) {
      return {&change, {base::Printable(change.key), UpdateText(change)}, {}};
    }
    auto view = ViewExclusion(change, style_.mask);
    Row row{&change, {view.type + " " + view.address, view.list}, view.effect};
    if (purpose_ == Purpose::kDiff) row.warning.clear();  // nothing is about to happen
    row.cells[2] = update ? UpdateText(change) : view.period;
    row.cells[3] = update ? std::string() : view.reason;
    return row;
  }

  using Widths = std::array<std::size_t, 4>;

  void Rows(const Section& section) {
    std::vector<std::vector<Row>> rows;
    std::size_t sources = 0;
    for (const auto& block : section.blocks) {
      auto& in_block = rows.emplace_back();
      for (const auto* change : block.shown) {
        in_block.push_back(MakeRow(*change));
        sources = std::max(sources, Columns(SourceText(change->source)));
      }
    }
    Widths columns = Measure(rows);
    ClipReasons(rows, columns, sources);
    for (std::size_t b = 0; b < rows.size(); ++b) {
      for (const auto& row : rows[b]) WriteRow(row, columns);
      WriteCut(section.blocks[b]);
    }
    Line();
  }

  static Widths Measure(const std::vector<std::vector<Row>>& rows) {
    Widths columns{};
    for (const auto& in_block : rows) {
      for (const auto& row : in_block) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
          auto taken = Columns(row.cells[i]);
          if (taken <= kCellMax) columns[i] = std::max(columns[i], taken);
        }
      }
    }
    return columns;
  }

  // Of all that a line says, the reason is what can best be read elsewhere.
  void ClipReasons(std::vector<std::vector<Row>>& rows, Widths& columns,
                   std::size_t sources) const {
    std::size_t taken = 3 + sources;
    for (auto column : columns) taken += column + 2;
    auto width = static_cast<std::size_t>(style_.width);
    if (verbose_ || width == 0 || taken <= width) return;
    std::size_t over = taken - width;
    std::size_t room = columns[3] > over + kReasonMin ? columns[3] - over : kReasonMin;
    for (auto& in_block : rows) {
      for (auto& row : in_block) row.cells[3] = Clip(row.cells[3], room);
    }
    columns[3] = std::min(columns[3], room);
  }

  void WriteRow(const Row& row, const Widths& columns) {
    auto mark = MarkOf(*row.change);
    std::string line = "  " + Paint(style_, mark.colour, mark.sign);
    std::size_t gap = 1;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i] == 0 && row.cells[i].empty()) continue;
      line.append(gap, ' ');
      line += row.cells[i];
      auto taken = Columns(row.cells[i]);
      gap = 2 + (columns[i] > taken ? columns[i] - taken : 0);
    }
    if (auto source = SourceText(row.change->source); !source.empty()) {
      line += std::string(gap, ' ') + Dim(source);
      gap = 2;
    }
    if (!row.warning.empty()) {
      line += std::string(gap, ' ') + Paint(style_, Colour::kRed, row.warning);
    }
    // Of many new ones a line each is enough.
    bool is_new = purpose_ != Purpose::kApply && row.change->direction == Direction::kPull &&
                  row.change->action == Action::kCreate;
    if (is_new) line += "  " + Paint(style_, Colour::kCyan, "new");
    Line(line);
    if (!is_new) WriteNote(*row.change);
  }

  void WriteCut(const Block& block) {
    for (const auto& [where, count] : block.cut) {
      Line("    " + Dim(CutText(count, where, *block.shown.front(), purpose_)));
    }
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
      Line("    " + Dim("… and " + base::Plural(outline_.conflicts_cut, "more conflict")));
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
         Dim(who.empty() ? who : " (there " + who + ")"));
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
      Line(label + Paint(style_, colour, line));
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
    Line(Bold(SummaryLine(plan_, purpose_)));
    bool sends = purpose_ == Purpose::kApply || purpose_ == Purpose::kSync;
    if (sends) Line(Dim("Plan " + ShortId(plan_.id)));
    auto next = WhatNext(plan_, purpose_);
    if (!next_step_ || next.sentence.empty()) return;
    Line();
    Line(next.sentence);
    Line("  " + Bold(next.command));
  }

  const plan::Plan& plan_;
  const Style& style_;
  bool verbose_;
  bool next_step_;
  Purpose purpose_;
  std::string against_;
  Outline outline_;
  std::string out_;
};

}  // namespace

std::string PlanText(const plan::Plan& plan, const Style& style, const TextOptions& options) {
  return PlanWriter(plan, style, options).Write();
}

}  // namespace viasync::report
