#include "engine/migrate/record.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/migrate/steps.h"

namespace viasync::migrate {

using nlohmann::json;

base::Result<Record> Record::Open(store::MigrationRuns& runs, store::MigrationRun wanted) {
  auto open = runs.OpenRun(wanted.name);
  if (!open) return base::Fail(std::move(open.error()));
  if (!*open) {
    auto id = runs.Begin(wanted);
    if (!id) return base::Fail(std::move(id.error()));
    wanted.id = *id;
    return Record(runs, std::move(wanted), false);
  }
  if ((*open)->contents != wanted.contents || (*open)->source != wanted.source) {
    return base::Fail(
        base::ErrorKind::kInvalid,
        fmt::format("`{}` of {} is not finished, and was begun with other objects",
                    base::Printable(wanted.name), base::FormatTimeShort((*open)->started)),
        "Run it once more with what it was begun with, or drop it with --restart");
  }
  return Record(runs, std::move(**open), true);
}

base::Result<std::optional<Record>> Record::Finished(store::MigrationRuns& runs,
                                                     const store::MigrationRun& wanted,
                                                     const std::string& wish, base::UtcTime since,
                                                     base::UtcTime until) {
  auto last = runs.LastRun(wanted.name);
  if (!last) return base::Fail(std::move(last.error()));
  if (!*last || (*last)->state != store::RunState::kDone || !(*last)->ended) return std::nullopt;
  const base::UtcTime ended = *(*last)->ended;
  const bool same = (*last)->contents == wanted.contents && (*last)->source == wanted.source;
  if (!same || ended < since || ended > until) return std::nullopt;
  Record record(runs, std::move(**last), true);
  const json done = record.Data(kImportedStep);
  if (!record.IsDone(kImportedStep) || !done.is_object() || !done.contains(kWish) ||
      done[kWish] != wish) {
    return std::nullopt;
  }
  return record;
}

const store::RunStep* Record::Find(const std::string& step) const {
  auto found = std::ranges::find(run_.steps, step, &store::RunStep::name);
  return found == run_.steps.end() ? nullptr : &*found;
}

bool Record::IsDone(const std::string& step) const {
  const store::RunStep* found = Find(step);
  return found && found->done;
}

json Record::Data(const std::string& step) const {
  const store::RunStep* found = Find(step);
  if (!found) return nullptr;
  json data = base::ParseJson(found->data);
  return data.is_discarded() ? json() : data;
}

std::vector<std::string> Record::Steps(const std::string& prefix) const {
  std::vector<std::string> names;
  for (const store::RunStep& step : run_.steps) {
    if (step.name.starts_with(prefix)) names.push_back(step.name);
  }
  return names;
}

base::Result<void> Record::Write(const std::string& step, bool done, const json& data) {
  const std::string text = data.dump(-1, ' ', false, json::error_handler_t::replace);
  auto written = runs_->Record(run_.id, step, done, text);
  if (!written) return written;
  auto found = std::ranges::find(run_.steps, step, &store::RunStep::name);
  if (found == run_.steps.end()) {
    run_.steps.push_back({.name = step});
    found = run_.steps.end() - 1;
  }
  found->done = done;
  found->data = text;
  return {};
}

base::Result<void> Record::Intend(const std::string& step, const json& data) {
  return Write(step, false, data);
}

base::Result<void> Record::Done(const std::string& step, const json& data) {
  return Write(step, true, data);
}

base::Result<void> Record::End(store::RunState state, const std::string& note) {
  return runs_->End(run_.id, state, note);
}

}  // namespace viasync::migrate
