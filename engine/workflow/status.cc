#include "engine/workflow/status.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "engine/config/secrets.h"
#include "engine/store/lock.h"
#include "engine/store/sqlite_store.h"

namespace viasync::workflow {
namespace {

base::Result<std::unique_ptr<store::Store>> OpenToRead(const config::Environment& environment,
                                                       base::Clock& clock) {
  return store::OpenSqliteStore(
      {.path = environment.store, .org = environment.org, .read_only = true}, clock);
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

// A lock that cannot be read while its holder writes counts as held by somebody.
std::string WhoHolds(const std::string& path, base::Clock& clock) {
  auto db = store::Database::Open(path, store::Database::Mode::kReadOnly);
  if (!db) return {};
  auto row = store::ReadLock(**db);
  if (!row) return store::BusyWithUnknown(path).message;
  if (!*row) return {};
  auto busy = store::StandsInTheWay(**row, clock.Now());
  return busy ? busy->message : std::string();
}

}  // namespace

base::Result<Status> ReadStatus(const config::Environment& environment, base::Clock& clock) {
  Status status{.missing = MissingVariables(environment)};
  std::error_code ignored;
  status.store_exists = std::filesystem::exists(environment.store, ignored);
  if (!status.store_exists) return status;
  auto store = OpenToRead(environment, clock);
  if (!store) return base::Fail(store.error());
  auto has_base = (*store)->HasBase();
  if (!has_base) return base::Fail(has_base.error());
  status.has_base = *has_base;
  for (auto kind : model::kKinds) {
    auto& count = status.records[static_cast<std::size_t>(kind)];
    auto read = (*store)->ReadBase(kind, [&](const store::BaseRecord&) -> base::Result<void> {
      ++count;
      return {};
    });
    if (!read) return base::Fail(read.error());
  }
  auto events = (*store)->Events(1);
  if (!events) return base::Fail(events.error());
  if (!events->empty()) status.last = std::move(events->front());
  auto open = (*store)->OpenSteps();
  if (!open) return base::Fail(open.error());
  status.open_steps = open->size();
  status.held = WhoHolds(environment.store, clock);
  return status;
}

base::Result<std::vector<store::Event>> ReadHistory(const config::Environment& environment,
                                                    std::optional<model::Kind> kind,
                                                    std::size_t limit, base::Clock& clock) {
  auto store = OpenToRead(environment, clock);
  if (!store) return base::Fail(store.error());
  // Of one kind: how far back the last `limit` reach is not known, so the window grows.
  for (std::size_t window = limit;; window *= 8) {
    auto events = (*store)->Events(window);
    if (!events || !kind) return events;
    bool all = events->size() < window;
    std::erase_if(*events, [&](const store::Event& event) { return event.kind != *kind; });
    if (events->size() > limit) events->resize(limit);
    if (all || events->size() == limit) return events;
  }
}

}  // namespace viasync::workflow
