// What a resource's values must be like, whichever file they come from.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/model/resources.h"

namespace viasync::config {

struct ValueProblem {
  std::string message;
  std::string hint;
};

// Names of filters, schemas and lists: not empty, at most 255 bytes, no invisible characters.
std::optional<ValueProblem> CheckName(std::string_view what, std::string_view name);

// An address must fit its type: voice, sms: 3 to 20 digits with an optional `+`; email: a mail
// address; the others: any visible characters.
std::optional<ValueProblem> CheckAddress(model::ContactType type, std::string_view address);

// The list of an exclusion; empty = all lists.
std::optional<ValueProblem> CheckListName(std::string_view list);

// `end` must lie behind `start`, where both are known.
std::optional<ValueProblem> CheckPeriod(const model::Exclusion& exclusion);

ValueProblem NoContactType(std::string_view text);
ValueProblem NoMoment(std::string_view field, std::string_view text);

}  // namespace viasync::config
