// The part of a comparison that the files ask for, for people. The part that nobody asked for reads
// like a plan (PlanText, PlanMarkdown with Purpose::kDiff).
#pragma once

#include <string>

#include "engine/plan/plan.h"
#include "engine/report/style.h"

namespace viasync::report {

// Empty where there is none, else it ends with a newline. `full`: every entry by name; else some,
// and how many more there are.
std::string IntendedText(const plan::Plan& intended, const Style& style, bool full);
std::string IntendedMarkdown(const plan::Plan& intended, bool mask);

}  // namespace viasync::report
