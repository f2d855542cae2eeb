#include "cli/sync_flow.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <optional>
#include <utility>

#include "cli/ci_run.h"
#include "cli/console.h"
#include "cli/interrupt.h"
#include "cli/settle_conflicts.h"
#include "engine/base/strings.h"
#include "engine/plan/plan_json.h"
#include "engine/report/plan_text.h"
#include "engine/report/pull_text.h"
#include "engine/report/result_text.h"
#include "engine/workflow/applying.h"
#include "engine/workflow/pulling.h"

namespace viasync::cli {
namespace {

using report::Purpose;

// One run, from the first look to the last file.
class SyncRun {
 public:
  SyncRun(const Globals& globals, SyncFlags& flags, Purpose purpose)
      : globals_(globals), flags_(flags), purpose_(purpose), json_(flags.format == "json") {}

  ExitCode Go() {
    if (auto idle = IdleFull(flags_.plan.full, flags_.format)) return Report(*idle);
    if (!flags_.yes && !flags_.dry_run && !CanAsk()) {
      return Report(Bad(Verb() + " asks before it writes, and there is no terminal to ask on",
                        "give --yes, or --dry-run to look only"));
    }
    auto session =
        OpenSession(globals_, flags_.plan, flags_.dry_run ? Access::kRead : Access::kWrite, Verb());
    if (!session) return Report(session.error());
    session_.emplace(std::move(*session));
    auto inputs = InputsOf(*session_, flags_.plan);
    if (!inputs) return Report(inputs.error());
    inputs_ = std::move(*inputs);
    inputs_.adopt = !flags_.no_new;

    auto view = Look();
    if (!view) return Report(view.error());
    if (auto errors = DecideNow(*view); !errors.empty()) return Report(errors);
    WarnOf(planned_.plan, globals_.directory);
    if (auto errors = AskAboutConflicts(*view); !errors.empty()) return Report(errors);
    if (!planned_.plan.conflicts.empty() && !inputs_.options.skip_conflicts) {
      return StoppedByConflicts(planned_.plan.conflicts.size());
    }
    return Prepared(*view);
  }

 private:
  std::size_t ListedMax() const { return ListedAtMost(flags_.plan); }
  std::string Verb() const { return purpose_ == Purpose::kPull ? "pull" : "sync"; }
  static base::Error Bad(std::string message, std::string hint) {
    return {
        .kind = base::ErrorKind::kInvalid, .message = std::move(message), .hint = std::move(hint)};
  }
  template <class E>
  ExitCode Report(const E& errors) const {
    return cli::Report(errors, globals_.directory, json_);
  }
  base::UtcTime Now() const { return session_->org.transport->clock().Now(); }
  bool Pushes() const { return purpose_ == Purpose::kSync && plan::HasPushes(planned_.plan); }

  std::expected<workflow::View, base::Errors> Look() {
    ProgressBar bar("reading " + base::Printable(session_->repository.environment.org));
    inputs_.progress = bar.Callback();
    auto view = workflow::ReadOrg(session_->repository, session_->org, *session_->store, inputs_);
    inputs_.progress = nullptr;
    return view;
  }

  // Decides and shows.
  base::Errors DecideNow(const workflow::View& view) {
    auto planned = workflow::Decide(session_->repository, view, inputs_, Now());
    if (!planned) return planned.error();
    if (auto errors = CheckPrefer(flags_.plan, planned->plan); !errors.empty()) return errors;
    const bool pulls_alone = purpose_ == Purpose::kPull;
    if (!pulls_alone && !planned->blocked.empty()) return planned->blocked;
    planned_ = std::move(*planned);
    if (pulls_alone) planned_.plan = plan::OnlyPulls(std::move(planned_.plan));
    NotePlan(planned_.plan, purpose_);
    Show(view);
    // A first pull may be of a million: one copy of them is enough.
    pulls_ = pulls_alone ? std::move(planned_.plan.changes) : workflow::PullsOf(planned_.plan);
    return {};
  }

  // Standard output is for the JSON alone; who is asked sees on the terminal what it is about.
  void Show(const workflow::View& view) const {
    if (json_ && (flags_.yes || flags_.dry_run)) return;
    auto& stream = json_ ? std::cerr : std::cout;
    const auto style = json_ ? StderrStyle() : StdoutStyle();
    if (IsFirstPull(view)) {
      stream << report::FirstPullText(planned_.plan, style) << std::flush;
      return;
    }
    stream << report::PlanText(planned_.plan, style,
                               {.full = flags_.plan.full,
                                .next_step = !CanAsk(),
                                .purpose = purpose_,
                                .at = AtDirectory(globals_)})
           << std::flush;
  }

