// Conflicts put to the person at the terminal, one by one.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/plan/plan.h"
#include "engine/report/style.h"

namespace viasync::cli {

// Asks for each conflict that has two sides to choose from; key -> "local" | "remote". What is
// skipped, and is to stay as it is, is not in the answer. nullopt: the input ended before all were
// answered. The conflicts themselves were shown with the plan.
std::optional<std::map<std::string, std::string>> AskForSides(const plan::Plan& plan,
                                                              const report::Style& style);

}  // namespace viasync::cli
