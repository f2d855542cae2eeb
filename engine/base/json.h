// JSON in and out, in one place for all that is read: answers of the org, the user's files, the
// store, plans. What is nested deeper than any of them needs is refused before it is a document:
// to copy, compare, write or free one takes a stack as deep as it is.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace viasync::base {

inline constexpr int kJsonDepthMax = 64;

// The document; a discarded one (`is_discarded()`) where `text` is not JSON, is nested deeper than
// kJsonDepthMax, or holds a number that no double can.
nlohmann::json ParseJson(std::string_view text);
// The same, with properties in the order of the text.
nlohmann::ordered_json ParseOrderedJson(std::string_view text);

// Whether ParseJson would give a document; builds none.
bool IsJson(std::string_view text);

// Why ParseJson gives none.
struct JsonFault {
  enum class Kind { kCutOff, kTooDeep, kSyntax, kNumber } kind;
  std::size_t byte = 0;  // of a syntax fault, from 1
};
// nullopt: it gives one.
std::optional<JsonFault> FindJsonFault(std::string_view text);

// `json` as text; -1 = on one line. Safe to print: what would move a cursor, reorder a line or hide
// in it is escaped (`\u202e`), which changes no value. Broken UTF-8 becomes U+FFFD.
std::string DumpJson(const nlohmann::json& json, int indent = -1);
std::string DumpJson(const nlohmann::ordered_json& json, int indent = -1);

// The same for a text that is JSON already.
std::string EscapeJson(std::string_view json);

}  // namespace viasync::base
