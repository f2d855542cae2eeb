#include "engine/report/print_html.h"

#include <fmt/format.h>

#include "engine/base/strings.h"
#include "engine/report/html_style.h"

namespace viasync::report {
namespace {

std::string Text(const Line& line) { return EscapeHtml(PlainText(line)); }

std::string Lines(const std::vector<std::string>& lines) {
  std::string html = "<pre>";
  for (const auto& line : lines) html += EscapeHtml(line) + "\n";
  return html + "</pre>\n";
}

std::string ClausesHtml(const Clauses& clauses) {
  std::string html = "<pre>";
  for (const auto& line : clauses.lines) {
    const std::string text = EscapeHtml(line.text);
    if (!clauses.compared)
      html += text + "\n";
    else if (line.sign == '+')
      html += "<ins>+ " + text + "</ins>\n";
    else if (line.sign == '-')
      html += "<del>- " + text + "</del>\n";
    else
      html += "  " + text + "\n";
  }
  return html + "</pre>\n";
}

std::string_view ClassOf(Act act) {
  constexpr std::string_view kClasses[] = {"create", "update", "delete", "drift", "conflict", ""};
  return kClasses[static_cast<std::size_t>(act)];
}

std::string Badge(const Item& item) {
  return fmt::format(R"(<span class="b {}">{}</span>)", ClassOf(item.act), item.word);
}

std::string Source(const Item& item) {
  auto text = PlaceOf(item);
  return text.empty() ? text : R"(<span class="src">)" + EscapeHtml(text) + "</span>";
}

class HtmlPrinter {
 public:
  explicit HtmlPrinter(const Document& document) : document_(document) {}

  std::string Print() {
    const std::string title = Text(document_.title);
    out_ = fmt::format(kHtmlHead, title, kHtmlStyle);
    out_ += "<header><h1>" + title + "</h1>\n";
    std::vector<std::string> facts;
    for (const auto& fact : document_.origin) {
      facts.push_back(fact.name + " <code>" + EscapeHtml(fact.value) + "</code>");
    }
    if (!facts.empty()) out_ += "<p class=\"src\">" + base::Join(facts, " · ") + "</p>\n";
    out_ += "</header>\n<main>\n";
    if (!document_.caution.empty()) {
      out_ += "<p class=\"warn\"><strong>" + EscapeHtml(document_.caution) + "</strong></p>\n";
    }
    out_ += "<p class=\"big\">" + Text(document_.summary) + "</p>\n";
    Summary();
    for (const auto& section : document_.sections) WriteSection(section);
    return out_ + "</main>\n</body>\n</html>\n";
  }

 private:
  void Summary() {
    Counts();
    if (document_.changes_cut + document_.conflicts_cut > 0) {
      out_ += "<p class=\"note\">This page omits " + base::Plural(document_.changes_cut, "change") +
              " and " + base::Plural(document_.conflicts_cut, "conflict") +
              "; the totals above include them. " + SeeAll() + " lists them.</p>\n";
    }
    for (const auto& notice : document_.notices) {
      out_ += "<p><strong class=\"warn\">" + notice.title + "</strong></p>\n<ul>\n";
      for (const auto& line : notice.lines) out_ += "<li>" + EscapeHtml(line) + "</li>\n";
      out_ += "</ul>\n";
    }
    if (!document_.next_sentence.empty()) {
      out_ += "<p>" + EscapeHtml(document_.next_sentence) + " <code>" +
              EscapeHtml(document_.command) + "</code></p>\n";
    }
    if (!document_.aside.empty()) {
      out_ += "<p class=\"src\">" + document_.aside + " (" + SeeAll() + " names them).</p>\n";
    }
  }

  std::string SeeAll() const { return "<code>" + EscapeHtml(document_.see_all) + "</code>"; }

  void Counts() {
    if (document_.counts.rows.empty()) return;
    out_ += "<div class=\"wide\"><table><thead><tr><th scope=\"col\">kind</th>";
    for (const auto& column : document_.counts.columns) {
      out_ += fmt::format("<th scope=\"col\" class=\"n\">{}</th>", column);
    }
    out_ += "</tr></thead><tbody>\n";
    for (const auto& row : document_.counts.rows) {
      out_ += fmt::format("<tr><th scope=\"row\">{}</th>", row.name);
      for (auto count : row.numbers) {
        out_ += fmt::format("<td class=\"n\">{}</td>", base::Thousands(count));
      }
      out_ += "</tr>\n";
    }
    out_ += "</tbody></table></div>\n";
  }

