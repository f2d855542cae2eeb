#include "engine/report/plan_html.h"

#include <fmt/format.h>

#include "engine/base/strings.h"
#include "engine/report/criteria_diff.h"
#include "engine/report/html_style.h"
#include "engine/report/outline.h"
#include "engine/report/plan_words.h"
#include "engine/report/words.h"

namespace viasync::report {
namespace {

using model::Kind;
using reconcile::Action;
using reconcile::Change;
using reconcile::Direction;

std::string_view Verb(const Change& change) {
  return change.direction == Direction::kPull ? "drift" : reconcile::ActionName(change.action);
}

std::string Badge(const Change& change) {
  return fmt::format(R"(<span class="b {0}">{0}</span>)", Verb(change));
}

std::string Source(const Change& change) {
  auto text = SourceText(change.source);
  return text.empty() ? text : R"(<span class="src">)" + EscapeHtml(text) + "</span>";
}

std::string Note(const Change& change) {
  auto note = DriftNote(change);
  return note.empty() ? note : "<p class=\"note\">" + EscapeHtml(note) + "</p>\n";
}

std::string Lines(const std::vector<std::string>& lines) {
  std::string html = "<pre>";
  for (const auto& line : lines) html += EscapeHtml(line) + "\n";
  return html + "</pre>\n";
}

std::string DiffHtml(const std::vector<DiffLine>& diff) {
  std::string html = "<pre>";
  for (const auto& line : diff) {
    std::string text = EscapeHtml(line.text);
    if (line.sign == '+')
      html += "<ins>+ " + text + "</ins>\n";
    else if (line.sign == '-')
      html += "<del>- " + text + "</del>\n";
    else
      html += "  " + text + "\n";
  }
  return html + "</pre>\n";
}

class HtmlWriter {
 public:
  HtmlWriter(const plan::Plan& plan, const HtmlOptions& options)
      : plan_(plan), mask_(options.mask), outline_(MakeOutline(plan, options.changes_max)) {}

  std::string Write() {
    std::string title = "Plan for " + EscapeHtml(plan_.environment);
    out_ = fmt::format(kHtmlHead, title, kHtmlStyle);
    out_ += fmt::format("<header><h1>{} <small>{}</small></h1>\n", title, EscapeHtml(plan_.org));
    out_ += fmt::format("<p class=\"src\">plan <code>{}</code> · base: {} · made {} UTC by {}</p>",
                        EscapeHtml(ShortId(plan_.id)), EscapeHtml(BaseText(plan_)),
                        MomentText(plan_.created), EscapeHtml(plan_.tool));
    out_ += "</header>\n<main>\n";
    if (auto line = NoChangesLine(plan_)) {
      out_ += "<p class=\"big\">" + EscapeHtml(*line) + "</p>\n";
      Warnings();
    } else {
      if (auto text = NoBaseText(plan_); !text.empty()) {
        out_ += "<p class=\"warn\"><strong>" + EscapeHtml(text) + "</strong></p>\n";
      }
      Summary();
      Unprotecting(outline_.unprotecting, UnprotectTitle(plan_));
      Unprotecting(outline_.unprotecting_pulls, UnprotectPullTitle(plan_));
      Warnings();
      Conflicts();
      for (const auto& section : outline_.sections) WriteSection(section);
    }
    Unmanaged();
    return out_ + "</main>\n</body>\n</html>\n";
  }

