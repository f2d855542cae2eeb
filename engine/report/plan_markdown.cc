#include "engine/report/plan_markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/base/strings.h"
#include "engine/report/criteria_diff.h"
#include "engine/report/markdown.h"
#include "engine/report/outline.h"
#include "engine/report/plan_words.h"
#include "engine/report/style.h"
#include "engine/report/words.h"

namespace viasync::report {
namespace {

using model::Kind;
using reconcile::Action;
using reconcile::Change;
using reconcile::Direction;

// How much is shown: tried from the first to the last, until it fits.
struct Bounds {
  std::size_t changes, lines, chars;
};
constexpr std::array kBounds = {Bounds{400, 60, 300}, Bounds{200, 60, 300}, Bounds{100, 40, 300},
                                Bounds{50, 30, 200},  Bounds{25, 20, 200},  Bounds{12, 12, 160},
                                Bounds{6, 8, 120},    Bounds{2, 4, 80},     Bounds{1, 2, 40}};

std::string_view Verb(const Change& change, Purpose purpose) {
  if (purpose == Purpose::kDiff) {
    constexpr std::string_view kWords[] = {"missing", "different", "besides"};
    return kWords[static_cast<std::size_t>(change.action)];
  }
  return change.direction == Direction::kPull ? "drift" : reconcile::ActionName(change.action);
}

class MarkdownWriter {
 public:
  MarkdownWriter(const plan::Plan& plan, const MarkdownOptions& options, const Bounds& bounds)
      : plan_(plan),
        mask_(options.mask),
        purpose_(options.purpose),
        against_(options.against),
        bounds_(bounds),
        outline_(MakeOutline(plan, bounds.changes)) {}

  // Of bounded size, whatever the plan holds.
  const std::string& Head() {
    std::string name = Code(plan_.environment, kNameMax);
    std::string org = Code(plan_.org, kNameMax);
    if (purpose_ == Purpose::kDiff) return DiffHead(name, org);
    out_ = "### Plan for " + name + " (" + org + ")\n\n";
    if (NoChangesLine(plan_)) {
      out_ += "**No changes.** " + org + " matches the repository (" +
              base::Plural(plan_.summary.unchanged, "resource") + ").\n";
    } else {
      out_ += "**" + SummaryLine(plan_) + "**\n\n";
      if (auto text = NoBaseText(plan_); !text.empty()) out_ += "⚠️ **" + text + "**\n\n";
      Table();
      Warnings();
    }
    out_ += "\n<sub>Plan " + Code(ShortId(plan_.id), kNameMax) +
            " · base: " + Code(BaseText(plan_), kNameMax) + " · made " + MomentText(plan_.created) +
            " UTC by " + Code(plan_.tool, kNameMax) + "</sub>\n";
    return out_;
  }

  const std::string& DiffHead(const std::string& name, const std::string& org) {
    out_ = "### " + name + " (" + org + ") compared with " + Code(against_, kNameMax) + "\n\n";
    auto same = NoChangesLine(plan_, purpose_);
    out_ += "**" + (same ? *same : SummaryLine(plan_, purpose_)) + "**\n\n";
    if (!same) Table();
    return out_;
  }

  std::string Write() {
    Head();
    Conflicts();
    for (const auto& section : outline_.sections) WriteSection(section);
    if (outline_.changes_cut + outline_.conflicts_cut > 0) {
      out_ += fmt::format(
          "\n**Left out here for its size: {} and {}.** `viasync plan --verbose` "
          "and the JSON of the plan hold everything.\n",
          base::Plural(outline_.changes_cut, "change"),
          base::Plural(outline_.conflicts_cut, "conflict"));
    }
    return std::move(out_);
  }

 private:
  // A plan is to be applied, whatever pulls it holds; a comparison is not.
  Purpose NotePurpose() const {
    return purpose_ == Purpose::kDiff ? Purpose::kDiff : Purpose::kApply;
  }

  std::string Code(std::string_view text) const { return Code(text, bounds_.chars); }
  static std::string Code(std::string_view text, std::size_t chars_max) {
    return CodeSpan(Clip(text, chars_max));
  }

  void Table() {
    out_ += purpose_ == Purpose::kDiff
                ? "| | missing | different | besides | drifted | conflicts |\n"
                : "| | create | update | delete | drifted | conflicts |\n";
    out_ += "|:--|--:|--:|--:|--:|--:|\n";
    for (const auto& [kind, c, blocks] : outline_.sections) {
      using base::Thousands;
      out_ += fmt::format("| {} | {} | {} | {} | {} | {} |\n", model::KindPlural(kind),
                          Thousands(c.create), Thousands(c.update), Thousands(c.remove),
                          Thousands(c.pull), Thousands(c.conflict));
    }
  }

  void Warnings() {
    auto unprotects = [](const Change& change) {
      return change.kind == Kind::kExclusion && change.direction == Direction::kPush &&
             !change.protects;
    };
    auto count = static_cast<std::size_t>(std::ranges::count_if(plan_.changes, unprotects));
    if (count > 0) {
      out_ += fmt::format("\n⚠️ **{} of exclusions allow contact again, or sooner.**\n",
                          base::Plural(count, "change"));
    }
    if (!plan_.conflicts.empty() && !plan_.options.skip_conflicts) {
      out_ += "\n⚠️ **Nothing is written until the conflicts are settled.**\n";
    }
  }

