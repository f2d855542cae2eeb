// Words of the API that are numbers there: contact types and list types.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace viasync::model {

// The numbers are the API's (docs/api-notes.md, "Exclusions").
enum class ContactType : std::int8_t { kAccount, kVoice, kEmail, kSms, kSecondary };
std::string_view ContactTypeName(ContactType type);  // account | voice | email | sms | secondary
std::optional<ContactType> ParseContactType(std::string_view name);
std::optional<ContactType> ContactTypeFromNumber(std::int64_t number);

// The numbers are the API's (docs/api-notes.md, "Lists").
enum class ListType : std::int8_t { kUnknown = -1, kStatic, kDynamic, kFastPath, kActiveSort };
std::string_view ListTypeName(ListType type);
inline bool TakesFilter(ListType type) {
  return type == ListType::kDynamic || type == ListType::kActiveSort;
}

}  // namespace viasync::model
