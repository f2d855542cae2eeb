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

// How much is shown: tried from the first to the last, until it fits. What allows contact again is
// shown in full by all of them.
struct Bounds {
  std::size_t changes, lines, chars;
};
constexpr std::array kBounds = {Bounds{400, 60, 300}, Bounds{200, 60, 300}, Bounds{100, 40, 300},
                                Bounds{50, 30, 200},  Bounds{25, 20, 200},  Bounds{12, 12, 160},
                                Bounds{6, 8, 120},    Bounds{2, 4, 80},     Bounds{1, 2, 40}};

std::string_view Verb(const Change& change, Purpose purpose) {
  if (purpose == Purpose::kDiff) {
    constexpr std::string_view kWords[] = {"missing", "different", "extra"};
    return kWords[static_cast<std::size_t>(change.action)];
  }
  return change.direction == Direction::kPull ? "drift" : reconcile::ActionName(change.action);
}

constexpr std::size_t kOmittedMax =
    300;  // of the title and the line that says how many did not fit

class MarkdownWriter {
 public:
  MarkdownWriter(const plan::Plan& plan, const MarkdownOptions& options, const Bounds& bounds)
      : plan_(plan),
        mask_(options.mask),
        purpose_(options.purpose),
        against_(options.against),
        bounds_(bounds),
        outline_(MakeOutline(plan, bounds.changes, options.purpose)) {}

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
      if (auto text = NoBaseText(plan_); !text.empty()) out_ += "⚠ **" + text + "**\n\n";
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
    Unprotecting();
    PlanWarnings();
    Conflicts();
    for (const auto& section : outline_.sections) WriteSection(section);
    if (outline_.changes_cut + outline_.conflicts_cut > 0) {
      out_ += fmt::format(
          "\n**This comment omits {} and {} for their size**; the counts above "
          "include them. {}\n",
          base::Plural(outline_.changes_cut, "change"),
          base::Plural(outline_.conflicts_cut, "conflict"), WhereAll());
    }
    return std::move(out_);
  }

  // Where not even the tightest bounds fit: the head, as much of what allows contact again as
  // there is room for, and that the rest is missing.
  std::string WriteHeadAlone(std::size_t bytes_max) {
    Head();
    constexpr std::string_view kEnd =
        "\n**This comment omits the other changes for their size.** `viasync plan --full` and the "
        "JSON of the plan hold everything.\n";
    std::size_t left = 0;
    const std::size_t room = bytes_max - std::min(bytes_max, kEnd.size() + kOmittedMax);
    auto list = [&](const std::vector<const Change*>& changes, const std::string& title) {
      if (changes.empty()) return;
      out_ += "\n⚠ **" + title + "**\n\n";
      for (const auto* change : changes) {
        std::string line = "- " + Brief(*change) + "\n";
        if (left > 0 || out_.size() + line.size() > room)
          ++left;
        else
          out_ += line;
      }
    };
    list(outline_.unprotecting, UnprotectTitle(plan_));
    list(outline_.unprotecting_pulls, UnprotectPullTitle(plan_, purpose_));
    if (!plan_.warnings.empty()) {
      out_ += "\n⚠ **" + WarningsTitle(plan_) + " did not fit into this comment.**\n";
    }
    if (left > 0) {
      out_ += fmt::format("\n⚠ **{} more of these did not fit into this comment.**\n",
                          base::Thousands(left));
    }
    return out_ + std::string(kEnd);
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
    out_ += purpose_ == Purpose::kDiff ? "| | missing | different | extra | drifted | conflicts |\n"
                                       : "| | create | update | delete | drifted | conflicts |\n";
    out_ += "|:--|--:|--:|--:|--:|--:|\n";
    for (const auto& [kind, c, unprotecting, blocks] : outline_.sections) {
      using base::Thousands;
      out_ += fmt::format("| {} | {} | {} | {} | {} | {} |\n", model::KindPlural(kind),
                          Thousands(c.create), Thousands(c.update), Thousands(c.remove),
                          Thousands(c.pull), Thousands(c.conflict));
    }
  }

  void Warnings() {
    if (!plan_.exceeded.empty()) {
      out_ += "\n⛔ **Over the limit**\n\n";
      for (const auto& line : ExceededLines(plan_)) out_ += "- " + Code(line) + "\n";
      auto next = WhatNext(plan_, purpose_);
      if (plan_.conflicts.empty() || plan_.options.skip_conflicts) {
        out_ += "\n" + next.sentence + " " + Code(next.command, kValueMax) + "\n";
      }
    }
    if (!plan_.conflicts.empty() && !plan_.options.skip_conflicts) {
      out_ += "\n⚠ **Nothing is written until the conflicts are settled.**\n";
    }
  }

  std::string WhereAll() const {
    return Code(FullCommand(plan_, purpose_), kValueMax) +
           " and the JSON of the plan hold everything.";
  }

  void Unprotecting() {
    ListUnprotecting(outline_.unprotecting, UnprotectTitle(plan_));
    ListUnprotecting(outline_.unprotecting_pulls, UnprotectPullTitle(plan_, purpose_));
  }

  void ListUnprotecting(const std::vector<const Change*>& changes, const std::string& title) {
    if (changes.empty()) return;
    out_ += "\n<details open><summary>⚠ <b>" + title + "</b></summary>\n\n";
    RowHead(/*exclusions=*/true);
    for (const auto* change : changes) WriteRow(*change);
    out_ += "\n</details>\n";
  }

  void PlanWarnings() {
    if (plan_.warnings.empty()) return;
    out_ += "\n<details open><summary>⚠ <b>" + WarningsTitle(plan_) + "</b></summary>\n\n";
    auto lines = WarningLines(plan_, mask_);
    const std::size_t cut = lines.size() > bounds_.changes ? lines.size() - bounds_.changes : 0;
    lines.resize(lines.size() - cut);
    for (const auto& line : lines) out_ += "- " + Code(line) + "\n";
    if (cut > 0) out_ += "- … and " + base::Plural(cut, "more warning") + "\n";
    out_ += "\n</details>\n";
  }

  // One change in few words.
  std::string Brief(const Change& change) const {
    auto view = ViewExclusion(change, mask_);
    return fmt::format("{} {} ({}): {}", Verb(change, purpose_),
                       Code(view.type + " " + view.address), Code(view.list), view.effect);
  }

  void WriteSection(const Section& section) {
    if (section.blocks.empty()) return;
    out_ += fmt::format("\n<details><summary><b>{}</b>: {}</summary>\n\n",
                        model::KindPlural(section.kind), CountsText(section, purpose_));
    if (section.kind == Kind::kFilter) {
      for (const auto& block : section.blocks) {
        for (const auto* change : block.shown) WriteFilter(*change);
      }
    } else {
      Rows(section);
    }
    for (const auto& block : section.blocks) {
      auto cut = CutText(block, purpose_, [&](const std::string& file) { return Code(file); });
      if (!cut.empty()) {
        out_ +=
            "\n" + cut + " (" + Code(FullCommand(plan_, purpose_), kValueMax) + " lists them)\n";
      }
    }
    out_ += "\n</details>\n";
  }

  void WriteFilter(const Change& change) {
    out_ += fmt::format("**{}** {}", Verb(change, purpose_), Code(change.key));
    if (auto source = SourceText(change.source); !source.empty()) out_ += " · " + Code(source);
    out_ += "\n";
    for (const auto& note : {DriftNote(change, NotePurpose()), RenameNote(plan_, change)}) {
      if (!note.empty()) out_ += "\n" + Code(note) + "\n";
    }
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
    RowHead(section.kind == Kind::kExclusion);
    for (const auto& block : section.blocks) {
      for (const auto* change : block.shown) WriteRow(*change);
    }
  }

  void RowHead(bool exclusions) {
    out_ += exclusions
                ? "| | who | list | what (UTC) | reason | source |\n|:--|:--|:--|:--|:--|:--|\n"
                : "| | list | what | source |\n|:--|:--|:--|:--|\n";
  }

  void WriteRow(const Change& change) {
    out_ += fmt::format("| {} ", Verb(change, purpose_));
    if (change.kind == Kind::kExclusion)
      ExclusionCells(change);
    else
      out_ += "| " + Code(change.key) + " | " + What(change, UpdateText(change)) + " ";
    out_ += "| " + Code(SourceText(change.source)) + " |\n";
  }

  void ExclusionCells(const Change& change) {
    auto view = ViewExclusion(change, mask_);
    bool update = change.action == Action::kUpdate;
    out_ += "| " + Code(view.type + " " + view.address) + " | " + Code(view.list) + " | " +
            What(change, update ? UpdateText(change) : view.period);
    if (!view.effect.empty() && purpose_ != Purpose::kDiff) out_ += " **" + view.effect + "**";
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
      if (auto who = WhoChanged(change); !who.empty()) out_ += ", in the org " + Code(who);
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
  return MarkdownWriter(plan, options, kBounds.back()).WriteHeadAlone(options.bytes_max);
}

}  // namespace viasync::report
