// Fast path records (v2) and callbacks (v3): what is to be dialled soon.
#include <nlohmann/json.hpp>

#include "engine/api/decode.h"
#include "engine/api/items.h"
#include "engine/api/operations.h"
#include "engine/base/times.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;

base::Result<FastPathReceipt> ReadReceipt(const Json& answer) {
  auto list = answer.is_object() ? answer.find("fastPathResponseCollection") : answer.end();
  if (!answer.is_object() || list == answer.end() || !list->is_array() || list->size() != 1) {
    return base::Fail(base::ErrorKind::kProtocol,
                      "the org took a fast path record, but its answer has no "
                      "\"fastPathResponseCollection\" with one entry");
  }
  Reader reader((*list)[0], "a fast path record");
  FastPathReceipt receipt{.request_id = reader.OptionalId("requestId"),
                          .session_id = reader.OptionalId("sessionId")};
  return reader.Done(std::move(receipt));
}

Json BodyOf(const Callback& callback) {
  Json body = Json::object();
  auto add = [&body](const char* name, const std::string& value) {
    if (!value.empty()) body[name] = value;
  };
  body["workTypeId"] = callback.work_type;
  add("memo", callback.memo);
  add("olsonTimeZone", callback.time_zone);
  body["phoneNumber"] = callback.phone;
  body["callbackDateTime"] = base::FormatTime(callback.time);
  body["callbackType"] = callback.type;
  add("accountNumber", callback.account);
  add("secondaryServiceNumber", callback.secondary);
  add("customer", callback.customer);
  add("userId", callback.user);
  if (!callback.user_data.empty()) body["userDefinedData"] = callback.user_data;
  if (callback.number_type) body["numberType"] = *callback.number_type;
  return body;
}

}  // namespace

Call<FastPathReceipt> InsertFastPath(Session& session, std::string list_id, FastPathRecord record,
                                     std::string client_session) {
  Json custom = Json::array();
  for (const auto& text : record.custom) {
    Json entry = Json::object();
    entry["string"] = text;
    custom.push_back(std::move(entry));
  }
  // "No custom information" is one empty object, says the reference.
  if (custom.empty()) custom.push_back(Json::object());
  Json item = Json::object();
  item["fastPathRecord"] = record.record;
  item["customFieldsStringCollection"] = std::move(custom);
  Json body = Json::object();
  body["fastPathRecords"] = Json::array({std::move(item)});
  base::Result<Json> answer = co_await session.Write(
      http::Method::kPost,
      ItemPath(session.CampaignPath("v2", "lists"), list_id) + "/fastPathRecords", std::move(body),
      SessionHeader(client_session));
  if (!answer) co_return base::Fail(std::move(answer.error()));
  auto receipt = ReadReceipt(*answer);
  if (!receipt) co_return base::Fail(AfterWrite(std::move(receipt.error())));
  co_return receipt;
}

Call<std::string> PutCallback(Session& session, Callback callback) {
  base::Result<Json> answer = co_await session.Write(
      http::Method::kPost, session.CampaignPath("v3", "callbacks"), BodyOf(callback));
  if (!answer) co_return base::Fail(std::move(answer.error()));
  Reader reader(*answer, "a callback");
  auto id = reader.Done(reader.Id());
  if (!id) co_return base::Fail(AfterWrite(std::move(id.error())));
  co_return id;
}

}  // namespace viasync::api
