// /via/v2/organizations/{orgId}/campaign/strategies, and the statuses of one: read only.
#include "engine/sandbox/strategies.h"

#include "engine/base/times.h"
#include "engine/sandbox/handlers.h"

namespace viasync::sandbox {
namespace {

constexpr Spec kQuery[] = {{"name", Type::kString}, {"purposeName", Type::kString}};

void WriteTerse(std::string& out, const Strategy& strategy) {
  ObjectWriter writer(out);
  writer("kind", "via#strategy");
  writer("id", strategy.id);
  writer("name", strategy.name);
  writer.Close();
}

// `2017-01-11 10:33:22`: the statuses alone show a time like this.
std::string BlankTime(base::UtcTime time) {
  constexpr std::size_t kToSeconds = 19;
  std::string text = base::FormatTime(time).substr(0, kToSeconds);
  text[10] = ' ';
  return text;
}

std::optional<Answer> Refuse(const Call& call, const Strategy* strategy) {
  if (call.method != "GET") return MethodNotAllowed("GET");
  if (!strategy) return NotFound("strategy", *call.id);
  Problems problems;
  CheckQuery(call, {}, /*paging=*/false, problems);
  if (problems.empty()) return std::nullopt;
  return ErrorAnswer(400, problems);
}

}  // namespace

Strategy StrategyAt(Strategy strategy, base::UtcTime now) {
  if (!strategy.busy_until || now < *strategy.busy_until) return strategy;
  if (strategy.status == kBuilding) strategy.last_build = strategy.busy_until;
  strategy.last_modified = *strategy.busy_until;
  strategy.status = strategy.status_then;
  strategy.progress = "Complete";
  strategy.busy_until.reset();
  return strategy;
}

Answer HandleStrategies(Org& org, const Call& call) {
  if (!call.id) {
    if (call.method != "GET") return MethodNotAllowed("GET");
    Problems problems;
    CheckQuery(call, kQuery, /*paging=*/true, problems);
    if (!problems.empty()) return ErrorAnswer(400, problems);
    auto purpose = Param(call, "purposeName");
    auto found = Select(org.strategies, Param(call, "name"), [&](const Strategy& strategy) {
      return !purpose || strategy.purpose_name == *purpose;
    });
    return Collection(call, found, "strategy", "projects", WriteTerse);
  }
  const Strategy* found = FindNumbered(org.strategies, *call.id);
  if (auto refused = Refuse(call, found)) return *refused;
  const Strategy strategy = StrategyAt(*found, call.now);
  Answer answer;
  ObjectWriter writer(answer.body);
  writer("kind", "via#strategy");
  VisitShown(strategy, writer);
  writer.Close();
  return answer;
}

Answer HandleStrategyStatuses(Org& org, const Call& call) {
  const Strategy* found = FindNumbered(org.strategies, *call.id);
  if (auto refused = Refuse(call, found)) return *refused;
  const Strategy strategy = StrategyAt(*found, call.now);
  // What an operation found wrong is told when it is over.
  const Texts none;
  const Texts& details = strategy.busy_until ? none : strategy.details;
  Answer answer;
  ObjectWriter writer(answer.body);
  writer("kind", "via#strategyStatusCollection");
  writer("id", strategy.id);
  writer("description", strategy.description);
  writer("lastModifiedTime", BlankTime(strategy.last_modified));
  writer("status", strategy.status);
  writer("progressStatus", strategy.progress);
  AppendArray(writer.Raw("detailStatuses"), details, [](std::string& out, const std::string& text) {
    ObjectWriter item(out);
    item("statusDescription", text);
    item.Close();
  });
  writer("totalItems", static_cast<std::int64_t>(details.size()));
  writer.Close();
  return answer;
}

}  // namespace viasync::sandbox
