// Runs of export, import and migrate as the history tells them.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/migrate/steps.h"
#include "engine/report/migration_text.h"
#include "engine/report/words.h"

namespace viasync::report {
namespace {

using store::MigrationRun;
using store::RunState;

constexpr std::size_t kVerbColumns = 9;

std::string_view StateName(RunState state) {
  switch (state) {
    case RunState::kOpen:
      return "open";
    case RunState::kDone:
      return "done";
    case RunState::kFailed:
      return "failed";
  }
  return "";
}

struct Named {
  std::string verb;     // migrate | export | import
  std::string subject;  // `spring-release`; of an import its file's checksum
};

Named SplitName(const MigrationRun& run) {
  const auto blank = run.name.find(' ');
  return {run.name.substr(0, blank), blank == std::string::npos ? "" : run.name.substr(blank + 1)};
}

Named NameOf(const MigrationRun& run) {
  constexpr std::size_t kChecksumShown = 12;
  Named named = SplitName(run);
  if (named.verb == "import")
    named.subject = "of sha256 " + named.subject.substr(0, kChecksumShown);
  return named;
}

std::string EndWords(const MigrationRun& run, const migrate::RunFacts& facts) {
  if (run.state == RunState::kOpen) return "stopped: " + facts.stage;
  if (run.state == RunState::kFailed) return "failed: " + run.note;
  return "done";
}

}  // namespace

std::string OpenRunWords(const MigrationRun& run) {
  const Named named = NameOf(run);
  return base::Printable(named.verb + " " + named.subject +
                         (run.source.empty() ? "" : " from " + run.source) + ": " +
                         migrate::FactsOf(run).stage);
}

std::string RunHistoryText(const MigrationRun& run, const Style& style) {
  const migrate::RunFacts facts = migrate::FactsOf(run);
  const Named named = NameOf(run);
  std::vector<std::string> parts;
  if (facts.objects > 0) parts.push_back(base::Plural(facts.objects, "object"));
  if (facts.conflicts > 0) parts.push_back(base::Plural(facts.conflicts, "conflict") + " answered");
  parts.push_back(EndWords(run, facts));
  std::vector<std::string> origin;
  if (!run.user.empty()) origin.push_back("by " + base::Printable(run.user));
  if (!run.commit.empty()) {
    origin.push_back("commit " + base::Printable(run.commit.substr(0, 12)));
  }
  const std::string who = base::Join(origin, ", ");
  const Colour colour = run.state == RunState::kDone     ? Colour::kGreen
                        : run.state == RunState::kFailed ? Colour::kRed
                                                         : Colour::kYellow;
  return Paint(style, Colour::kDim, MomentColumn(run.started)) + "  " + Paint(style, colour, ">") +
         " " + Pad(base::Printable(named.verb), kVerbColumns) + "  " +
         base::Printable(named.subject) +
         (run.source.empty() ? "" : " from " + base::Printable(run.source)) + "  " +
         base::Printable(base::Join(parts, ", ")) + "  " + Paint(style, Colour::kDim, who) + "\n";
}

std::string RunHistoryJson(const MigrationRun& run) {
  const migrate::RunFacts facts = migrate::FactsOf(run);
  const auto [verb, subject] = SplitName(run);
  nlohmann::ordered_json json = {{"at", base::FormatTime(run.started)},
                                 {"user", run.user},
                                 {"commit", run.commit},
                                 {"run", run.run},
                                 {"what", verb},
                                 {"name", subject},
                                 {"from", run.source},
                                 {"state", StateName(run.state)},
                                 {"stage", facts.stage},
                                 {"note", run.note},
                                 {"exportJob", facts.export_job},
                                 {"importJob", facts.import_job},
                                 {"objects", facts.objects},
                                 {"conflicts", facts.conflicts}};
  if (run.ended) json["ended"] = base::FormatTime(*run.ended);
  return base::DumpJson(json) + "\n";
}

}  // namespace viasync::report
