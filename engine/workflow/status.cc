#include "engine/workflow/status.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <utility>

#include "engine/base/globs.h"
#include "engine/base/strings.h"
#include "engine/config/secrets.h"
#include "engine/store/lock.h"
#include "engine/store/trail.h"
#include "engine/workflow/open_store.h"

namespace viasync::workflow {
namespace {

constexpr std::size_t kRunsMax = 10'000;        // that are looked at
constexpr std::size_t kEventsMax = 10'000'000;  // the same

base::Result<std::unique_ptr<store::Store>> OpenToRead(const config::Environment& environment,
                                                       base::Clock& clock) {
  return OpenStore(environment, {.read_only = true}, clock);
}

std::vector<std::string> MissingVariables(const config::Environment& environment) {
  std::vector<std::string> missing;
  for (const char* name : {"CLIENT_ID", "CLIENT_SECRET", "API_KEY"}) {
    std::string variable = config::VariablePrefix(environment.name) + name;
    const char* value = std::getenv(variable.c_str());
    if (!value || !*value) missing.push_back(variable);
  }
  return missing;
}

std::string WhoHoldsLease(const config::Environment& environment) {
  auto options = ServerOptions(environment, {.read_only = true});
  if (!options) return {};
  auto holder = store::ReadHolder(*options);
  if (!holder || !*holder || (*holder)->free || (*holder)->left <= base::Millis(0)) return {};
  return store::HeldError(**holder).message;
}

// A lock that cannot be read while its holder writes counts as held by somebody.
std::string WhoHolds(const config::Environment& environment, base::Clock& clock) {
  if (environment.team_store) return WhoHoldsLease(environment);
  const std::string& path = environment.store;
  auto db = store::Database::Open(path, store::Database::Mode::kReadOnly);
  if (!db) return {};
  auto row = store::ReadLock(**db);
  if (!row) return store::BusyWithUnknown(path).message;
  if (!*row) return {};
  auto busy = store::StandsInTheWay(**row, clock.Now());
  return busy ? busy->message : std::string();
}

bool Wanted(const EventFilter& filter, const store::Event& event) {
  return (!filter.kind || event.kind == *filter.kind) &&
         (filter.key.empty() || base::GlobMatch(filter.key, event.key)) &&
         (filter.user.empty() || event.user == filter.user) &&
         (filter.run.empty() || event.run == filter.run) &&
         (filter.what.empty() || event.what == filter.what) &&
         (!filter.since || event.at >= *filter.since);
}

}  // namespace

base::Result<Status> ReadStatus(const config::Environment& environment, base::Clock& clock) {
  Status status{.missing = MissingVariables(environment)};
  std::error_code ignored;
  status.store_exists =
      environment.team_store || std::filesystem::exists(environment.store, ignored);
  if (!status.store_exists) return status;
  auto store = OpenToRead(environment, clock);
  if (!store) return base::Fail(store.error());
  auto has_base = (*store)->HasBase();
  if (!has_base) return base::Fail(has_base.error());
  status.has_base = *has_base;
  for (auto kind : model::kKinds) {
    auto& count = status.records[kind];
    auto read = (*store)->ReadBase(kind, [&](const store::BaseRecord&) -> base::Result<void> {
      ++count;
      return {};
    });
    if (!read) return base::Fail(read.error());
  }
  auto moved = (*store)->BaseMoved();
  if (!moved) return base::Fail(moved.error());
  status.base_moved = *moved;
  auto events = (*store)->Events(1);
  if (!events) return base::Fail(events.error());
  if (!events->empty()) status.last = std::move(events->front());
  auto open = (*store)->OpenSteps();
  if (!open) return base::Fail(open.error());
  status.open_steps = open->size();
  auto runs = (*store)->Migrations()->OpenRuns();
  if (!runs) return base::Fail(runs.error());
  status.open_runs = std::move(*runs);
  status.held = WhoHolds(environment, clock);
  return status;
}

base::Result<std::vector<store::Event>> ReadHistory(const config::Environment& environment,
                                                    const EventFilter& filter, base::Clock& clock) {
  if (auto fault = base::GlobFault(filter.key)) {
    return base::Fail(base::ErrorKind::kInvalid,
                      "--key `" + base::Printable(filter.key) + "`: " + fault->what,
                      std::move(fault->remedy));
  }
  auto store = OpenToRead(environment, clock);
  if (!store) return base::Fail(store.error());
  // How far back the wanted ones reach is not known, so the window grows.
  constexpr std::size_t kGrowth = 8;
  for (std::size_t window = filter.limit;; window *= kGrowth) {
    auto events = (*store)->Events(window);
    if (!events) return events;
    bool all = events->size() < window;
    bool past = filter.since && !events->empty() && events->back().at < *filter.since;
    std::erase_if(*events, [&](const auto& event) { return !Wanted(filter, event); });
    if (events->size() > filter.limit) events->resize(filter.limit);
    if (all || past || events->size() == filter.limit) return events;
  }
}

base::Result<TrailCheck> VerifyTrail(const config::Environment& environment, base::Clock& clock) {
  auto store = OpenToRead(environment, clock);
  if (!store) return base::Fail(store.error());
  // The end first: what is added meanwhile is not looked at.
  auto head = (*store)->TrailHead();
  if (!head) return base::Fail(head.error());
  auto events = (*store)->Events(kEventsMax);
  if (!events) return base::Fail(events.error());
  std::ranges::reverse(*events);
  TrailCheck check;
  auto end = std::ranges::find(*events, *head, &store::Event::hash);
  if (!head->empty() && end != events->end()) events->erase(end + 1, events->end());
  check.count = events->size();
  check.unproved = static_cast<std::size_t>(
      std::ranges::count_if(*events, [](const auto& event) { return event.hash.empty(); }));
  auto fault = store::CheckTrail(*events, *head);
  if (!fault) return check;
  check.fault = fault->what;
  if (fault->event) {
    check.fault = std::string(model::KindName(fault->event->kind)) + " " +
                  base::Printable(fault->event->key) + " of run " +
                  base::Printable(fault->event->run) + " " + fault->what;
  }
  return check;
}

base::Result<std::vector<RunSummary>> ReadRunSummaries(const config::Environment& environment,
                                                       const EventFilter& filter,
                                                       base::Clock& clock) {
  auto store = OpenToRead(environment, clock);
  if (!store) return base::Fail(store.error());
  auto events = (*store)->Events(kEventsMax);
  if (!events) return base::Fail(events.error());
  auto undone = (*store)->UndoneSteps(filter.since.value_or(base::UtcTime{}));
  if (!undone) return base::Fail(undone.error());
  std::vector<RunSummary> runs;
  std::map<std::string, std::size_t> places;
  auto run_of = [&](const std::string& run, base::UtcTime at) -> RunSummary& {
    auto [place, added] = places.emplace(run, runs.size());
    if (added) runs.push_back({.run = run, .first = at, .last = at});
    RunSummary& summary = runs[place->second];
    summary.first = std::min(summary.first, at);
    summary.last = std::max(summary.last, at);
    return summary;
  };
  for (const auto& event : *events) {
    if (!Wanted(filter, event)) continue;
    RunSummary& run = run_of(event.run, event.at);
    run.user = event.user;
    run.commit = event.commit;
    if (run.what.find(event.what) == std::string::npos) {
      run.what = event.what + (run.what.empty() ? "" : ", " + run.what);
    }
    ++(event.action == "create" ? run.create : event.action == "update" ? run.update : run.remove);
  }
  // Who it was is known of what was done alone.
  const bool narrowed = filter.kind || !filter.key.empty() || !filter.user.empty();
  for (const auto& step : *undone) {
    const bool other = !filter.run.empty() && step.run != filter.run;
    if (other || (!filter.what.empty() && filter.what != "apply")) continue;
    if (narrowed && !places.contains(step.run)) continue;
    RunSummary& run = run_of(step.run, step.opened);
    if (run.what.empty()) run.what = "apply";
    ++run.undone;
  }
  std::ranges::stable_sort(runs, std::greater<>(), &RunSummary::first);
  if (runs.size() > filter.limit) runs.resize(filter.limit);
  return runs;
}

base::Result<std::vector<store::MigrationRun>> ReadRuns(const config::Environment& environment,
                                                        const EventFilter& filter,
                                                        base::Clock& clock) {
  if (filter.kind || !filter.key.empty()) return std::vector<store::MigrationRun>();
  auto store = OpenToRead(environment, clock);
  if (!store) return base::Fail(store.error());
  auto runs = (*store)->Migrations()->Runs(kRunsMax);
  if (!runs) return runs;
  std::erase_if(*runs, [&](const store::MigrationRun& run) {
    return (!filter.user.empty() && run.user != filter.user) ||
           (!filter.run.empty() && run.run != filter.run) ||
           (!filter.what.empty() && !run.name.starts_with(filter.what + " ")) ||
           (filter.since && run.started < *filter.since);
  });
  if (runs->size() > filter.limit) runs->resize(filter.limit);
  return runs;
}

}  // namespace viasync::workflow
