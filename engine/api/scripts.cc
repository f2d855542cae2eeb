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
  std::vector<Script> found;
  base::Result<void> walked =
      co_await session.Walk(ScriptsPath(session), std::move(query), "scripts",
                            Collect(found, &ReadTerse), [&found] { found.clear(); });
  if (!walked) co_return base::Fail(std::move(walked.error()));
  co_return found;
}

Call<Script> GetScript(Session& session, std::string id) {
  base::Result<Json> body = co_await session.Get(ItemPath(ScriptsPath(session), id));
  if (!body) co_return base::Fail(std::move(body.error()));
  co_return ReadDetails(*body);
}

Call<void> StartScript(Session& session, std::string id, std::string client_session) {
  return Act(session, std::move(id), "start", std::move(client_session));
}

Call<void> StopScript(Session& session, std::string id, std::string client_session) {
  return Act(session, std::move(id), "stop", std::move(client_session));
}

}  // namespace viasync::api
