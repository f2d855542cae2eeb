#include "engine/report/print_markdown.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/report/markdown.h"
#include "engine/report/style.h"

namespace viasync::report {
namespace {

constexpr std::size_t kOmittedMax =
    300;  // of the title and the line that says how many did not fit

class MarkdownPrinter {
 public:
  MarkdownPrinter(const Document& document, const MarkdownBounds& bounds)
      : document_(document), bounds_(bounds) {}

  std::optional<std::string> Print() {
    Head();
    for (const auto& section : document_.sections) {
      WriteSection(section);
      if (TooLong()) return std::nullopt;
    }
    Omitted();
    if (TooLong()) return std::nullopt;
    return std::move(out_);
  }

  std::string PrintHead() {
    name_max_ = kNameMax / 2;
    command_max_ = kNameMax;
    Head();
    constexpr std::string_view kEnd =
        "\n**This comment omits the other changes for their size.** `viasync plan --full` and the "
        "JSON of the plan hold everything.\n";
    const std::size_t room =
        bounds_.bytes_max - std::min(bounds_.bytes_max, kEnd.size() + kOmittedMax);
    std::size_t left = 0;
    for (const auto& section : document_.sections) {
      if (section.role != Section::Role::kDanger) continue;
      out_ += "\n⚠ **" + section.title + "**\n\n";
      for (const auto& part : section.parts) {
        std::string line = "- " + Brief(std::get<Item>(part)) + "\n";
        if (left > 0 || out_.size() + line.size() > room)
          ++left;
        else
          out_ += line;
      }
    }
    for (const auto& section : document_.sections) {
      if (section.role != Section::Role::kWarnings) continue;
      out_ += "\n⚠ **" + section.title + " did not fit into this comment.**\n";
    }
    if (left > 0) {
      out_ += fmt::format("\n⚠ **{} more of these did not fit into this comment.**\n",
                          base::Thousands(left));
    }
    return out_ + std::string(kEnd);
  }

 private:
  bool TooLong() const { return out_.size() > bounds_.bytes_max; }
  std::string Code(std::string_view text) const { return CodeSpan(Clip(text, bounds_.chars)); }
  // In the head, which is of bounded size.
  std::string Name(std::string_view text) const { return CodeSpan(Clip(text, name_max_)); }

  template <class Quote>
  static std::string Text(const Line& line, Quote quote) {
    std::string text;
    for (const auto& span : line) text += span.value ? quote(span.text) : span.text;
    return text;
  }
  std::string Text(const Line& line) const {
    return Text(line, [&](const std::string& value) { return Code(value); });
  }

  // What is strong at the beginning of a sentence is so here, too.
  std::string Sentence(const Line& line) const {
    const auto name = [&](const std::string& value) { return Name(value); };
    std::size_t strong = 0;
    while (strong < line.size() && line[strong].tone == Tone::kStrong) ++strong;
    if (strong == 0) return Text(line, name);
    const auto middle = line.begin() + static_cast<std::ptrdiff_t>(strong);
    return "**" + Text(Line(line.begin(), middle), name) + "**" +
           Text(Line(middle, line.end()), name);
  }

  // --- the head: of bounded size, whatever the document holds -----------------------------------

  void Head() {
    const auto name = [&](const std::string& value) { return Name(value); };
    out_ = "### " + Text(document_.title, name) + "\n\n" + Sentence(document_.summary) + "\n";
    if (!document_.quiet) out_ += "\n";
    if (!document_.caution.empty()) out_ += "⚠ **" + document_.caution + "**\n\n";
    Counts();
    Warnings();
    if (!document_.aside.empty()) {
      out_ += "\n" + document_.aside + " (" + Name(document_.see_all) + " names them).\n";
    }
    if (document_.origin.empty()) return;
    std::vector<std::string> facts;
    for (const auto& fact : document_.origin) facts.push_back(fact.name + " " + Name(fact.value));
    out_ += "\n<sub>" + base::Join(facts, " · ") + "</sub>\n";
  }