 private:
  void Summary() {
    out_ +=
        "<p class=\"big\">" + SummaryLine(plan_) + "</p>\n<div class=\"wide\"><table><thead><tr>";
    out_ += "<th scope=\"col\">kind</th>";
    for (auto name : {"create", "update", "delete", "drifted", "conflicts"}) {
      out_ += fmt::format("<th scope=\"col\" class=\"n\">{}</th>", name);
    }
    out_ += "</tr></thead><tbody>\n";
    for (const auto& [kind, c, unprotecting, blocks] : outline_.sections) {
      out_ += fmt::format("<tr><th scope=\"row\">{}</th>", model::KindPlural(kind));
      for (auto count : {c.create, c.update, c.remove, c.pull, c.conflict}) {
        out_ += fmt::format("<td class=\"n\">{}</td>", base::Thousands(count));
      }
      out_ += "</tr>\n";
    }
    out_ += "</tbody></table></div>\n";
    if (outline_.changes_cut > 0) {
      out_ += "<p class=\"note\">This page omits " + base::Plural(outline_.changes_cut, "change") +
              "; the totals above include them. <code>" + EscapeHtml(FullCommand(plan_)) +
              "</code> lists them.</p>\n";
    }
    if (!plan_.exceeded.empty()) {
      out_ += "<p><strong class=\"warn\">Over the limit</strong></p>\n<ul>\n";
      for (const auto& line : ExceededLines(plan_)) out_ += "<li>" + EscapeHtml(line) + "</li>\n";
      out_ += "</ul>\n";
    }
    if (auto next = WhatNext(plan_); !next.sentence.empty()) {
      out_ += "<p>" + EscapeHtml(next.sentence) + " <code>" + EscapeHtml(next.command) +
              "</code></p>\n";
    }
  }

  // What may harm somebody comes first, and is never cut.
  void Unprotecting(const std::vector<const Change*>& changes, const std::string& title) {
    if (changes.empty()) return;
    out_ += "<details open><summary><h2 class=\"warn\">" + title + "</h2></summary>\n";
    RowHead(/*exclusions=*/true);
    for (const auto* change : changes) WriteRow(*change);
    out_ += "</tbody></table></div>\n</details>\n";
  }

  void Warnings() {
    if (plan_.warnings.empty()) return;
    out_ += "<details open><summary><h2>" + WarningsTitle(plan_) + "</h2></summary>\n<ul>\n";
    for (const auto& line : WarningLines(plan_, mask_)) {
      out_ += "<li>" + EscapeHtml(line) + "</li>\n";
    }
    out_ += "</ul>\n</details>\n";
  }

  void WriteSection(const Section& section) {
    if (section.blocks.empty()) return;
    out_ += fmt::format("<details open><summary><h2>{}</h2> {}</summary>\n",
                        model::KindPlural(section.kind), CountsText(section));
    if (section.kind == Kind::kFilter) {
      for (const auto& block : section.blocks) {
        for (const auto* change : block.shown) WriteFilter(*change);
      }
    } else {
      Rows(section);
    }
    for (const auto& block : section.blocks) {
      auto cut = CutText(block, Purpose::kApply, [](const std::string& file) { return file; });
      if (cut.empty()) continue;
      out_ += "<p class=\"src\">" + EscapeHtml(cut) + " (<code>" + EscapeHtml(FullCommand(plan_)) +
              "</code> lists them)</p>\n";
    }
    out_ += "</details>\n";
  }

  void WriteFilter(const Change& change) {
    out_ += "<article><h3>" + Badge(change) + " " + EscapeHtml(change.key) + "</h3> " +
            Source(change) + "\n" + Note(change);
    if (auto note = RenameNote(plan_, change); !note.empty()) {
      out_ += "<p class=\"note\">" + EscapeHtml(note) + "</p>\n";
    }
    if (change.action != Action::kDelete) {
      out_ += "<dl>\n";
      for (const auto& field : ViewFields(change)) WriteField(field);
      out_ += "</dl>\n";
    }
    out_ += "</article>\n";
  }

  void WriteField(const FieldView& field) {
    bool both = field.was && field.becomes;
    const auto& only = field.becomes ? *field.becomes : field.was.value_or("");
    out_ += "<dt>" + EscapeHtml(field.name) + "</dt><dd>";
    if (field.criteria) {
      out_ +=
          both ? DiffHtml(DiffCriteria(*field.was, *field.becomes)) : Lines(CriteriaLines(only));
    } else if (both) {
      out_ += "<del>" + EscapeHtml(*field.was) + "</del> → <ins>" + EscapeHtml(*field.becomes) +
              "</ins>";
    } else {
      out_ += EscapeHtml(only);
    }
    out_ += "</dd>\n";
  }