  // More than anybody reads one by one.
  bool IsFirstPull(const workflow::View& view) const {
    constexpr std::size_t kReadable = 20;
    const auto& plan = planned_.plan;
    return purpose_ == Purpose::kPull && !view.base.exists && !flags_.plan.full &&
           plan.conflicts.empty() && plan.changes.size() > kReadable &&
           std::ranges::all_of(plan.changes, [](const reconcile::Change& change) {
             return change.action == reconcile::Action::kCreate;
           });
  }

  base::Errors AskAboutConflicts(const workflow::View& view) {
    bool ask = CanAsk() && !flags_.yes && !flags_.dry_run && !inputs_.options.skip_conflicts;
    if (planned_.plan.conflicts.empty() || !ask) return {};
    auto sides = AskForSides(planned_.plan, StderrStyle());
    if (!sides) return {};
    inputs_.options.prefer_key.merge(*sides);
    inputs_.options.skip_conflicts = true;  // whatever was skipped was skipped on purpose
    std::cout << "\n";
    return DecideNow(view);
  }

  ExitCode Prepared(const workflow::View& view) {
    const auto& repository = session_->repository;
    if (purpose_ == Purpose::kSync) {
      if (auto needs = NeedsBase(planned_.plan, flags_.plan); needs && !flags_.dry_run) {
        return Report(*needs);
      }
    }
    auto over = OverLimits(planned_.plan, /*asks=*/!flags_.yes && CanAsk());
    if (!over.empty()) return Report(over);
    auto pull = workflow::PreparePull(repository, view, inputs_,
                                      Pushes() ? pulls_ : std::move(pulls_), flags_.layout, Now());
    if (!pull) return Report(pull.error());
    if (flags_.dry_run) return Tell(std::move(*pull), std::nullopt);
    bool writes = !pull->files.empty() || Pushes();
    if (writes && !flags_.yes && !Agrees(Question(*pull))) {
      Log(Level::kInfo, "nothing was written");
      return ExitCode::kError;
    }
    if (!Pushes()) return Write(std::move(*pull), std::nullopt);
    return PushThenPull(view);
  }

  bool Agrees(const std::string& question) const {
    return Pushes() ? ConfirmPushes(question, planned_.plan) : Confirm(question);
  }

  std::string Question(const workflow::PreparedPull& pull) const {
    std::string files = base::Plural(pull.files.size(), "file");
    if (auto count = planned_.plan.summary.pull_unprotect; count > 0) {
      files += ", taking protection out of them " + base::Plural(count, "time");
    }
    if (!Pushes()) return "Write " + files + "?";
    std::string org = "Apply this to " + base::Printable(planned_.plan.org);
    return pull.files.empty() ? org + "?" : org + ", and then write " + files + "?";
  }

  ExitCode PushThenPull(const workflow::View& view) {
    const auto& stop = StopOnSignal();
    std::optional<ProgressBar> bar(std::in_place,
                                   "applying to " + base::Printable(planned_.plan.org));
    auto result = workflow::ApplyPlan(planned_, session_->org, *session_->store,
                                      {.run = session_->run,
                                       .merge = flags_.plan.merge,
                                       .stop = &stop,
                                       .progress = bar->Callback()});
    bar.reset();
    if (!result) return Report(result.error());
    result->settled = session_->settled;
    NoteResult(*result);
    std::optional<apply::ApplyResult> pushed = std::move(*result);
    if (!json_) std::cout << "\n" << report::ApplyText(*pushed, StdoutStyle(), ListedMax());
    if (pulls_.empty()) return Write({}, pushed);
    if (pushed->interrupted || !pushed->stopped.empty()) {
      Log(Level::kWarn,
          "the files were left alone: the org has not taken everything yet; run "
          "`viasync sync` again to go on");
      return CodeOf(*pushed);
    }
    auto pull =
        workflow::PreparePullAfterPush(session_->repository, session_->org, *session_->store,
                                       inputs_, view.base.exists, pulls_, flags_.layout);
    if (!pull) return Report(pull.error());
    return Write(std::move(*pull), pushed);
  }

