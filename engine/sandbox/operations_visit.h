// Keys and properties of the kinds in operations.h. VisitShown() lists what an answer shows,
// Visit() all that the state keeps.
#pragma once

#include "engine/sandbox/operations.h"

namespace viasync::sandbox {

inline const std::string& IndexKey(const Strategy& r) { return r.name; }
// Of the account, which is what records are looked up by as a rule.
inline std::string ProspectKey(std::int64_t strategy, const std::string& account) {
  return std::to_string(strategy) + "/" + account;
}
inline std::string IndexKey(const Prospect& r) {
  auto account = r.fields.find("@ACCOUNT");
  return ProspectKey(r.strategy, account == r.fields.end() ? std::string() : account->second);
}
inline const std::string& IndexKey(const FastPathRecord& r) { return r.record; }
inline const std::string& IndexKey(const CallAttempt& r) { return r.phone; }
inline const std::string& IndexKey(const Callback& r) { return r.phone; }
inline const std::string& IndexKey(const Script& r) { return r.name; }
inline std::string IndexKey(const Purpose& r) { return std::to_string(r.id); }
inline const std::string& IndexKey(const Geocode& r) { return r.id; }
inline const std::string& IndexKey(const Disposition& r) { return r.code; }
inline const std::string& IndexKey(const NumberType& r) { return r.id; }

template <class R, class T>
concept Is = std::is_same_v<std::remove_const_t<R>, T>;

template <Is<Strategy> R, class V>
void VisitShown(R& r, V& v) {
  v("id", r.id);
  v("version", r.version);
  v("name", r.name);
  v("description", r.description);
  v("status", r.status);
  v("lastModifiedTime", r.last_modified);
  if (!std::is_const_v<R> || r.last_build) v("lastBuildTime", r.last_build);
  v("purposeName", r.purpose_name);
}
template <Is<Strategy> R, class V>
void Visit(R& r, V& v) {
  VisitShown(r, v);
  v("busyUntil", r.busy_until);
  v("statusThen", r.status_then);
  v("progressStatus", r.progress);
  v("detailStatuses", r.details);
  v("operationMs", r.operation_ms);
  v("fields", r.fields);
}

template <Is<Prospect> R, class V>
void Visit(R& r, V& v) {
  v("id", r.id);
  v("strategyId", r.strategy);
  v("fields", r.fields);
}

template <Is<FastPathRecord> R, class V>
void Visit(R& r, V& v) {
  v("id", r.id);
  v("listId", r.list);
  v("fastPathRecord", r.record);
  v("custom", r.custom);
  v("sessionId", r.session);
}

template <Is<CallAttempt> R, class V>
void Visit(R& r, V& v) {
  v("id", r.id);
  v("customer", r.customer);
  v("phoneDialed", r.phone);
  v("responseStatus", r.response_status);
  v("timeOfAttempt", r.time);
  v("numberType", r.number_type);
  v("geoCode", r.geocode);
  v("purposeName", r.purpose_name);
  v("key", r.key);
}

template <Is<Callback> R, class V>
void Visit(R& r, V& v) {
  v("id", r.id);
  v("workTypeId", r.work_type);
  v("memo", r.memo);
  v("olsonTimeZone", r.time_zone);
  v("phoneNumber", r.phone);
  v("callbackDateTime", r.time);
  v("callbackType", r.type);
  v("accountNumber", r.account);
  v("secondaryServiceNumber", r.secondary);
  v("customer", r.customer);
  v("userId", r.user);
  v("userDefinedData", r.user_data);
  v("numberType", r.number_type);
}

template <Is<Script> R, class V>
void VisitShown(R& r, V& v) {
  v("id", r.id);
  v("scriptName", r.name);
  v("scriptDescription", r.description);
  v("lastModifiedTime", r.last_modified);
  v("runningState", r.running);
  v("status", r.status);
  v("statusMessage", r.status_message);
  if (!std::is_const_v<R> || r.last_executed) v("lastExecutedTime", r.last_executed);
}
template <Is<Script> R, class V>
void Visit(R& r, V& v) {
  VisitShown(r, v);
  v("runsUntil", r.runs_until);
  v("runMs", r.run_ms);
  v("statusThen", r.status_then);
  v("statusMessageThen", r.status_message_then);
}

template <Is<Purpose> R, class V>
void Visit(R& r, V& v) {
  v("id", r.id);
  v("friendlyName", r.name);
  v("purposeType", r.type);
}

template <Is<Geocode> R, class V>
void Visit(R& r, V& v) {
  v("friendlyName", r.name);
  v("id", r.id);
}

template <Is<Disposition> R, class V>
void VisitShown(R& r, V& v) {
  v("id", r.id);
  v("dispositionCode", r.code);
  v("friendlyName", r.name);
  v("dispositionType", r.type);
}
template <Is<Disposition> R, class V>
void Visit(R& r, V& v) {
  VisitShown(r, v);
  v("locallyTerminated", r.locally_terminated);
}

template <Is<NumberType> R, class V>
void Visit(R& r, V& v) {
  v("numberTypeCode", r.code);
  v("friendlyName", r.name);
  v("id", r.id);
}

}  // namespace viasync::sandbox
