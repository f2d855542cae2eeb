#include <iostream>
#include <memory>

#include "cli/ci_run.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/plan_flow.h"
#include "engine/base/strings.h"
#include "engine/config/desired.h"
#include "engine/config/project.h"
#include "engine/report/diff_json.h"
#include "engine/report/plan_html.h"
#include "engine/report/plan_markdown.h"
#include "engine/report/plan_text.h"
#include "engine/workflow/comparing.h"
#include "engine/workflow/org.h"

namespace viasync::cli {
namespace {

struct Flags {
  std::string first, second, format = "text";
  bool exit_code = false, no_cache = false, full = false;
};

struct Opened {
  const config::Environment* environment = nullptr;
  config::Desired desired;  // what it is meant to be
  workflow::Org org;
};

std::expected<Opened, base::Errors> Open(const config::Project& project, const std::string& name) {
  auto named = config::FindEnvironment(project, name);
  if (!named) return std::unexpected(base::Errors{named.error()});
  auto desired = config::LoadDesired(project, **named, /*may_be_empty=*/true);
  if (!desired) return std::unexpected(desired.error());
  auto org = workflow::OpenOrg(**named, TraceLog(), NoticeLog());
  if (!org) return std::unexpected(base::Errors{org.error()});
  return Opened{*named, std::move(*desired), std::move(*org)};
}

std::string Render(const workflow::Comparison& comparison, const config::Environment& first,
                   const Flags& flags) {
  const auto& [unasked, intended] = comparison;
  const std::string against = first.name + " (" + first.org + ")";
  if (flags.format == "json") {
    return report::DiffJson(unasked, intended, first.name, first.org);
  }
  if (flags.format == "html") {
    return report::DiffHtml(unasked, intended,
                            {.purpose = report::Purpose::kDiff, .against = against});
  }
  if (flags.format == "markdown") {
    return report::DiffMarkdown(unasked, intended,
                                {.purpose = report::Purpose::kDiff, .against = against});
  }
  return report::DiffText(
      unasked, intended, StdoutStyle(),
      {.full = flags.full, .purpose = report::Purpose::kDiff, .against = against});
}

ExitCode RunDiff(const Globals& globals, const Flags& flags) {
  const bool json = flags.format == "json";
  if (auto idle = IdleFull(flags.full, flags.format)) return Report(*idle, ".", json);
  auto project = config::LoadProject(globals.directory);
  if (!project) return Report(project.error(), globals.directory, json);
  auto first = Open(*project, flags.first);
  if (!first) return Report(first.error(), globals.directory, json);
  auto second = Open(*project, flags.second);
  if (!second) return Report(second.error(), globals.directory, json);
  auto comparison = [&] {
    ProgressBar one("reading " + base::Printable(first->environment->org));
    ProgressBar two("reading " + base::Printable(second->environment->org));
    const bool cache = !flags.no_cache;
    return workflow::Compare(
        project->manage, {*first->environment, first->desired, first->org, one.Callback(), cache},
        {*second->environment, second->desired, second->org, two.Callback(), cache});
  }();
  if (!comparison) return Report(comparison.error(), globals.directory, json);
  NoteDiff(comparison->unasked, comparison->intended,
           first->environment->name + " (" + first->environment->org + ")");
  std::cout << Render(*comparison, *first->environment, flags);
  const auto& unasked = comparison->unasked;
  const bool differs = !unasked.changes.empty() || !unasked.conflicts.empty();
  return flags.exit_code && differs ? ExitCode::kDifferences : ExitCode::kDone;
}

}  // namespace

Run DefineDiff(Args& args, const Globals& globals) {
  auto flags = std::make_shared<Flags>();
  args.Text("FIRST", flags->first, "the environment to compare with")
      .Required()
      .Completes("environments");
  args.Text("SECOND", flags->second, "the environment that is looked at")
      .Required()
      .Completes("environments");
  args.Flag("--exit-code", flags->exit_code,
            "exit with 2 if there are differences that the files do not ask for");
  AddFullFlag(args, flags->full);
  args.Flag("--no-cache", flags->no_cache,
            "read the details of every exclusion, not only of those the orgs say changed");
  args.Text("--format", flags->format, "text, json, markdown or html")
      .Choices({"text", "json", "markdown", "html"});
  auto ci = AddCiFlag(args);
  return [&globals, flags, ci] {
    return WithCi(*ci, globals, "diff", [&] { return RunDiff(globals, *flags); });
  };
}

}  // namespace viasync::cli