  ExitCode Write(workflow::PreparedPull pull, const std::optional<apply::ApplyResult>& result) {
    // After pushes without pulls the base has moved already.
    bool moves = !result || !pull.moves.empty() || !pull.items.empty();
    if (moves) {
      auto written = workflow::WritePull(session_->repository, pull, *session_->store);
      if (!written) return Report(written.error());
    }
    return Tell(std::move(pull), result);
  }

  ExitCode Tell(workflow::PreparedPull pull,
                const std::optional<apply::ApplyResult>& result) const {
    report::PullReport told{.environment = session_->repository.environment.name,
                            .org = session_->repository.environment.org,
                            .at = AtDirectory(globals_),
                            .dry_run = flags_.dry_run,
                            .shared = pull.shared,
                            .put_off = std::move(pull.put_off),
                            .summary = planned_.plan.summary,
                            .warnings = planned_.plan.warnings,
                            .applied = result};
    if (purpose_ == Purpose::kSync) told.pushes = PushesOf(planned_.plan);
    for (auto& item : pull.items) {
      told.written.push_back({std::move(item.change), std::move(item.places)});
    }
    told.left_out = LeftOut();
    for (auto& left : pull.by_hand) {
      told.by_hand.push_back({std::move(left.change), std::move(left.why)});
    }
    if (json_) {
      std::cout << report::PullJson(told);
    } else if (!told.written.empty() || !told.by_hand.empty() || !told.left_out.empty() ||
               !told.put_off.empty()) {
      std::cout << "\n" << report::PullText(told, StdoutStyle(), ListedMax());
    }
    ExitCode code = result ? CodeOf(*result) : ExitCode::kDone;
    if (code != ExitCode::kDone) return code;
    if (!told.by_hand.empty()) return ExitCode::kConflicts;
    return told.put_off.empty() ? ExitCode::kDone : ExitCode::kHalfWay;
  }

  static std::vector<reconcile::Change> PushesOf(const plan::Plan& plan) {
    std::vector<reconcile::Change> pushes;
    for (const auto& change : plan.changes) {
      if (change.direction == reconcile::Direction::kPush) pushes.push_back(change);
    }
    return pushes;
  }

  // What is new in the org, and stays out of the files since several entries answer to its key.
  std::vector<report::PullReport::Alike> LeftOut() const {
    if (!inputs_.adopt) return {};
    std::map<std::pair<model::Kind, std::string>, std::vector<std::string>> ids;
    for (const auto& one : planned_.plan.unmanaged) ids[{one.kind, one.key}].push_back(one.id);
    std::vector<report::PullReport::Alike> alike;
    for (auto& [what, all] : ids) {
      if (all.size() > 1) alike.push_back({what.first, what.second, std::move(all)});
    }
    return alike;
  }

  const Globals& globals_;
  SyncFlags& flags_;
  Purpose purpose_;
  bool json_;
  std::optional<Session> session_;
  workflow::PlanInputs inputs_;
  workflow::Planned planned_;
  std::vector<reconcile::Change> pulls_;
};

}  // namespace

void AddSyncFlags(Args& args, SyncFlags& flags) {
  AddSideFlags(args, flags.plan);
  args.Flag("--no-new", flags.no_new,
            "leave alone what only the org has, and no file ever declared");
  args.Text("--layout", flags.layout_name, "of new files: per-kind or per-resource")
      .Choices({"per-kind", "per-resource"});
  args.Number("--csv-above", flags.layout.csv_threshold,
              "more new exclusions than this go into a CSV file")
      .Value("N")
      .ShowDefault();
  args.Flag("--dry-run", flags.dry_run, "show what would be written, and write nothing");
  args.Flag("--yes,-y", flags.yes, "do not ask");
  args.Number("--lock-wait", flags.plan.lock_wait_s, "wait for another run on the same environment")
      .Value("SECONDS")
      .Range(0, 86400);
  args.Text("--format", flags.format, "text or json").Choices({"text", "json"});
  args.Exclude({"--yes", "--lock-wait"}, "--dry-run", "--dry-run only looks: leave it out");
  args.Exclude({"--layout", "--csv-above"}, "--no-new",
               "it says where new entries go, and --no-new takes none");
}

ExitCode RunSyncFlow(const Globals& globals, SyncFlags flags, report::Purpose purpose) {
  flags.plan.may_be_empty = true;
  flags.layout.per_resource = flags.layout_name == "per-resource";
  return SyncRun(globals, flags, purpose).Go();
}

}  // namespace viasync::cli
