// A JSON Schema in the subset that schemas/openapi.json uses, and the check of a value against it:
// type, enum with x-words, const, required, properties, additionalProperties, items, minItems,
// maxItems, minimum, format date-time, pattern, oneOf, if/then. Another keyword is refused when the
// document is read, so that none is believed to hold and does not.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace viasync::contract {

// One broken rule.
struct Problem {
  std::string pointer;  // JSON pointer of the property, `/query/NAME` or `/path/NAME` elsewhere
  std::string name;     // the property or parameter; `body`, where it is about the whole
  std::string message;  // a sentence without a final stop: "`version` is missing"
};
using Problems = std::vector<Problem>;

struct Schema {
  std::string name;                    // in components/schemas; empty = none
  std::vector<std::string> types;      // any of them; empty = any type
  std::vector<nlohmann::json> values;  // enum or const; empty = any value
  std::vector<std::string> words;      // for each of `values`, or none
  std::vector<std::string> required;
  std::map<std::string, const Schema*, std::less<>> properties;
  bool closed = false;  // additionalProperties: false
  const Schema* items = nullptr;
  std::optional<std::size_t> items_min, items_max;
  std::optional<std::int64_t> minimum;
  bool is_time = false;
  std::string pattern_text;
  std::optional<std::regex> pattern;
  std::vector<const Schema*> one_of;
  const Schema* condition = nullptr;  // if
  const Schema* consequence = nullptr;
};

// Adds to `problems` every rule that `value` breaks. `pointer` is where it stands and `name` what
// it is called.
void Check(const Schema& schema, const nlohmann::json& value, const std::string& pointer,
           const std::string& name, Problems& problems);

// `0 account, 1 voice, …`: what may stand there.
std::string Choices(const Schema& schema);

}  // namespace viasync::contract
