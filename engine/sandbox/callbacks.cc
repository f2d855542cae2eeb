// /via/v3/organizations/{orgId}/campaign/callbacks: one per phone number and work type; the second
// request for the same pair updates it.
#include <fmt/format.h>

#include "engine/base/strings.h"
#include "engine/base/times.h"
#include "engine/sandbox/handlers.h"
#include "engine/sandbox/time_zones.h"

namespace viasync::sandbox {
namespace {

constexpr Spec kBody[] = {{"workTypeId", Type::kString, true},
                          {"memo", Type::kString},
                          {"olsonTimeZone", Type::kString},
                          {"phoneNumber", Type::kString, true},
                          {"callbackDateTime", Type::kTime, true},
                          {"callbackType", Type::kString, true},
                          {"accountNumber", Type::kString},
                          {"secondaryServiceNumber", Type::kString},
                          {"customer", Type::kString},
                          {"userId", Type::kString},
                          {"numberType", Type::kInteger}};
constexpr const char* kUserData = "userDefinedData";
constexpr std::size_t kUserDataMax = 20;

void ReadUserData(const nlohmann::json& body, Texts& to, Problems& problems) {
  auto data = body.find(kUserData);
  if (data == body.end()) return;
  bool texts = data->is_array() &&
               std::ranges::all_of(*data, [](const auto& item) { return item.is_string(); });
  if (!texts) {
    problems.push_back({kUserData, "invalidType", "Must be an array of strings"});
  } else if (data->size() > kUserDataMax) {
    problems.push_back({kUserData, "invalidValue", "Takes 20 items at most"});
  } else {
    to = data->get<Texts>();
  }
}

void CheckValues(const Org& org, const Callback& callback, Problems& problems) {
  auto bad = [&](const char* scope, const char* message) {
    problems.push_back({scope, "invalidValue", message});
  };
  if (base::Trim(callback.phone).empty()) bad("phoneNumber", "Must not be empty");
  if (base::Trim(callback.work_type).empty()) bad("workTypeId", "Must not be empty");
  if (callback.type != "ServiceLevel" && callback.type != "SameAgent") {
    bad("callbackType", "Must be ServiceLevel or SameAgent");
  }
  if (callback.type == "SameAgent" && callback.user.empty()) {
    bad("userId", "Is required for the callback type SameAgent");
  }
  if (!callback.time_zone.empty() && !IsTimeZone(callback.time_zone)) {
    bad("olsonTimeZone", "Is no time zone of the org");
  }
  bool known = std::ranges::any_of(org.number_types.order(), [&](const NumberType* type) {
    return type->code == callback.number_type;
  });
  if (callback.number_type != 0 && org.number_types.size() > 0 && !known) {
    bad("numberType", "Is no number type of the org");
  }
}

Callback Read(const Org& org, const Call& call, Problems& problems) {
  auto body = ParseBody(call, problems);
  if (!body) return {};
  Callback callback{.work_type = Text(*body, "workTypeId"),
                    .memo = Text(*body, "memo"),
                    .time_zone = Text(*body, "olsonTimeZone"),
                    .phone = Text(*body, "phoneNumber"),
                    .time = base::ParseTime(Text(*body, "callbackDateTime")).value_or(call.now),
                    .type = Text(*body, "callbackType"),
                    .account = Text(*body, "accountNumber"),
                    .secondary = Text(*body, "secondaryServiceNumber"),
                    .customer = Text(*body, "customer"),
                    .user = Text(*body, "userId"),
                    .user_data = {},
                    .number_type = Integer(*body, "numberType")};
  ReadUserData(*body, callback.user_data, problems);
  body->erase(kUserData);
  std::size_t before = problems.size();
  CheckProperties(*body, kBody, problems);
  if (problems.size() == before) CheckValues(org, callback, problems);
  return callback;
}

const Callback* Same(const Org& org, const Callback& wanted) {
  for (const Callback* other : org.callbacks.FindByKey(wanted.phone)) {
    if (other->work_type == wanted.work_type) return other;
  }
  return nullptr;
}

void Write(std::string& out, const Callback& callback) {
  ObjectWriter writer(out);
  auto text = [&](const char* name, const std::string& value) {
    if (!value.empty()) writer(name, value);
  };
  writer("id", std::to_string(callback.id));
  text("workTypeId", callback.work_type);
  text("memo", callback.memo);
  text("olsonTimeZone", callback.time_zone);
  text("phoneNumber", callback.phone);
  writer("callbackDateTime", callback.time);
  text("callbackType", callback.type);
  text("accountNumber", callback.account);
  text("secondaryServiceNumber", callback.secondary);
  text("customer", callback.customer);
  text("userId", callback.user);
  writer("userDefinedData", callback.user_data);
  if (callback.number_type != 0) writer("numberType", callback.number_type);
  writer.Close();
}

}  // namespace

Answer HandleCallbacks(Org& org, const Call& call) {
  if (call.id) return NotFound("path below", "callbacks");
  if (call.method != "POST") return MethodNotAllowed("POST");
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  Callback callback = Read(org, call, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  const Callback* old = Same(org, callback);
  callback.id = old ? old->id : org.NextId();
  const Callback& kept =
      old ? org.callbacks.Replace(std::move(callback)) : org.callbacks.Add(std::move(callback));
  Answer answer{.status = old ? 200 : 201, .body = {}, .wrote = true, .headers = {}};
  Write(answer.body, kept);
  return answer;
}

}  // namespace viasync::sandbox
