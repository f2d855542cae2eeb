// The time zones the sandbox knows, and where people live by postal code and phone number: a small
// part of the world, enough to try things out.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace viasync::sandbox {

struct TimeZone {
  std::string_view id;
  std::string_view olson;
  std::string_view display;
};

std::span<const TimeZone> TimeZones();
bool IsTimeZone(std::string_view olson);

// The zone of a postal code in a country, then of the area code of a phone number; nullptr: not
// known. An empty country is the US; empty texts are not looked up.
const TimeZone* FindTimeZone(std::string_view postal_code, std::string_view phone_number,
                             std::string_view country);

}  // namespace viasync::sandbox