  void Counts() {
    if (document_.counts.rows.empty()) return;
    std::string rule = "|:--|";
    out_ += "| |";
    for (const auto& column : document_.counts.columns) {
      out_ += " " + column + " |";
      rule += "--:|";
    }
    out_ += "\n" + rule + "\n";
    for (const auto& row : document_.counts.rows) {
      out_ += "| " + row.name + " |";
      for (auto number : row.numbers) out_ += " " + base::Thousands(number) + " |";
      out_ += "\n";
    }
  }

  void Warnings() {
    const bool stops = std::ranges::any_of(document_.sections, &Section::stops);
    if (stops) out_ += "\n⚠ **Nothing is written until the conflicts are settled.**\n";
    for (const auto& notice : document_.notices) {
      out_ += "\n⛔ **" + notice.title + "**\n\n";
      for (const auto& line : notice.lines) out_ += "- " + Name(line) + "\n";
    }
    if (document_.next_sentence.empty()) return;
    out_ += "\n" + document_.next_sentence + " " + CodeSpan(Clip(document_.command, command_max_)) +
            "\n";
  }

  void Omitted() {
    if (document_.changes_cut + document_.conflicts_cut == 0) return;
    out_ += fmt::format(
        "\n**This comment omits {} and {} for their size**; the counts above include them. {} and "
        "the JSON of the plan hold everything.\n",
        base::Plural(document_.changes_cut, "change"),
        base::Plural(document_.conflicts_cut, "conflict"), SeeAll());
  }

  std::string SeeAll() const { return CodeSpan(Clip(document_.see_all, command_max_)); }

  // One change in few words.
  std::string Brief(const Item& item) const {
    std::string text = item.word + " " + Code(item.name.front());
    if (item.name.size() > 1) text += " (" + Code(item.name[1]) + ")";
    return text + ": " + item.warning.text;
  }

  // --- sections ---------------------------------------------------------------------------------

  std::string Title(const Section& section) const {
    using Role = Section::Role;
    const bool care = section.role == Role::kDanger || section.role == Role::kWarnings;
    std::string title = care ? "⚠ <b>" : "<b>";
    title += section.title + "</b>";
    if (!section.detail.empty()) title += ": " + section.detail;
    if (!section.remark.empty()) title += ", " + section.remark;
    return title;
  }

  void WriteSection(const Section& section) {
    using Role = Section::Role;
    if (section.parts.empty()) {
      out_ += "\n" + Title(section) + "\n";
      return;
    }
    const bool open = section.role != Role::kKind && section.role != Role::kAside;
    out_ +=
        fmt::format("\n<details{}><summary>{}</summary>\n\n", open ? " open" : "", Title(section));
    if (!section.columns.empty()) RowHead(section);
    for (const auto& part : section.parts) {
      if (TooLong()) return;
      if (const auto* item = std::get_if<Item>(&part)) WriteItem(section, *item);
    }
    for (const auto& part : section.parts) {  // behind the rows, since nothing parts a table
      const auto* more = std::get_if<More>(&part);
      if (more) out_ += "\n" + Text(more->text) + " (" + SeeAll() + " lists them)\n";
    }
    out_ += "\n</details>\n";
  }

  void WriteItem(const Section& section, const Item& item) {
    if (section.role == Section::Role::kAside || section.role == Section::Role::kWarnings)
      WriteName(item);
    else if (!section.columns.empty())
      WriteRow(item);
    else
      WriteParagraph(item);
  }

  void WriteName(const Item& item) {
    out_ += "- " + item.kind + (item.kind.empty() ? "" : " ") + Code(item.name.front());
    for (const auto& detail : item.detail) out_ += " " + Code(detail);
    out_ += "\n";
  }

