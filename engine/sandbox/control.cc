#include "engine/sandbox/control.h"

#include <fmt/format.h>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/sandbox/edit.h"
#include "engine/sandbox/state.h"

namespace viasync::sandbox {
namespace {

using nlohmann::json;

Answer Bad(std::string what) { return ErrorAnswer(400, "control", "invalid", std::move(what)); }
Answer Done() { return {.status = 204, .body = {}, .headers = {}}; }
Answer Body(std::string body) { return {.body = std::move(body), .headers = {}}; }

json ParseObject(const std::string& body) {
  json value = base::ParseJson(body);
  return value.is_object() ? value : json();
}

// Takes members of settings and rules from a JSON object, and names the first that does not fit.
class Members {
 public:
  explicit Members(const json& object) : object_(object) {}

  template <class T>
  Members& Take(const char* name, T& member) {
    ++known_;
    auto it = object_.find(name);
    if (it == object_.end()) {
      --known_;
      return *this;
    }
    bool fits = std::is_same_v<T, bool>          ? it->is_boolean()
                : std::is_same_v<T, std::string> ? it->is_string()
                : std::is_same_v<T, double>      ? it->is_number()
                                                 : it->is_number_integer();
    if (!fits) problem_ = fmt::format("'{}' has the wrong type", name);
    if (fits) member = it->template get<T>();
    return *this;
  }
  std::string Problem() const {
    if (!problem_.empty()) return problem_;
    return known_ == object_.size() ? "" : "there is an unknown property";
  }

