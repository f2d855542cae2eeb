// /via/v2/organizations/{orgId}/campaign/callAttempts: what a caller reports of its calls. Feeds
// the attempt tracker of exclusionStatuses.
#include "engine/base/times.h"
#include "engine/sandbox/array_body.h"
#include "engine/sandbox/handlers.h"

namespace viasync::sandbox {
namespace {

constexpr Spec kEvent[] = {{"customer", Type::kString},       {"phoneDialed", Type::kString},
                           {"responseStatus", Type::kString}, {"timeOfAttempt", Type::kTime},
                           {"numberType", Type::kInteger},    {"geoCode", Type::kString},
                           {"purposeName", Type::kString},    {"key", Type::kString}};
constexpr std::int64_t kLastNumberType = 4;

CallAttempt Read(const Org& org, const Call& call, const nlohmann::json& event,
                 const std::string& place, Problems& problems) {
  CheckItem(event, place, kEvent, problems);
  CallAttempt attempt{.customer = Text(event, "customer"),
                      .phone = Text(event, "phoneDialed"),
                      .response_status = Text(event, "responseStatus"),
                      .time = base::ParseTime(Text(event, "timeOfAttempt")).value_or(call.now),
                      .number_type = Integer(event, "numberType"),
                      .geocode = Text(event, "geoCode"),
                      .purpose_name = Text(event, "purposeName"),
                      .key = Text(event, "key")};
  if (event.contains("numberType") &&
      (attempt.number_type < 1 || attempt.number_type > kLastNumberType)) {
    problems.push_back({place + ".numberType", "invalidValue", "Must be 1 to 4"});
  }
  const std::string& code = attempt.response_status;
  if (!code.empty() && org.dispositions.size() > 0 && !org.dispositions.FindOne(code)) {
    problems.push_back({place + ".responseStatus", "unknownDisposition",
                        fmt::format("There is no disposition '{}'", base::Printable(code))});
  }
  return attempt;
}

}  // namespace

Answer HandleCallAttempts(Org& org, const Call& call) {
  if (call.id) return NotFound("path below", "callAttempts");
  if (call.method != "POST") return MethodNotAllowed("POST");
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  std::vector<CallAttempt> attempts;
  VisitBody(call, "events", problems, [&](const nlohmann::json& event, const std::string& place) {
    attempts.push_back(Read(org, call, event, place, problems));
  });
  if (!problems.empty()) return ErrorAnswer(400, problems);
  for (CallAttempt& attempt : attempts) {
    attempt.id = org.NextId();
    org.attempts.Add(std::move(attempt));
  }
  return {.status = 202, .body = {}, .wrote = true, .headers = {}};
}

}  // namespace viasync::sandbox
