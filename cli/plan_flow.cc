#include "cli/plan_flow.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>

#include "cli/console.h"
#include "engine/base/ports.h"
#include "engine/base/strings.h"
#include "engine/plan/limits.h"
#include "engine/plan/plan_json.h"
#include "engine/report/plan_html.h"
#include "engine/report/plan_markdown.h"
#include "engine/report/plan_text.h"
#include "engine/report/plan_words.h"
#include "engine/workflow/applying.h"
#include "engine/workflow/open_store.h"
#include "engine/workflow/provenance.h"

namespace viasync::cli {
namespace {

using base::ErrorKind;

base::Error Bad(std::string message, std::string hint) {
  return {.kind = ErrorKind::kInvalid, .message = std::move(message), .hint = std::move(hint)};
}

base::Error NoSuchLimit(const std::string& text, std::string_view name) {
  auto nearest = base::Nearest(name, plan::LimitNames());
  return Bad("--limit `" + base::Printable(text) + "` is not a valid limit" +
                 (nearest && *nearest != name ? "; did you mean `" + *nearest + "`?" : ""),
             "write it like --limit filters.delete=20 or --limit exclusions.update=60%");
}

// Of this run; a reviewed plan brings those that it was made with.
base::Errors LiftLimits(const PlanFlags& flags, plan::Limits& limits) {
  base::Errors errors;
  for (const auto& [name, value] : flags.options.limits) {
    auto* known = plan::FindLimit(limits, name);
    auto limit = plan::ParseLimit(value);
    if (known && limit)
      *known = limit;
    else
      errors.push_back(NoSuchLimit(name + "=" + value, name));
  }
  return errors;
}

base::Errors CheckBaseFlags(const PlanFlags& flags) {
  const auto& options = flags.options;
  base::Errors errors;
  if (options.trust_base && options.base_ref.empty()) {
    errors.push_back(Bad("--trust-base says what a commit is to be trusted with, and there is none",
                         "add --base-ref COMMIT, or leave --trust-base out"));
  }
  if (flags.no_base && !options.base_ref.empty()) {
    errors.push_back(Bad("--no-base and --base-ref contradict each other",
                         "give --base-ref where there is a base, --no-base where there is none"));
  }
  return errors;
}

// Whether each side had changed it, so that it would be a conflict without --prefer.
bool BothChanged(const reconcile::Change& change) {
  if (change.settled) return true;
  const bool known =
      std::ranges::any_of(change.fields, [](const auto& f) { return f.base.has_value(); });
  // Without a base --prefer takes a side of whatever both have.
  if (!known) return change.action == reconcile::Action::kUpdate;
  return std::ranges::any_of(change.fields, [](const auto& field) {
    return field.base != field.local && field.base != field.remote && field.local != field.remote;
  });
}

std::string NewRunName() {
  return fmt::format("{:x}-{:x}", base::SystemClock().Now().time_since_epoch().count(), getpid());
}

}  // namespace

base::Errors ReadLimits(PlanFlags& flags) {
  base::Errors errors;
  plan::Limits known;
  for (const auto& text : flags.limits) {
    auto equals = std::min(text.find('='), text.size());
    std::string name = text.substr(0, equals);
    auto limit = plan::ParseLimit(std::string_view(text).substr(std::min(equals + 1, text.size())));
    if (!plan::FindLimit(known, name) || !limit) {
      errors.push_back(NoSuchLimit(text, name));
      continue;
    }
    auto [before, added] = flags.options.limits.emplace(name, plan::LimitText(*limit));
    if (!added && before->second != plan::LimitText(*limit)) {
      errors.push_back(Bad("--limit `" + base::Printable(text) + "` sets another value than a " +
                               "--limit before it",
                           "keep one of them"));
    }
  }
  return errors;
}

base::Errors ReadPrefer(PlanFlags& flags) {
  base::Errors errors;
  auto twice = [&](const std::string& text) {
    errors.push_back(
        Bad("--prefer `" + base::Printable(text) + "` takes another side than a --prefer before it",
            "keep one of them"));
  };
  for (const auto& text : flags.prefer) {
    auto at = text.rfind('=');
    std::string side = at == std::string::npos ? text : text.substr(at + 1);
    if ((side != "local" && side != "remote") || at == 0) {
      errors.push_back(Bad("--prefer `" + base::Printable(text) + "` does not name a side",
                           "write --prefer local, --prefer remote, or --prefer KEY=local"));
    } else if (at == std::string::npos) {
      if (!flags.options.prefer.empty() && flags.options.prefer != side) twice(text);
      flags.options.prefer = side;
    } else {
      auto [known, added] = flags.options.prefer_key.emplace(text.substr(0, at), side);
      if (!added && known->second != side) twice(text);
    }
  }
  return errors;
}

void AddPlanFlags(Args& args, PlanFlags& flags) {
  AddPushFlags(args, flags);
  args.Flag("--revert-drift", flags.options.revert_drift,
            "let the files win over what only the org changed");
  AddSideFlags(args, flags);
}

void AddPushFlags(Args& args, PlanFlags& flags) {
  args.Flag("--prune", flags.options.prune, "also delete what no file declares, inside `manage`");
  args.List("--limit", flags.limits, "change a limit for this run: filters.delete=20")
      .Value("LIMIT=N");
}

void AddSideFlags(Args& args, PlanFlags& flags) {
  args.Flag("--skip-conflicts", flags.options.skip_conflicts,
            "do the rest and leave conflicts as they are");
  args.List("--prefer", flags.prefer,
            "settle conflicts: local, remote, or KEY=local for one of them")
      .Value("SIDE")
      .Completes("keys", {"local", "remote"});
  AddBaseFlags(args, flags);
  args.Flag("--allow-empty", flags.allow_empty, "accept that one side is suddenly empty");
  AddFullFlag(args, flags.full);
  AddCacheFlag(args, flags);
}

void AddMergeFlag(Args& args, PlanFlags& flags) {
  args.Flag("--merge", flags.merge,
            "if somebody edits other clauses of a criterion in the org while this runs, write both "
            "edits, though no plan showed the result");
}

void AddBaseFlags(Args& args, PlanFlags& flags) {
  args.Text("--base-ref", flags.options.base_ref,
            "use the files of that commit as the base instead of the store; auto: the commit that "
            "was applied last")
      .Value("COMMIT|auto");
  args.Flag("--trust-base", flags.options.trust_base,
            "with --base-ref: everything that commit declares was in the org, so what is missing "
            "there was deleted and is not created again");
}

void AddNoBaseFlag(Args& args, PlanFlags& flags) {
  args.Flag("--no-base", flags.no_base,
            "without a base, let the files win over whatever is in the org");
}

void AddFullFlag(Args& args, bool& full) {
  args.Flag("--full", full, "print every change, and what is unmanaged by name");
}

std::optional<base::Error> IdleFull(bool full, const std::string& format) {
  if (!full || format == "text") return std::nullopt;
  return Bad("--full does not act on --format " + format,
             format == "json" ? "leave it out: it is complete"
                              : "leave it out, or use --format text or json for all of it");
}

void AddCacheFlag(Args& args, PlanFlags& flags) {
  args.Flag("--no-cache", flags.no_cache,
            "read the details of every exclusion, not only of those the org says changed");
}

std::expected<Session, base::Errors> OpenSession(const Globals& globals, PlanFlags& flags,
                                                 Access access, const std::string& command) {
  auto repository =
      workflow::LoadRepository(globals.directory, globals.environment, flags.may_be_empty);
  if (!repository) return std::unexpected(repository.error());
  Session session{.repository = std::move(*repository), .run = NewRunName()};
  base::Errors errors = ReadPrefer(flags);
  for (auto& error : CheckBaseFlags(flags)) errors.push_back(std::move(error));
  for (auto& error : ReadLimits(flags)) errors.push_back(std::move(error));
  for (auto& error : LiftLimits(flags, session.repository.project.limits)) {
    errors.push_back(std::move(error));
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));

