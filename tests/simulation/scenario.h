// What an org holds, what its files declare at first (the two are in step) and then, and what maria
// does in the vendor's UI meanwhile. All by chance, from one generator.
#pragma once

#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "engine/config/desired.h"
#include "tests/simulation/history.h"

namespace viasync::simulation {

using Random = std::mt19937_64;
inline bool Chance(Random& random, int percent) {
  return static_cast<int>(random() % 100) < percent;
}

struct Scenario {
  nlohmann::json org;
  config::Desired first, then;
};

Scenario MakeScenario(Random& random);

// One edit, for sandbox::EditAsUser. What she writes is hers alone: it holds "maria" or, in a
// criterion, `M<number>`, `number` being new each time. She does nothing that would leave viasync
// without a way: no list of hers takes a filter that is to go.
nlohmann::json HerEdit(Random& random, const History& history, const Scenario& scenario,
                       int number);

}  // namespace viasync::simulation
