// Strategies and their records (v2). The collection is called `projects`.
#include <nlohmann/json.hpp>

#include "engine/api/decode.h"
#include "engine/api/items.h"
#include "engine/api/operations.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;

std::string StrategiesPath(const Session& session) {
  return session.CampaignPath("v2", "strategies");
}

base::Result<Strategy> ReadTerse(const Json& item) {
  Reader reader(item, "a strategy");
  Strategy strategy;
  strategy.id = reader.Id();
  strategy.name = reader.Text("name");
  return reader.Done(std::move(strategy));
}

base::Result<Strategy> ReadDetails(const Json& item) {
  Reader reader(item, "a strategy");
  Strategy strategy;
  strategy.id = reader.Id();
  strategy.name = reader.Text("name");
  strategy.status = reader.Integer("status");
  strategy.version = reader.OptionalInteger("version");
  strategy.description = reader.OptionalText("description");
  strategy.purpose = reader.OptionalText("purposeName");
  strategy.modified = reader.TimeForShow("lastModifiedTime");
  strategy.built = reader.TimeForShow("lastBuildTime");
  return reader.Done(std::move(strategy));
}

base::Result<StrategyStatuses> ReadStatuses(const Json& body) {
  Reader reader(body, "the statuses of a strategy");
  StrategyStatuses statuses;
  statuses.status = reader.Integer("status");
  statuses.description = reader.OptionalText("description");
  statuses.modified = reader.OptionalText("lastModifiedTime");
  statuses.progress = reader.OptionalText("progressStatus");
  statuses.details_total = reader.OptionalInteger("totalItems");
  auto details = body.is_object() ? body.find("detailStatuses") : body.end();
  if (body.is_object() && details != body.end() && details->is_array()) {
    for (const Json& entry : *details) {
      Reader detail(entry, "a detail of a strategy's status");
      auto text = detail.Done(detail.OptionalText("statusDescription"));
      if (!text) return base::Fail(std::move(text.error()));
      statuses.details.push_back(std::move(*text));
    }
  }
  return reader.Done(std::move(statuses));
}

// The reference shows `{"id": 1}` and calls it `{"ids": [{"id": 1}]}`: both are read.
std::string NewId(const Json& answer) {
  if (!answer.is_object()) return {};
  auto ids = answer.find("ids");
  bool listed = ids != answer.end() && ids->is_array() && ids->size() == 1;
  const Json& holder = listed ? ids->front() : answer;
  Reader reader(holder, "a new record");
  auto id = reader.Done(reader.OptionalId("id"));
  return id ? *id : std::string();
}

Json Records(Json record) {
  Json body = Json::object();
  body["records"] = Json::array({std::move(record)});
  return body;
}

Json FieldList(const RecordFields& fields, const char* name, const char* value) {
  Json list = Json::array();
  for (const auto& [field, text] : fields) {
    Json entry = Json::object();
    entry[name] = field;
    entry[value] = text;
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace

Call<std::vector<Strategy>> ListStrategies(Session& session, std::string name,
                                           std::string purpose) {
  Query query;
  if (!name.empty()) query.emplace_back("name", name);
  if (!purpose.empty()) query.emplace_back("purposeName", purpose);
  return ListAll(session, StrategiesPath(session), std::move(query), "projects", &ReadTerse);
}

Call<Strategy> GetStrategy(Session& session, std::string id) {
  return GetOne(session, ItemPath(StrategiesPath(session), id), Query(), &ReadDetails);
}

Call<StrategyStatuses> GetStrategyStatuses(Session& session, std::string id) {
  return GetOne(session, ItemPath(StrategiesPath(session), id) + "/statuses", Query(),
                &ReadStatuses);
}

Call<std::string> InsertRecord(Session& session, std::string strategy_id, RecordFields fields) {
  Json record = Json::object();
  record["items"] = FieldList(fields, "field", "value");
  base::Result<Json> answer = co_await session.Write(
      http::Method::kPost, ItemPath(StrategiesPath(session), strategy_id) + "/records",
      Records(std::move(record)));
  if (!answer) co_return base::Fail(std::move(answer.error()));
  co_return NewId(*answer);
}

Call<void> UpdateRecords(Session& session, std::string strategy_id,
                         std::vector<RecordUpdate> updates) {
  Json body = Json::object();
  body["records"] = Json::array();
  for (const RecordUpdate& update : updates) {
    Json record = Json::object();
    record["lookupKey"] = update.key;
    record["lookupValue"] = update.value;
    record["fields"] = FieldList(update.fields, "fieldKey", "fieldValue");
    body["records"].push_back(std::move(record));
  }
  base::Result<Json> answer = co_await session.Write(
      http::Method::kPatch, ItemPath(StrategiesPath(session), strategy_id) + "/records",
      std::move(body));
  if (!answer) co_return base::Fail(std::move(answer.error()));
  co_return base::Result<void>();
}

}  // namespace viasync::api
