#include "engine/api/jobs.h"

#include <algorithm>
#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/hints.h"
#include "cli/job_flow.h"
#include "engine/base/strings.h"
#include "engine/config/migration_decoder.h"
#include "engine/http/transport.h"
#include "engine/migrate/job_status.h"
#include "engine/model/object_types.h"
#include "engine/report/migration_text.h"

namespace viasync::cli {
namespace {

using base::ErrorKind;

struct Flags {
  WaitFlags wait;
  std::string id;
  bool yes = false;  // of those that change something
  // of resolve
  std::string rules, others;
  std::vector<std::string> renames;
  model::ImportOptions options;
};

// Everything a subcommand needs.
struct Desk {
  std::unique_ptr<workflow::OpenSide> side;
  JobProgress progress;
  migrate::Patience patience;
  bool json = false;

  api::Session& session() { return *side->side.session; }
  template <class T>
  T Run(http::Task<T> task) {
    return http::Run(*side->org.transport, std::move(task));
  }
  const std::string& org() const { return side->side.org; }
};

using Work = ExitCode (*)(Desk& desk, const Flags& flags);

// A subcommand.
struct Row {
  const char *name, *help;
  bool with_id, asks, waits;
  Work work;
};

ExitCode WithDesk(const Globals& globals, const Flags& flags, const Row& row) {
  const bool json = flags.wait.format == "json";
  if (row.asks && !flags.yes && !CanAsk()) {
    return Report({.kind = ErrorKind::kInvalid,
                   .message = std::string("jobs ") + row.name +
                              " asks before it writes, and there is no terminal to ask on",
                   .hint = "give --yes; `viasync jobs show` looks without changing anything"},
                  globals.directory, json);
  }
  auto project = config::LoadProject(globals.directory);
  if (!project) return Report(project.error(), globals.directory, json);
  auto environment = NameEnvironment(*project, globals.environment);
  if (!environment) return Report(environment.error(), globals.directory, json);
  auto side = ReachOrg(*environment);
  if (!side) return Report(side.error(), globals.directory, json);
  Desk desk{.side = std::move(*side), .json = json};
  auto patience = PatienceFor(flags.wait, desk.progress);
  if (!patience) return Report(patience.error(), globals.directory, json);
  desk.patience = std::move(*patience);
  return row.work(desk, flags);
}

// Shows the job and asks. False: nobody agreed.
bool Agreed(const Desk& desk, const Flags& flags, const std::string& verb, const api::Job& job) {
  if (flags.yes) return true;
  std::cerr << report::JobText(job, StderrStyle());
  if (Confirm(verb + " " + migrate::KindWords(job) + " " + base::Printable(job.id) + " of " +
              base::Printable(desk.org()) + "?")) {
    return true;
  }
  Log(Level::kInfo, "nothing was written");
  return false;
}

// The job that `text` means: its id, the beginning of one, or its file.
base::Result<api::Job> Find(Desk& desk, const std::string& text) {
  auto jobs = desk.Run(api::ListJobs(desk.session()));
  if (!jobs) return base::Fail(jobs.error());
  std::vector<std::string> ids;
  std::vector<const api::Job*> like;
  for (const api::Job& job : *jobs) {
    ids.push_back(job.id);
    if (job.id == text) return job;
    if (job.id.starts_with(text) || migrate::SameFile(job.file_name, text)) like.push_back(&job);
  }
  if (like.size() == 1) return *like.front();
  if (like.size() > 1) {
    return base::Fail(ErrorKind::kInvalid,
                      base::Plural(like.size(), "job") + " of " + desk.org() + " are like `" +
                          base::Printable(text) + "`",
                      "give the whole id; viasync jobs list shows them");
  }
  auto near = base::Nearest(text, ids);
  return base::Fail(
      ErrorKind::kNotFound, desk.org() + " has no job `" + base::Printable(text) + "`",
      near ? "did you mean " + base::Printable(*near) + "?" : "viasync jobs list shows them");
}

// The job with its conflict, which only the job itself tells in full.
base::Result<api::Job> Look(Desk& desk, const std::string& text) {
  auto listed = Find(desk, text);
  if (!listed) return listed;
  auto job = desk.Run(api::GetJob(desk.session(), listed->id));
  if (!job) return job;
  job->id = listed->id;
  job->file_name = listed->file_name;
  if (job->type.empty()) job->type = listed->type;
  return job;
}

ExitCode Print(Desk& desk, const api::Job& job) {
  std::cout << (desk.json ? report::JobsJson({job}) : report::JobText(job, StdoutStyle()));
  return ExitCode::kDone;
}

ExitCode List(Desk& desk, const Flags&) {
  auto jobs = desk.Run(api::ListJobs(desk.session()));
  if (!jobs) return Report(jobs.error(), ".", desk.json);
  std::cout << (desk.json ? report::JobsJson(*jobs)
                          : report::JobsText(desk.org(), *jobs, StdoutStyle()));
  return ExitCode::kDone;
}

ExitCode Show(Desk& desk, const Flags& flags) {
  auto job = Look(desk, flags.id);
  if (!job) return Report(job.error(), ".", desk.json);
  return Print(desk, *job);
}

ExitCode Watch(Desk& desk, const Flags& flags) {
  auto found = Find(desk, flags.id);
  if (!found) return Report(found.error(), ".", desk.json);
  desk.progress.Told().stage("watching " + migrate::KindWords(*found) + " " + found->id);
  auto watched =
      desk.Run(migrate::WatchJob(desk.session(), found->id, nullptr, desk.patience, false));
  desk.progress.End();
  if (!watched) return ReportRun(watched.error(), desk.json);
  watched->job.id = found->id;
  watched->job.file_name = found->file_name;
  if (watched->job.type.empty()) watched->job.type = found->type;
  Print(desk, watched->job);
  migrate::Outcome outcome{.end = watched->end, .job = found->id};
  if (watched->end == migrate::JobEnd::kVanished) {
    return Report({.kind = ErrorKind::kNotFound,
                   .message = "job " + base::Printable(found->id) + " is not there any more",
                   .hint = "look at the org: what it did is not known"},
                  ".", desk.json);
  }
  if (watched->end == migrate::JobEnd::kConflict && !desk.json) {
    std::cout << "\nIt waits for an answer: " << Copyable("viasync jobs resolve ")
              << base::Printable(found->id) << "\n";
  }
  return CodeOf(outcome);
}

// Sends one of pause, resume; then shows the job.
ExitCode Command(Desk& desk, const Flags& flags, const api::Job& found, const std::string& verb,
                 api::Call<void> (*send)(api::Session&, std::string)) {
  const api::Job* job = &found;
  if (!Agreed(desk, flags, verb, found)) return ExitCode::kError;
  auto sent = desk.Run(send(desk.session(), job->id));
  if (!sent) {
    base::Error error = sent.error();
    if (error.kind == ErrorKind::kRejected) {
      error.hint = "the job is " + migrate::StatusWords(*job) +
                   ": a job is paused while it runs, resumed and aborted while it is paused";
    }
    return ReportRun(error, desk.json);
  }
  return Show(desk, {.id = job->id});
}

ExitCode Pause(Desk& desk, const Flags& flags) {
  auto job = Find(desk, flags.id);
  if (!job) return Report(job.error(), ".", desk.json);
  return Command(desk, flags, *job, "Pause", &api::PauseJob);
}

// Never while a conflict waits: what the org would make of the names is not known.
ExitCode Resume(Desk& desk, const Flags& flags) {
  auto job = Look(desk, flags.id);
  if (!job) return Report(job.error(), ".", desk.json);
  if (migrate::HasConflict(*job)) {
    Report({.kind = ErrorKind::kInvalid,
            .message = "job " + base::Printable(job->id) + " is not resumed: its conflict over " +
                       base::Printable(job->conflict_object) + " waits for an answer",
            .hint = "answer it: viasync jobs resolve " + base::Printable(job->id)},
           ".", desk.json);
    return ExitCode::kConflicts;
  }
  return Command(desk, flags, *job, "Resume", &api::ResumeJob);
}

ExitCode Abort(Desk& desk, const Flags& flags) {
  auto found = Find(desk, flags.id);
  if (!found) return Report(found.error(), ".", desk.json);
  if (!Agreed(desk, flags, "Abort", *found)) return ExitCode::kError;
  desk.progress.Told().stage("aborting " + found->id);
  auto job = desk.Run(migrate::AbortWhenPaused(desk.session(), found->id, desk.patience));
  desk.progress.End();
  if (!job) return ReportRun(job.error(), desk.json);
  job->id = found->id;
  job->file_name = found->file_name;
  return Print(desk, *job);
}

// The rules of --rules, or those that the flags spell out for the type in conflict.
std::expected<model::ConflictRules, base::Errors> RulesOf(const Flags& flags,
                                                          const std::string& object) {
  if (!flags.rules.empty()) return config::LoadConflictRules(flags.rules, flags.options);
  model::ConflictRules rules;
  model::TypeRule rule;
  base::Errors errors;
  for (const auto& text : flags.renames) {
    auto at = text.find('=');
    if (at == std::string::npos || at == 0 || at + 1 == text.size()) {
      errors.push_back({.kind = ErrorKind::kInvalid,
                        .message = "--rename `" + base::Printable(text) + "` is not OLD=NEW",
                        .hint = "write it like --rename ABC=DEF"});
      continue;
    }
    rule.rename[text.substr(0, at)] = text.substr(at + 1);
  }
  if (auto others = model::ParseOnConflict(flags.others)) rule.others = others;
  if (rule.others == model::OnConflict::kSalt && flags.options.salt.empty()) {
    errors.push_back({.kind = ErrorKind::kInvalid,
                      .message = "--others salt needs a salt",
                      .hint = "add --salt with up to 4 letters and digits"});
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  rules.types[model::TypeKey(object)] = std::move(rule);
  return rules;
}

// Where the org names no objects, the person does: those to be renamed, and "" for all others.
migrate::Conflict NamedConflict(const api::Job& job, const model::ConflictRules& rules) {
  migrate::Conflict conflict = migrate::ConflictOf(job);
  if (!conflict.names.empty()) return conflict;
  auto type = rules.types.find(model::TypeKey(conflict.object));
  if (type != rules.types.end()) {
    for (const auto& [name, new_name] : type->second.rename) conflict.names.push_back(name);
  }
  conflict.names.emplace_back();
  return conflict;
}

// A job that was paused over its conflict goes on once the org has taken the answer in; while it
// still shows a conflict, that one or the next, it stays paused.
base::Result<void> ResumeAnswered(Desk& desk, const std::string& id) {
  constexpr int kLooks = 8;
  constexpr base::Millis kWait{250};
  for (int look = 0; look < kLooks; ++look) {
    auto job = Look(desk, id);
    if (!job) return base::Fail(job.error());
    if (migrate::PhaseOf(job->status) != migrate::Phase::kPaused) return {};
    if (!migrate::HasConflict(*job)) {
      // It may have gone on by itself; then the org refuses.
      auto resumed = desk.Run(api::ResumeJob(desk.session(), id));
      if (resumed || resumed.error().kind == ErrorKind::kRejected) return {};
      return resumed;
    }
    auto& transport = desk.session().client().transport();
    if (!desk.Run(migrate::Nap(transport, kWait, desk.patience))) return {};
  }
  return {};
}

ExitCode Resolve(Desk& desk, const Flags& flags) {
  auto job = Look(desk, flags.id);
  if (!job) return Report(job.error(), ".", desk.json);
  if (auto problem = model::SaltProblem(flags.options.salt); !problem.empty()) {
    return Report({.kind = ErrorKind::kInvalid,
                   .message = "--salt `" + base::Printable(flags.options.salt) + "` " + problem,
                   .hint = "use up to 4 letters and digits"},
                  ".", desk.json);
  }
  if (!migrate::HasConflict(*job)) {
    return Report({.kind = ErrorKind::kInvalid,
                   .message = "job " + base::Printable(job->id) + " has no conflict: it is " +
                              migrate::StatusWords(*job),
                   .hint = "there is nothing to resolve"},
                  ".", desk.json);
  }
  auto rules = RulesOf(flags, job->conflict_object);
  if (!rules) return Report(rules.error(), ".", desk.json);
  auto answer = migrate::AnswerConflict(NamedConflict(*job, *rules), *rules, flags.options);
  if (auto* open = std::get_if<migrate::Unanswered>(&answer)) {
    migrate::Watched watched{.job = *job, .unanswered = std::move(*open)};
    watched.paused = migrate::PhaseOf(job->status) == migrate::Phase::kPaused;
    std::cout << report::ConflictText(
        watched, {.rules = "a file for --rules", .again = "this again"}, StdoutStyle());
    return ExitCode::kConflicts;
  }
  if (!Agreed(desk, flags, "Answer the conflict of", *job)) return ExitCode::kError;
  auto sent = desk.Run(api::ResolveConflict(desk.session(), job->id,
                                            std::get<migrate::Answered>(answer).resolution));
  if (!sent) return ReportRun(sent.error(), desk.json);
  if (migrate::PhaseOf(job->status) == migrate::Phase::kPaused) {
    auto resumed = ResumeAnswered(desk, job->id);
    if (!resumed) return ReportRun(resumed.error(), desk.json);
  }
  return Show(desk, {.id = job->id});
}

Args* Sub(Args& args, Flags& flags, const Row& row) {
  auto* sub = &args.Command(row.name, row.help);
  if (row.asks) sub->Flag("--yes,-y", flags.yes, "do not ask");
  if (row.with_id) {
    sub->Text("JOB", flags.id, "its id, the beginning of it, or its file")
        .Required()
        .Completes("jobs");
  }
  if (row.waits)
    AddWaitFlags(*sub, flags.wait);
  else
    AddRunFormat(*sub, flags.wait);
  return sub;
}

void AddResolveFlags(Args& args, Flags& flags) {
  args.Text("--rules", flags.rules, "a file with `conflicts:`").Value("FILE");
  args.List("--rename", flags.renames, "give an object another name; may be repeated")
      .Value("OLD=NEW");
  args.Text("--others", flags.others, "all names that are not renamed: ignore or salt")
      .Choices({"ignore", "salt"});
  args.Text("--salt", flags.options.salt, "up to 4 letters and digits, put to the name");
  args.Flag("--append-salt", flags.options.append_salt, "behind the name, not in front");
  args.Exclude({"--rename", "--others"}, "--rules", "the file holds the rules");
  args.Need("--append-salt", "--salt", "it says where the salt goes");
}

}  // namespace

Run DefineJobs(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  args.RequireCommand();
  static constexpr Row kRows[] = {
      {"list", "the export and import jobs of the org", false, false, false, List},
      {"show", "one job, with the conflict it waits for", true, false, false, Show},
      {"watch", "wait until a job ends; exit code 3 when it waits for an answer", true, false, true,
       Watch},
      {"pause", "pause a running job", true, true, false, Pause},
      {"resume", "let a paused job go on", true, true, false, Resume},
      {"abort", "abort a job; one that runs is paused first", true, true, true, Abort},
      {"resolve", "answer the conflict a job waits for", true, true, true, Resolve},
  };
  auto verbs = std::make_shared<std::vector<std::pair<const Args*, const Row*>>>();
  for (const Row& row : kRows) {
    auto* sub = Sub(args, *flags, row);
    if (row.work == Resolve) AddResolveFlags(*sub, *flags);
    verbs->emplace_back(sub, &row);
  }
  return [&globals, flags, verbs] {
    auto chosen =
        std::ranges::find_if(*verbs, [](const auto& verb) { return verb.first->Chosen(); });
    return WithDesk(globals, *flags, *chosen->second);
  };
}

}  // namespace viasync::cli