  void WriteSection(const Section& section) {
    if (section.blocks.empty()) return;
    auto counts = section.counts;
    counts.conflict = 0;
    out_ += fmt::format("\n<details><summary><b>{}</b>: {}</summary>\n\n",
                        model::KindPlural(section.kind), CountsText(counts, purpose_));
    if (section.kind == Kind::kFilter) {
      for (const auto& block : section.blocks) {
        for (const auto* change : block.shown) WriteFilter(*change);
      }
    } else {
      Rows(section);
    }
    for (const auto& block : section.blocks) {
      for (const auto& [where, count] : block.cut) {
        out_ += "\n" + CutText(count, {}, *block.shown.front(), purpose_);
        if (!where.empty()) out_ += " (" + Code(where) + ")";
        out_ += "\n";
      }
    }
    out_ += "\n</details>\n";
  }

  void WriteFilter(const Change& change) {
    out_ += fmt::format("**{}** {}", Verb(change, purpose_), Code(change.key));
    if (auto source = SourceText(change.source); !source.empty()) out_ += " · " + Code(source);
    out_ += "\n";
    if (auto note = DriftNote(change, NotePurpose()); !note.empty())
      out_ += "\n" + Code(note) + "\n";
    out_ += "\n";
    if (change.action == Action::kDelete) return;
    auto fields = ViewFields(change);
    for (const auto& field : fields) {
      if (field.criteria) continue;
      out_ += "- " + Code(field.name) + ": ";
      if (field.was && field.becomes)
        out_ += Code(*field.was) + " → " + Code(*field.becomes);
      else
        out_ += Code(field.becomes ? *field.becomes : *field.was);
      out_ += "\n";
    }
    for (const auto& field : fields) {
      if (field.criteria) Criteria(field);
    }
    out_ += "\n";
  }

  void Criteria(const FieldView& field) {
    std::vector<std::string> lines;
    bool diff = field.was && field.becomes;
    if (diff) {
      for (const auto& line : DiffCriteria(*field.was, *field.becomes)) {
        lines.push_back((line.sign == '@' ? std::string("  ") : std::string(1, line.sign) + " ") +
                        line.text);
      }
    } else {
      lines = CriteriaLines(field.becomes ? *field.becomes : *field.was);
    }
    out_ += "\n" + CodeFence(diff ? "diff" : "sql", Bounded(std::move(lines)));
  }

  std::vector<std::string> Bounded(std::vector<std::string> lines) const {
    std::size_t cut = lines.size() > bounds_.lines ? lines.size() - bounds_.lines : 0;
    lines.resize(lines.size() - cut);
    for (auto& line : lines) line = Clip(line, bounds_.chars);
    if (cut > 0) lines.push_back("… " + base::Plural(cut, "more line"));
    return lines;
  }

  void Rows(const Section& section) {
    bool exclusions = section.kind == Kind::kExclusion;
    out_ += exclusions
                ? "| | who | list | what (UTC) | reason | source |\n|:--|:--|:--|:--|:--|:--|\n"
                : "| | list | what | source |\n|:--|:--|:--|:--|\n";
    for (const auto& block : section.blocks) {
      for (const auto* change : block.shown) {
        out_ += fmt::format("| {} ", Verb(*change, purpose_));
        if (exclusions)
          ExclusionCells(*change);
        else
          out_ += "| " + Code(change->key) + " | " + What(*change, UpdateText(*change)) + " ";
        out_ += "| " + Code(SourceText(change->source)) + " |\n";
      }
    }
  }

  void ExclusionCells(const Change& change) {
    auto view = ViewExclusion(change, mask_);
    bool update = change.action == Action::kUpdate;
    out_ += "| " + Code(view.type + " " + view.address) + " | " + Code(view.list) + " | " +
            What(change, update ? UpdateText(change) : view.period);
    if (!view.effect.empty()) out_ += " **" + view.effect + "**";
    out_ += " | " + Code(view.reason) + " ";
  }

  std::string What(const Change& change, const std::string& text) const {
    std::string what = Code(text);
    if (auto note = DriftNote(change, NotePurpose()); !note.empty()) what += " " + Code(note);
    return what;
  }

  void Conflicts() {
    if (plan_.conflicts.empty()) return;
    out_ +=
        "\n<details open><summary><b>conflicts</b>: " + base::Thousands(plan_.conflicts.size()) +
        "</summary>\n\n";
    for (const auto* conflict : outline_.conflicts) {
      const auto& change = conflict->change;
      out_ += fmt::format("**{}** {}", model::KindName(change.kind),
                          Code(KeyText(change.kind, change.key, mask_)));
      if (auto source = SourceText(change.source); !source.empty()) out_ += " · " + Code(source);
      out_ += "\n\n" + Code(conflict->reason);
      if (auto who = WhoChanged(change); !who.empty()) out_ += ", there " + Code(who);
      out_ += "\n";
      for (const auto& field : ViewConflict(change)) WriteConflictField(field);
      out_ += "\n";
    }
    out_ += "\n</details>\n";
  }

  void WriteConflictField(const ConflictField& field) {
    std::vector<std::string> lines;
    auto add = [&](std::string_view side, const std::vector<std::string>& term) {
      lines.push_back(field.name + ", " + std::string(side) + ":");
      for (auto& line : Bounded(term)) lines.push_back("  " + line);
    };
    add("base", field.base);
    add("local", field.local);
    add("remote", field.remote);
    out_ += "\n" + CodeFence("", lines);
  }

  const plan::Plan& plan_;
  bool mask_;
  Purpose purpose_;
  std::string against_;
  Bounds bounds_;
  Outline outline_;
  std::string out_;
};

}  // namespace

std::string PlanMarkdown(const plan::Plan& plan, const MarkdownOptions& options) {
  for (const auto& bounds : kBounds) {
    std::string text = MarkdownWriter(plan, options, bounds).Write();
    if (text.size() <= options.bytes_max) return text;
  }
  return MarkdownWriter(plan, options, kBounds.back()).Head() +
         "\n**Every detail is left out here for its size.** `viasync plan --verbose` and the JSON "
         "of the plan hold them.\n";
}

}  // namespace viasync::report
