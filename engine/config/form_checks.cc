#include "engine/config/form_checks.h"

#include <string>
#include <utility>

namespace viasync::config {
namespace {

template <class R>
void WarnOfKind(const std::vector<Entry<R>>& entries, Problems& problems) {
  for (const auto& entry : entries) {
    if (entry.absent) continue;
    auto problem = CheckNew(entry.value);
    if (!problem) continue;
    problems.Warn(PlaceOf(entry.source), problem->message,
                  problem->hint +
                      "; viasync makes no such entry, and leaves one alone that the org "
                      "holds already");
  }
}

}  // namespace

std::optional<ValueProblem> CheckNew(const model::Filter& filter) {
  return CheckNewName("name", filter.name);
}

std::optional<ValueProblem> CheckNew(const model::Exclusion& exclusion) {
  return CheckNewAddress(exclusion.type, exclusion.address);
}

std::optional<ValueProblem> CheckNew(const model::List&) { return std::nullopt; }

void WarnOfForm(const Layer& layer, Problems& problems) {
  WarnOfKind(layer.filters, problems);
  WarnOfKind(layer.exclusions, problems);
}

}  // namespace viasync::config
