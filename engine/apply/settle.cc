// Settling what a killed run left open. The org is the only witness: what it holds now says whether
// the write happened.
#include <algorithm>
#include <utility>

#include "engine/apply/apply.h"
#include "engine/apply/writer.h"
#include "engine/base/strings.h"

namespace viasync::apply {
namespace {

using base::Result;
using http::Task;

struct Finding {
  bool happened = false;
  std::string how;
  bool may_come = false;  // it did not happen yet, but may still be under way
};

Task<Result<Finding>> Inspect(Writer& writer, const store::Step& step) {
  if (step.action == "create") {
    auto found = co_await writer.Find(step.after);
    if (!found) co_return base::Fail(found.error());
    bool there = std::ranges::any_of(
        *found, [&](const Current& current) { return writer.Same(current.values, step.after); });
    co_return Finding{there, there ? "was created" : "is not in the org", !there};
  }
  auto now = co_await writer.Read(step.resource_id);
  if (!now) co_return base::Fail(now.error());
  if (step.action == "delete") {
    co_return Finding{!*now, *now ? "was not deleted" : "was deleted"};
  }
  if (!*now) co_return Finding{false, "is gone from the org"};
  if (writer.Same((*now)->values, step.after)) co_return Finding{true, "was updated"};
  if ((*now)->version == step.version) co_return Finding{false, "was not updated"};
  co_return Finding{false, "was changed by somebody else"};
}

}  // namespace

Task<Result<std::vector<std::string>>> Settle(api::Session& session, const api::Schemas& schemas,
                                              store::Store& store) {
  auto open = store.OpenSteps();
  if (!open) co_return base::Fail(open.error());
  std::vector<std::string> lines;
  std::vector<store::Outcome> outcomes;
  for (const auto& step : *open) {
    auto writer = MakeWriter(step.kind, session, schemas);
    auto finding = co_await Inspect(*writer, step);
    if (!finding) co_return base::Fail(finding.error());
    store::Outcome outcome{.step = step.id,
                           .state = finding->happened   ? store::StepState::kDone
                                    : finding->may_come ? store::StepState::kUnknown
                                                        : store::StepState::kFailed,
                           .note = "settled after a stop: " + finding->how};
    if (finding->happened) outcome.move = step.move;
    outcomes.push_back(std::move(outcome));
    lines.push_back(std::string(model::KindName(step.kind)) + " " + base::Printable(step.key) +
                    ": " + finding->how);
  }
  if (!outcomes.empty()) {
    std::vector<store::Step> none;
    if (auto written = store.Journal(outcomes, none); !written) {
      co_return base::Fail(written.error());
    }
  }
  co_return lines;
}

}  // namespace viasync::apply
