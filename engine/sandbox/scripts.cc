// /via/v2/organizations/{orgId}/campaign/automationScripts: read, start, stop. A run ends by
// itself; a GET computes from the clock whether it has, so that reading changes nothing.
#include <fmt/format.h>

#include "engine/sandbox/handlers.h"

namespace viasync::sandbox {
namespace {

constexpr Spec kQuery[] = {{"scriptName", Type::kString}, {"status", Type::kInteger}};
constexpr std::int64_t kLastStatus = 2;

Script At(Script script, base::UtcTime now) {
  if (!script.running || !script.runs_until || now < *script.runs_until) return script;
  script.running = false;
  script.last_executed = script.runs_until;
  script.runs_until.reset();
  script.status = script.status_then;
  script.status_message = script.status_message_then;
  return script;
}

void WriteTerse(std::string& out, const Script& script) {
  ObjectWriter writer(out);
  writer("kind", "via#automationScript");
  writer("id", script.id);
  writer("scriptName", script.name);
  writer("runningState", script.running);
  writer.Close();
}

Answer List(const Org& org, const Call& call) {
  Problems problems;
  CheckQuery(call, kQuery, /*paging=*/true, problems);
  auto status = IntegerParam(call, "status");
  if (status && (*status < 0 || *status > kLastStatus)) {
    problems.push_back({"status", "invalidParameter", "Must be 0 to 2"});
  }
  if (!problems.empty()) return ErrorAnswer(400, problems);
  auto found = Select(org.scripts, Param(call, "scriptName"), [&](const Script& script) {
    return !status || At(script, call.now).status == *status;
  });
  return Collection(
      call, found, "automationScript", "scripts",
      [&](std::string& out, const Script& script) { WriteTerse(out, At(script, call.now)); });
}

// What start and stop have in common: no parameters, and a script in the state they begin from.
std::optional<Answer> Refuse(const Call& call, const Script* script, bool must_run) {
  if (call.method != "POST") return MethodNotAllowed("POST");
  if (!script) return NotFound("automation script", *call.id);
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  if (At(*script, call.now).running != must_run) {
    problems.push_back({"runningState", must_run ? "notRunning" : "alreadyRunning",
                        fmt::format("The script '{}' {}", script->name,
                                    must_run ? "is not running" : "is running already")});
  }
  if (problems.empty()) return std::nullopt;
  return ErrorAnswer(400, problems);
}

}  // namespace

Answer HandleScripts(Org& org, const Call& call) {
  if (call.method != "GET") return MethodNotAllowed("GET");
  if (!call.id) return List(org, call);
  const Script* script = FindNumbered(org.scripts, *call.id);
  if (!script) return NotFound("automation script", *call.id);
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  if (!problems.empty()) return ErrorAnswer(400, problems);
  const Script now = At(*script, call.now);
  Answer answer;
  ObjectWriter writer(answer.body);
  writer("kind", "via#automationScript");
  VisitShown(now, writer);
  writer.Close();
  return answer;
}

// 202 where the run goes on after the answer, 200 where it is over by then.
Answer HandleScriptStart(Org& org, const Call& call) {
  const Script* found = FindNumbered(org.scripts, *call.id);
  if (auto refused = Refuse(call, found, /*must_run=*/false)) return *refused;
  Script script = At(*found, call.now);
  script.running = true;
  script.status = 0;
  script.status_message = "Running";
  script.runs_until = call.now + base::Millis(script.run_ms);
  script = At(std::move(script), call.now);
  int status = script.running ? 202 : 200;
  org.scripts.Replace(std::move(script));
  return {.status = status, .body = {}, .wrote = true, .headers = {}};
}

Answer HandleScriptStop(Org& org, const Call& call) {
  const Script* found = FindNumbered(org.scripts, *call.id);
  if (auto refused = Refuse(call, found, /*must_run=*/true)) return *refused;
  Script script = *found;
  script.running = false;
  script.runs_until.reset();
  script.last_executed = call.now;
  script.status = 1;
  script.status_message = "Stopped by " + call.user;
  org.scripts.Replace(std::move(script));
  return {.status = 200, .body = {}, .wrote = true, .headers = {}};
}

}  // namespace viasync::sandbox
