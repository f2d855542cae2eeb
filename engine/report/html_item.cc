#include "engine/report/html_item.h"

#include <algorithm>
#include <array>
#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/report/page_files.h"
#include "engine/report/print_html.h"
#include "engine/report/word_diff.h"

namespace viasync::report {
namespace {

using kainjow::mustache::data;

std::string_view ClassOf(Act act) {
  constexpr std::string_view kClasses[] = {"create", "update",   "delete",
                                           "drift",  "conflict", "none"};
  return kClasses[static_cast<std::size_t>(act)];
}

data NoteList(const Item& item) {
  data notes(data::type::list);
  for (const auto& note : item.notes) notes << data{"note", PlainText(note)};
  return notes;
}

// --- criteria side by side ----------------------------------------------------------------------

data SideLine(const std::string& text, const Pieces* pieces) {
  data line{"line", text};
  line.set("changed", pieces != nullptr);
  data list(data::type::list);
  if (pieces) {
    for (const auto& piece : *pieces) {
      data one{"piece", piece.text};
      one.set("marked", piece.marked);
      list << one;
    }
  }
  line.set("pieces", list);
  return line;
}

// Lines that were taken away stand beside those that came instead; what has no partner stands
// beside an empty line.
class Sides {
 public:
  explicit Sides(const std::vector<DiffLine>& lines) {
    for (std::size_t at = 0; at < lines.size();) {
      if (lines[at].sign != '-' && lines[at].sign != '+') {
        Both(lines[at++].text);
        continue;
      }
      std::vector<std::string> gone, come;
      while (at < lines.size() && lines[at].sign == '-') gone.push_back(lines[at++].text);
      while (at < lines.size() && lines[at].sign == '+') come.push_back(lines[at++].text);
      Changed(gone, come);
    }
  }
  data before{data::type::list}, after{data::type::list};

 private:
  void Both(const std::string& text) {
    before << SideLine(text, nullptr);
    after << SideLine(text, nullptr);
  }
  void Changed(const std::vector<std::string>& gone, const std::vector<std::string>& come) {
    for (std::size_t i = 0; i < std::max(gone.size(), come.size()); ++i) {
      std::pair<Pieces, Pieces> words;
      if (i < gone.size() && i < come.size())
        words = DiffWords(gone[i], come[i]);
      else if (i < gone.size())
        words.first = {{gone[i]}};
      else
        words.second = {{come[i]}};
      before << (i < gone.size() ? SideLine(gone[i], &words.first) : SideLine("", nullptr));
      after << (i < come.size() ? SideLine(come[i], &words.second) : SideLine("", nullptr));
    }
  }
};

data FieldData(const Clauses& field) {
  data one{"field", field.name};
  one.set("is_compared", field.compared);
  one.set("is_lines", !field.compared);
  if (field.compared) {
    Sides sides(field.lines);
    one.set("before", sides.before);
    one.set("after", sides.after);
    return one;
  }
  data lines(data::type::list);
  for (const auto& line : field.lines) lines << data{"line", line.text};
  one.set("lines", lines);
  return one;
}

data FieldData(const Value& field) {
  data one{"field", field.name};
  one.set("is_value", true);
  one.set("both", field.was && field.becomes);
  one.set("was", field.was.value_or(""));
  one.set("becomes", field.becomes.value_or(""));
  one.set("only", field.becomes ? *field.becomes : field.was.value_or(""));
  return one;
}

data TermData(const char* side, const std::vector<std::string>& lines, bool signs) {
  data list(data::type::list);
  for (const auto& line : lines) {
    data one{"line", line};
    const bool plus = signs && line.starts_with("+ "), minus = signs && line.starts_with("- ");
    one.set("plus", plus);
    one.set("minus", minus);
    one.set("same", !plus && !minus);
    list << one;
  }
  data term{"side", side};
  term.set("lines", list);
  return term;
}

data FieldData(const Terms& field) {
  data one{"field", field.name};
  one.set("is_terms", true);
  data terms(data::type::list);
  terms << TermData("base", field.base, false);
  terms << TermData("local", field.local, true);
  terms << TermData("remote", field.remote, true);
  one.set("terms", terms);
  return one;
}

// --- items --------------------------------------------------------------------------------------

void Row(const Section& section, const Item& item, data& one) {
  one.set("cells", std::to_string(section.columns.size()));
  data cells(data::type::list);
  auto add = [&](std::size_t column, const std::string& text, bool first) {
    data cell{"text", text};
    cell.set("label", column < section.columns.size() ? section.columns[column] : "");
    cell.set("first", first);
    cells << cell;
  };
  for (std::size_t i = 0; i < item.name.size(); ++i) add(i, item.name[i], false);
  for (std::size_t i = 0; i < item.detail.size(); ++i) {
    add(item.name.size() + i, item.detail[i], i == 0);
  }
  one.set("cell", cells);
  if (item.warning.text.empty()) return;
  one.set("warning", item.warning.text);
  one.set("tone", item.warning.tone == Tone::kDanger ? "warn" : "moved");
}

void Paragraph(const Item& item, data& one) {
  const bool named = item.act == Act::kNone || item.act == Act::kConflict;
  one.set("lead", named ? item.kind + " " : "");
  one.set("name", item.name.front());
  data details(data::type::list);
  for (const auto& detail : item.detail) details << data{"text", detail};
  one.set("details", details);
  one.set("has_fields", !item.fields.empty());
  data fields(data::type::list);
  for (const auto& field : item.fields) {
    std::visit([&](const auto& value) { fields << FieldData(value); }, field);
  }
  one.set("fields", fields);
}

}  // namespace

struct HtmlItems::Template {
  kainjow::mustache::mustache view{std::string(ItemTemplate())};
};

HtmlItems::HtmlItems() : template_(std::make_unique<Template>()) {
  template_->view.set_custom_escape(EscapeHtml);
}
HtmlItems::~HtmlItems() = default;

std::size_t HtmlItems::Facet::PlaceOf(const std::string& name) {
  auto [place, added] = places.emplace(name, names.size());
  if (added) names.push_back(name);
  return place->second;
}

HtmlItems::Printed HtmlItems::Print(const Section& section, const Item& item) {
  ++count_;
  Printed printed;
  printed.kind = kinds_.PlaceOf(item.kind);
  printed.word = words_.PlaceOf(item.word.empty() ? section.title : item.word);
  printed.file = files_.PlaceOf(item.file.empty() ? "(no file)" : item.file);
  const bool row = !section.columns.empty();
  data one{"act", std::string(ClassOf(item.act))};
  one.set("shape", row ? "row" : "paragraph");
  one.set("is_row", row);
  one.set("k", std::to_string(printed.kind));
  one.set("w", std::to_string(printed.word));
  one.set("f", std::to_string(printed.file));
  if (!item.word.empty()) one.set("word", item.word);
  one.set("place", PlaceOf(item));
  one.set("notes", NoteList(item));
  if (row)
    Row(section, item, one);
  else
    Paragraph(item, one);
  template_->view.render(one, [&](const std::string& piece) { printed.html += piece; });
  return printed;
}

std::string HtmlItems::FacetsJson() const {
  const nlohmann::ordered_json json = {
      {"kinds", kinds_.names}, {"words", words_.names}, {"files", files_.names}};
  return base::DumpJson(json);
}

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

}  // namespace viasync::report
