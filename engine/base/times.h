// ISO 8601 moments as the API writes them: UTC, milliseconds, a final Z.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/ports.h"

namespace viasync::base {

// Reads `2017-11-03T23:20:50[.fff…](Z|±hh:mm|±hhmm)`; a space may stand for the T; seconds may be
// left out. Digits past the millisecond are cut. nullopt: no such moment (month 13, 30 February,
// a time without a zone, rubbish behind it).
std::optional<UtcTime> ParseTime(std::string_view text);

// `2017-11-03T23:20:50.525Z`: always milliseconds, always Z. What the API is sent.
std::string FormatTime(UtcTime time);

// `2017-11-03T23:20:50Z` where the milliseconds are zero, else as FormatTime. For people and YAML.
std::string FormatTimeShort(UtcTime time);

// `4.2 s`, `3 min 5 s`, `2 h 10 min`, `6 days`: a duration for people.
std::string FormatDuration(Millis duration);

}  // namespace viasync::base
