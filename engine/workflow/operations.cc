#include "engine/workflow/operations.h"

#include <algorithm>
#include <utility>

#include "engine/api/resources.h"
#include "engine/base/strings.h"
#include "engine/contract/codes.h"
#include "engine/http/transport.h"
#include "engine/workflow/side_by_side.h"

namespace viasync::workflow {
namespace {

constexpr base::Millis kPollPause{1'000};
constexpr std::int64_t kNotBuilt = 1;  // StrategyStatus

bool IsId(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

// The id of the one that is called `name`.
template <class T, class NameOf>
base::Result<std::string> IdOf(const std::vector<T>& all, const std::string& name, const char* what,
                               NameOf name_of) {
  std::vector<std::string> names;
  for (const T& one : all) {
    if (name_of(one) == name) return one.id;
    names.push_back(name_of(one));
  }
  auto nearest = base::Nearest(name, names);
  return base::Fail(base::ErrorKind::kNotFound,
                    "the org has no " + std::string(what) + " `" + base::Printable(name) + "`",
                    nearest
                        ? "did you mean `" + base::Printable(*nearest) + "`?"
                        : "it has " + base::Plural(names.size(), what) + "; an id is taken too");
}

base::Error Interrupted(const char* what) {
  return {.kind = base::ErrorKind::kInterrupted,
          .message = std::string("stopped waiting for the ") + what,
          .hint = "it goes on in the org"};
}

}  // namespace

base::Result<std::vector<api::Strategy>> ReadStrategies(Org& org, const std::string& name,
                                                        const std::string& purpose) {
  auto all = http::Run(*org.transport, api::ListStrategies(*org.session, name, purpose));
  if (!all) return all;
  return SideBySide<api::Strategy>(org, all->size(), [&](std::size_t i) {
    return api::GetStrategy(*org.session, (*all)[i].id);
  });
}

base::Result<api::Strategy> FindStrategy(Org& org, const std::string& name_or_id) {
  std::string id = name_or_id;
  if (!IsId(id)) {
    auto all = http::Run(*org.transport, api::ListStrategies(*org.session, "", ""));
    if (!all) return base::Fail(std::move(all.error()));
    auto found = IdOf(*all, name_or_id, "strategy", [](const auto& s) { return s.name; });
    if (!found) return base::Fail(std::move(found.error()));
    id = *found;
  }
  return http::Run(*org.transport, api::GetStrategy(*org.session, id));
}

base::Result<api::StrategyStatuses> ReadStatuses(Org& org, const std::string& strategy_id) {
  return http::Run(*org.transport, api::GetStrategyStatuses(*org.session, strategy_id));
}

base::Result<std::vector<api::Script>> ReadScripts(Org& org, const std::string& name,
                                                   std::optional<std::int64_t> status) {
  auto all = http::Run(*org.transport, api::ListScripts(*org.session, name, status));
  if (!all) return all;
  return SideBySide<api::Script>(
      org, all->size(), [&](std::size_t i) { return api::GetScript(*org.session, (*all)[i].id); });
}

base::Result<api::Script> FindScript(Org& org, const std::string& name_or_id) {
  std::string id = name_or_id;
  if (!IsId(id)) {
    auto all = http::Run(*org.transport, api::ListScripts(*org.session, "", std::nullopt));
    if (!all) return base::Fail(std::move(all.error()));
    auto found = IdOf(*all, name_or_id, "script", [](const auto& s) { return s.name; });
    if (!found) return base::Fail(std::move(found.error()));
    id = *found;
  }
  return http::Run(*org.transport, api::GetScript(*org.session, id));
}

base::Result<void> StartScript(Org& org, const api::Script& script, const std::string& session) {
  if (script.running) {
    return base::Fail(base::ErrorKind::kRejected,
                      "the script `" + base::Printable(script.name) + "` is running already",
                      "wait for it (`viasync scripts show`), or stop it first; nothing was sent");
  }
  return http::Run(*org.transport, api::StartScript(*org.session, script.id, session));
}

base::Result<void> StopScript(Org& org, const api::Script& script, const std::string& session) {
  if (!script.running) {
    return base::Fail(base::ErrorKind::kRejected,
                      "the script `" + base::Printable(script.name) + "` is not running",
                      "there is nothing to stop; nothing was sent");
  }
  return http::Run(*org.transport, api::StopScript(*org.session, script.id, session));
}

base::Result<api::Script> WaitForScript(Org& org, const std::string& id, const Waiting& waiting) {
  for (;;) {
    auto script = http::Run(*org.transport, api::GetScript(*org.session, id));
    if (!script || !script->running) return script;
    if (waiting.changed) waiting.changed("running");
    if (waiting.stop && *waiting.stop) return base::Fail(Interrupted("script"));
    http::Run(*org.transport, http::Sleep(*org.transport, kPollPause));
  }
}

base::Result<api::StrategyStatuses> WaitForStrategy(Org& org, const std::string& id,
                                                    const Waiting& waiting) {
  static const contract::Codes kStatuses("StrategyStatus");
  for (;;) {
    auto statuses = ReadStatuses(org, id);
    if (!statuses || !IsBusy(*statuses)) return statuses;
    if (waiting.changed) waiting.changed(kStatuses.Word(statuses->status));
    if (waiting.stop && *waiting.stop) return base::Fail(Interrupted("strategy"));
    http::Run(*org.transport, http::Sleep(*org.transport, kPollPause));
  }
}

bool IsBusy(const api::StrategyStatuses& statuses) {
  static const contract::Codes kStatuses("StrategyStatus");
  const std::string word = kStatuses.Word(statuses.status);
  return word.substr(0, word.find(' ')).ends_with("ing");
}

bool EndedBadly(const api::StrategyStatuses& statuses) {
  static const contract::Codes kStatuses("StrategyStatus");
  const std::string word = kStatuses.Word(statuses.status);
  return !kStatuses.Knows(statuses.status) || word.ends_with("errors") ||
         word.ends_with("failed") || word.ends_with("aborted");
}

base::Result<std::string> FindTarget(Org& org, BulkKind kind, const std::string& name_or_id) {
  if (kind == BulkKind::kAttempts || kind == BulkKind::kCallbacks) return std::string();
  if (kind == BulkKind::kInsert || kind == BulkKind::kUpdate) {
    auto strategy = FindStrategy(org, name_or_id);
    if (!strategy) return base::Fail(std::move(strategy.error()));
    if (strategy->status != kNotBuilt) return strategy->id;
    return base::Fail(base::ErrorKind::kInvalid,
                      "the strategy `" + base::Printable(strategy->name) +
                          "` was never built, so it has no records yet",
                      "build it in the vendor's UI or by a script first; nothing was sent");
  }
  std::string id = name_or_id;
  if (!IsId(id)) {
    auto all = http::Run(*org.transport, api::Collection<model::List>(*org.session));
    if (!all) return base::Fail(std::move(all.error()));
    auto found = IdOf(*all, name_or_id, "list", [](const auto& l) { return l.value.name; });
    if (!found) return base::Fail(std::move(found.error()));
    id = *found;
  }
  auto list = http::Run(*org.transport, api::Calls<model::List>::Get(*org.session, id));
  if (!list) return base::Fail(std::move(list.error()));
  if (list->value.type == model::ListType::kFastPath) return id;
  return base::Fail(base::ErrorKind::kInvalid,
                    "list `" + base::Printable(list->value.name) + "` is " +
                        std::string(model::ListTypeName(list->value.type)) +
                        ", which takes no fast path records",
                    "name a fast path list; `viasync api GET lists --query listType=2` shows them");
}

base::Result<std::vector<api::ReferenceItem>> ReadReference(Org& org, Reference kind) {
  api::Session& session = *org.session;
  switch (kind) {
    case Reference::kPurposes:
      return http::Run(*org.transport, api::ListPurposes(session));
    case Reference::kGeocodes:
      return http::Run(*org.transport, api::ListGeocodes(session));
    case Reference::kDispositions:
      return http::Run(*org.transport, api::ListDispositions(session, "", std::nullopt));
    case Reference::kNumberTypes:
      return http::Run(*org.transport, api::ListNumberTypes(session));
    case Reference::kSchemas:
      break;
  }
  return http::Run(*org.transport, api::ListSchemaItems(session, ""));
}

base::Result<std::vector<api::TimeZone>> ReadTimeZones(Org& org, const api::Place& place, bool v2) {
  if (!v2) return http::Run(*org.transport, api::FindTimeZones(*org.session, place));
  auto zone = http::Run(*org.transport, api::FindTimeZoneV2(*org.session, place));
  if (!zone) return base::Fail(std::move(zone.error()));
  std::vector<api::TimeZone> zones;
  if (*zone) zones.push_back(std::move(**zone));
  return zones;
}

}  // namespace viasync::workflow
