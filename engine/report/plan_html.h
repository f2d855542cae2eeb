// A plan as one page that needs nothing else (print_html.h).
#pragma once

#include <cstddef>
#include <string>

#include "engine/plan/plan.h"
#include "engine/report/words.h"

namespace viasync::report {

struct HtmlOptions {
  bool mask = true;                   // phone numbers, account numbers, mail addresses
  std::size_t changes_max = 200'000;  // more are summarised; not of what allows contact again
  Purpose purpose = Purpose::kApply;
  std::string against{};  // kDiff: the environment that is compared with
};

std::string PlanHtml(const plan::Plan& plan, const HtmlOptions& options = {});

// A comparison: what nobody asked for, then what the files ask for. The plans as workflow::Compare
// makes them.
std::string DiffHtml(const plan::Plan& unasked, const plan::Plan& intended,
                     const HtmlOptions& options);

}  // namespace viasync::report
