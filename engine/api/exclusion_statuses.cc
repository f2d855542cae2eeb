// Contact checks and the report of attempts (v2).
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/api/decode.h"
#include "engine/api/items.h"
#include "engine/api/operations.h"
#include "engine/base/times.h"

namespace viasync::api {
namespace {

using Json = nlohmann::json;

base::Result<ContactVerdict> ReadVerdict(const Json& body) {
  auto items = body.is_object() ? body.find("accountControlQueryItems") : body.end();
  if (!body.is_object() || items == body.end() || !items->is_array() || items->size() != 1) {
    return base::Fail(base::ErrorKind::kProtocol,
                      "the org's answer to a contact check has no \"accountControlQueryItems\" "
                      "with one entry",
                      "Nothing is known about the contact: do not make it");
  }
  Reader reader((*items)[0], "an exclusion status");
  ContactVerdict verdict{.result = reader.Integer("result"),
                         .exclusion_type = reader.OptionalInteger("exclusionType"),
                         .since = reader.TimeForShow("exclusionStartTime"),
                         .expires_s = reader.OptionalInteger("expirationTimeForAttemptTracker"),
                         .recall_after_s = reader.OptionalInteger("nextValidRecallTime"),
                         .play_message = reader.OptionalInteger("playMessageType"),
                         .key = reader.OptionalText("key")};
  return reader.Done(std::move(verdict));
}

}  // namespace

Call<ContactVerdict> CheckContact(Session& session, ContactQuestion question) {
  Query query;
  auto add = [&query](const char* name, const std::string& value) {
    if (!value.empty()) query.emplace_back(name, value);
  };
  add("phoneNumber", question.phone);
  add("accountNumber", question.account);
  add("email", question.email);
  add("sms", question.sms);
  add("ssn", question.secondary);
  add("customer", question.customer);
  add("contactList", question.list.empty() ? kAllLists : question.list);
  if (question.number_type) add("numberType", fmt::format("{}", *question.number_type));
  add("geocode", question.geocode);
  add("purpose", question.purpose);
  return GetOne(session, session.CampaignPath("v2", "exclusionStatuses"), std::move(query),
                &ReadVerdict);
}

Call<void> ReportAttempt(Session& session, CallAttempt attempt) {
  Json event = Json::object();
  auto add = [&event](const char* name, const std::string& value) {
    if (!value.empty()) event[name] = value;
  };
  add("customer", attempt.customer);
  add("phoneDialed", attempt.phone);
  add("responseStatus", attempt.response_status);
  if (attempt.time) add("timeOfAttempt", base::FormatTime(*attempt.time));
  if (attempt.number_type) event["numberType"] = *attempt.number_type;
  add("geoCode", attempt.geocode);
  add("purposeName", attempt.purpose);
  add("key", attempt.key);
  Json body = Json::object();
  body["events"] = Json::array({std::move(event)});
  base::Result<Json> answer = co_await session.Write(
      http::Method::kPost, session.CampaignPath("v2", "callAttempts"), std::move(body));
  if (!answer) co_return base::Fail(std::move(answer.error()));
  co_return base::Result<void>();
}

}  // namespace viasync::api
