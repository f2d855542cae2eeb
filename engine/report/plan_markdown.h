// A plan as a comment on a pull request: what happens at a glance, the details folded, whatever the
// org or the files hold shown as code.
#pragma once

#include <cstddef>
#include <string>

#include "engine/plan/plan.h"
#include "engine/report/words.h"

namespace viasync::report {

struct MarkdownOptions {
  bool mask = true;               // phone numbers, account numbers, mail addresses
  std::size_t bytes_max = 60000;  // what a comment may hold; at least 4,000
  Purpose purpose = Purpose::kApply;
  std::string against{};  // kDiff: the environment that is compared with
};

// Ends with a newline. Where the plan is too large for `bytes_max`, fewer changes are shown, and
// the text says how many were left out; what allows contact again stands first, and is left out
// only where all else is.
std::string PlanMarkdown(const plan::Plan& plan, const MarkdownOptions& options = {});

// A comparison: what nobody asked for, then what the files ask for. The plans as workflow::Compare
// makes them.
std::string DiffMarkdown(const plan::Plan& unasked, const plan::Plan& intended,
                         const MarkdownOptions& options);

}  // namespace viasync::report
