#include "engine/workflow/applying.h"

#include <utility>

#include "engine/api/resources.h"
#include "engine/apply/apply.h"
#include "engine/http/transport.h"

namespace viasync::workflow {

base::Result<std::vector<std::string>> SettleOpenSteps(Org& org, store::Store& store) {
  auto open = store.OpenSteps();
  if (!open) return base::Fail(open.error());
  if (open->empty()) return std::vector<std::string>();
  auto schemas = http::Run(*org.transport, api::ListSchemas(*org.session));
  if (!schemas) return base::Fail(schemas.error());
  return http::Run(*org.transport, apply::Settle(*org.session, *schemas, store));
}

base::Result<apply::ApplyResult> ApplyPlan(const Planned& planned, Org& org, store::Store& store,
                                           ApplyInputs inputs) {
  if (auto moved = store.MoveBase(planned.moves); !moved) return base::Fail(moved.error());
  return http::Run(*org.transport, apply::Apply(planned.plan, *org.session, planned.schemas, store,
                                                {.run = std::move(inputs.run),
                                                 .reviewed = inputs.reviewed,
                                                 .merge = inputs.merge,
                                                 .stop = inputs.stop,
                                                 .progress = std::move(inputs.progress)}));
}

}  // namespace viasync::workflow
