// Automation scripts (v2). Start and stop answer 200 or 202 without a body: how a run ended shows
// in the script later.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/api/decode.h"
#include "engine/api/items.h"
#include "engine/api/operations.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;

std::string ScriptsPath(const Session& session) {
  return session.CampaignPath("v2", "automationScripts");
}

base::Result<Script> ReadTerse(const Json& item) {
  Reader reader(item, "an automation script");
  Script script;
  script.id = reader.Id();
  script.name = reader.Text("scriptName");
  script.running = reader.OptionalFlag("runningState");
  return reader.Done(std::move(script));
}

base::Result<Script> ReadDetails(const Json& item) {
  Reader reader(item, "an automation script");
  Script script;
  script.id = reader.Id();
  script.name = reader.Text("scriptName");
  script.running = reader.OptionalFlag("runningState");
  script.status = reader.OptionalInteger("status");
  script.description = reader.OptionalText("scriptDescription");
  script.message = reader.OptionalText("statusMessage");
  script.modified = reader.TimeForShow("lastModifiedTime");
  script.executed = reader.TimeForShow("lastExecutedTime");
  return reader.Done(std::move(script));
}

Call<void> Act(Session& session, std::string id, std::string action, std::string client_session) {
  base::Result<Json> answer =
      co_await session.Write(http::Method::kPost, ItemPath(ScriptsPath(session), id) + "/" + action,
                             Json(), SessionHeader(client_session));
  if (!answer) co_return base::Fail(std::move(answer.error()));
  co_return base::Result<void>();
}

}  // namespace

Call<std::vector<Script>> ListScripts(Session& session, std::string name,
                                      std::optional<std::int64_t> status) {
  Query query;
  if (!name.empty()) query.emplace_back("scriptName", name);
  if (status) query.emplace_back("status", fmt::format("{}", *status));
  return ListAll(session, ScriptsPath(session), std::move(query), "scripts", &ReadTerse);
}

Call<Script> GetScript(Session& session, std::string id) {
  return GetOne(session, ItemPath(ScriptsPath(session), id), Query(), &ReadDetails);
}

Call<void> StartScript(Session& session, std::string id, std::string client_session) {
  return Act(session, std::move(id), "start", std::move(client_session));
}

Call<void> StopScript(Session& session, std::string id, std::string client_session) {
  return Act(session, std::move(id), "stop", std::move(client_session));
}

}  // namespace viasync::api
