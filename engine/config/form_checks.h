// Whether an entry is in the form that a new one must have. What is declared may be in the org
// already, so this is no error in a file: a warning where the org is not known, an error in a plan
// that would make the entry.
#pragma once

#include "engine/config/entries.h"
#include "engine/config/problems.h"
#include "engine/config/values.h"

namespace viasync::config {

// A kind whose key is a name: of one that viasync makes, that name.
template <model::KeyedByName R>
std::optional<ValueProblem> CheckNew(const R& resource) {
  if (!model::InfoOf<R>().can_create) return std::nullopt;
  return CheckNewName("name", model::KeyOf(resource));
}
std::optional<ValueProblem> CheckNew(const model::Exclusion& exclusion);

// Warns of each entry that the org would not be given.
void WarnOfForm(const Layer& layer, Problems& problems);

}  // namespace viasync::config
