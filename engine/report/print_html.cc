#include "engine/report/print_html.h"

#include <openssl/evp.h>

#include <array>
#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/api/encoding.h"
#include "engine/base/strings.h"
#include "engine/report/html_item.h"
#include "engine/report/page_files.h"

namespace viasync::report {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

// As a policy names what it allows.
std::string HashOf(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return api::Base64({reinterpret_cast<const char*>(digest.data()), size});
}

// JSON inside of a script element, where no `</` may stand. What is in the strings of `Rest` is our
// own markup; in those of `Facets`, names as they are.
std::string Rest(const std::string& json) {
  std::string safe;
  safe.reserve(json.size() + json.size() / 16);
  for (char c : json) {
    if (c == '/' && safe.ends_with('<')) safe += '\\';
    safe += c;
  }
  return safe;
}

std::string Facets(const std::string& json) {
  std::string safe;
  for (char c : json) {
    if (c == '<')
      safe += "\\u003c";
    else
      safe += c;
  }
  return safe;
}

data Names(const std::vector<std::string>& names, const char* key) {
  data list(data::type::list);
  for (const auto& name : names) list << data{key, name};
  return list;
}

class HtmlPrinter {
 public:
  explicit HtmlPrinter(const Document& document) : document_(document) {}

  std::string Print() {
    data page;
    page.set("style", std::string(PageStyle()));
    page.set("script", std::string(PageScript()));
    page.set("style_hash", HashOf(PageStyle()));
    page.set("script_hash", HashOf(PageScript()));
    page.set("see_all", document_.see_all);
    Head(page);
    data sections(data::type::list);
    for (const auto& section : document_.sections) sections << SectionData(section);
    page.set("sections", sections);
    page.set("has_items", items_.count() > 0);
    page.set("facets", Facets(items_.FacetsJson()));
    mustache view{std::string(PageTemplate())};
    view.set_custom_escape(EscapeHtml);
    std::string html;
    view.render(page, [&html](const std::string& piece) { html += piece; });
    return html;
  }

 private:
  void Head(data& page) {
    page.set("title_text", PlainText(document_.title));
    data title(data::type::list);
    for (const auto& span : document_.title) {
      data one{"text", span.text};
      one.set("value", span.value);
      title << one;
    }
    page.set("title", title);
    page.set("has_origin", !document_.origin.empty());
    data origin(data::type::list);
    for (const auto& fact : document_.origin) {
      data one{"name", fact.name};
      one.set("value", fact.value);
      origin << one;
    }
    page.set("origin", origin);
    page.set("has_caution", !document_.caution.empty());
    std::vector<std::string> caution;
    for (auto line : base::Split(document_.caution, '\n')) caution.emplace_back(line);
    page.set("caution", Names(caution, "line"));
    page.set("summary", PlainText(document_.summary));
    Counts(page);
    if (document_.changes_cut + document_.conflicts_cut > 0) {
      page.set("omitted", base::Plural(document_.changes_cut, "change") + " and " +
                              base::Plural(document_.conflicts_cut, "conflict"));
    }
    data notices(data::type::list);
    for (const auto& notice : document_.notices) {
      data one{"name", notice.title};
      one.set("lines", Names(notice.lines, "line"));
      notices << one;
    }
    page.set("notices", notices);
    if (!document_.next_sentence.empty()) page.set("next", document_.next_sentence);
    page.set("command", document_.command);
    if (!document_.aside.empty()) page.set("aside", document_.aside);
  }

  void Counts(data& page) {
    page.set("has_counts", !document_.counts.rows.empty());
    page.set("columns", Names(document_.counts.columns, "name"));
    data rows(data::type::list);
    for (const auto& row : document_.counts.rows) {
      data numbers(data::type::list);
      for (auto number : row.numbers) {
        data one{"number", base::Thousands(number)};
        one.set("none", number == 0);
        numbers << one;
      }
      data one{"name", row.name};
      one.set("numbers", numbers);
      rows << one;
    }
    page.set("counts", rows);
  }

  data SectionData(const Section& section) {
    using Role = Section::Role;
    constexpr std::array kRoles = {"danger", "warnings", "conflicts", "kind", "aside"};
    std::string detail = section.detail;
    if (!section.remark.empty()) detail += (detail.empty() ? "" : ", ") + section.remark;
    data one{"name", section.title};
    one.set("role", kRoles[static_cast<std::size_t>(section.role)]);
    one.set("danger", section.role == Role::kDanger);
    one.set("detail", detail);
    const bool lines = section.role == Role::kWarnings;
    one.set("is_lines", lines);
    one.set("is_rows", !section.columns.empty());
    one.set("heads", Names(section.columns, "name"));
    one.set("cells", std::to_string(section.columns.size()));
    data more(data::type::list), texts(data::type::list);
    bool items = false;
    for (const auto& part : section.parts) {
      const auto* item = std::get_if<Item>(&part);
      if (!item) more << data{"line", PlainText(std::get<More>(part).text)};
      if (item && lines) texts << data{"line", item->name.front()};
      items |= item && !lines;
    }
    one.set("more", more);
    one.set("lines", texts);
    one.set("is_list", items);
    if (items) Items(section, one);
    return one;
  }

  // The first ones as they are, the others as JSON: `[[kind, word, file, "<div …"], …]`.
  void Items(const Section& section, data& one) {
    std::size_t standing_max = kStandingMax;
    if (section.role != Section::Role::kDanger) standing_max -= std::min(standing_max, standing_);
    std::string standing, rest = "[";
    std::size_t shown = 0, kept = 0;
    for (const auto& part : section.parts) {
      const auto* item = std::get_if<Item>(&part);
      if (!item) continue;
      const auto printed = items_.Print(section, *item);
      if (shown < standing_max) {
        ++shown;
        standing += printed.html;
        continue;
      }
      rest += kept++ == 0 ? "" : ",";
      rest += "[" + std::to_string(printed.kind) + "," + std::to_string(printed.word) + "," +
              std::to_string(printed.file) + "," + nlohmann::json(printed.html).dump() + "]";
    }
    if (section.role != Section::Role::kDanger) standing_ += shown;
    one.set("items", standing);
    if (kept == 0) return;
    one.set("rest", Rest(rest + "]"));
    one.set("rest_count", base::Thousands(kept));
  }

  const Document& document_;
  HtmlItems items_;
  std::size_t standing_ = 0;
};

}  // namespace

std::string PrintHtml(const Document& document) { return HtmlPrinter(document).Print(); }

}  // namespace viasync::report