  void Rows(const Section& section) {
    RowHead(section.kind == Kind::kExclusion);
    for (const auto& block : section.blocks) {
      for (const auto* change : block.shown) WriteRow(*change);
    }
    out_ += "</tbody></table></div>\n";
  }

  void RowHead(bool exclusions) {
    out_ += "<div class=\"wide\"><table><thead><tr><th scope=\"col\">change</th>";
    out_ += exclusions ? "<th scope=\"col\">who</th><th scope=\"col\">list</th>"
                         "<th scope=\"col\">what (UTC)</th><th scope=\"col\">reason</th>"
                       : "<th scope=\"col\">list</th><th scope=\"col\">what</th>";
    out_ += "<th scope=\"col\">source</th></tr></thead><tbody>\n";
  }

  void WriteRow(const Change& change) {
    out_ += "<tr><td>" + Badge(change) + "</td>";
    if (change.kind == Kind::kExclusion)
      ExclusionCells(change);
    else
      ListCells(change);
    out_ += "</td><td>" + Source(change) + "</td></tr>\n";
  }

  void Cell(std::string_view text) { out_ += "<td>" + EscapeHtml(text) + "</td>"; }

  // Leaves the last cell open, as does ExclusionCells.
  void ListCells(const Change& change) {
    Cell(change.key);
    out_ += "<td>" + EscapeHtml(UpdateText(change)) + Note(change);
  }

  void ExclusionCells(const Change& change) {
    auto view = ViewExclusion(change, mask_);
    Cell(view.type + " " + view.address);
    Cell(view.list);
    bool update = change.action == Action::kUpdate;
    out_ += "<td>" + EscapeHtml(update ? UpdateText(change) : view.period) + Note(change);
    if (!view.effect.empty()) out_ += " <strong class=\"warn\">" + view.effect + "</strong>";
    out_ += "</td><td>" + EscapeHtml(view.reason);
  }

  void Conflicts() {
    if (plan_.conflicts.empty()) return;
    out_ += fmt::format("<details open><summary><h2>conflicts</h2> {}</summary>\n",
                        base::Thousands(plan_.conflicts.size()));
    for (const auto* conflict : outline_.conflicts) {
      const auto& change = conflict->change;
      out_ += fmt::format("<article><h3><span class=\"b conflict\">conflict</span> {} {}</h3> {}\n",
                          model::KindName(change.kind),
                          EscapeHtml(KeyText(change.kind, change.key, mask_)), Source(change));
      auto who = WhoChanged(change);
      out_ += "<p class=\"note\">" + EscapeHtml(conflict->reason) +
              (who.empty() ? who : " (in the org " + EscapeHtml(who) + ")") + "</p>\n";
      for (const auto& field : ViewConflict(change)) {
        out_ += "<h4>" + EscapeHtml(field.name) + "</h4>\n<div class=\"sides\">\n";
        out_ += "<section><h5>base</h5>" + Lines(field.base) + "</section>\n";
        out_ += "<section><h5>local</h5>" + Lines(field.local) + "</section>\n";
        out_ += "<section><h5>remote</h5>" + Lines(field.remote) + "</section>\n</div>\n";
      }
      out_ += "</article>\n";
    }
    if (outline_.conflicts_cut > 0) {
      out_ += "<p class=\"src\">… and " + base::Plural(outline_.conflicts_cut, "more conflict") +
              " (<code>" + EscapeHtml(FullCommand(plan_)) + "</code> lists them)</p>\n";
    }
    out_ += "</details>\n";
  }

  void Unmanaged() {
    if (plan_.unmanaged.empty()) return;
    out_ += "<p class=\"src\">" + base::Plural(plan_.unmanaged.size(), "unmanaged resource") +
            " only in the org, left alone.</p>\n";
  }

  const plan::Plan& plan_;
  bool mask_;
  Outline outline_;
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

std::string PlanHtml(const plan::Plan& plan, const HtmlOptions& options) {
  return HtmlWriter(plan, options).Write();
}

}  // namespace viasync::report
