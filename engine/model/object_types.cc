#include "engine/model/object_types.h"

namespace viasync::model {
namespace {

constexpr std::string_view kTypes[] = {
    "DISPOSITIONS",     "DISPOSITIONPLANS",   "DISPOSITIONGROUPS", "CONTACTSTRATEGIES",
    "HOLIDAYS",         "HOLIDAYSETS",        "FILTERS",           "FILTERPURPOSES",
    "SCHEDULES",        "LISTTEMPLATE",       "PRIORITYTEMPLATE",  "TIMEZONETEMPLATE",
    "AREACODETEMPLATE", "POSTALCODETEMPLATE", "COUNTERTEMPLATE",   "GEOCODETEMPLATE",
    "WORKTYPETEMPLATE", "SMSTEMPLATE",        "STRATEGY",          "BATCHUPLOAD",
    "INPUTS",           "LISTDEFINITIONS",    "WORKTYPES",         "SCHEMADEFINITIONS",
};

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::span<const std::string_view> ObjectTypes() { return kTypes; }

std::string TypeKey(std::string_view name) {
  std::string key;
  for (char c : name) {
    if (!IsLetterOrDigit(c)) continue;
    key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  constexpr std::string_view kPluralOfY = "ies";
  if (key.ends_with(kPluralOfY)) {
    key.replace(key.size() - kPluralOfY.size(), kPluralOfY.size(), "y");
  } else if (key.ends_with('s')) {
    key.pop_back();
  }
  return key;
}

bool SameType(std::string_view a, std::string_view b) { return TypeKey(a) == TypeKey(b); }

std::optional<std::string> FindObjectType(std::string_view name) {
  const std::string key = TypeKey(name);
  for (std::string_view type : kTypes) {
    if (TypeKey(type) == key) return std::string(type);
  }
  return std::nullopt;
}

}  // namespace viasync::model
