#include "engine/workflow/bulk_send.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "engine/api/operations.h"
#include "engine/base/times.h"

namespace viasync::workflow {
namespace {

using nlohmann::json;

// The contract has been checked: what is there has its type.
std::string Text(const json& item, const char* name) { return item.value(name, std::string()); }

std::optional<std::int64_t> Number(const json& item, const char* name) {
  if (!item.contains(name)) return std::nullopt;
  return item.value(name, std::int64_t{0});
}

api::RecordFields Fields(const json& item, const char* list, const char* name, const char* value) {
  api::RecordFields fields;
  for (const json& field : item.value(list, json::array())) {
    fields.emplace_back(Text(field, name), Text(field, value));
  }
  return fields;
}

api::CallAttempt AttemptOf(const json& item) {
  return {.customer = Text(item, "customer"),
          .phone = Text(item, "phoneDialed"),
          .response_status = Text(item, "responseStatus"),
          .geocode = Text(item, "geoCode"),
          .purpose = Text(item, "purposeName"),
          .key = Text(item, "key"),
          .time = base::ParseTime(Text(item, "timeOfAttempt")),
          .number_type = Number(item, "numberType")};
}

api::Callback CallbackOf(const json& item) {
  return {.work_type = Text(item, "workTypeId"),
          .memo = Text(item, "memo"),
          .time_zone = Text(item, "olsonTimeZone"),
          .phone = Text(item, "phoneNumber"),
          .type = Text(item, "callbackType"),
          .account = Text(item, "accountNumber"),
          .secondary = Text(item, "secondaryServiceNumber"),
          .customer = Text(item, "customer"),
          .user = Text(item, "userId"),
          .time = base::ParseTime(Text(item, "callbackDateTime")).value_or(base::UtcTime()),
          .user_data = item.value("userDefinedData", std::vector<std::string>()),
          .number_type = Number(item, "numberType")};
}

api::FastPathRecord FastPathOf(const json& item) {
  api::FastPathRecord record{.record = Text(item, "fastPathRecord"), .custom = {}};
  for (const json& text : item.value("customFieldsStringCollection", json::array())) {
    if (!text.empty()) record.custom.push_back(Text(text, "string"));
  }
  return record;
}

std::string Named(const char* what, const std::string& id) {
  return id.empty() ? "accepted" : std::string(what) + " " + id;
}

http::Task<base::Result<std::string>> SendFastPath(api::Session& session, const BulkTarget& target,
                                                   json item) {
  auto receipt =
      co_await api::InsertFastPath(session, target.id, FastPathOf(item), target.client_session);
  if (!receipt) co_return base::Fail(std::move(receipt.error()));
  std::string answer = Named("request", receipt->request_id);
  if (!receipt->session_id.empty()) answer += ", session " + receipt->session_id;
  co_return answer;
}

http::Task<base::Result<std::string>> SendInsert(api::Session& session, const BulkTarget& target,
                                                 json item) {
  auto id = co_await api::InsertRecord(session, target.id, Fields(item, "items", "field", "value"));
  if (!id) co_return base::Fail(std::move(id.error()));
  co_return Named("id", *id);
}

http::Task<base::Result<std::string>> SendAttempt(api::Session& session, json item) {
  auto done = co_await api::ReportAttempt(session, AttemptOf(item));
  if (!done) co_return base::Fail(std::move(done.error()));
  co_return std::string("accepted");
}

http::Task<base::Result<std::string>> SendCallback(api::Session& session, json item) {
  auto id = co_await api::PutCallback(session, CallbackOf(item));
  if (!id) co_return base::Fail(std::move(id.error()));
  co_return Named("id", *id);
}

}  // namespace

api::RecordUpdate UpdateOf(const json& item) {
  return {.key = Text(item, "lookupKey"),
          .value = Text(item, "lookupValue"),
          .fields = Fields(item, "fields", "fieldKey", "fieldValue")};
}

http::Task<base::Result<std::string>> SendBulkRow(api::Session& session, const BulkTarget& target,
                                                  json item) {
  switch (target.kind) {
    case BulkKind::kInsert:
      return SendInsert(session, target, std::move(item));
    case BulkKind::kFastPath:
      return SendFastPath(session, target, std::move(item));
    case BulkKind::kAttempts:
      return SendAttempt(session, std::move(item));
    case BulkKind::kUpdate:
    case BulkKind::kCallbacks:
      break;
  }
  return SendCallback(session, std::move(item));
}

}  // namespace viasync::workflow
