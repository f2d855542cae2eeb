// What a resource's values must be like, whichever file they come from. What the org may hold
// already can always be said in a file; only what would be made must be in good form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/config/yaml_tree.h"
#include "engine/model/fields.h"

namespace viasync::config {

struct ValueProblem {
  std::string message;
  std::string hint;
};

// Names of filters, schemas and lists: not empty; characters that cannot be seen are written as
// escapes.
std::optional<ValueProblem> CheckName(std::string_view what, std::string_view name,
                                      TextMarks marks);

// The same for an address; and a number that a spreadsheet has spoilt stands in quotes, or nobody
// meant it.
std::optional<ValueProblem> CheckAddress(std::string_view address, TextMarks marks);

// The list of an exclusion; empty = all lists.
std::optional<ValueProblem> CheckListName(std::string_view list, TextMarks marks);

// Whether something new may have the name: at most 255 bytes, nothing that cannot be seen, no blank
// at its ends.
std::optional<ValueProblem> CheckNewName(std::string_view what, std::string_view name);

// Whether a new entry may have the address. It must fit its type: voice, sms: 3 to 20 digits with
// an optional `+`; email: a mail address; the others: any visible characters.
std::optional<ValueProblem> CheckNewAddress(model::ContactType type, std::string_view address);

// True for what spreadsheets make of long numbers, and of what they take for a formula: `9.12E+09`,
// `2025550111.0`, `#NAME?`, `26-Mar`. The digits are lost.
bool IsSpoilt(std::string_view address);

// `end` must lie behind `start`, where both are known.
std::optional<ValueProblem> CheckPeriod(const model::Exclusion& exclusion);

// A text that the field's parser refuses.
ValueProblem Misread(model::Shape shape, std::string_view field, std::string_view text);

}  // namespace viasync::config
