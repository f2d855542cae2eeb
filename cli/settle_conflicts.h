// Conflicts put to the person at the terminal, one by one.
#pragma once

#include <map>
#include <string>

#include "engine/plan/plan.h"
#include "engine/report/style.h"

namespace viasync::cli {

// Asks for each conflict that has two sides to choose from; key -> "local" | "remote". What is
// skipped is not in the answer. The conflicts themselves were shown with the plan.
std::map<std::string, std::string> AskForSides(const plan::Plan& plan, const report::Style& style);

}  // namespace viasync::cli