  const auto& environment = session.repository.environment;
  auto org = workflow::OpenOrg(environment, TraceLog(), NoticeLog());
  if (!org) return std::unexpected(base::Errors{org.error()});
  session.org = std::move(*org);
  auto store = workflow::OpenStore(
      environment,
      {.read_only = access == Access::kRead,
       .run = session.run,
       .command = "viasync " + command,
       .who = workflow::WhoRuns(globals.directory),
       .lock_wait = base::Millis{static_cast<std::int64_t>(flags.lock_wait_s * 1000)}},
      base::SystemClock());
  if (!store) return std::unexpected(base::Errors{store.error()});
  session.store = std::move(*store);
  session.org.transport->Guard(session.store->Gate());
  Warn(session.store->Warnings(), globals.directory);

  if (access == Access::kWrite) {
    auto settled = workflow::SettleOpenSteps(session.org, *session.store);
    if (!settled) return std::unexpected(base::Errors{settled.error()});
    session.settled = std::move(*settled);
  } else if (auto open = session.store->OpenSteps(); open && !open->empty()) {
    Log(Level::kWarn, "an earlier run was stopped with " + base::Plural(open->size(), "write") +
                          " of unknown outcome; the next apply settles them first");
  }
  for (const auto& line : session.settled) {
    Log(Level::kInfo, "settled what a stopped run had left open: " + line);
  }
  return session;
}

