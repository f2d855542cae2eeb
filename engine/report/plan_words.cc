#include "engine/report/plan_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/plan/limits.h"

namespace viasync::report {
namespace {

constexpr std::size_t kShortDigits = 12;

bool IsPlainWord(std::string_view word) {
  auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  return !word.empty() && word[0] != '-' && std::ranges::all_of(word, plain);
}

// The options that make the same plan, and lift the limits that it exceeds.
std::string LiftedFlags(const plan::Plan& plan) {
  plan::Options options = plan.options;
  for (const auto& one : plan.exceeded) options.limits[one.limit] = std::to_string(one.count);
  return OptionFlags(options);
}

// `, of which 51 allow contact again`: of the changes counted in front of it.
std::string OfWhich(std::size_t count, std::string_view singular, std::string_view plural) {
  if (count == 0) return {};
  return fmt::format(", of which {} {}", base::Thousands(count), count == 1 ? singular : plural);
}

// `1 to create, 2 to update, 2 to delete (1 renamed), of which 1 allows contact again`.
// `where` is put behind the counts.
std::string PushesText(const plan::Plan& plan, std::string_view where = {}) {
  const auto& s = plan.summary;
  using base::Thousands;
  std::string renamed =
      plan.renames.empty() ? "" : fmt::format(" ({} renamed)", Thousands(plan.renames.size()));
  return fmt::format("{} to create, {} to update, {} to delete{}{}{}", Thousands(s.create),
                     Thousands(s.update), Thousands(s.remove), renamed, where,
                     OfWhich(s.unprotect, "allows contact again", "allow contact again"));
}

std::string PullsText(const plan::Plan& plan) {
  const auto& s = plan.summary;
  return base::Plural(s.pull, "change") + " into the files" +
         OfWhich(s.pull_unprotect, "takes protection out of them", "take protection out of them");
}

}  // namespace

std::string SummaryLine(const plan::Plan& plan, Purpose purpose) {
  const auto& s = plan.summary;
  using base::Thousands;
  if (purpose == Purpose::kPull) {
    return fmt::format("Pull: {}; {}, {} unchanged.", PullsText(plan),
                       base::Plural(s.conflict, "conflict"), Thousands(s.unchanged));
  }
  if (purpose == Purpose::kDiff) {
    return fmt::format("{}: {} missing, {} different, {} extra; {} identical.",
                       base::Printable(plan.environment), Thousands(s.create), Thousands(s.update),
                       Thousands(s.remove), Thousands(s.unchanged));
  }
  if (purpose == Purpose::kSync) {
    return fmt::format("Sync: {}; {}; {}, {} unchanged.", PushesText(plan, " in the org"),
                       PullsText(plan), base::Plural(s.conflict, "conflict"),
                       Thousands(s.unchanged));
  }
  return fmt::format("Plan: {}; {} drifted, {}, {} unchanged, {} unmanaged.", PushesText(plan),
                     Thousands(s.pull), base::Plural(s.conflict, "conflict"),
                     Thousands(s.unchanged), Thousands(s.unmanaged));
}

std::string UnprotectTitle(const plan::Plan& plan) {
  const auto count = plan.summary.unprotect;
  return base::Plural(count, "change") + (count == 1 ? " allows" : " allow") + " contact again";
}

std::string UnprotectPullTitle(const plan::Plan& plan, Purpose purpose) {
  const auto count = plan.summary.pull_unprotect;
  std::string changes = base::Plural(count, "change");
  if (purpose == Purpose::kApply) {
    return changes + " made in the org " + (count == 1 ? "allows" : "allow") +
           " contact there already";
  }
  return changes + (count == 1 ? " takes" : " take") + " protection out of the files";
}

std::vector<std::string> ExceededLines(const plan::Plan& plan) {
  std::vector<std::string> lines;
  for (const auto& one : plan.exceeded) {
    lines.push_back(
        fmt::format("{} is {}, the plan has {}", base::Printable(one.limit),
                    one.value.ends_with('%')
                        ? fmt::format("{} ({} of {})", base::Printable(one.value),
                                      base::Thousands(one.allowed), base::Thousands(one.population))
                        : base::Printable(one.value),
                    base::Thousands(one.count)));
  }
  return lines;
}

std::string WarningsTitle(const plan::Plan& plan) {
  return base::Plural(plan.warnings.size(), "warning");
}

std::vector<plan::Warning> MaskedWarnings(const plan::Plan& plan) {
  auto warnings = plan.warnings;
  for (auto& warning : warnings) {
    for (const auto& address : warning.addresses) {
      const std::string quoted = "`" + base::Printable(address) + "`";
      auto at = warning.message.find(quoted);
      if (at == std::string::npos) continue;
      warning.message.replace(at, quoted.size(), "`" + MaskAddress(warning.type, address) + "`");
    }
  }
  return warnings;
}

std::vector<std::string> WarningLines(const plan::Plan& plan, bool mask) {
  std::vector<std::string> lines;
  for (const auto& warning : mask ? MaskedWarnings(plan) : plan.warnings) {
    std::string line = warning.message;
    if (const auto& where = warning.where) {
      line.insert(0, SourceText({base::Interned(where->file), where->line}) + ": ");
    }
    if (!warning.hint.empty()) line += "; " + warning.hint;
    lines.push_back(base::Printable(line));
  }
  return lines;
}

std::string FullCommand(const plan::Plan& plan, Purpose purpose) {
  if (purpose == Purpose::kDiff) return "viasync diff --full";
  constexpr std::string_view kLook[] = {"plan", "pull --dry-run", "sync --dry-run"};
  return "viasync " + std::string(kLook[static_cast<std::size_t>(purpose)]) + " -e " +
         ShellWord(plan.environment) + OptionFlags(plan.options) + " --full";
}

std::optional<Line> NoChangesLine(const plan::Plan& plan, Purpose purpose) {
  if (!plan.changes.empty() || !plan.conflicts.empty()) return std::nullopt;
  const std::string org = base::Printable(plan.org);
  const std::string count = base::Plural(plan.summary.unchanged, "resource");
  if (purpose == Purpose::kDiff) {
    return Line{{"No differences.", false, Tone::kStrong},
                {" "},
                {org, true},
                {" has the same (" + count + ")."}};
  }
  if (purpose == Purpose::kPull) {
    return Line{{"Nothing to pull.", false, Tone::kStrong},
                {" Nothing was changed in "},
                {org, true},
                {" alone (" + count + " in step)." +
                 std::string(plan.base_from.starts_with("none")
                                 ? " Without a base, all other values that differ count as changes "
                                   "in the files: `viasync plan` shows them."
                                 : "")}};
  }
  return Line{{"No changes.", false, Tone::kStrong},
              {" "},
              {org, true},
              {" matches the repository (" + count + ")."}};
}

std::string ShellWord(std::string_view word) {
  std::string text = base::Printable(word);
  if (IsPlainWord(text)) return text;
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string OptionFlags(const plan::Options& options) {
  std::string flags;
  if (options.prune) flags += " --prune";
  if (options.revert_drift) flags += " --revert-drift";
  if (options.skip_conflicts) flags += " --skip-conflicts";
  if (!options.base_ref.empty()) flags += " --base-ref " + ShellWord(options.base_ref);
  if (options.trust_base) flags += " --trust-base";
  if (!options.prefer.empty()) flags += " --prefer " + ShellWord(options.prefer);
  for (const auto& [key, side] : options.prefer_key) {
    flags += " --prefer " + ShellWord(key + "=" + side);
  }
  for (const auto& [name, value] : options.limits) {
    flags += " --limit " + ShellWord(name) + "=" + ShellWord(value);
  }
  return flags;
}

namespace {

// Of a plan with a base: what is to be updated and does not stand in it.
std::string UnknownToBaseText(const plan::Plan& plan) {
  const auto count = std::ranges::count_if(plan.changes, [](const reconcile::Change& change) {
    return change.direction == reconcile::Direction::kPush &&
           change.action == reconcile::Action::kUpdate && !change.reverts_drift &&
           LacksBase(change);
  });
  if (count == 0) return {};
  return base::Plural(static_cast<std::size_t>(count), "object") +
         (count == 1 ? " that would be updated is not in the base"
                     : " that would be updated are not in the base") +
         ": an edit made in the org cannot be told from a change in the files.\n"
         "Each says who changed it last.";
}

}  // namespace

std::string NoBaseText(const plan::Plan& plan, Purpose purpose) {
  if (purpose == Purpose::kDiff || purpose == Purpose::kPull) return {};
  const std::size_t count = plan::OverwrittenUnseen(plan);
  if (count == 0) return UnknownToBaseText(plan);
  return "There is no base: edits made in the org cannot be told from changes in the files.\n" +
         base::Plural(count, "object") +
         " of the org would be updated or deleted; each says who changed it last.";
}

std::string BaseText(const plan::Plan& plan) {
  if (plan.base_from != "none") return base::Printable(plan.base_from);
  return plan.summary.remove == 0 ? "none (first run: nothing is deleted)" : "none (first run)";
}

NextStep WhatNext(const plan::Plan& plan, Purpose purpose, const std::string& at) {
  if (purpose == Purpose::kDiff) return {};
  constexpr std::string_view kVerbs[] = {"apply", "pull", "sync"};
  constexpr std::string_view kDone[] = {"applied", "pulled", "written"};
  const auto what = static_cast<std::size_t>(purpose);
  const std::string tool = "viasync" + at + " ";
  std::string apply = tool + std::string(kVerbs[what]) + " -e " + ShellWord(plan.environment);
  std::string flags = OptionFlags(plan.options);
  if (plan.summary.conflict > 0 && !plan.options.skip_conflicts) {
    return {"Nothing is " + std::string(kDone[what]) +
                " while there are conflicts. Edit the files, take a side with "
                "--prefer local|remote (--prefer KEY=local for one), or leave them out with:",
            apply + flags + " --skip-conflicts"};
  }
  if (!plan.exceeded.empty()) {
    // Whoever is asked at a terminal types the number; that limit alone stops nobody there.
    bool asked = plan.exceeded.size() == 1 && plan.exceeded[0].limit == plan::kUnprotectLimit;
    std::string verb(kVerbs[what]);
    return {asked ? "At a terminal, " + verb +
                        " asks you to type that number. Elsewhere, if every one of them is right, "
                        "allow this one run with:"
                  : "Nothing is " + std::string(kDone[what]) +
                        " while a limit is exceeded. If the plan is right, allow this one run "
                        "with:",
            tool + verb + " -e " + ShellWord(plan.environment) + LiftedFlags(plan)};
  }
  if (purpose != Purpose::kApply) return {};
  if (plan::HasPushes(plan)) return {"Apply with:", apply + flags};
  if (plan.summary.pull == 0) return {};
  plan::Options for_pull = plan.options;
  for_pull.prune = for_pull.revert_drift = false;
  return {"Only the org has changed: `apply --revert-drift` takes it back; into the files with:",
          tool + "pull -e " + ShellWord(plan.environment) + OptionFlags(for_pull)};
}

std::string ShortId(std::string_view plan_id) {
  if (plan_id.starts_with("sha256:")) plan_id.remove_prefix(7);
  return base::Printable(plan_id.substr(0, kShortDigits));
}

}  // namespace viasync::report