  void RowHead(const Section& section) {
    out_ += "| |";
    std::string rule = "|:--|";
    for (const auto& column : section.columns) {
      out_ += " " + column + " |";
      rule += ":--|";
    }
    out_ += " source |\n" + rule + ":--|\n";
  }

  // The notes and the warning stand behind what happens.
  void WriteRow(const Item& item) {
    out_ += "| " + item.word + " |";
    for (const auto& name : item.name) out_ += " " + Code(name) + " |";
    for (std::size_t i = 0; i < item.detail.size(); ++i) {
      out_ += " " + Code(item.detail[i]);
      if (i == 0) {
        for (const auto& note : item.notes) out_ += " " + Text(note);
        if (!item.warning.text.empty()) out_ += " **" + item.warning.text + "**";
      }
      out_ += " |";
    }
    out_ += " " + Code(PlaceOf(item)) + " |\n";
  }

  void WriteParagraph(const Item& item) {
    const bool conflict = item.act == Act::kConflict;
    out_ += "**" + (conflict ? item.kind : item.word) + "** " + Code(item.name.front());
    if (auto source = PlaceOf(item); !source.empty()) out_ += " · " + Code(source);
    out_ += "\n";
    for (const auto& note : item.notes) out_ += "\n" + Text(note) + "\n";
    if (!conflict) out_ += "\n";
    for (const auto& field : item.fields) {
      if (const auto* value = std::get_if<Value>(&field)) WriteValue(*value);
    }
    for (const auto& field : item.fields) {  // blocks would break the list up
      if (const auto* clauses = std::get_if<Clauses>(&field)) WriteClauses(*clauses);
      if (const auto* terms = std::get_if<Terms>(&field)) WriteTerms(*terms);
    }
    if (conflict || !item.fields.empty()) out_ += "\n";
  }

  void WriteValue(const Value& field) {
    out_ += "- " + Code(field.name) + ": ";
    if (field.was && field.becomes)
      out_ += Code(*field.was) + " → " + Code(*field.becomes);
    else
      out_ += Code(field.becomes ? *field.becomes : field.was.value_or(""));
    out_ += "\n";
  }

  void WriteClauses(const Clauses& field) {
    std::vector<std::string> lines;
    for (const auto& line : field.lines) {
      const std::string sign = line.sign == '@' ? "  " : std::string(1, line.sign) + " ";
      lines.push_back(field.compared ? sign + line.text : line.text);
    }
    out_ += "\n" + Code(field.name) + ":\n\n" +
            CodeFence(field.compared ? "diff" : "sql", Bounded(std::move(lines)));
  }

  void WriteTerms(const Terms& field) {
    std::vector<std::string> lines;
    auto add = [&](std::string_view side, const std::vector<std::string>& term) {
      lines.push_back(Clip(field.name, bounds_.chars) + ", " + std::string(side) + ":");
      for (auto& line : Bounded(term)) lines.push_back("  " + line);
    };
    add("base", field.base);
    add("local", field.local);
    add("remote", field.remote);
    out_ += "\n" + CodeFence("", lines);
  }

  std::vector<std::string> Bounded(std::vector<std::string> lines) const {
    const std::size_t cut = lines.size() > bounds_.lines ? lines.size() - bounds_.lines : 0;
    lines.resize(lines.size() - cut);
    for (auto& line : lines) line = Clip(line, bounds_.chars);
    if (cut > 0) lines.push_back("… " + base::Plural(cut, "more line"));
    return lines;
  }

  const Document& document_;
  const MarkdownBounds& bounds_;
  std::size_t name_max_ = kNameMax, command_max_ = kValueMax;
  std::string out_;
};

}  // namespace

std::optional<std::string> PrintMarkdown(const Document& document, const MarkdownBounds& bounds) {
  return MarkdownPrinter(document, bounds).Print();
}

std::string PrintMarkdownHead(const Document& document, const MarkdownBounds& bounds) {
  return MarkdownPrinter(document, bounds).PrintHead();
}

}  // namespace viasync::report
