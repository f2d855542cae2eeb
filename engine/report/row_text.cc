#include "engine/report/row_text.h"

#include <algorithm>
#include <array>
#include <span>

#include "engine/base/strings.h"

namespace viasync::report {
namespace {

using model::Kind;
using reconcile::Action;
using reconcile::Change;
using reconcile::Direction;

constexpr std::size_t kCellMax = 48;  // a longer cell pushes its own row out of line, no other
constexpr std::size_t kIndent = 6;    // of what stands under a row

// A change: who and where, then what happens.
struct Row {
  const Change* change;
  std::array<std::string, 2> name;    // voice 0987…, list; of lists the name alone
  std::array<std::string, 2> detail;  // the period or what changes, the reason
  std::string source;
  std::string warning;
  bool is_new = false;
};
using Widths = std::array<std::size_t, 4>;

Row MakeRow(const Change& change, const Style& style, Purpose purpose) {
  const bool update = change.action == Action::kUpdate;
  Row row{.change = &change, .source = SourceText(change.source)};
  // Of many new ones a word each is enough.
  row.is_new = purpose != Purpose::kApply && change.direction == Direction::kPull &&
               change.action == Action::kCreate;
  if (change.kind == Kind::kList) {
    row.name[0] = base::Printable(change.key);
    row.detail[0] = UpdateText(change);
    return row;
  }
  auto view = ViewExclusion(change, style.mask);
  row.name = {view.type + " " + view.address, view.list};
  row.detail = {update ? UpdateText(change) : view.period, update ? std::string() : view.reason};
  if (purpose != Purpose::kDiff) row.warning = view.effect;  // there, nothing is about to happen
  return row;
}

Widths Measure(const std::vector<Row>& rows) {
  Widths columns{};
  auto widen = [&](std::size_t i, const std::string& cell) {
    auto taken = Columns(cell);
    if (taken <= kCellMax) columns[i] = std::max(columns[i], taken);
  };
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < 2; ++i) widen(i, row.name[i]), widen(i + 2, row.detail[i]);
  }
  return columns;
}

class RowWriter {
 public:
  RowWriter(const Style& style, const Widths& columns) : style_(style), columns_(columns) {}

  // Everything on one line.
  std::string OneLine(const Row& row) const {
    std::string line = Start(row);
    std::size_t gap = 1;
    Cells(line, gap, row.name, std::span(columns_).first<2>());
    Cells(line, gap, row.detail, std::span(columns_).last<2>());
    Tail(line, gap, Paint(style_, Colour::kDim, row.source));
    Tail(line, gap, Warning(row));
    return line;
  }

  // Who, where, and what somebody may expect; under it what changes, why, and where it is declared.
  std::string TwoLines(const Row& row) const {
    std::vector<std::string> parts;
    const auto width = static_cast<std::size_t>(style_.width);
    const std::string warning = Warning(row);
    std::string line = Who(row, columns_, warning);
    // Rather out of line with the other rows than on a third line.
    if (Columns(line) > width && !warning.empty()) line = Who(row, Widths{}, warning);
    if (Columns(line) > width && !warning.empty()) {
      line = Who(row, columns_, {});
      parts.push_back(warning);
    }
    for (const auto& part : row.detail) {
      if (!part.empty()) parts.push_back(part);
    }
    PlaceSource(row, line, parts);
    line = Wrap(style_, line, kIndent);
    return parts.empty() ? line : line + "\n" + WrapParts(style_, parts, kIndent);
  }

 private:
  // Last; but above, where there is room, rather than on a third line.
  void PlaceSource(const Row& row, std::string& line, std::vector<std::string>& parts) const {
    if (row.source.empty()) return;
    const auto width = static_cast<std::size_t>(style_.width);
    const std::string source = Paint(style_, Colour::kDim, row.source);
    auto with = parts;
    with.push_back(source);
    const bool fits = WrapParts(style_, with, kIndent).find('\n') == std::string::npos;
    if (!fits && Columns(line) + 2 + Columns(source) <= width)
      line += "  " + source;
    else
      parts = std::move(with);
  }

  std::string Who(const Row& row, const Widths& columns, const std::string& warning) const {
    std::string line = Start(row);
    std::size_t gap = 1;
    Cells(line, gap, row.name, std::span(columns).first<2>());
    Tail(line, gap, warning);
    return line;
  }

  std::string Start(const Row& row) const {
    auto mark = MarkOf(*row.change);
    return "  " + Paint(style_, mark.colour, mark.sign);
  }

  std::string Warning(const Row& row) const {
    if (row.is_new) return Paint(style_, Colour::kCyan, "new");
    return Paint(style_, Colour::kRed, row.warning);
  }

  static void Tail(std::string& line, std::size_t& gap, const std::string& text) {
    if (text.empty()) return;
    line += std::string(gap, ' ') + text;
    gap = 2;
  }

  static void Cells(std::string& line, std::size_t& gap, const std::array<std::string, 2>& cells,
                    std::span<const std::size_t, 2> columns) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t column = columns[i];
      if (column == 0 && cells[i].empty()) continue;
      line.append(gap, ' ');
      line += cells[i];
      auto taken = Columns(cells[i]);
      gap = 2 + (column > taken ? column - taken : 0);
    }
  }

  const Style& style_;
  const Widths& columns_;
};

}  // namespace

Mark MarkOf(const Change& change) {
  if (change.direction == Direction::kPull) return {"<", Colour::kCyan};
  if (change.action == Action::kCreate) return {"+", Colour::kGreen};
  if (change.action == Action::kUpdate) return {"~", Colour::kYellow};
  return {"-", Colour::kRed};
}

std::string NoteText(const Change& change, const Style& style, Purpose purpose) {
  auto note = DriftNote(change, purpose);
  if (note.empty()) return note;
  const bool pull = change.direction == Direction::kPull;
  const std::string painted = pull                   ? Paint(style, Colour::kCyan, note)
                              : change.reverts_drift ? Paint(style, Colour::kMagenta, "↺ " + note)
                                                     : Paint(style, Colour::kDim, note);
  return Wrap(style, std::string(kIndent, ' ') + painted, kIndent + 2) + "\n";
}

std::vector<std::string> RowTexts(const std::vector<const Change*>& changes, const Style& style,
                                  Purpose purpose) {
  std::vector<Row> rows;
  for (const auto* change : changes) rows.push_back(MakeRow(*change, style, purpose));
  const Widths columns = Measure(rows);
  const RowWriter writer(style, columns);
  std::vector<std::string> texts;
  for (const auto& row : rows) texts.push_back(writer.OneLine(row));
  const auto width = static_cast<std::size_t>(style.width);
  const bool fit = width == 0 || std::ranges::all_of(texts, [&](const std::string& text) {
                     return Columns(text) <= width;
                   });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!fit) texts[i] = writer.TwoLines(rows[i]);
    texts[i] += "\n";
    if (!rows[i].is_new) texts[i] += NoteText(*changes[i], style, purpose);
  }
  return texts;
}

}  // namespace viasync::report
