// The plan file of `apply PLAN`: what it carries counts only where the command line says the same,
// or where it is signed.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "cli/command.h"
#include "cli/plan_flow.h"
#include "engine/base/result.h"
#include "engine/plan/plan.h"

namespace viasync::cli {

// VIASYNC_PLAN_KEY; nullopt where it is not set. Errors: kInvalid, it is empty or not a key.
base::Result<std::optional<std::string>> PlanKey();

// The plan in `file`. Afterwards `where` and `flags` ask for the same plan again. Without a key,
// the options that decide what is overwritten or deleted, and the environment where there are
// several, must be those of the command line already. Errors: kInvalid, one for each thing that the
// plan carries and the command line does not say, or the other way round.
std::expected<plan::Plan, base::Errors> ReadReviewed(const std::string& file, Globals& where,
                                                     PlanFlags& flags);

// What differs between the place the plan was made for and the one at hand; nullopt: nothing.
std::optional<base::Error> WrongPlace(const plan::Plan& reviewed,
                                      const config::Environment& environment);

// "viasync apply plan.json -e prod --prune": how the plan in `file` is applied. `at`:
// AtDirectory().
std::string ApplyFileCommand(const std::string& file, const plan::Plan& plan, bool is_signed,
                             const std::string& at);

}  // namespace viasync::cli
