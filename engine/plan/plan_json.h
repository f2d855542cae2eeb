// The plan as JSON (schemas/plan.schema.json): an interface for CI, reviewers and `apply PLAN`.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/plan/plan.h"

namespace viasync::plan {

// Pretty-printed, UTF-8, keys in the order of the schema, ends with a newline. Signed where a `key`
// is given (signature.h).
std::string PlanToJson(const Plan& plan, std::string_view key = {});

// The same, change by change: what it takes does not grow with the plan.
void WritePlanJson(const Plan& plan, std::string_view key,
                   const std::function<void(std::string_view)>& write);

// Errors: kInvalid with what and where (JSON pointer) for text that is no plan, of another format,
// or whose id does not match its content (edited by hand); where a `key` is given, for one that is
// not signed with it.
base::Result<Plan> PlanFromJson(std::string_view text, std::string_view key = {});

}  // namespace viasync::plan