 private:
  const json& object_;
  std::size_t known_ = 0;
  std::string problem_;
};

std::string ReadRule(const json& object, FaultRule& rule) {
  if (!object.is_object()) return "a rule must be an object";
  std::string problem = Members(object)
                            .Take("method", rule.method)
                            .Take("path", rule.path)
                            .Take("after", rule.after)
                            .Take("every", rule.every)
                            .Take("probability", rule.probability)
                            .Take("seed", rule.seed)
                            .Take("times", rule.times)
                            .Take("action", rule.action)
                            .Take("status", rule.status)
                            .Take("retry_after", rule.retry_after)
                            .Take("carry_out", rule.carry_out)
                            .Take("total", rule.total)
                            .Take("delay_ms", rule.delay_ms)
                            .Problem();
  return problem.empty() ? FaultProblem(rule) : problem;
}

}  // namespace

Answer Control::Handle(const Incoming& incoming) {
  std::string what = incoming.path.substr(kControlPrefix.size());
  constexpr std::string_view kOrgs = "orgs/";
  if (what == "health" && incoming.method == "GET") return Health();
  if (what == "contract" && incoming.method == "GET") return Contract();
  if (what == "log") return HandleLog(incoming);
  if (what == "faults") return HandleFaults(incoming);
  if (what == "settings") return HandleSettings(incoming);
  if (what == "edit" && incoming.method == "POST") return HandleEdit(incoming);
  if (what == "orgs") return HandleOrgs(incoming, "");
  if (what.starts_with(kOrgs)) return HandleOrgs(incoming, what.substr(kOrgs.size()));
  return NotFound("control path", what);
}

Answer Control::Health() {
  std::string body;
  ObjectWriter writer(body);
  writer("status", "ok");
  world_.WithOrgs(false, [&](World::Orgs& orgs) {
    AppendArray(writer.Raw("orgs"), orgs,
                [](std::string& out, const auto& entry) { AppendJsonString(out, entry.first); });
  });
  writer.Close();
  return Body(std::move(body));
}

Answer Control::Contract() {
  const Breaches breaches = world_.breaches();
  std::string body;
  ObjectWriter writer(body);
  writer("requests", breaches.requests);
  writer("answers", breaches.answers);
  AppendArray(writer.Raw("examples"), breaches.examples,
              [](std::string& out, const std::string& text) { AppendJsonString(out, text); });
  writer.Close();
  return Body(std::move(body));
}

Answer Control::HandleLog(const Incoming& incoming) {
  if (incoming.method == "DELETE") {
    log_.Clear();
    return Done();
  }
  if (incoming.method != "GET") return MethodNotAllowed("GET, DELETE");
  auto since = incoming.params.find("since");
  auto writes = incoming.params.find("writes");
  std::int64_t after = since == incoming.params.end() ? 0 : ReadInteger(since->second).value_or(0);
  bool writes_only = writes != incoming.params.end() && writes->second == "true";
  return Body(log_.ToJson(after, writes_only));
}

Answer Control::HandleOrgs(const Incoming& incoming, const std::string& org) {
  Answer answer;
  if (incoming.method == "GET") {
    world_.WithOrgs(false, [&](World::Orgs& orgs) {
      if (org.empty()) {
        answer.body = WriteState(orgs);
      } else if (auto found = orgs.find(org); found != orgs.end()) {
        WriteOrg(answer.body, found->second);
      } else {
        answer = NotFound("organization", org);
      }
    });
    return answer;
  }
  if (incoming.method != "PUT" || org.empty()) return MethodNotAllowed("GET");
  auto parsed = ParseOrg(ParseObject(incoming.body), org, "/orgs/" + org, world_.clock().Now());
  if (!parsed) return Bad(parsed.error().message);
  world_.WithOrgs(true, [&](World::Orgs& orgs) { orgs[org] = std::move(*parsed); });
  return Done();
}

Answer Control::HandleFaults(const Incoming& incoming) {
  if (incoming.method == "GET") return Body(faults_.Counts());
  if (incoming.method == "DELETE") {
    faults_.Clear();
    return Done();
  }
  if (incoming.method != "POST") return MethodNotAllowed("GET, POST, DELETE");
  json body = ParseObject(incoming.body);
  json rules = body.is_object() && body.contains("rules") ? body["rules"] : json::array({body});
  std::vector<FaultRule> read(rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (std::string problem = ReadRule(rules[i], read[i]); !problem.empty()) return Bad(problem);
  }
  for (FaultRule& rule : read) faults_.Add(std::move(rule));
  return Done();
}

Answer Control::HandleSettings(const Incoming& incoming) {
  Settings settings = world_.settings();
  std::int64_t latency_ms = settings.latency.count();
  std::int64_t job_ms = settings.job_time.count();
  if (incoming.method == "GET") {
    std::string body;
    ObjectWriter writer(body);
    writer("latency_ms", latency_ms);
    writer.Raw("rate_per_second") += fmt::format("{}", settings.rate_per_second);
    writer("rate_burst", settings.rate_burst);
    writer("retry_after_s", settings.retry_after_s);
    writer("token_lifetime_s", settings.token_lifetime_s);
    writer("page_default", settings.page_default);
    writer("page_cap", settings.page_cap);
    writer("strict", settings.strict);
    writer("rewrite_criteria", settings.rewrite_criteria);
    writer("job_polls", settings.job_polls);
    writer("job_ms", job_ms);
    writer("job_running", settings.job_running);
    writer("job_end", settings.job_end);
    writer("job_conflict_pauses", settings.job_conflict_pauses);
    writer("job_padding", settings.job_padding);
    writer("signed_url_lifetime_s", settings.signed_url_lifetime_s);
    writer.Close();
    return Body(std::move(body));
  }
  if (incoming.method != "POST") return MethodNotAllowed("GET, POST");
  json body = ParseObject(incoming.body);
  if (!body.is_object()) return Bad("the body is not a JSON object");
  bool revoke_tokens = false;
  std::string problem = Members(body)
                            .Take("latency_ms", latency_ms)
                            .Take("rate_per_second", settings.rate_per_second)
                            .Take("rate_burst", settings.rate_burst)
                            .Take("retry_after_s", settings.retry_after_s)
                            .Take("token_lifetime_s", settings.token_lifetime_s)
                            .Take("page_default", settings.page_default)
                            .Take("page_cap", settings.page_cap)
                            .Take("strict", settings.strict)
                            .Take("rewrite_criteria", settings.rewrite_criteria)
                            .Take("job_polls", settings.job_polls)
                            .Take("job_ms", job_ms)
                            .Take("job_running", settings.job_running)
                            .Take("job_end", settings.job_end)
                            .Take("job_conflict_pauses", settings.job_conflict_pauses)
                            .Take("job_padding", settings.job_padding)
                            .Take("signed_url_lifetime_s", settings.signed_url_lifetime_s)
                            .Take("revoke_tokens", revoke_tokens)
                            .Problem();
  bool in_range = latency_ms >= 0 && settings.job_padding >= 0 && settings.page_default >= 1 &&
                  settings.page_cap >= 1;
  if (problem.empty() && !in_range) problem = "a number is out of range";
  if (!problem.empty()) return Bad(problem);
  settings.latency = base::Millis(latency_ms);
  settings.job_time = base::Millis(job_ms);
  world_.set_settings(settings);
  if (revoke_tokens) world_.RevokeTokens();
  return Done();
}

Answer Control::HandleEdit(const Incoming& incoming) {
  json body = ParseObject(incoming.body);
  if (!body.is_object()) return Bad("the body is not a JSON object");
  std::string name = Text(body, "org");
  std::string problem;
  world_.WithOrgs(true, [&](World::Orgs& orgs) {
    auto org = orgs.find(name);
    problem = org == orgs.end() ? "there is no such org"
                                : EditAsUser(org->second, body, world_.clock().Now());
  });
  return problem.empty() ? Done() : Bad(base::Printable(problem));
}

}  // namespace viasync::sandbox
