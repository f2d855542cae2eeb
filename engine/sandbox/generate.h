// Large orgs with believable content, the same for the same seed: for benchmarks and simulations.
#pragma once

#include "engine/sandbox/org.h"
#include "engine/sandbox/sandbox_options.h"

namespace viasync::sandbox {

// Credentials: `<org>-client`, `<org>-secret`, `<org>-key`. One schema, BaseSchema. Lists take all
// four types in turn; dynamic and active sort lists have a filter. The exclusions' addresses are
// all different. Besides those, what seed_operations.h says.
Org GenerateOrg(const Generate& wanted, base::UtcTime now);

}  // namespace viasync::sandbox
