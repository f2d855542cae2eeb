#include "engine/report/print_text.h"

#include <algorithm>
#include <cctype>

#include "engine/base/strings.h"
#include "engine/report/text_rows.h"

namespace viasync::report {
namespace {

constexpr std::size_t kFieldIndent = 6;

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};

class TextPrinter {
 public:
  TextPrinter(const Document& document, const Style& style, bool full)
      : document_(document), style_(style), full_(full) {}

  std::string Print() {
    if (document_.quiet) return Quiet();
    Head();
    for (const auto& section : document_.sections) {
      if (section.role != Section::Role::kConflicts && section.role != Section::Role::kAside) {
        WriteSection(section);
      }
    }
    for (auto role : {Section::Role::kConflicts, Section::Role::kAside}) Sections(role);
    Foot();
    return std::move(out_);
  }

 private:
  // What does not fit goes on under the text, two columns further in.
  void Put(std::string_view text = {}) {
    auto indent = std::min(text.find_first_not_of(' '), text.size());
    Put(text, indent + 2);
  }
  void Put(std::string_view text, std::size_t indent) {
    for (auto line : base::Split(text, '\n')) {
      out_ += Wrap(style_, line, indent);
      out_ += '\n';
    }
  }
  std::string Dim(std::string_view text) const { return Paint(style_, Colour::kDim, text); }
  std::string Bold(std::string_view text) const { return Paint(style_, Colour::kBold, text); }

  void Sections(Section::Role role) {
    for (const auto& section : document_.sections) {
      if (section.role == role) WriteSection(section);
    }
  }

  // Nothing is to be done: that sentence, and what else there is.
  std::string Quiet() {
    Put(Paint(style_, Colour::kGreen, PlainText(document_.summary)));
    if (!document_.sections.empty()) Put();
    for (auto role : {Section::Role::kWarnings, Section::Role::kAside}) Sections(role);
    if (!document_.aside.empty()) Put(Dim(document_.aside + " (--full names them)."));
    return std::move(out_);
  }

  const std::string* Origin(std::string_view name) const {
    for (const auto& fact : document_.origin) {
      if (fact.name == name) return &fact.value;
    }
    return nullptr;
  }

  void Head() {
    std::string title = PaintLine(style_, document_.title);
    if (const auto* base = Origin("base")) title += Dim(" · base: " + *base);
    Put(title);
    if (!document_.caution.empty()) {
      for (auto line : base::Split(document_.caution, '\n')) {
        Put(Paint(style_, Colour::kYellow, line));
      }
    }
    Put();
  }

  void Heading(const Section& section) {
    std::string title = section.title;
    title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
    const bool danger = section.role == Section::Role::kDanger;
    title = danger ? Paint(style_, Colour::kRed, title) : Bold(title);
    if (!section.detail.empty()) title += ": " + section.detail;
    if (!section.remark.empty()) title += ", " + section.remark;
    if (section.utc) title += Dim(" (times are UTC)");
    Put(title);
    Put();
  }

  void WriteSection(const Section& section) {
    Heading(section);
    if (section.parts.empty()) return;
    if (section.role == Section::Role::kAside || section.role == Section::Role::kWarnings)
      Names(section);
    else if (!section.columns.empty())
      Rows(section);
    else
      Paragraphs(section);
  }

  void Cut(const More& more) { Put("    " + Dim(PlainText(more.text) + " (--full lists them)")); }

  void Names(const Section& section) {
    for (const auto& part : section.parts) {
      if (const auto* more = std::get_if<More>(&part)) {
        Cut(*more);
        continue;
      }
      const auto& item = std::get<Item>(part);
      std::string line = "    " + item.kind + (item.kind.empty() ? "" : " ") + item.name.front();
      for (const auto& detail : item.detail) line += Dim("  " + detail);
      Put(line);
    }
    Put();
  }

  void Rows(const Section& section) {
    std::vector<const Item*> items;
    for (const auto& part : section.parts) {
      if (const auto* item = std::get_if<Item>(&part)) items.push_back(item);
    }
    const TextRows rows(items, style_);
    for (const auto& part : section.parts) {
      if (const auto* more = std::get_if<More>(&part))
        Cut(*more);
      else
        rows.Append(std::get<Item>(part), out_);
    }
    Put();
  }

  // --- a paragraph each -------------------------------------------------------------------------

  void Paragraphs(const Section& section) {
    std::size_t columns = 0;
    for (const auto& part : section.parts) {
      const auto* item = std::get_if<Item>(&part);
      if (!item || item->act == Act::kConflict) continue;
      const auto taken = Columns(item->name.front());
      if (taken <= kCellMax) columns = std::max(columns, taken);
    }
    for (const auto& part : section.parts) {
      if (const auto* more = std::get_if<More>(&part)) {
        Cut(*more);
        Put();
      } else {
        Paragraph(std::get<Item>(part), columns);
      }
    }
  }

