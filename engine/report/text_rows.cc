#include "engine/report/text_rows.h"

#include <algorithm>

namespace viasync::report {
namespace {

constexpr std::size_t kIndent = 6;  // of what stands under a row
constexpr std::array<std::size_t, 2> kNoColumns{};

Colour ColourOf(Tone tone) {
  constexpr Colour kColours[] = {Colour::kDim,    Colour::kBold, Colour::kDim,  Colour::kGreen,
                                 Colour::kYellow, Colour::kRed,  Colour::kCyan, Colour::kMagenta};
  return kColours[static_cast<std::size_t>(tone)];
}

std::string PaintSpan(const Style& style, const Span& span) {
  return span.tone == Tone::kPlain ? span.text : Paint(style, ColourOf(span.tone), span.text);
}

void Tail(std::string& line, std::size_t& gap, const std::string& text) {
  if (text.empty()) return;
  line += std::string(gap, ' ') + text;
  gap = 2;
}

}  // namespace

Mark MarkOf(Act act) {
  constexpr Mark kMarks[] = {{"+", Colour::kGreen}, {"~", Colour::kYellow},  {"-", Colour::kRed},
                             {"<", Colour::kCyan},  {"!", Colour::kMagenta}, {" ", Colour::kDim}};
  return kMarks[static_cast<std::size_t>(act)];
}

std::string PaintLine(const Style& style, const Line& line) {
  std::string text;
  for (std::size_t i = 0; i < line.size();) {  // neighbours in one colour are painted once
    Span span = line[i++];
    while (i < line.size() && line[i].tone == span.tone) span.text += line[i++].text;
    text += PaintSpan(style, span);
  }
  return text;
}

void AppendNotes(const Item& item, const Style& style, std::string& out) {
  for (const auto& note : item.notes) {
    out += Wrap(style, std::string(kIndent, ' ') + PaintLine(style, note), kIndent + 2) + "\n";
  }
}

TextRows::TextRows(const std::vector<const Item*>& items, const Style& style) : style_(style) {
  auto widen = [&](std::size_t i, const std::string& cell) {
    const auto taken = Columns(cell);
    if (taken <= kCellMax) columns_[i] = std::max(columns_[i], taken);
  };
  for (const auto* item : items) {
    for (std::size_t i = 0; i < std::min(item->name.size(), kPair); ++i) widen(i, item->name[i]);
    for (std::size_t i = 0; i < std::min(item->detail.size(), kPair); ++i) {
      widen(kPair + i, item->detail[i]);
    }
  }
  const auto width = static_cast<std::size_t>(style.width);
  fit_ = width == 0 || std::ranges::all_of(items, [&](const Item* item) {
           return Columns(OneLine(*item)) <= width;
         });
}

void TextRows::Append(const Item& item, std::string& out) const {
  out += fit_ ? OneLine(item) : TwoLines(item);
  out += '\n';
  AppendNotes(item, style_, out);
}

// Everything on one line.
std::string TextRows::OneLine(const Item& item) const {
  std::string line = Start(item);
  std::size_t gap = 1;
  Cells(line, gap, item.name, std::span(columns_).first<kPair>());
  Cells(line, gap, item.detail, std::span(columns_).last<kPair>());
  Tail(line, gap, Paint(style_, Colour::kDim, PlaceOf(item)));
  Tail(line, gap, PaintSpan(style_, item.warning));
  return line;
}

// Who, where, and what somebody may expect; under it what changes, why, and where it is declared.
std::string TextRows::TwoLines(const Item& item) const {
  std::vector<std::string> parts;
  const auto width = static_cast<std::size_t>(style_.width);
  const std::string warning = PaintSpan(style_, item.warning);
  const auto columns = std::span(columns_).first<kPair>();
  std::string line = Who(item, columns, warning);
  // Rather out of line with the other rows than on a third line.
  if (Columns(line) > width && !warning.empty()) line = Who(item, kNoColumns, warning);
  if (Columns(line) > width && !warning.empty()) {
    line = Who(item, columns, {});
    parts.push_back(warning);
  }
  for (const auto& detail : item.detail) {
    if (!detail.empty()) parts.push_back(detail);
  }
  PlaceSource(item, line, parts);
  line = Wrap(style_, line, kIndent);
  return parts.empty() ? line : line + "\n" + WrapParts(style_, parts, kIndent);
}

// Last; but above, where there is room, rather than on a third line.
void TextRows::PlaceSource(const Item& item, std::string& line,
                           std::vector<std::string>& parts) const {
  const std::string place = PlaceOf(item);
  if (place.empty()) return;
  const auto width = static_cast<std::size_t>(style_.width);
  const std::string source = Paint(style_, Colour::kDim, place);
  auto with = parts;
  with.push_back(source);
  const bool fits = WrapParts(style_, with, kIndent).find('\n') == std::string::npos;
  if (!fits && Columns(line) + 2 + Columns(source) <= width)
    line += "  " + source;
  else
    parts = std::move(with);
}

std::string TextRows::Who(const Item& item, Pair columns, const std::string& warning) const {
  std::string line = Start(item);
  std::size_t gap = 1;
  Cells(line, gap, item.name, columns);
  Tail(line, gap, warning);
  return line;
}

std::string TextRows::Start(const Item& item) const {
  const auto mark = MarkOf(item.act);
  return "  " + Paint(style_, mark.colour, mark.sign);
}

void TextRows::Cells(std::string& line, std::size_t& gap, const std::vector<std::string>& cells,
                     Pair columns) {
  for (std::size_t i = 0; i < kPair; ++i) {
    const std::string cell = i < cells.size() ? cells[i] : std::string();
    if (columns[i] == 0 && cell.empty()) continue;
    line.append(gap, ' ');
    line += cell;
    const auto taken = Columns(cell);
    gap = 2 + (columns[i] > taken ? columns[i] - taken : 0);
  }
}

}  // namespace viasync::report