std::expected<workflow::PlanInputs, base::Errors> InputsOf(const Session& session,
                                                           const PlanFlags& flags) {
  workflow::PlanInputs inputs{
      .options = flags.options, .allow_empty = flags.allow_empty, .use_cache = !flags.no_cache};
  if (flags.options.base_ref.empty()) return inputs;
  auto base = workflow::ReadBaseRef(
      session.repository.project.root, session.repository.environment, *session.store,
      {.ref = flags.options.base_ref, .trust = flags.options.trust_base, .notice = NoticeLog()});
  if (!base) return std::unexpected(base.error());
  Log(base->exists ? Level::kInfo : Level::kWarn, base->note);
  inputs.options.base_ref = base->commit;  // a branch may move before the plan is applied
  inputs.base = std::move(*base);
  return inputs;
}

base::Errors CheckPrefer(const PlanFlags& flags, const plan::Plan& plan) {
  std::vector<std::string> keys;       // of what is in conflict, or was before --prefer
  std::map<std::string, bool> others;  // what only one side changed
  for (const auto& conflict : plan.conflicts) keys.push_back(conflict.change.key);
  for (const auto& change : plan.changes) {
    if (BothChanged(change))
      keys.push_back(change.key);
    else
      others.emplace(change.key, change.direction == reconcile::Direction::kPush);
  }
  base::Errors errors;
  for (const auto& text : flags.prefer) {
    const auto at = text.rfind('=');
    const std::string key = text.substr(0, at);
    if (at == std::string::npos || std::ranges::find(keys, key) != keys.end()) continue;
    const std::string what = "--prefer `" + base::Printable(text) + "`: ";
    if (auto other = others.find(key); other != others.end()) {
      errors.push_back(Bad(what + "this is not a conflict: only the " +
                               (other->second ? "files" : "org") + " changed it",
                           "leave it out"));
      continue;
    }
    auto nearest = base::Nearest(key, keys);
    errors.push_back(Bad(what + "no such conflict is in this plan",
                         nearest        ? "did you mean `" + base::Printable(*nearest) + "`?"
                         : keys.empty() ? "leave it out: nothing is in conflict"
                                        : "write the key as the plan shows it in --format json"));
  }
  return errors;
}

std::expected<workflow::Planned, base::Errors> PlanNow(Session& session, const PlanFlags& flags) {
  auto inputs = InputsOf(session, flags);
  if (!inputs) return std::unexpected(inputs.error());
  ProgressBar bar("reading " + base::Printable(session.repository.environment.org));
  inputs->progress = bar.Callback();
  auto planned = workflow::MakePlan(session.repository, session.org, *session.store, *inputs);
  if (!planned) return planned;
  if (auto errors = CheckPrefer(flags, planned->plan); !errors.empty()) {
    return std::unexpected(std::move(errors));
  }
  WarnOf(planned->plan, session.repository.project.root, flags.mask);
  return planned;
}