  void Paragraph(const Item& item, std::size_t columns) {
    const auto mark = MarkOf(item.act);
    std::string name = item.name.front();
    if (item.act == Act::kConflict) name = item.kind + " " + name;
    std::string line = "  " + Paint(style_, mark.colour, mark.sign) + " " + Bold(name);
    if (auto source = PlaceOf(item); !source.empty()) {
      const auto taken = Columns(name);
      line += std::string(2 + (columns > taken ? columns - taken : 0), ' ') + Dim(source);
    }
    Put(line, kFieldIndent);
    AppendNotes(item, style_, out_);
    std::size_t names = 0;
    for (const auto& field : item.fields) {
      std::visit([&](const auto& one) { names = std::max(names, Columns(one.name)); }, field);
    }
    for (const auto& field : item.fields) {
      std::visit(Overloaded{[&](const Value& value) { WriteValue(value, names); },
                            [&](const Clauses& clauses) { WriteClauses(clauses, names); },
                            [&](const Terms& terms) { WriteTerms(terms); }},
                 field);
    }
    Put();
  }

  std::string Label(const std::string& name, std::size_t names) const {
    return std::string(kFieldIndent, ' ') + Dim(Pad(name, names)) + "  ";
  }

  void WriteValue(const Value& field, std::size_t names) {
    const std::string label = Label(field.name, names);
    if (!field.was || !field.becomes) {
      return Put(label + (field.becomes ? *field.becomes : field.was.value_or("")), Columns(label));
    }
    const std::size_t columns =
        kFieldIndent + names + 2 + Columns(*field.was) + 3 + Columns(*field.becomes);
    if (style_.width == 0 || columns <= static_cast<std::size_t>(style_.width)) {
      return Put(label + Paint(style_, Colour::kRed, *field.was) + " → " +
                 Paint(style_, Colour::kGreen, *field.becomes));
    }
    Put(label + Paint(style_, Colour::kRed, "- " + *field.was), Columns(label) + 2);
    Put(std::string(Columns(label), ' ') + Paint(style_, Colour::kGreen, "+ " + *field.becomes),
        Columns(label) + 2);
  }

  void WriteClauses(const Clauses& field, std::size_t names) {
    const std::string indent(kFieldIndent + names + 2, ' ');
    std::string label = Label(field.name, names);
    for (const auto& line : field.lines) {
      Put(label + (field.compared ? DiffText(line) : line.text), indent.size() + 4);
      label = indent;
    }
  }

  std::string DiffText(const DiffLine& line) const {
    if (line.sign == '@') return Dim("  " + line.text);
    std::string text = std::string(1, line.sign) + " " + line.text;
    if (line.sign == '+') return Paint(style_, Colour::kGreen, text);
    return line.sign == '-' ? Paint(style_, Colour::kRed, text) : text;
  }

  void WriteTerms(const Terms& field) {
    Put(std::string(kFieldIndent, ' ') + field.name);
    WriteTerm("base", field.base, Colour::kDim);
    WriteTerm("local", field.local, Colour::kGreen);
    WriteTerm("remote", field.remote, Colour::kCyan);
  }

  void WriteTerm(std::string_view side, const std::vector<std::string>& lines, Colour colour) {
    std::string label = std::string(kFieldIndent, ' ') + "  " + Dim(Pad(side, 6)) + "  ";
    for (const auto& line : lines) {
      Put(label + Paint(style_, colour, line), kFieldIndent + 14);
      label = std::string(kFieldIndent + 10, ' ');
    }
  }

  // --- the end ----------------------------------------------------------------------------------

  void Foot() {
    Put(PaintLine(style_, document_.summary), 0);
    std::vector<std::string> origin;
    if (const auto* id = Origin("plan")) origin.push_back("Plan " + *id);
    for (const auto& fact : document_.origin) {
      if (!full_ || fact.name == "plan" || fact.name == "base") continue;
      origin.push_back(fact.name + " " + fact.value);
    }
    if (!origin.empty()) Put(Dim(base::Join(origin, " · ")));
    for (const auto& notice : document_.notices) {
      Put();
      Put(Paint(style_, Colour::kRed, notice.title));
      for (const auto& line : notice.lines) Put("  " + line);
    }
    if (document_.next_sentence.empty()) return;
    Put();
    Put(document_.next_sentence, 0);
    out_ += "  " + Bold(document_.command) + "\n";  // in one piece, to be copied
  }

  const Document& document_;
  const Style& style_;
  bool full_;
  std::string out_;
};

}  // namespace

std::string PrintText(const Document& document, const Style& style, bool full) {
  return TextPrinter(document, style, full).Print();
}

}  // namespace viasync::report
