#include "engine/report/plan_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/strings.h"

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

}  // namespace

std::string SummaryLine(const plan::Plan& plan, Purpose purpose) {
  const auto& s = plan.summary;
  using base::Thousands;
  if (purpose == Purpose::kPull) {
    return fmt::format("Pull: {} into the files; {}, {} unchanged.", base::Plural(s.pull, "change"),
                       base::Plural(s.conflict, "conflict"), Thousands(s.unchanged));
  }
  if (purpose == Purpose::kDiff) {
    return fmt::format("{} lacks {}, has {} otherwise and {} besides; {} alike.",
                       base::Printable(plan.environment), Thousands(s.create), Thousands(s.update),
                       Thousands(s.remove), Thousands(s.unchanged));
  }
  if (purpose == Purpose::kSync) {
    return fmt::format(
        "Sync: {} to create, {} to update, {} to delete in the org; {} into the files; {}, {} "
        "unchanged.",
        Thousands(s.create), Thousands(s.update), Thousands(s.remove),
        base::Plural(s.pull, "change"), base::Plural(s.conflict, "conflict"),
        Thousands(s.unchanged));
  }
  return fmt::format(
      "Plan: {} to create, {} to update, {} to delete; {} drifted, {}, {} unchanged, {} unmanaged.",
      Thousands(s.create), Thousands(s.update), Thousands(s.remove), Thousands(s.pull),
      base::Plural(s.conflict, "conflict"), Thousands(s.unchanged), Thousands(s.unmanaged));
}

std::optional<std::string> NoChangesLine(const plan::Plan& plan, Purpose purpose) {
  if (!plan.changes.empty() || !plan.conflicts.empty()) return std::nullopt;
  if (purpose == Purpose::kDiff) {
    return fmt::format("No differences. {} has the same ({}).", base::Printable(plan.org),
                       base::Plural(plan.summary.unchanged, "resource"));
  }
  if (purpose == Purpose::kPull) {
    return fmt::format("Nothing to pull. The files know all that {} has ({}).",
                       base::Printable(plan.org), base::Plural(plan.summary.unchanged, "resource"));
  }
  return fmt::format("No changes. {} matches the repository ({}).", base::Printable(plan.org),
                     base::Plural(plan.summary.unchanged, "resource"));
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
  return flags;
}

std::string NoBaseText(const plan::Plan& plan, Purpose purpose) {
  const std::size_t count = plan::OverwrittenUnseen(plan);
  if (count == 0 || purpose == Purpose::kDiff || purpose == Purpose::kPull) return {};
  return "There is no base: edits made in the org cannot be told from changes in the files.\n" +
         base::Plural(count, "object") +
         " of the org would be updated or deleted; each says who changed it last.";
}

std::string BaseText(const plan::Plan& plan) {
  if (plan.base_from != "none") return base::Printable(plan.base_from);
  return plan.summary.remove == 0 ? "none (first run: nothing is deleted)" : "none (first run)";
}

NextStep WhatNext(const plan::Plan& plan, Purpose purpose) {
  if (purpose == Purpose::kDiff) return {};
  constexpr std::string_view kVerbs[] = {"apply", "pull", "sync"};
  constexpr std::string_view kDone[] = {"applied", "pulled", "written"};
  const auto what = static_cast<std::size_t>(purpose);
  std::string apply = "viasync " + std::string(kVerbs[what]) + " -e " + ShellWord(plan.environment);
  std::string flags = OptionFlags(plan.options);
  if (plan.summary.conflict > 0 && !plan.options.skip_conflicts) {
    return {"Nothing is " + std::string(kDone[what]) +
                " while there are conflicts. Edit the files, take a side with "
                "--prefer local|remote (--prefer KEY=local for one), or leave them out with:",
            apply + flags + " --skip-conflicts"};
  }
  if (purpose != Purpose::kApply) return {};
  if (plan::HasPushes(plan)) return {"Apply with:", apply + flags};
  if (plan.summary.pull == 0) return {};
  plan::Options for_pull = plan.options;
  for_pull.prune = for_pull.revert_drift = false;
  return {"Only the org has changed: `apply --revert-drift` takes it back; into the files with:",
          "viasync pull -e " + ShellWord(plan.environment) + OptionFlags(for_pull)};
}

std::string ShortId(std::string_view plan_id) {
  if (plan_id.starts_with("sha256:")) plan_id.remove_prefix(7);
  return base::Printable(plan_id.substr(0, kShortDigits));
}

}  // namespace viasync::report