void WarnOf(const plan::Plan& plan, const std::string& directory, bool mask) {
  base::Errors warnings;
  if (mask) {
    for (auto& line : report::WarningLines(plan, mask)) warnings.push_back({.message = line});
    return Warn(warnings, directory);
  }
  for (const auto& warning : plan.warnings) {
    warnings.push_back({.message = warning.message, .hint = warning.hint, .where = warning.where});
  }
  Warn(warnings, directory);
}

bool Unattended() {
  const char* ci = std::getenv("CI");
  bool runner = ci && *ci && base::ToLower(ci) != "false" && std::string_view(ci) != "0";
  return runner || !CanAsk();
}

std::optional<base::Error> NeedsBase(const plan::Plan& plan, const PlanFlags& flags) {
  const std::size_t count = plan::OverwrittenUnseen(plan);
  if (flags.no_base && !plan.base_from.starts_with("none")) {
    Log(Level::kInfo,
        "--no-base has nothing to do here: the base is " + base::Printable(plan.base_from));
  }
  if (count == 0 || flags.no_base || !Unattended()) return std::nullopt;
  return Bad(
      "there is no base, so edits made in the org cannot be told from changes in the files, "
      "and this would update or delete " +
          base::Plural(count, "object") + " that the org has",
      "give a base: --base-ref auto (the commit that was applied last), --base-ref COMMIT, or "
      "the .viasync folder of the last run; or give --no-base to let the files win");
}

ExitCode StoppedByConflicts(std::size_t count) {
  Log(Level::kError, "nothing was written: " + base::Plural(count, "conflict") +
                         " to settle first\n→ --prefer local|remote for all, --prefer KEY=local "
                         "for one, or --skip-conflicts to do the rest");
  return ExitCode::kConflicts;
}

ExitCode CodeOf(const apply::ApplyResult& result) {
  bool stale = false, open = !result.stopped.empty();
  for (const auto& step : result.steps) {
    stale |= step.state == apply::StepResult::kStale;
    open |= step.state != apply::StepResult::kDone && step.state != apply::StepResult::kStale;
  }
  if (result.interrupted && open) return ExitCode::kInterrupted;
  if (stale) return ExitCode::kStale;
  return open ? ExitCode::kHalfWay : ExitCode::kDone;
}

std::size_t ListedAtMost(const PlanFlags& flags) {
  constexpr std::size_t kListedMax = 30;
  return flags.full ? std::numeric_limits<std::size_t>::max() : kListedMax;
}

base::Errors OverLimits(const plan::Plan& plan, bool asks) {
  auto exceeded = plan.exceeded;
  if (asks) {
    std::erase_if(exceeded, [](const auto& one) { return one.limit == plan::kUnprotectLimit; });
  }
  return plan::LimitErrors(exceeded);
}

bool ConfirmPushes(const std::string& question, const plan::Plan& plan) {
  const auto count = plan.summary.unprotect;
  if (count == 0) return Confirm(question);
  return ConfirmNumber(question + " " + base::Thousands(count) + " of these " +
                           (count == 1 ? "allows" : "allow") + " contact again",
                       count);
}

std::string Render(const plan::Plan& plan, const RenderOptions& options) {
  if (options.format == "json") return plan::PlanToJson(plan);
  if (options.format == "html") return report::PlanHtml(plan, {.mask = !options.no_mask});
  if (options.format == "markdown") return report::PlanMarkdown(plan, {.mask = !options.no_mask});
  report::Style style = StdoutStyle();
  style.mask = options.mask;
  return report::PlanText(plan, style,
                          {.full = options.full, .next_step = options.next_step, .at = options.at});
}

}  // namespace viasync::cli