  void WriteSection(const Section& section) {
    const bool danger = section.role == Section::Role::kDanger;
    std::string words = section.detail;
    if (!section.remark.empty()) words += (words.empty() ? "" : ", ") + section.remark;
    out_ += fmt::format("<details open><summary><h2{}>{}</h2> {}</summary>\n",
                        danger ? " class=\"warn\"" : "", section.title, words);
    const bool rows = !section.columns.empty();
    const bool lines = section.role == Section::Role::kWarnings;
    if (lines) out_ += "<ul>\n";
    if (rows && !section.parts.empty()) RowHead(section);
    for (const auto& part : section.parts) {
      const auto* item = std::get_if<Item>(&part);
      if (!item) continue;
      if (lines)
        out_ += "<li>" + EscapeHtml(item->name.front()) + "</li>\n";
      else if (rows)
        WriteRow(*item);
      else
        WriteParagraph(*item);
    }
    if (rows && !section.parts.empty()) out_ += "</tbody></table></div>\n";
    if (lines) out_ += "</ul>\n";
    for (const auto& part : section.parts) {
      const auto* more = std::get_if<More>(&part);
      if (!more) continue;
      out_ += "<p class=\"src\">" + Text(more->text) + " (" + SeeAll() + " lists them)</p>\n";
    }
    out_ += "</details>\n";
  }

  void RowHead(const Section& section) {
    out_ += "<div class=\"wide\"><table><thead><tr><th scope=\"col\">change</th>";
    for (const auto& column : section.columns) out_ += "<th scope=\"col\">" + column + "</th>";
    out_ += "<th scope=\"col\">source</th></tr></thead><tbody>\n";
  }

  void Notes(const Item& item) {
    for (const auto& note : item.notes) out_ += "<p class=\"note\">" + Text(note) + "</p>\n";
  }

  void WriteRow(const Item& item) {
    out_ += "<tr><td>" + Badge(item) + "</td>";
    for (const auto& name : item.name) out_ += "<td>" + EscapeHtml(name) + "</td>";
    for (std::size_t i = 0; i < item.detail.size(); ++i) {
      out_ += "<td>" + EscapeHtml(item.detail[i]);
      if (i == 0) Notes(item);
      if (i == 0 && !item.warning.text.empty()) {
        out_ += " <strong class=\"warn\">" + item.warning.text + "</strong>";
      }
      out_ += "</td>";
    }
    out_ += "<td>" + Source(item) + "</td></tr>\n";
  }

  void WriteParagraph(const Item& item) {
    out_ += "<article><h3>";
    if (item.act != Act::kNone) out_ += Badge(item) + " ";
    if (item.act == Act::kNone || item.act == Act::kConflict) out_ += item.kind + " ";
    out_ += EscapeHtml(item.name.front()) + "</h3> " + Source(item) + "\n";
    for (const auto& detail : item.detail) {
      out_ += "<span class=\"src\">" + EscapeHtml(detail) + "</span>\n";
    }
    Notes(item);
    if (!item.fields.empty()) {
      out_ += "<dl>\n";
      for (const auto& field : item.fields) {
        std::visit([&](const auto& one) { WriteField(one); }, field);
      }
      out_ += "</dl>\n";
    }
    out_ += "</article>\n";
  }

  void Name(const std::string& name) { out_ += "<dt>" + EscapeHtml(name) + "</dt><dd>"; }

  void WriteField(const Value& field) {
    Name(field.name);
    if (field.was && field.becomes) {
      out_ += "<del>" + EscapeHtml(*field.was) + "</del> → <ins>" + EscapeHtml(*field.becomes) +
              "</ins>";
    } else {
      out_ += EscapeHtml(field.becomes ? *field.becomes : field.was.value_or(""));
    }
    out_ += "</dd>\n";
  }

  void WriteField(const Clauses& field) {
    Name(field.name);
    out_ += ClausesHtml(field) + "</dd>\n";
  }

  void WriteField(const Terms& field) {
    Name(field.name);
    out_ += "<div class=\"sides\">\n<section><h5>base</h5>" + Lines(field.base) +
            "</section>\n<section><h5>local</h5>" + Lines(field.local) +
            "</section>\n<section><h5>remote</h5>" + Lines(field.remote) +
            "</section>\n</div></dd>\n";
  }

  const Document& document_;
  std::string out_;
};

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string escaped;
  for (char c : base::Printable(text)) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else if (c == '"')
      escaped += "&quot;";
    else if (c == '\'')
      escaped += "&#39;";
    else
      escaped += c;
  }
  return escaped;
}

std::string PrintHtml(const Document& document) { return HtmlPrinter(document).Print(); }

}  // namespace viasync::report
